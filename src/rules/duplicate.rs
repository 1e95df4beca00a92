//! DL209: a distribution that is listed twice.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL209.
pub(super) static RULE: Rule = Rule {
    code: Code(209),
    stem: "duplicate",
    category: Category::Should,
    summary: "a distribution that is listed twice",
    page: include_str!("../../rules/DL209-duplicate.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
