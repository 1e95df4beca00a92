//! DL112: a `project.toml` that DE5 would ignore or refuse.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL112.
pub(super) static RULE: Rule = Rule {
    code: Code(112),
    stem: "project-toml",
    category: Category::Must,
    summary: "a `project.toml` that DE5 would ignore or refuse",
    page: include_str!("../../rules/DL112-project-toml.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
