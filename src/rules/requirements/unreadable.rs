//! DL208: what pip cannot read.

use std::mem::discriminant;

use crate::app::{App, Include, IncludeError, RequirementList, Role};
use crate::files::requirements::{
    Content, Line, Refusal, RefusalKind, Requirement, RequirementSource,
};
use crate::rules::requirement_lists::{end_of_name, replace, short, show_line};
use crate::rules::{
    Case, Category, Check, Code, Draft, Edit, Effort, Finding, Fix, Inputs, Rule, Settings, Stage,
    Subject, support,
};
use crate::secrets::redacted;
use crate::text::{Encoding, Span, lines};
use crate::tree::ReadError;

/// DL208.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(208),
    stem: "unreadable",
    category: Category::Must,
    summary: "what pip cannot read",
    cases: &[
        UNREADABLE,
        ENCODING,
        REFUSED,
        INCLUDE,
        SKIPPED,
        NO_CONSTRAINT,
    ],
    inputs: Inputs::NONE.lists(),
    page: include_str!("../../../rules/DL208-unreadable.md"),
    check: Check::App(check),
};

const UNREADABLE: Case = Case::new("unreadable");
const ENCODING: Case = Case::new("encoding");
const REFUSED: Case = Case::new("refused");
const INCLUDE: Case = Case::new("include");
const SKIPPED: Case = Case::new("skipped");
const NO_CONSTRAINT: Case = Case::new("no-constraint");

/// So many corrected lines are written out; the others are made in the same way.
const SHOWN: usize = 8;

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let graph = app.requirements();
    let broken = graph.broken.iter().map(|broken| {
        support::unreadable(&RULE, UNREADABLE, broken).guide(
            "Make it a text file in UTF-8 inside the repository, then run dashlift again: \
                 nothing in it was looked at.",
        )
    });
    let encoded = graph.lists.iter().filter_map(encoding);
    let refused = graph.lists.iter().flat_map(refusals);
    let includes = graph.unfollowed.iter().map(include);
    let lines = graph.lists.iter().flat_map(RequirementList::requirements);
    let lines: Vec<_> = lines.collect();
    let skipped = lines.iter().filter_map(|(list, _, it)| skipped(list, it));
    let constraints = lines
        .iter()
        .filter_map(|(list, line, it)| no_constraint(list, line, it));
    broken
        .chain(encoded)
        .chain(refused)
        .chain(includes)
        .chain(skipped)
        .chain(constraints)
        .collect()
}

/// A list that is not plain UTF-8. One that declares its encoding is left alone: pip obeys.
fn encoding(list: &RequirementList) -> Option<Finding> {
    let encoding = list.text.encoding();
    let category = match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => Category::Should,
        Encoding::Utf8Bom => Category::May,
        Encoding::Utf8 | Encoding::Declared(_) => return None,
    };
    if list.role == Role::CondaPip {
        return None;
    }
    let message = format!(
        "{} is {}; pip reads it by its mark, and other tools may not",
        list.path.name(),
        encoding.name()
    );
    let draft = RULE
        .report(ENCODING, Subject::Whole, &list.path, message)
        .category(category);
    if declares_another(list.text.as_str()) {
        return Some(draft.guide("Save the file as UTF-8 and take its coding line out."));
    }
    let fix = Fix::safe(format!("write {} as UTF-8", list.path.name()));
    let edit = Edit::Reencode {
        path: list.path.clone(),
    };
    Some(draft.fix(fix.edit(edit)))
}

/// Whether a coding line (PEP 263) would be wrong about the file once it is UTF-8.
fn declares_another(text: &str) -> bool {
    let mut head = lines(text).take(2).map(|line| line.span.slice(text));
    head.any(|line| {
        let line = line.to_ascii_lowercase();
        line.starts_with('#')
            && ["coding:", "coding="]
                .iter()
                .any(|mark| line.contains(mark))
            && !line.contains("utf-8")
    })
}

/// A line whose marker asks for an extra: only the metadata of a distribution has those.
fn skipped(list: &RequirementList, requirement: &Requirement) -> Option<Finding> {
    let marker = requirement.marker?.slice(list.text.as_str());
    let outside = marker.split(['"', '\'']).step_by(2);
    let words: Vec<&str> = outside
        .flat_map(|it| it.split(|c: char| !(c.is_alphanumeric() || c == '_')))
        .collect();
    if !words.contains(&"extra") || words.contains(&"or") {
        return None;
    }
    let name = requirement.key.as_deref()?;
    let hashes = if requirement.hashes().next().is_some() {
        " Where another line needs it, pip ends there: it has no hash for what it passed over."
    } else {
        ""
    };
    let message =
        format!("pip passes {name} over: its marker asks for an extra, which no list ever has");
    let draft = RULE
        .report(
            SKIPPED,
            Subject::Distribution(name.to_owned()),
            &list.path,
            message,
        )
        .span(requirement.span)
        .category(Category::Should);
    Some(draft.guide(format!(
        "Take the marker away where the app needs {name}, else the line: it comes from an export \
         of a lock file with all extras.{hashes}"
    )))
}

/// A line of a constraints file that only a list may hold. Tried with pip 23.3.2: extras, `-e` and
/// URLs without a name end it.
fn no_constraint(
    list: &RequirementList,
    line: &Line,
    requirement: &Requirement,
) -> Option<Finding> {
    if list.role != Role::Constraints {
        return None;
    }
    let has_place = matches!(
        requirement.source,
        RequirementSource::Url(_) | RequirementSource::Path(_)
    );
    let (what, guide) = if requirement.editable {
        ("`-e`", "Move the line to the list that is installed.")
    } else if has_place && requirement.name.is_none() {
        (
            "a URL or a path without a name",
            "Write `NAME @` in front of the URL, or move the line to the list that is installed.",
        )
    } else if !requirement.extras.is_empty() {
        (
            "extras",
            "Take the brackets away: the list that is installed asks for extras.",
        )
    } else {
        return None;
    };
    let message = format!(
        "pip refuses {what} in a file of constraints: `{}`",
        show_line(line)
    );
    let draft = RULE
        .report(
            NO_CONSTRAINT,
            Subject::text(requirement.span.slice(list.text.as_str())),
            &list.path,
            message,
        )
        .span(requirement.span)
        .stops(true, Stage::Build);
    let end = requirement.name.zip(end_of_name(list, requirement));
    match end.filter(|_| line.verbatim && !has_place) {
        Some((name, end)) => {
            let brackets = Span::new(name.end, end);
            let title = format!("take {} away", brackets.slice(list.text.as_str()));
            Some(draft.fix(Fix::safe(title).edit(replace(list, brackets, ""))))
        }
        None => Some(draft.guide(guide)),
    }
}

/// The refused lines; a run of lines that are refused for the same reason is one finding.
fn refusals(list: &RequirementList) -> Vec<Finding> {
    let mut runs: Vec<Vec<(&Line, &Refusal)>> = Vec::new();
    let mut open = false;
    for line in &list.lines {
        match &line.content {
            Content::Blank => {}
            Content::Unreadable(refusal) => {
                let same = runs
                    .last_mut()
                    .filter(|run| open && run.last().is_some_and(|(_, last)| joins(last, refusal)));
                match same {
                    Some(run) => run.push((line, refusal)),
                    None => runs.push(vec![(line, refusal)]),
                }
                open = true;
            }
            Content::Requirement(_) | Content::Options(_) => open = false,
        }
    }
    runs.iter().filter_map(|run| refused(list, run)).collect()
}

/// Whether two lines in a row are one mistake: a conda export, a web page, a table, prose.
fn joins(one: &Refusal, other: &Refusal) -> bool {
    let whole = matches!(
        one.kind,
        RefusalKind::Nul
            | RefusalKind::Html
            | RefusalKind::PipList
            | RefusalKind::ListItem
            | RefusalKind::CondaExport(_)
            | RefusalKind::Prose(_)
            | RefusalKind::Quoted
    );
    whole && discriminant(&one.kind) == discriminant(&other.kind)
}

fn refused(list: &RequirementList, run: &[(&Line, &Refusal)]) -> Option<Finding> {
    let (line, refusal) = run.first()?;
    let more = match run.len() {
        1 => String::new(),
        2 => "; so is the line after it".to_owned(),
        count => format!("; so are the {} lines after it", count - 1),
    };
    let message = format!("pip cannot use this line: {}{more}", refusal.kind);
    let mut draft = RULE
        .report(
            REFUSED,
            Subject::text(refusal.span.slice(list.text.as_str())),
            &list.path,
            message,
        )
        .span(refusal.span)
        .category(category(&refusal.kind))
        .stops(category(&refusal.kind) == Category::Must, Stage::Build);
    if run.len() > SHOWN {
        draft = draft.effort(Effort::Hours);
    }
    let meant: Vec<&String> = run
        .iter()
        .flat_map(|(_, refusal)| &refusal.instead)
        .collect();
    Some(guide(draft, line, &refusal.kind, &meant))
}

fn category(kind: &RefusalKind) -> Category {
    match kind {
        RefusalKind::LegacySpecifier(_)
        | RefusalKind::Ignored(_)
        | RefusalKind::SecondEditable
        | RefusalKind::ListItem => Category::Should,
        _ => Category::Must,
    }
}

fn guide(draft: Draft, line: &Line, kind: &RefusalKind, meant: &[&String]) -> Finding {
    if meant.is_empty() {
        return draft.guide(advice(line, kind));
    }
    let lines: Vec<String> = meant
        .iter()
        .take(SHOWN)
        .map(|line| format!("`{line}`"))
        .collect();
    let rest = if meant.len() > SHOWN {
        ", and the others in the same way"
    } else {
        ""
    };
    draft.guide(format!(
        "Write {} instead, if that is what was meant{rest}.",
        lines.join(" and on the next line ")
    ))
}

fn advice(line: &Line, kind: &RefusalKind) -> String {
    let advice = match kind {
        RefusalKind::Nul => "Save the file as UTF-8.",
        RefusalKind::ConflictMarker => {
            "Finish the merge: keep one side and take out the lines with the markers."
        }
        RefusalKind::Html => "Put the list itself in the place of the web page.",
        RefusalKind::PipList => "Make the list with `pip freeze`, which prints what pip can read.",
        RefusalKind::CondaExport(_) => {
            "Take the line out, or write the distribution's name and version as pip knows them: \
             conda packages that are no Python distributions have no counterpart."
        }
        RefusalKind::Ignored(_) | RefusalKind::SecondEditable => {
            "Put what pip passes over on a line of its own, or take it out."
        }
        RefusalKind::NoEgg => "Add `#egg=` and the distribution's name at the end of the URL.",
        RefusalKind::Editable => "Take `-e` out, or name a folder or a VCS URL behind it.",
        RefusalKind::HashValue => "Write the hash as `--hash=sha256:` and its digest.",
        RefusalKind::OpenQuote => "Close the quote.",
        RefusalKind::Backslash => "Delete the blanks behind the backslash.",
        RefusalKind::Character(_) => "Delete the character and type it anew.",
        RefusalKind::Command => {
            "Take the command out; what it installs belongs here as a line with a name."
        }
        _ => return format!("Mend or take out `{}`.", show_line(line)),
    };
    advice.to_owned()
}

/// A file that the list includes and that was not read.
fn include(include: &Include) -> Finding {
    let target = short(&redacted(&include.target));
    let message = format!("`{target}` {}", include.error);
    let (category, advice) = match &include.error {
        IncludeError::Url => (
            Category::May,
            "Look at that list by hand: the network is not used here.",
        ),
        IncludeError::Variable => (
            Category::May,
            "Look at that list by hand: only the platform knows the variable.",
        ),
        IncludeError::Unread(ReadError::NotFound) => (
            Category::Must,
            "Add the file to the repository, or take the option out: pip stops without the file.",
        ),
        IncludeError::Cycle => (
            Category::Must,
            "Take the option out: pip follows it without an end (RecursionError), and from 24.3 on says so.",
        ),
        IncludeError::Outside(_) | IncludeError::Unread(_) => (
            Category::Must,
            "Put a copy of the file into the app's folder and name that.",
        ),
    };
    RULE.report(INCLUDE, Subject::Path(target), &include.path, message)
        .span(include.span)
        .category(category)
        .stops(category == Category::Must, Stage::Build)
        .guide(advice)
}
