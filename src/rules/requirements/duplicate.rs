//! DL209: the same distribution twice.

use std::collections::BTreeMap;

use pep440_rs::Operator;

use crate::app::{App, RequirementList, Role};
use crate::files::requirements::{Line, Requirement, RequirementSource, normalized_name, unfolded};
use crate::rules::requirement_lists::{removing, show_line};
use crate::rules::{
    Case, Category, Check, Code, Finding, Fix, Inputs, Rule, Settings, Stage, Subject,
};
use crate::text::Span;

/// DL209.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(209),
    stem: "duplicate",
    category: Category::May,
    summary: "the same distribution twice",
    cases: &[TWICE, CONTRADICTS, DIFFERS],
    inputs: Inputs::NONE.lists(),
    page: include_str!("../../../rules/DL209-duplicate.md"),
    check: Check::App(check),
};

const TWICE: Case = Case::new("twice");
const CONTRADICTS: Case = Case::new("contradicts");
const DIFFERS: Case = Case::new("differs");

/// A requirement in its place.
#[derive(Clone, Copy)]
struct PlacedRequirement<'a> {
    list: &'a RequirementList,
    line: &'a Line,
    requirement: &'a Requirement,
}

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    // What installs, what limits, and what conda's pip installs never meet.
    for role in [Role::Requirements, Role::Constraints, Role::CondaPip] {
        // Included lists first: others may include them too, so theirs are the lines that stay.
        let lists = app.requirements().lists.iter().rev();
        let entries = lists
            .filter(|list| list.role == role)
            .flat_map(RequirementList::requirements)
            .map(|(list, line, requirement)| PlacedRequirement {
                list,
                line,
                requirement,
            });
        findings.extend(pairs(entries).map(|(first, second)| report(first, second)));
    }
    findings
}

/// Each entry with the first of the same name and marker before it.
fn pairs<'a>(
    entries: impl Iterator<Item = PlacedRequirement<'a>>,
) -> impl Iterator<Item = (PlacedRequirement<'a>, PlacedRequirement<'a>)> {
    let mut first: BTreeMap<(String, String), PlacedRequirement<'a>> = BTreeMap::new();
    let mut pairs = Vec::new();
    for entry in entries {
        let Some(name) = entry.requirement.key.clone() else {
            continue;
        };
        match first.entry((name, entry.marker())) {
            std::collections::btree_map::Entry::Occupied(known) => {
                pairs.push((*known.get(), entry));
            }
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(entry);
            }
        }
    }
    pairs.into_iter()
}

impl PlacedRequirement<'_> {
    fn slice(&self, span: Span) -> String {
        unfolded(span.slice(self.list.text.as_str()))
    }

    /// The marker without blanks and with one kind of quotes.
    fn marker(&self) -> String {
        let marker = self.requirement.marker.map(|marker| self.slice(marker));
        let words = marker.unwrap_or_default().replace('\'', "\"");
        words
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .replace(" =", "=")
            .replace("= ", "=")
            .replace(" <", "<")
            .replace("< ", "<")
            .replace(" >", ">")
            .replace("> ", ">")
    }

    fn extras(&self) -> Vec<String> {
        let extras = self.requirement.extras.iter();
        let mut extras: Vec<String> = extras
            .map(|extra| normalized_name(&self.slice(*extra)))
            .collect();
        extras.sort();
        extras.dedup();
        extras
    }

    /// What is asked for.
    fn show_asked(&self) -> String {
        let requirement = self.requirement;
        if let Some(location) = &requirement.location {
            return location.clone();
        }
        match (&requirement.source, &requirement.versions) {
            (RequirementSource::Specifiers(_), Some(versions)) => versions.to_string(),
            (RequirementSource::Specifiers(span), None) => self.slice(*span),
            _ => String::new(),
        }
    }

    /// Whether both ask for the same versions; `==1.0` and `==1.0.0` are the same.
    fn asks_as(&self, other: &Self) -> bool {
        match (&self.requirement.versions, &other.requirement.versions) {
            (Some(mine), Some(others)) => {
                mine.iter()
                    .all(|one| others.iter().any(|other| other == one))
                    && others
                        .iter()
                        .all(|one| mine.iter().any(|other| other == one))
            }
            _ => self.show_asked() == other.show_asked(),
        }
    }

    fn options(&self) -> Vec<(&'static str, &str)> {
        let options = self.requirement.options.iter();
        let mut options: Vec<_> = options
            .map(|option| (option.name, option.text.as_str()))
            .collect();
        options.sort_unstable();
        options
    }

    /// Whether both lines mean the same to pip.
    fn equals(&self, other: &Self) -> bool {
        self.asks_as(other)
            && self.extras() == other.extras()
            && self.options() == other.options()
            && self.requirement.editable == other.requirement.editable
    }

    /// Whether no version satisfies both lines, as far as exact pins tell.
    fn contradicts(&self, other: &Self) -> bool {
        let excludes = |a: &Self, b: &Self| {
            let (Some(pins), Some(limits)) = (&a.requirement.versions, &b.requirement.versions)
            else {
                return false;
            };
            let exact = pins.iter().filter(|pin| *pin.operator() == Operator::Equal);
            exact.into_iter().any(|pin| !limits.contains(pin.version()))
        };
        excludes(self, other) || excludes(other, self)
    }
}

fn report(first: PlacedRequirement, second: PlacedRequirement) -> Finding {
    let name = second.requirement.key.as_deref().unwrap_or_default();
    let place = if first.list.path == second.list.path {
        format!("line {}", line_number(&first))
    } else {
        format!("{} line {}", first.list.path.name(), line_number(&first))
    };
    let equal = first.equals(&second);
    let (case, message, category) = if equal {
        (
            TWICE,
            format!("{name} is listed twice, here and in {place}"),
            Category::May,
        )
    } else if first.contradicts(&second) {
        (
            CONTRADICTS,
            format!(
                "`{}` contradicts {place}: no version satisfies both",
                show_line(second.line)
            ),
            Category::Must,
        )
    } else {
        (
            DIFFERS,
            format!(
                "`{}` says something else than {place}",
                show_line(second.line)
            ),
            Category::Should,
        )
    };
    let draft = RULE
        .report(
            case,
            Subject::Distribution(name.to_owned()),
            &second.list.path,
            message,
        )
        .span(second.requirement.span)
        .category(category)
        .stops(category == Category::Must, Stage::Build)
        .evidence(
            &first.list.path,
            first.requirement.span,
            "listed here first",
        );
    if !equal {
        return draft.guide(format!(
            "Decide which of the two lines is right and take the other one out: `{}` or `{}`.",
            show_line(first.line),
            show_line(second.line)
        ));
    }
    match remove_second(&first, &second, name) {
        Some(fix) => draft.fix(fix),
        None => draft.guide(format!("Take the second {name} out.")),
    }
}

/// The fix that takes the second line out, where its list can be written.
fn remove_second(first: &PlacedRequirement, second: &PlacedRequirement, name: &str) -> Option<Fix> {
    let fix = Fix::safe(format!("remove the second {name}"));
    let fix = if first.list.path == second.list.path {
        fix
    } else {
        fix.reading(first.list.path.clone())
    };
    removing(fix, second.list, second.line)
}

fn line_number(entry: &PlacedRequirement) -> usize {
    entry.list.text.position(entry.requirement.span.start).line
}
