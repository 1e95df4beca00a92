//! DL106: deploy scripts in `app.json`, which DE5 does not read.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL106.
pub(super) static RULE: Rule = Rule {
    code: Code(106),
    stem: "app-json",
    category: Category::Must,
    summary: "deploy scripts in `app.json`, which DE5 does not read",
    page: include_str!("../../rules/DL106-app-json.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
