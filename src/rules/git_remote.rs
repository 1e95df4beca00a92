//! DL401: a remote or a CI step that deploys to DE4.

use super::{Category, Check, Code, Finding, Repository, Rule, Settings};

/// DL401.
pub(super) static RULE: Rule = Rule {
    code: Code(401),
    stem: "git-remote",
    category: Category::Should,
    summary: "a remote or a CI step that deploys to DE4",
    page: include_str!("../../rules/DL401-git-remote.md"),
    check: Check::Repository(check),
};

fn check(_repository: &Repository, _settings: &Settings) -> Vec<Finding> {
    Vec::new()
}
