//! DL109: a buildpack choice that DE5 does not read.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL109.
pub(super) static RULE: Rule = Rule {
    code: Code(109),
    stem: "buildpacks",
    category: Category::Should,
    summary: "a buildpack choice that DE5 does not read",
    page: include_str!("../../rules/DL109-buildpacks.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
