//! DL101: the Python version of `runtime.txt`, which DE5 does not read.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL101.
pub(super) static RULE: Rule = Rule {
    code: Code(101),
    stem: "runtime-txt",
    category: Category::Must,
    summary: "the Python version of `runtime.txt`, which DE5 does not read",
    page: include_str!("../../rules/DL101-runtime-txt.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
