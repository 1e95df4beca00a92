//! DL212: imports that nothing in the lists brings, and engines that a call loads by name.

use std::collections::BTreeMap;

use crate::app::{App, Reached, SourceFile};
use crate::packages::Brought;
use crate::packages::evidence::{Missing, missing};
use crate::packages::misnamed::find_misnamed;
use crate::python::{Call, EnvironmentAccess, Facts};
use crate::rules::data::engines::{Engine, addresses, engines};
use crate::rules::{
    Case, Category, Check, Code, Draft, Finding, Inputs, Rule, Settings, Stage, Subject,
    private_names, python_target,
};
use crate::text::Span;
use crate::tree::TreePath;

/// DL212.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(212),
    stem: "missing-requirement",
    category: Category::Must,
    summary: "imports that no list names, engines that a call loads by name",
    cases: &[IMPORT, ENGINE],
    inputs: Inputs::CODE_AND_LISTS,
    page: include_str!("../../../rules/DL212-missing-requirement.md"),
    check: Check::App(check),
};

const IMPORT: Case = Case::new("import");
const ENGINE: Case = Case::new("engine");

/// Modules that every environment has, or whose absence another rule reports (DL307).
const ELSEWHERE: &[&str] = &[
    "pkg_resources",
    "setuptools",
    "pip",
    "wheel",
    "dash_core_components",
    "dash_html_components",
    "dash_table",
    "_distutils_hack",
];

/// The most places that one finding shows.
const MOST_SHOWN: usize = 12;

fn check(app: &App, settings: &Settings) -> Vec<Finding> {
    let asks = app.requirements().requirements().next().is_some();
    if !asks || app.sources().is_empty() {
        return Vec::new();
    }
    let target = python_target(app, settings);
    let brought = Brought::gather(app, target, &private_names(app, settings));
    // Where something comes that no line names, nothing can be said to be missing.
    if brought.is_nameless() {
        return Vec::new();
    }
    let mut findings = imports(app, &brought);
    findings.extend(loaded(app, &brought));
    findings
}

/// One finding for each module that nothing brings.
fn imports(app: &App, brought: &Brought) -> Vec<Finding> {
    let mut tops: BTreeMap<String, Vec<Missing>> = BTreeMap::new();
    for one in missing(app, &brought.names()) {
        let top = one.module.split('.').next().unwrap_or_default();
        let runs = app.reach().of_file(&one.path) != Reached::No;
        if runs && !one.guarded && !ELSEWHERE.contains(&top) {
            let key = one.suggestions.first().filter(|_| one.module.contains('.'));
            let key = key.map_or(top, String::as_str).to_owned();
            tops.entry(key).or_default().push(one);
        }
    }
    let found = tops.values().filter_map(|all| import(app, all, brought));
    found.collect()
}

fn import(app: &App, all: &[Missing], brought: &Brought) -> Option<Finding> {
    let first = all.first()?;
    let runs = app.reach().of_file(&first.path) == Reached::Yes;
    let category = match brought.is_complete() {
        false => Category::May,
        true if first.at_start && runs => Category::Must,
        true => Category::Should,
    };
    let usual = first
        .suggestions
        .iter()
        .filter(|it| find_misnamed(it).is_none());
    let usual: Vec<&str> = usual.map(String::as_str).take(2).collect();
    let names = usual.join(" or ");
    let module = &first.module;
    let message = if usual == [module.as_str()] {
        format!("the code imports {module}, and nothing in the lists brings it")
    } else {
        format!("the code imports {module}, and nothing in the lists brings it (usually {names})")
    };
    let draft = RULE
        .report(
            IMPORT,
            Subject::Text(first.module.clone()),
            &first.path,
            message,
        )
        .stops(category == Category::Must, Stage::Start)
        .span(first.span)
        .category(category);
    let draft = all
        .iter()
        .skip(1)
        .take(MOST_SHOWN)
        .fold(draft, |draft, it| {
            draft.evidence(&it.path, it.span, format!("imports {}", it.module))
        });
    let draft = unknown(draft, brought);
    Some(draft.guide(format!(
        "Add the distribution that brings {} to the list, if the app needs it: usually {names}. \
         Nobody has checked that it is the one that is meant.",
        first.module
    )))
}

/// Says that distributions of which nobody knows what they need may bring what is missing.
fn unknown(draft: Draft, brought: &Brought) -> Draft {
    let names = brought.unknown().map(|name| match brought.bringer(name) {
        Some(by) => format!("{name} (which {by} brings)"),
        None => name.clone(),
    });
    let names: Vec<String> = names.take(3).collect();
    if names.is_empty() {
        return draft;
    }
    draft.note(format!(
        "What {} needs is not known here: it may bring the module.",
        names.join(", ")
    ))
}

/// What calls and addresses load by name, one finding for each set of candidates.
fn loaded(app: &App, brought: &Brought) -> Vec<Finding> {
    let mut found: BTreeMap<&[String], Vec<(TreePath, Span, String)>> = BTreeMap::new();
    for file in app.live_first(app.sources().iter()) {
        if app.reach().of_file(file.path()) == Reached::No {
            continue;
        }
        for (any, span, what) in in_file(file, brought) {
            found
                .entry(any)
                .or_default()
                .push((file.path().clone(), span, what));
        }
    }
    let found = found.iter();
    found
        .filter_map(|(any, places)| engine(any, places, brought))
        .collect()
}

/// What one file loads that nothing brings.
fn in_file(file: &SourceFile, brought: &Brought) -> Vec<(&'static [String], Span, String)> {
    let Some((text, facts)) = file.facts() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for call in &facts.calls {
        let mut rows = engines()
            .iter()
            .filter(|row| loads(row, facts, call, brought));
        // Of several rows about one call the most exact comes first.
        if let Some(row) = rows.find(|row| !has_any(&row.any, brought)) {
            let what = call.callee_span.slice(text.as_str()).to_owned();
            found.push((row.any.as_slice(), call.callee_span, what));
        }
    }
    for row in addresses().iter().filter(|row| !has_any(&row.any, brought)) {
        if !brought.has("sqlalchemy") {
            continue;
        }
        let schemes = |value: &str| row.schemes.iter().find(|it| value.starts_with(it.as_str()));
        let mut texts = facts.texts();
        if let Some((_, literal)) = texts.find(|(_, it)| schemes(&it.value).is_some()) {
            let what = schemes(&literal.value).cloned().unwrap_or_default();
            found.push((row.any.as_slice(), literal.span, what));
        } else if row.schemes.iter().any(|it| it == "postgres://") {
            found.extend(engine_of_platform(facts).map(|span| {
                (
                    row.any.as_slice(),
                    span,
                    "create_engine(DATABASE_URL)".to_owned(),
                )
            }));
        }
    }
    found
}

/// An engine that is made of `DATABASE_URL`, in one expression.
fn engine_of_platform(facts: &Facts) -> Option<Span> {
    let mut calls = facts
        .calls
        .iter()
        .filter(|it| it.callee == "sqlalchemy.create_engine");
    let reads = |call: &Call| {
        facts.environment.iter().any(|it| {
            it.name == "DATABASE_URL"
                && it.access != EnvironmentAccess::Written
                && call.span.start <= it.span.start
                && it.span.end <= call.span.end
        })
    };
    calls.find(|call| reads(call)).map(|call| call.callee_span)
}

fn has_any(any: &[String], brought: &Brought) -> bool {
    any.iter().any(|name| brought.has(name))
}

/// Whether the call is one of the row's.
fn loads(row: &Engine, facts: &Facts, call: &Call, brought: &Brought) -> bool {
    let by_name = row.calls.contains(&call.callee);
    let method = call.callee.rsplit_once('.').map_or("", |(_, it)| it);
    let imports = |module: &str| {
        facts
            .imports
            .iter()
            .any(|it| it.module.split('.').next() == Some(module))
    };
    let by_method = row.methods.iter().any(|it| it == method)
        && row.of.as_deref().is_some_and(imports)
        && call.import.is_none();
    let is_old = row
        .since()
        .is_some_and(|(name, since)| brought.version(name).is_none_or(|version| *version < since));
    let chosen = row.name.as_ref().is_some_and(|it| call.has_keyword(it));
    let has_keyword = row.keywords.is_empty() || row.keywords.iter().any(|it| call.has_keyword(it));
    if !(by_name || by_method) || is_old || chosen || !has_keyword {
        return false;
    }
    let inside = facts
        .literals
        .iter()
        .filter(|it| call.span.start <= it.span.start && it.span.end <= call.span.end);
    let texts: Vec<String> = inside.map(|it| it.value.to_ascii_lowercase()).collect();
    let ends = |ends: &[String]| {
        texts
            .iter()
            .any(|text| ends.iter().any(|end| text.ends_with(end.as_str())))
    };
    (row.endings.is_empty() || ends(&row.endings)) && !ends(&row.without)
}

fn engine(
    any: &[String],
    places: &[(TreePath, Span, String)],
    brought: &Brought,
) -> Option<Finding> {
    let ((path, span, what), others) = places.split_first()?;
    let usual = any.first()?;
    let message = format!("`{what}` loads {usual}, and nothing in the lists brings it");
    let category = if brought.is_complete() {
        Category::Should
    } else {
        Category::May
    };
    let draft = RULE
        .report(ENGINE, Subject::Distribution(usual.clone()), path, message)
        .span(*span)
        .category(category);
    let draft = others
        .iter()
        .take(MOST_SHOWN)
        .fold(draft, |draft, (path, span, what)| {
            draft.evidence(path, *span, format!("`{what}`"))
        });
    let draft = unknown(draft, brought);
    Some(draft.guide(match any.get(1..).filter(|it| !it.is_empty()) {
        Some(others) => format!("Add {usual} to the list, or one of {}.", others.join(", ")),
        None => format!("Add {usual} to the list."),
    }))
}
