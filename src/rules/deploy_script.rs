//! DL113: deploy scripts that rely on the way DE4 ran them.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL113.
pub(super) static RULE: Rule = Rule {
    code: Code(113),
    stem: "deploy-script",
    category: Category::Should,
    summary: "deploy scripts that rely on the way DE4 ran them",
    page: include_str!("../../rules/DL113-deploy-script.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
