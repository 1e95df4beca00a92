//! DL305: Redis and Postgres, which belong to the app on DE5.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL305.
pub(super) static RULE: Rule = Rule {
    code: Code(305),
    stem: "service",
    category: Category::Should,
    summary: "Redis and Postgres, which belong to the app on DE5",
    page: include_str!("../../rules/DL305-service.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
