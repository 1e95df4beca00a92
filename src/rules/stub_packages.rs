//! DL203: packages of which only a raising stub can be reached.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL203.
pub(super) static RULE: Rule = Rule {
    code: Code(203),
    stem: "stub-packages",
    category: Category::Must,
    summary: "packages of which only a raising stub can be reached",
    page: include_str!("../../rules/DL203-stub-packages.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
