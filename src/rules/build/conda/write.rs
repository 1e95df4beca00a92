//! A plan as an `environment.yml`: a new one, or the one that is there with what it lacks.

use std::str::FromStr;

use pep440_rs::Version;

use super::plan::{CondaEntry, CondaPlan, CondaPython};
use crate::app::Parsed;
use crate::files::Model;
use crate::files::conda_spec::{Meaning, read_item};
use crate::files::environment_yml::{Change, CondaEnvironment, EditError, edit, scalar, spec_name};
use crate::files::requirements::is_name;
use crate::rules::build::environment_yml::includes_list;
use crate::secrets::redacted;
use crate::text::{Span, Text};

/// The text of a new `environment.yml`.
///
/// # Errors
/// When a line cannot be a string of YAML.
pub(super) fn new(plan: &CondaPlan) -> Result<String, EditError> {
    let mut text = String::from("channels:\n");
    let defaults = ["defaults".to_owned()];
    let channels = if plan.channels.is_empty() {
        &defaults[..]
    } else {
        &plan.channels
    };
    for channel in channels {
        push(&mut text, 2, &CondaEntry::Item(channel.clone(), None))?;
    }
    text.push_str("dependencies:\n");
    for entry in &plan.specs {
        push(&mut text, 2, entry)?;
    }
    if !plan.decides_mkl {
        let comment = "# Dash Enterprise 4 pinned it: NumPy without MKL";
        push(&mut text, 2, &item("nomkl", comment))?;
    }
    if plan.has_pip() && !plan.names("pip") {
        push(&mut text, 2, &CondaEntry::Item("pip".to_owned(), None))?;
    }
    let indent = if plan.has_pip() { 6 } else { 2 };
    if plan.has_pip() {
        text.push_str("  - pip:\n");
    }
    for entry in &plan.pip {
        push(&mut text, indent, entry)?;
    }
    match CondaEnvironment::parse(&Text::new(&*text)) {
        Ok(_) => Ok(text),
        Err(problem) => Err(EditError::Unreadable(problem)),
    }
}

fn item(value: &str, comment: &str) -> CondaEntry {
    CondaEntry::Item(value.to_owned(), Some(comment.to_owned()))
}

fn push(text: &mut String, indent: usize, entry: &CondaEntry) -> Result<(), EditError> {
    text.push_str(&" ".repeat(indent));
    match entry {
        CondaEntry::Comment(comment) => text.push_str(comment),
        CondaEntry::Item(value, comment) => {
            text.push_str("- ");
            text.push_str(&scalar(value, false)?);
            if let Some(comment) = comment {
                text.push(' ');
                text.push_str(comment);
            }
        }
    }
    text.push('\n');
    Ok(())
}

/// Why the `environment.yml` that is there and DE4's files cannot be one.
#[derive(Debug)]
pub(super) enum Clash {
    /// It says something else about a package or the channels; the place, and what DE4's say.
    Differs(Span, String),
    /// There is no place to write it.
    NoPlace(EditError),
}

/// The text of the `environment.yml` that is there, with what the plan has and it lacks.
///
/// # Errors
/// When the two disagree, or an addition has no place.
pub(super) fn merged(file: &Parsed<CondaEnvironment>, plan: &CondaPlan) -> Result<Text, Clash> {
    if file.model == CondaEnvironment::default() {
        let end = if file.text.as_str().ends_with(['\n', '\r']) || file.text.as_str().is_empty() {
            ""
        } else {
            "\n"
        };
        let new = new(plan).map_err(Clash::NoPlace)?;
        return Ok(file.text.with_content(format!("{}{end}{new}", file.text)));
    }
    let mut changes = channels(&file.model, plan)?;
    for entry in &plan.specs {
        changes.extend(spec(&file.model, plan, entry)?);
    }
    let mut items = file.model.pip_items().iter();
    if let Some(item) = items.find(|item| includes_list(item)) {
        let words = "requirements.txt has to go, because beside environment.yml it wins";
        return Err(Clash::Differs(item.span, words.to_owned()));
    }
    let mut lines = Vec::new();
    for entry in &plan.pip {
        lines.extend(requirement(&file.model, entry)?);
    }
    let has_list = !(lines.is_empty() && file.model.pip_items().is_empty());
    if has_list && file.model.dependency("pip").is_none() && !plan.names("pip") {
        changes.push(Change::Dependency("pip".to_owned()));
    }
    changes.extend(lines);
    edit(&file.text, &changes).map_err(Clash::NoPlace)
}

fn channels(environment: &CondaEnvironment, plan: &CondaPlan) -> Result<Vec<Change>, Clash> {
    let there = environment.channels();
    if there.is_empty() {
        return Ok(plan.channels.iter().cloned().map(Change::Channel).collect());
    }
    let is_there = |channel: &&String| there.iter().any(|item| item.value == **channel);
    let missing = plan.channels.iter().find(|channel| !is_there(channel));
    match (missing, there.first()) {
        (Some(_), Some(first)) => {
            let words = ".condarc names others".to_owned();
            Err(Clash::Differs(first.span, words))
        }
        _ => Ok(Vec::new()),
    }
}

fn spec(
    environment: &CondaEnvironment,
    plan: &CondaPlan,
    entry: &CondaEntry,
) -> Result<Option<Change>, Clash> {
    let Some(spec) = entry.value() else {
        return Ok(None);
    };
    let name = spec_name(spec);
    let is_python = name.eq_ignore_ascii_case("python");
    let Some(there) = environment.dependency(name) else {
        let spec = spec.to_owned();
        return Ok(Some(if is_python {
            Change::FirstDependency(spec)
        } else {
            Change::Dependency(spec)
        }));
    };
    let implied = is_python && plan.python != CondaPython::Listed;
    if implied
        || allows(&there.value, spec)
        || spec == name
        || without_blanks(spec) == without_blanks(&there.value)
    {
        return Ok(None);
    }
    Err(Clash::Differs(
        there.span,
        format!("conda-requirements.txt says `{}`", redacted(spec)),
    ))
}

/// Whether what `environment.yml` says allows the one version that DE4's list had: somebody moved
/// it, and let it be a little newer.
fn allows(there: &str, listed: &str) -> bool {
    let meaning = Meaning::Environment;
    let read = |item: &str| read_item(item)?.allowed(item, meaning);
    let (Some(there), Some(listed)) = (read(there), read(listed)) else {
        return false;
    };
    let version = listed.exact().and_then(|it| Version::from_str(it).ok());
    !there.0.is_empty() && version.is_some_and(|version| there.contains(&version) == Some(true))
}

fn requirement(
    environment: &CondaEnvironment,
    entry: &CondaEntry,
) -> Result<Option<Change>, Clash> {
    let Some(line) = entry.value() else {
        return Ok(None);
    };
    let name = entry.pip_name();
    for item in environment.pip_items() {
        if without_blanks(&item.value) == without_blanks(line) {
            return Ok(None);
        }
        let there = CondaEntry::Item(item.value.clone(), None).pip_name();
        if name.is_some() && there == name {
            if is_bare(line) {
                return Ok(None);
            }
            return Err(Clash::Differs(
                item.span,
                "the files of Dash Enterprise 4 say something else".to_owned(),
            ));
        }
    }
    Ok(Some(Change::PipItem(line.to_owned())))
}

/// Whether the requirement is a name and nothing more.
fn is_bare(line: &str) -> bool {
    is_name(line)
}

fn without_blanks(text: &str) -> String {
    text.split_whitespace()
        .collect::<String>()
        .to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::files::environment_yml::Item;

    use super::*;

    fn entry() -> impl Strategy<Value = CondaEntry> {
        let value = prop_oneof!["[a-z]{1,5}[=<>]{0,2}[0-9.]{0,3}", "\\PC{0,12}"];
        let comment = "# ?[a-z:#'\"\\[{\t]{0,8}";
        prop_oneof![
            comment.prop_map(CondaEntry::Comment),
            (value, prop::option::of(comment))
                .prop_map(|(value, note)| CondaEntry::Item(value, note)),
        ]
    }

    proptest! {
        #[test]
        fn a_new_environment_says_what_the_plan_says(
            specs in prop::collection::vec(entry(), 0..6),
            pip in prop::collection::vec(entry(), 0..6),
        ) {
            let plan = CondaPlan { specs, pip, decides_mkl: true, ..CondaPlan::default() };
            if let Ok(text) = new(&plan) {
                let environment = CondaEnvironment::parse(&Text::new(text)).unwrap();
                let said = |entries: &[CondaEntry]| {
                    let values = entries.iter().filter_map(CondaEntry::value);
                    values.map(str::to_owned).collect::<Vec<_>>()
                };
                let mut specs = said(&plan.specs);
                if plan.has_pip() && !plan.names("pip") {
                    specs.push("pip".to_owned());
                }
                let read = |items: &[Item]| {
                    items.iter().map(|item| item.value.clone()).collect::<Vec<_>>()
                };
                prop_assert_eq!(read(environment.dependencies()), specs);
                prop_assert_eq!(read(environment.pip_items()), said(&plan.pip));
            }
        }
    }
}
