//! DL301: paths of a directory mapping, which DE5 does not have. What a user told is found and
//! rewritten (`told`); what only looks mapped is shown (`untold`).

mod target;
mod told;
mod untold;

use crate::app::App;
use crate::rules::{
    Case, Category, Check, Code, Consequence, Draft, Finding, Inputs, Rule, ServerSetting,
    Settings, SourceInputs, Step, StepSite,
};

/// DL301.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(301),
    stem: "directory-mapping",
    category: Category::Must,
    summary: "paths of a directory mapping, which Dash Enterprise 5 does not have",
    cases: &[MAPPED, NAMED, SUSPECT, PERSONAL],
    inputs: Inputs::NONE.sources(SourceInputs::Any),
    page: include_str!("../../../rules/DL301-directory-mapping.md"),
    check: Check::App(check),
};

const MAPPED: Case = Case::new("mapped");
const NAMED: Case = Case::new("named");
const SUSPECT: Case = Case::new("suspect");
const PERSONAL: Case = Case::new("personal");

pub(in crate::rules) use untold::looks_mapped;

fn check(app: &App, settings: &Settings) -> Vec<Finding> {
    let targets = target::name_targets(&settings.mappings_of(app.root()));
    let mut findings = told::check(app, &targets);
    findings.extend(untold::check(app, &targets));
    findings
}

/// The step that gives the app a place for its data.
pub(in crate::rules) fn persistent_filesystem(draft: Draft) -> Draft {
    let step = Step::new(
        "Give the app a persistent filesystem: `~/mount`, that is `../mount` from the app folder.",
    )
    .command("de apps update -n APP --persistent-filesystem")
    .at(StepSite::Server);
    draft
        .take(step)
        .means(Consequence::Setting(ServerSetting::PersistentFilesystem))
}

/// A text as a message shows it: one line, not longer than people read.
pub(in crate::rules) fn shorten(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST_SHOWN) {
        Some((at, _)) => format!("{}...", line.get(..at).unwrap_or_default()),
        None => line,
    }
}

/// How many characters of a path a message shows.
const MOST_SHOWN: usize = 80;
