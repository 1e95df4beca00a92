//! DL309: files that are written where they do not stay.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL309.
pub(super) static RULE: Rule = Rule {
    code: Code(309),
    stem: "ephemeral-write",
    category: Category::May,
    summary: "files that are written where they do not stay",
    page: include_str!("../../rules/DL309-ephemeral-write.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
