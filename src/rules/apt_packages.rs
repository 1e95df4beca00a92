//! DL102: Debian packages listed the way of DE4.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL102.
pub(super) static RULE: Rule = Rule {
    code: Code(102),
    stem: "apt-packages",
    category: Category::Must,
    summary: "Debian packages listed the way of DE4",
    page: include_str!("../../rules/DL102-apt-packages.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
