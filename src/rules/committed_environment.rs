//! DL402: an installed environment in the repository.

use super::{Category, Check, Code, Finding, Repository, Rule, Settings};

/// DL402.
pub(super) static RULE: Rule = Rule {
    code: Code(402),
    stem: "committed-environment",
    category: Category::May,
    summary: "an installed environment in the repository",
    page: include_str!("../../rules/DL402-committed-environment.md"),
    check: Check::Repository(check),
};

fn check(_repository: &Repository, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
