//! DL108: replicas in `DOKKU_SCALE`, which DE5 does not read.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL108.
pub(super) static RULE: Rule = Rule {
    code: Code(108),
    stem: "dokku-scale",
    category: Category::Should,
    summary: "replicas in `DOKKU_SCALE`, which DE5 does not read",
    page: include_str!("../../rules/DL108-dokku-scale.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
