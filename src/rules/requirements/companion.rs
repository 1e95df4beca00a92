//! DL211: an old release whose companion of today breaks it, though its metadata allows both.

mod mend;

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;

use self::mend::Mender;
use super::lines::{Old, TargetLines};
use crate::app::App;
use crate::packages::Target;
use crate::packages::snapshot::{self, Companion, Strength, companions};
use crate::rules::support::is_built_by_conda;
use crate::rules::{
    Case, Category, Check, Code, Finding, Inputs, Rule, Settings, Stage, Subject, private_names,
    python_target,
};

/// DL211.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(211),
    stem: "companion",
    category: Category::Must,
    summary: "an old release beside one that breaks it, or without what it needs",
    cases: &[PAIR, ABSENT],
    inputs: Inputs::files(&[
        "runtime.txt",
        "project.toml",
        "environment.yml",
        "constraints.txt",
    ])
    .lists(),
    page: include_str!("../../../rules/DL211-companion.md"),
    check: Check::App(check),
};

const PAIR: Case = Case::new("pair");
const ABSENT: Case = Case::new("absent");

/// What an environment may have before the lists are installed: which version then stays is not
/// known, unless a line says it.
const BESIDE: &[&str] = &["setuptools", "pip", "wheel"];

/// A row that holds, and the version that breaks the old release; none where nothing brings it.
struct Bad {
    row: &'static Companion,
    found: Option<Version>,
}

fn check(app: &App, settings: &Settings) -> Vec<Finding> {
    let target = python_target(app, settings);
    let lines = TargetLines::read(app, target);
    // Most lists have no release that a row is about, which tells itself without the snapshot.
    let olds = lines.olds();
    if olds.is_empty() {
        return Vec::new();
    }
    let by_conda = is_built_by_conda(app);
    // What the files of the old platform's conda bring, nobody knows here: then only pins count.
    let installed = if by_conda && app.requirements().conda.is_none() {
        None
    } else {
        lines.install(&[])
    };
    let view = CompanionView {
        app,
        target,
        private: private_names(app, settings),
        is_whole: installed.is_some() && app.requirements().is_complete() && !by_conda,
        by_conda,
        brought: installed.unwrap_or_else(|| lines.pins()),
        lines: &lines,
    };
    let mut seen = BTreeSet::new();
    let once = olds.iter().filter(|old| seen.insert(old.name));
    once.flat_map(|old| view.reports(old)).collect()
}

/// What the lists bring, and to which Python.
struct CompanionView<'v, 'a> {
    app: &'v App<'a>,
    target: Target,
    private: BTreeSet<String>,
    /// Whether all that an installation brings is known; else only what the lists pin.
    is_whole: bool,
    /// Whether conda's channels decide what comes, which were not asked.
    by_conda: bool,
    brought: BTreeMap<String, Version>,
    lines: &'v TargetLines<'v>,
}

impl CompanionView<'_, '_> {
    /// At most one finding for each case.
    fn reports(&self, old: &Old) -> Vec<Finding> {
        let Some(version) = self.brought.get(old.name) else {
            return Vec::new();
        };
        let bad = self.bad(old.name, version);
        let (pairs, absent): (Vec<Bad>, Vec<Bad>) =
            bad.into_iter().partition(|it| it.found.is_some());
        let pairs = (!pairs.is_empty()).then(|| self.report(PAIR, old, version, &pairs));
        let absent = (!absent.is_empty()).then(|| self.report(ABSENT, old, version, &absent));
        pairs.into_iter().chain(absent).collect()
    }

    /// The rows about a release that hold for what comes with it.
    fn bad(&self, name: &str, version: &Version) -> Vec<Bad> {
        let rows = companions(name, version).into_iter();
        let rows = rows.filter(|row| {
            row.applies(self.target)
                && !self.private.contains(&row.needs)
                && !self.lines.elsewhere.contains(&row.needs)
        });
        let found = rows.filter_map(|row| {
            let found = self.brought.get(&row.needs);
            let is_bad = match (&row.bound, found) {
                (Some(bound), Some(found)) => {
                    let is_sure = raises(row) && !BESIDE.contains(&row.needs.as_str());
                    let is_known = is_sure || self.lines.line_of(&row.needs).is_some();
                    is_known && !bound.contains(found)
                }
                // What a Python has beside the lists (setuptools) is never missing.
                (None, None) => {
                    row.strength == Strength::Hidden
                        && self.is_whole
                        && self.private.is_empty()
                        && self.lines.elsewhere.is_empty()
                }
                (Some(_), None) | (None, Some(_)) => false,
            };
            is_bad.then(|| Bad {
                row,
                found: found.cloned(),
            })
        });
        found.collect()
    }

    fn report(&self, case: Case, old: &Old, version: &Version, bad: &[Bad]) -> Finding {
        let category = bad.iter().map(|one| self.category(one)).min();
        let category = category.unwrap_or(Category::Should);
        let subject = Subject::Distribution(old.name.to_owned());
        let message = self.message(case, old, version, bad);
        let draft = RULE
            .report(case, subject, &old.list.path, message)
            .span(old.requirement.span)
            .category(category)
            .stops(category == Category::Must, Stage::Start);
        let draft = bad.iter().fold(draft, |draft, one| {
            let line = self.lines.line_of(&one.row.needs);
            line.into_iter().fold(draft, |draft, (list, requirement)| {
                let found = one.found.as_ref().map(ToString::to_string);
                let found = found.unwrap_or_default();
                let note = format!("{} comes as {found}", one.row.needs);
                draft.evidence(&list.path, requirement.span, note)
            })
        });
        let draft = bad
            .iter()
            .fold(draft, |draft, one| draft.note(describe_row(one)));
        let mender = Mender {
            app: self.app,
            lines: self.lines,
            is_whole: self.is_whole,
            by_conda: self.by_conda,
        };
        mender.mend(draft, old.name, version, bad)
    }

    /// How sure it is that the app does not start.
    fn category(&self, one: &Bad) -> Category {
        if self.by_conda && !self.lines.is_pinned(&one.row.needs) {
            return Category::Should;
        }
        category(one)
    }

    fn message(&self, case: Case, old: &Old, version: &Version, bad: &[Bad]) -> String {
        let name = old.get_name();
        let is_pinned = |one: &Bad| self.lines.is_pinned(&one.row.needs);
        let names = bad.iter().map(|one| match &one.found {
            Some(found) if is_pinned(one) => format!("{} {found}", one.row.needs),
            _ => one.row.needs.clone(),
        });
        // Several rows can be about one companion.
        let names: BTreeSet<String> = names.collect();
        let names = names.into_iter().collect::<Vec<_>>().join(" and ");
        if case.key() == ABSENT.key() {
            return format!("{name} {version} imports {names}, and nothing in the lists brings it");
        }
        let sure = bad.iter().any(|one| self.category(one) == Category::Must);
        let how = if sure { "does not start" } else { "breaks" };
        if bad.iter().all(is_pinned) {
            return format!("{name} {version} {how} beside {names}, which the lists ask for");
        }
        format!(
            "{name} {version} {how} beside the {names} that an installation on {} brings today",
            self.target
        )
    }
}

/// How sure it is that the app does not start: the pair was tried and ends with an exception, and
/// what breaks comes with the old release itself.
fn category(one: &Bad) -> Category {
    if raises(one.row) && one.row.strength == Strength::Strong && one.row.tried.is_some() {
        Category::Must
    } else {
        Category::Should
    }
}

/// Whether the pair ends with an exception; else the app starts, and a part of it fails.
fn raises(row: &Companion) -> bool {
    let error = row.error.split_once(": ");
    error.is_some_and(|(kind, _)| kind.ends_with("Error"))
}

/// What is known of the row.
fn describe_row(one: &Bad) -> String {
    let row = one.row;
    let needs = match &row.bound {
        Some(bound) => format!("{} {bound}", row.needs),
        None => row.needs.clone(),
    };
    let known = match (&row.tried, &row.source) {
        (Some(day), _) => format!("tried on {day}"),
        (None, Some(source)) => source.clone(),
        (None, None) => "not tried".to_owned(),
    };
    let comes = one.found.as_ref().map(|found| {
        let day = snapshot::date();
        format!("{} comes as {found} (index of {day}). ", row.needs)
    });
    let comes = comes.unwrap_or_default();
    format!("{comes}It needs {needs}; else: `{}` ({known}).", row.error)
}
