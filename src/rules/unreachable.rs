//! DL207: requirements that no build server can reach.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL207.
pub(super) static RULE: Rule = Rule {
    code: Code(207),
    stem: "unreachable",
    category: Category::Must,
    summary: "requirements that no build server can reach",
    page: include_str!("../../rules/DL207-unreachable.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
