//! DL111: a `Procfile` that starts no web process on DE5.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL111.
pub(super) static RULE: Rule = Rule {
    code: Code(111),
    stem: "procfile",
    category: Category::Must,
    summary: "a `Procfile` that starts no web process on DE5",
    page: include_str!("../../rules/DL111-procfile.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
