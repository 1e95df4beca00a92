//! DL202: a Dash Enterprise package that is too old for DE5.

use pep440_rs::{Operator, Version, VersionSpecifiers};

use crate::app::{App, RequirementGraph, RequirementList};
use crate::files::requirements::{Line, Requirement, RequirementSource};
use crate::rules::data::packages::{Floor, floors};
use crate::rules::requirement_lists::{all, floored, is_not_for_linux, lowest, replace};
use crate::rules::{
    Case, Category, Check, Code, Draft, Finding, Fix, Inputs, Rule, Settings, Subject,
};
use crate::text::Span;

/// DL202.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(202),
    stem: "package-floor",
    category: Category::Must,
    summary: "a Dash Enterprise package that is too old for Dash Enterprise 5",
    cases: &[TOO_OLD, MAY_BE_TOO_OLD],
    inputs: Inputs::NONE.lists(),
    page: include_str!("../../../rules/DL202-package-floor.md"),
    check: Check::App(check),
};

const TOO_OLD: Case = Case::new("too-old");
const MAY_BE_TOO_OLD: Case = Case::new("may-be-too-old");

/// A requirement that allows versions below a floor.
struct Low<'a> {
    list: &'a RequirementList,
    line: &'a Line,
    requirement: &'a Requirement,
    /// The specifiers.
    span: Span,
    floor: &'a Floor,
    version: Version,
    /// Whether no version at or above the floor is allowed.
    only: bool,
}

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let graph = app.requirements();
    let lists = graph.all_lists().flat_map(RequirementList::requirements);
    let found = lists.filter_map(|(list, line, requirement)| {
        let low = low(graph, list, line, requirement)?;
        Some(report(graph, &low))
    });
    found.collect()
}

fn low<'a>(
    graph: &RequirementGraph,
    list: &'a RequirementList,
    line: &'a Line,
    requirement: &'a Requirement,
) -> Option<Low<'a>> {
    let (floor, version) = floor(graph, requirement.key.as_deref()?)?;
    let RequirementSource::Specifiers(span) = requirement.source else {
        return None;
    };
    let versions = requirement.versions.as_ref()?;
    if lowest(versions).is_some_and(|lowest| lowest >= version)
        || is_not_for_linux(list, requirement)
    {
        return None;
    }
    Some(Low {
        list,
        line,
        requirement,
        span,
        floor,
        only: is_below(versions, &version),
        version,
    })
}

/// The highest floor of a distribution that holds for the app.
fn floor(graph: &RequirementGraph, name: &str) -> Option<(&'static Floor, Version)> {
    let rows = floors().iter().filter(|floor| floor.name == name);
    let holding = rows.filter(|floor| {
        floor.with.as_ref().is_none_or(|with| {
            let version = with.version();
            asks_for(graph, &with.name, version.as_ref())
        })
    });
    let versions = holding.filter_map(|floor| Some((floor, floor.version()?)));
    versions.max_by(|a, b| a.1.cmp(&b.1))
}

/// Whether the app asks for at least this version of a distribution.
fn asks_for(graph: &RequirementGraph, name: &str, version: Option<&Version>) -> bool {
    let all = graph.all_lists().flat_map(RequirementList::requirements);
    let named = all.filter(|(_, _, found)| found.key.as_deref() == Some(name));
    named
        .filter_map(|(_, _, found)| lowest(found.versions.as_ref()?))
        .any(|lowest| version.is_some_and(|version| lowest >= *version))
}

/// Whether the specifiers allow nothing from `floor` on.
fn is_below(versions: &VersionSpecifiers, floor: &Version) -> bool {
    versions.iter().any(|specifier| match specifier.operator() {
        Operator::Equal
        | Operator::ExactEqual
        | Operator::LessThan
        | Operator::TildeEqual
        | Operator::EqualStar => !specifier.contains(floor) && specifier.version() <= floor,
        Operator::LessThanEqual => specifier.version() < floor,
        _ => false,
    })
}

fn report(graph: &RequirementGraph, low: &Low) -> Finding {
    let text = low.list.text.as_str();
    let name = match low.requirement.name {
        Some(name) if low.line.verbatim => name.slice(text),
        _ => &low.floor.name,
    };
    let shown = low
        .requirement
        .versions
        .as_ref()
        .map(VersionSpecifiers::to_string);
    let shown = shown.unwrap_or_default();
    let why = match &low.floor.with {
        Some(with) => format!("{} or newer with {}", low.version, with.shown),
        None => format!("{} or newer", low.version),
    };
    let message = if low.only {
        format!("{name} {shown} is too old for Dash Enterprise 5, which needs {why}")
    } else {
        format!(
            "{name} {shown} allows versions that are too old for Dash Enterprise 5, which needs {why}"
        )
    };
    let (case, category) = if low.only {
        (TOO_OLD, Category::Must)
    } else {
        (MAY_BE_TOO_OLD, Category::Should)
    };
    let draft = RULE
        .report(
            case,
            Subject::Distribution(name.to_owned()),
            &low.list.path,
            message,
        )
        .span(low.requirement.span)
        .category(category);
    mend(graph, low, draft)
}

fn mend(graph: &RequirementGraph, low: &Low, draft: Draft) -> Finding {
    let name = &low.floor.name;
    let version = &low.version;
    if !low.line.verbatim {
        return draft.guide(format!("Write `{name}>={version}` in its place."));
    }
    let hashed = low.requirement.hashes().next().is_some();
    if checks_hashes(graph, low.line) {
        return draft.guide(format!(
            "Ask for `{name}>={version}` where the list is made from (`pip-compile \
             --generate-hashes` or the like) and make it anew: pip checks hashes here, so one line \
             cannot change alone."
        ));
    }
    if !hashed {
        let specifier = specifier(low);
        let title = format!("ask for {name}{specifier}");
        return draft.fix(Fix::safe(title).edit(replace(low.list, low.span, &specifier)));
    }
    let title = format!(
        "ask for {name}{}, without the hashes of the old version",
        specifier(low)
    );
    let span = Span::new(low.span.start, low.requirement.span.end);
    draft.fix(Fix::safe(title).edit(replace(low.list, span, &tail(low))))
}

/// Whether pip would still ask for hashes if this line had none: another line has some, or an
/// option says so.
fn checks_hashes(graph: &RequirementGraph, line: &Line) -> bool {
    let hashed = |found: &Requirement| found.hashes().next().is_some();
    all(&graph.lists).any(|(_, other, found)| other.full != line.full && hashed(found))
        || graph
            .lists
            .iter()
            .flat_map(RequirementList::options)
            .any(|(_, option)| option.name == "require-hashes")
}

/// The new specifier: the floor, and the upper limits that still allow it.
fn specifier(low: &Low) -> String {
    floored(low.requirement, &low.version, &low.version.to_string())
}

/// What stands behind the name and the extras, new specifier in, hashes out, on one line.
fn tail(low: &Low) -> String {
    let text = low.list.text.as_str();
    let mut tail = specifier(low);
    let between = Span::new(low.span.end, low.requirement.span.end).slice(text);
    if between.trim_start().starts_with(')') {
        tail.push(')');
    }
    if let Some(marker) = low.requirement.marker {
        tail.push_str(" ; ");
        tail.push_str(&crate::files::requirements::unfolded(marker.slice(text)));
    }
    let kept = low
        .requirement
        .options
        .iter()
        .filter(|option| option.name != "hash");
    for option in kept {
        tail.push(' ');
        tail.push_str(&crate::files::requirements::unfolded(
            option.span.slice(text),
        ));
    }
    tail
}
