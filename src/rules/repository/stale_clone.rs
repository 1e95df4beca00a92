//! DL404: the commit that DE4 runs is not in the clone.

use crate::app::App;
use crate::rules::{
    Case, Category, Check, Code, Finding, Inputs, Rule, Settings, Step, StepSite, Subject,
};

/// DL404.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(404),
    stem: "stale-clone",
    category: Category::Should,
    summary: "the commit that Dash Enterprise 4 runs is not in this clone",
    cases: &[ABSENT],
    inputs: Inputs::NONE,
    page: include_str!("../../../rules/DL404-stale-clone.md"),
    check: Check::App(check),
};

const ABSENT: Case = Case::new("absent");

fn check(app: &App, settings: &Settings) -> Vec<Finding> {
    // A server knows a repository as a whole: it deployed the app in the root.
    let known = settings.server.as_ref().filter(|_| app.root().is_root());
    let found = known.and_then(|known| {
        let found = known.app_of(app.root()).one()?;
        Some((found, found.commit.as_ref()?, known.commits.as_ref()?))
    });
    let Some((found, commit, commits)) = found else {
        return Vec::new();
    };
    if commits.contains(commit) {
        return Vec::new();
    }
    let short: String = commit.chars().take(9).collect();
    let message = format!(
        "Dash Enterprise 4 runs `{short}` of `{}`, a commit that is not in this clone",
        found.name
    );
    let draft = RULE.report(
        ABSENT,
        Subject::Key(found.name.clone()),
        app.root(),
        message,
    );
    let finding = draft
        .take(Step::new("Fetch from everywhere; if the commit is still missing, the app was deployed from another repository, or from a commit that nobody pushed: ask its owner.").command("git fetch --all").at(StepSite::Clone))
        .done();
    vec![finding]
}
