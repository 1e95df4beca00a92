//! DL110: files that make DE5 build the app in another way.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL110.
pub(super) static RULE: Rule = Rule {
    code: Code(110),
    stem: "detection",
    category: Category::Must,
    summary: "files that make DE5 build the app in another way",
    page: include_str!("../../rules/DL110-detection.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
