//! `pip install` in a deploy script: requirements that the pip buildpack does not see.

use super::{File, PIP, RULE, is_app_folder, program_name};
use crate::app::called_scripts::in_app;
use crate::app::{App, FileState};
use crate::files::script::{Joint, ScriptCommand, Word};
use crate::rules::{Draft, Edit, Finding, Fix, Subject};
use crate::text::{Line, Span, Text, lines};

/// Options that do not change what is installed.
const HARMLESS: &[&str] = &[
    "-q",
    "--quiet",
    "-v",
    "--verbose",
    "-U",
    "--upgrade",
    "--user",
    "--no-cache-dir",
    "--no-input",
    "--disable-pip-version-check",
];

/// Scripts with more commands are nothing that this program takes lines out of.
const MOST_COMMANDS: usize = 1000;

/// What one command installs.
#[derive(Default)]
struct Install<'c> {
    /// The files of `-r`.
    files: Vec<&'c str>,
    /// Requirements on the command line.
    packages: Vec<&'c str>,
    /// Options that change what is installed, or words whose value only the shell knows.
    is_special: bool,
}

/// One finding per `pip install`.
pub(super) fn findings(app: &App, file: &File) -> Vec<Finding> {
    let commands = file.model.commands();
    let installs = commands
        .iter()
        .enumerate()
        .filter_map(|(index, command)| Some((index, command, install(command)?)));
    let found = installs.filter_map(|(index, command, install)| {
        let what = [install.files.clone(), install.packages.clone()].concat();
        let message = format!(
            "{} installs {} with pip, where the build of Dash Enterprise 5 does not see it",
            file.path.name(),
            if what.is_empty() {
                "something".to_owned()
            } else {
                what.join(", ")
            }
        );
        let upgrades_pip_only = what
            .iter()
            .all(|name| ["pip", "setuptools", "wheel"].contains(name));
        let draft = RULE
            .report(PIP, Subject::text(&what.join(" ")), &file.path, message)
            .span(command.span());
        (!upgrades_pip_only || install.is_special).then(|| moved(app, file, draft, index, &install))
    });
    found.collect()
}

fn install(command: &ScriptCommand) -> Option<Install<'_>> {
    let words = command.program();
    let is_pip = |word: &Word| program_name(word).starts_with("pip");
    let arguments = match words {
        [pip, install, rest @ ..] if is_pip(pip) && install.value == "install" => rest,
        [python, m, pip, install, rest @ ..]
            if program_name(python).starts_with("python")
                && m.value == "-m"
                && is_pip(pip)
                && install.value == "install" =>
        {
            rest
        }
        _ => return None,
    };
    let mut read = Install::default();
    let mut values = arguments.iter();
    while let Some(word) = values.next() {
        let value = word.value.as_str();
        read.is_special |= word.is_expanded;
        if value == "-r" || value == "--requirement" {
            let file = values.next();
            read.is_special |= file.is_none_or(|file| file.is_expanded);
            read.files.extend(file.map(|file| file.value.as_str()));
        } else if let Some(file) = value
            .strip_prefix("--requirement=")
            .or_else(|| value.strip_prefix("-r"))
        {
            read.files.push(file);
        } else if value.starts_with('-') {
            read.is_special |= !HARMLESS.contains(&value);
        } else {
            read.packages.push(value);
        }
    }
    Some(read)
}

fn moved(app: &App, file: &File, draft: Draft, index: usize, install: &Install) -> Finding {
    let simple = file.model.commands().len() <= MOST_COMMANDS
        && !install.is_special
        && install.packages.is_empty()
        && !install.files.is_empty();
    let edits = if simple && !is_read_by_others(app) && !has_branches(file) {
        edits(app, file, index, install)
    } else {
        None
    };
    let Some(edits) = edits else {
        return draft.guide(guide(app, install));
    };
    let files = install.files.join(" and ");
    let fix = Fix::unsafe_(format!("install {files} through requirements.txt")).edits(edits);
    let others = file.model.commands().len() > 1;
    if others {
        draft.fix(fix)
    } else {
        draft
            .step(format!(
                "Remove {} and the entry that names it: it does nothing any more.",
                file.path.name()
            ))
            .fix(fix)
    }
}

fn guide(app: &App, install: &Install) -> String {
    let list = if is_read_by_others(app) {
        "the list that the app is built from (environment.yml or Pipfile)"
    } else {
        "requirements.txt"
    };
    match install.files.as_slice() {
        [] => format!("Add what it installs to {list}, and remove the command."),
        files => format!(
            "Bring the requirements of {} into {list}, and remove the command.",
            files.join(" and ")
        ),
    }
}

/// Whether a `requirements.txt` would take the build over from conda or pipenv.
fn is_read_by_others(app: &App) -> bool {
    let others = [
        "Pipfile",
        "environment.yml",
        "environment.yaml",
        "conda-requirements.txt",
        "package-list.txt",
    ];
    others.iter().any(|name| app.has(name))
}

/// Whether the script decides what it runs, or runs it elsewhere: taking a line out of it may
/// leave something else than the rest.
fn has_branches(file: &File) -> bool {
    let keywords = ["if", "for", "while", "until", "case", "function", "{", "}"];
    file.model.commands().iter().any(|command| {
        let Some((first, rest)) = command.words.split_first() else {
            return false;
        };
        let word = first.value.as_str();
        keywords.contains(&word) || (word == "cd" && !is_app_folder(rest))
    })
}

fn edits(app: &App, file: &File, index: usize, install: &Install) -> Option<Vec<Edit>> {
    let mut edits = vec![Edit::replace(&file.path, own_lines(file, index)?, "")];
    let known = &app.requirements().lists;
    let mut new = Vec::new();
    for name in &install.files {
        let name = in_app(name);
        let path = app.root().join(name).ok()?;
        app.tree().resolve(&path).ok()?;
        if name != "requirements.txt" && !known.iter().any(|list| list.path == path) {
            new.push(name);
        }
    }
    if !new.is_empty() {
        edits.push(included(app, &new)?);
    }
    Some(edits)
}

/// The whole lines of a command that stands alone on them, but for a `cd /app &&`.
fn own_lines(file: &File, index: usize) -> Option<Span> {
    let text = file.text.as_str();
    let commands = file.model.commands();
    let command = commands.get(index)?;
    let before = index.checked_sub(1).and_then(|before| commands.get(before));
    let cd = before.filter(|before| {
        let is_cd = before.words.first().is_some_and(|word| word.value == "cd");
        is_cd && command.joint == Joint::And
    });
    let first = cd.unwrap_or(command);
    let after = commands.get(index + 1);
    let tied = |command: &ScriptCommand| command.joint != Joint::Line;
    if tied(first) || after.is_some_and(tied) {
        return None;
    }
    let touched: Vec<Line> = lines(text)
        .filter(|line| line.end > first.span().start && line.span.start < command.span().end)
        .collect();
    let span = Span::new(touched.first()?.span.start, touched.last()?.end);
    let own = |span: Span| span == first.span() || span == command.span();
    let mut others = commands.iter().map(ScriptCommand::span);
    let has_comment = file.model.comments().iter().any(|it| it.collides(span));
    (!has_comment && !others.any(|other| other.collides(span) && !own(other))).then_some(span)
}

/// The edit that adds `-r name` lines to `requirements.txt`.
fn included(app: &App, names: &[&str]) -> Option<Edit> {
    let rows = |end: &str| -> String {
        let rows = names.iter().map(|name| format!("-r {name}{end}"));
        rows.collect()
    };
    match app.requirements_txt() {
        FileState::Broken(_) => None,
        FileState::Absent => Some(Edit::create(app.path("requirements.txt"), rows("\n"))),
        FileState::Present(list) => Some(Edit::replace(
            &list.path,
            Span::at(list.text.as_str().len()),
            appended(&list.text, &rows(list.text.line_end().as_str())),
        )),
    }
}

fn appended(text: &Text, rows: &str) -> String {
    let content = text.as_str();
    if content.is_empty() || content.ends_with(['\n', '\r']) {
        rows.to_owned()
    } else {
        format!("{}{rows}", text.line_end().as_str())
    }
}
