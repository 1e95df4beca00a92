//! DL208: lines that pip cannot read.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL208.
pub(super) static RULE: Rule = Rule {
    code: Code(208),
    stem: "unreadable",
    category: Category::Must,
    summary: "lines that pip cannot read",
    page: include_str!("../../rules/DL208-unreadable.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
