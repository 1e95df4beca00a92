//! DL103: an `Aptfile` that DE5 would misread.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL103.
pub(super) static RULE: Rule = Rule {
    code: Code(103),
    stem: "aptfile",
    category: Category::Must,
    summary: "an `Aptfile` that DE5 would misread",
    page: include_str!("../../rules/DL103-aptfile.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
