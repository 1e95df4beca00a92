//! DL107: health checks in `CHECKS`, for which DE5 has no reader.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL107.
pub(super) static RULE: Rule = Rule {
    code: Code(107),
    stem: "checks",
    category: Category::May,
    summary: "health checks in `CHECKS`, for which DE5 has no reader",
    page: include_str!("../../rules/DL107-checks.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
