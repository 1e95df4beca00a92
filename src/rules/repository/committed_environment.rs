//! DL402: an installed environment in the repository.

use crate::rules::{
    Case, Category, Check, Code, Finding, Inputs, Repository, Rule, Settings, Subject,
};
use crate::text::{Span, shell_path};
use crate::tree::{SkipReason, Skipped, TreePath};

/// DL402.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(402),
    stem: "committed-environment",
    category: Category::May,
    summary: "an installed environment in the repository",
    cases: &[COMMITTED, CHECKPOINT_COPIES],
    inputs: Inputs::NONE,
    page: include_str!("../../../rules/DL402-committed-environment.md"),
    check: Check::Repository(check),
};

const COMMITTED: Case = Case::new("committed");
const CHECKPOINT_COPIES: Case = Case::new("checkpoint-copies");

fn check(repository: &Repository, _settings: &Settings) -> Vec<Finding> {
    let skipped = repository.tree.skipped().iter();
    let committed =
        skipped.filter(|skipped| skipped.tracked && skipped.path.is_in(&repository.scope));
    let mut findings: Vec<Finding> = committed.filter_map(finding).collect();
    findings.extend(checkpoints(repository));
    findings
}

/// The folder in which Jupyter keeps a copy of each file that it opened.
const CHECKPOINTS: &str = ".ipynb_checkpoints";

/// The most folders of copies that are shown.
const MOST_SHOWN: usize = 12;

/// One finding for all copies of Jupyter's: none is a part of an app.
fn checkpoints(repository: &Repository) -> Option<Finding> {
    let mut folders: Vec<TreePath> = Vec::new();
    let mut copies = 0;
    for entry in repository.tree.under(&repository.scope) {
        let folder = entry.path.parent();
        if folder.name() == CHECKPOINTS {
            copies += 1;
            if folders.last() != Some(&folder) {
                folders.push(folder);
            }
        }
    }
    let (first, others) = folders.split_first()?;
    let files = if copies == 1 {
        "1 copy"
    } else {
        &format!("{copies} copies")
    };
    let message = format!(
        "{first} holds copies that Jupyter keeps ({files} in all): they are no part of an app and were not looked into"
    );
    let draft = RULE.report(CHECKPOINT_COPIES, Subject::Whole, first, message);
    let draft = others.iter().take(MOST_SHOWN).fold(draft, |draft, folder| {
        draft.evidence(folder, Span::at(0), "more copies")
    });
    let in_pages = folders
        .iter()
        .any(|folder| folder.as_str().contains("pages/"));
    let draft = draft.command(
        "Take them out of the repository; your own copies stay:",
        "git rm -r --cached '*.ipynb_checkpoints/*'",
    );
    let draft = if in_pages {
        draft.note("Dash 2.5.0 to 2.6.0 loads copies in a folder of pages, too: their paths are there twice then.")
    } else {
        draft
    };
    Some(draft.guide("Add the line `.ipynb_checkpoints/` to .gitignore."))
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
    let quoted = shell_path(path.as_str());
    let finding = RULE
        .report(COMMITTED, Subject::Path(path.to_string()), path, message)
        .command(
            "Take it out of the repository; your own copy stays:",
            format!("git rm -r --cached {quoted}"),
        )
        .guide(format!("Add the line `/{path}/` to .gitignore."));
    Some(finding)
}
