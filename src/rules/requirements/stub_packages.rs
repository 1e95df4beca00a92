//! DL203: a package that the public index only has as a raising stub.

use crate::app::{App, RequirementGraph, RequirementList};
use crate::files::pip_conf::PipConf;
use crate::files::requirements::{Requirement, RequirementSource};
use crate::rules::data::packages::{de5_index, stubs};
use crate::rules::requirement_lists::is_not_for_linux;
use crate::rules::settings::PackageIndex;
use crate::rules::{
    Case, Category, Check, Code, Finding, FindingCause, Inputs, Rule, Settings, Subject,
};

/// DL203.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(203),
    stem: "stub-packages",
    category: Category::Should,
    summary: "a package that the public index only has as a raising stub",
    cases: &[STUB, NO_VERSION],
    inputs: Inputs::files(&["pip.conf"]).lists(),
    page: include_str!("../../../rules/DL203-stub-packages.md"),
    check: Check::App(check),
};

const STUB: Case = Case::new("stub");
const NO_VERSION: Case = Case::new("no-version");

/// Options that let pip look elsewhere than in the public index.
const ELSEWHERE: &[&str] = &["index-url", "extra-index-url", "find-links", "no-index"];

fn check(app: &App, settings: &Settings) -> Vec<Finding> {
    let graph = app.requirements();
    // Who removes the index says that the release configures its own.
    if settings.package_index == PackageIndex::Remove || looks_elsewhere(app, graph) {
        return Vec::new();
    }
    let stubbed = graph.requirements().filter(|(list, _, requirement)| {
        let known = requirement
            .key
            .as_deref()
            .is_some_and(|key| stubs().has(key));
        let from_index = matches!(
            requirement.source,
            RequirementSource::Any | RequirementSource::Specifiers(_)
        );
        known && from_index && !is_not_for_linux(list, requirement)
    });
    stubbed
        .map(|(list, _, requirement)| report(list, requirement, settings))
        .collect()
}

fn looks_elsewhere(app: &App, graph: &RequirementGraph) -> bool {
    let options = graph.lists.iter().flat_map(RequirementList::options);
    let listed = options
        .into_iter()
        .any(|(_, option)| ELSEWHERE.contains(&option.name));
    let conf = app.load::<PipConf>("pip.conf");
    let configured = conf.present().is_some_and(|file| {
        let entries = file.model.entries().iter();
        entries
            .into_iter()
            .any(|entry| ELSEWHERE.contains(&entry.key.as_str()))
    });
    listed || configured
}

fn report(list: &RequirementList, requirement: &Requirement, settings: &Settings) -> Finding {
    let name = requirement.key.as_deref().unwrap_or_default();
    let (case, ending) = if allows_stub(requirement) {
        (STUB, ", which installs and then raises on import")
    } else {
        (NO_VERSION, ", not this version")
    };
    let message = format!(
        "{name} is asked for without a Dash Enterprise package index: the public index has only a \
         stub of that name{ending}"
    );
    let host = settings
        .de5_host
        .as_deref()
        .unwrap_or("<your Dash Enterprise 5 server>");
    RULE.report(
        case,
        Subject::Distribution(name.to_owned()),
        &list.path,
        message,
    )
    .span(requirement.name.unwrap_or(requirement.span))
        .because(FindingCause {
            subject: Subject::Whole,
            several: match case {
                STUB => "packages are asked for without a Dash Enterprise package index: the public index has only stubs of these names, which install and then raise on import",
                _ => "packages are asked for without a Dash Enterprise package index: the public index has only stubs of these names, not these versions",
            },
            title: "",
            step: None,
            note: name.to_owned(),
        })
    .guide(format!(
        "Put `--extra-index-url {}` on the first line of the list; on newer Dash Enterprise 5 \
             releases, which configure their index by themselves, set package-index = \"remove\" \
             in dashlift's configuration instead.",
        de5_index(host)
    ))
}

/// Whether pip may take the stub for what the line asks for.
fn allows_stub(requirement: &Requirement) -> bool {
    match (
        &requirement.source,
        &requirement.versions,
        stubs().version(),
    ) {
        (RequirementSource::Specifiers(_), Some(versions), Some(stub)) => versions.contains(&stub),
        (RequirementSource::Specifiers(_), None, _) => false,
        _ => true,
    }
}
