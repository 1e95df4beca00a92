//! DL307: imports of packages that are part of Dash 2.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL307.
pub(super) static RULE: Rule = Rule {
    code: Code(307),
    stem: "legacy-imports",
    category: Category::Should,
    summary: "imports of packages that are part of Dash 2",
    page: include_str!("../../rules/DL307-legacy-imports.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
