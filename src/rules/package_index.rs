//! DL201: the package index of a DE4 server, which is gone.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL201.
pub(super) static RULE: Rule = Rule {
    code: Code(201),
    stem: "package-index",
    category: Category::Must,
    summary: "the package index of a DE4 server, which is gone",
    page: include_str!("../../rules/DL201-package-index.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
