//! DL304: the way of DE4 to know who is logged in.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL304.
pub(super) static RULE: Rule = Rule {
    code: Code(304),
    stem: "auth",
    category: Category::Must,
    summary: "the way of DE4 to know who is logged in",
    page: include_str!("../../rules/DL304-auth.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
