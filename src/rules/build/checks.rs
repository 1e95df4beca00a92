//! DL107: the health checks of `CHECKS`, for which DE5 has no known reader.

use crate::app::{App, FileState, Parsed};
use crate::files::checks::{Checks, HealthCheck};
use crate::rules::support::unreadable;
use crate::rules::{
    Case, Category, Check, Code, Consequence, Finding, Inputs, Rule, Settings, Subject,
};

/// DL107.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(107),
    stem: "checks",
    category: Category::May,
    summary: "the health checks of `CHECKS`, for which Dash Enterprise 5 has no known reader",
    cases: &[UNREADABLE, CHECKS],
    inputs: Inputs::files(&["CHECKS"]),
    page: include_str!("../../../rules/DL107-checks.md"),
    check: Check::App(check),
};

const UNREADABLE: Case = Case::new("unreadable");
const CHECKS: Case = Case::new("checks");

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let finding = match app.checks() {
        FileState::Absent => None,
        FileState::Broken(broken) => Some(
            unreadable(&RULE, UNREADABLE, broken)
                .guide("Save the file as UTF-8, or remove it if nobody needs it."),
        ),
        FileState::Present(file) => present(file),
    };
    finding.into_iter().collect()
}

fn present(file: &Parsed<Checks>) -> Option<Finding> {
    let first = file.model.checks().first()?;
    let text = file.text.as_str();
    let checked: Vec<String> = file
        .model
        .checks()
        .iter()
        .map(|check| describe(text, check))
        .collect();
    let message = format!(
        "CHECKS made Dash Enterprise 4 test {} before a new version took over; no reader of the file is known on Dash Enterprise 5",
        checked.join(" and ")
    );
    Some(
        RULE.report(CHECKS, Subject::Whole, &file.path, message)
            .span(first.span)
            .means(Consequence::NoCounterpart)
            .guide("After each deploy open the addresses yourself, or have your monitoring do it. The file does no harm: keep it as a record, or remove it."),
    )
}

fn describe(text: &str, check: &HealthCheck) -> String {
    let target = check.target.slice(text);
    match check.expected.slice(text) {
        "" => format!("`{target}`"),
        expected => format!("`{target}` (for \"{expected}\")"),
    }
}
