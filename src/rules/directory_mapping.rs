//! DL301: paths of a directory mapping, which DE5 does not have.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL301.
pub(super) static RULE: Rule = Rule {
    code: Code(301),
    stem: "directory-mapping",
    category: Category::Must,
    summary: "paths of a directory mapping, which DE5 does not have",
    page: include_str!("../../rules/DL301-directory-mapping.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
