//! DL104: conda files that DE5 does not read.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL104.
pub(super) static RULE: Rule = Rule {
    code: Code(104),
    stem: "conda",
    category: Category::Must,
    summary: "conda files that DE5 does not read",
    page: include_str!("../../rules/DL104-conda.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
