//! DL206: packages that do not belong on Linux or on a current Python.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL206.
pub(super) static RULE: Rule = Rule {
    code: Code(206),
    stem: "foreign-platform",
    category: Category::Must,
    summary: "packages that do not belong on Linux or on a current Python",
    page: include_str!("../../rules/DL206-foreign-platform.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
