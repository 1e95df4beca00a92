//! DL303: URLs and programming interfaces of a DE4 server.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL303.
pub(super) static RULE: Rule = Rule {
    code: Code(303),
    stem: "de4-url",
    category: Category::Must,
    summary: "URLs and programming interfaces of a DE4 server",
    page: include_str!("../../rules/DL303-de4-url.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
