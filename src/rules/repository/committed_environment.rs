//! DL402: an installed environment in the repository.

use crate::rules::{
    Case, Category, Check, Code, Finding, Inputs, Repository, Rule, Settings, Subject,
};
use crate::tree::{SkipReason, Skipped};

/// DL402.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(402),
    stem: "committed-environment",
    category: Category::May,
    summary: "an installed environment in the repository",
    cases: &[COMMITTED],
    inputs: Inputs::NONE,
    page: include_str!("../../../rules/DL402-committed-environment.md"),
    check: Check::Repository(check),
};

const COMMITTED: Case = Case::new("committed");

fn check(repository: &Repository, _settings: &Settings) -> Vec<Finding> {
    let skipped = repository.tree.skipped().iter();
    let committed =
        skipped.filter(|skipped| skipped.tracked && skipped.path.is_in(&repository.scope));
    committed.filter_map(finding).collect()
}

fn finding(skipped: &Skipped) -> Option<Finding> {
    let what = match skipped.reason {
        SkipReason::VirtualEnvironment => "an installed Python environment",
        SkipReason::SitePackages => "installed Python packages",
        SkipReason::NodeModules => "installed Node.js packages",
        SkipReason::NotUtf8
        | SkipReason::Submodule
        | SkipReason::NotAFile
        | SkipReason::TooLarge
        | SkipReason::Unreadable => return None,
    };
    let path = &skipped.path;
    let message = format!(
        "{path} holds {what}: Dash Enterprise 5 installs its own, and dashlift did not look into it"
    );
    let quoted = shlex::try_quote(path.as_str())
        .unwrap_or_default()
        .into_owned();
    let finding = RULE
        .report(COMMITTED, Subject::Path(path.to_string()), path, message)
        .command(
            "Take it out of the repository; your own copy stays:",
            format!("git rm -r --cached {quoted}"),
        )
        .guide(format!("Add the line `/{path}/` to .gitignore."));
    Some(finding)
}
