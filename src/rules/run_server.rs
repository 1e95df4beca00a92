//! DL308: `app.run_server`, which Dash 3 does not have.

use super::{Category, Check, Code, Finding, Rule, Settings};
use crate::app::App;

/// DL308.
pub(super) static RULE: Rule = Rule {
    code: Code(308),
    stem: "run-server",
    category: Category::Must,
    summary: "`app.run_server`, which Dash 3 does not have",
    page: include_str!("../../rules/DL308-run-server.md"),
    check: Check::App(check),
};

fn check(_app: &App, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
