//! DL306: environment variables that someone has to set.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL306.
pub(super) static RULE: Rule = Rule {
    code: Code(306),
    stem: "environment",
    category: Category::Should,
    summary: "environment variables that someone has to set",
    page: include_str!("../../rules/DL306-environment.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
