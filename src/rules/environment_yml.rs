//! DL105: an `environment.yml` that DE5 would pass over or misread.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL105.
pub(super) static RULE: Rule = Rule {
    code: Code(105),
    stem: "environment-yml",
    category: Category::Must,
    summary: "an `environment.yml` that DE5 would pass over or misread",
    page: include_str!("../../rules/DL105-environment-yml.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
