//! DL302: paths in `/app`, where the app is not on DE5.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL302.
pub(super) static RULE: Rule = Rule {
    code: Code(302),
    stem: "app-directory",
    category: Category::Must,
    summary: "paths in `/app`, where the app is not on DE5",
    page: include_str!("../../rules/DL302-app-directory.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
