//! DL202: versions of Plotly packages that do not work on DE5.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL202.
pub(super) static RULE: Rule = Rule {
    code: Code(202),
    stem: "package-floor",
    category: Category::Must,
    summary: "versions of Plotly packages that do not work on DE5",
    page: include_str!("../../rules/DL202-package-floor.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
