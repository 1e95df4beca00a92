//! Conda files that DE4 did not read either: without both of its files the pip buildpack ran.

use super::{RULE, UNREAD_CHANNELS, UNREAD_CONDARC, UNREAD_LIST, UNREAD_RUNTIME, channels};
use crate::app::{App, FileState, Parsed};
use crate::files::condarc::Condarc;
use crate::files::environment_yml::{Change, CondaEnvironment, edit};
use crate::rules::{Category, Edit, Finding, Fix, Subject, support};

/// What to say of an app that conda did not build on DE4.
pub(super) fn check(app: &App) -> Vec<Finding> {
    let found = [list(app), runtime(app), condarc(app)];
    found.into_iter().flatten().collect()
}

/// Only `conda-requirements.txt`.
fn list(app: &App) -> Option<Finding> {
    let file = app.conda_requirements().present()?;
    let message = "conda-requirements.txt was not read on Dash Enterprise 4 either: conda ran only where conda-runtime.txt was there too";
    let draft = RULE
        .report(UNREAD_LIST, Subject::Whole, &file.path, message)
        .category(Category::May);
    let by_pip = ["requirements.txt", "Pipfile", "setup.py"];
    if file.model.is_empty() || by_pip.iter().any(|name| app.has(name)) {
        return Some(draft.fix(removal(app, "conda-requirements.txt")));
    }
    if app.has("environment.yml") {
        return Some(draft.guide("Compare it with environment.yml, which Dash Enterprise 5 builds from, and delete it when nothing is missing there."));
    }
    Some(draft.category(Category::Must).guide("Nothing else lists the app's packages. If conda is to install them, write environment.yml (`channels`, `dependencies` with a `python=` line first); if pip is, write requirements.txt. Then delete conda-requirements.txt."))
}

/// Only `conda-runtime.txt`.
fn runtime(app: &App) -> Option<Finding> {
    let file = app.conda_runtime().present()?;
    let message = "conda-runtime.txt was not read on Dash Enterprise 4 either: conda ran only where conda-requirements.txt was there too";
    let draft = RULE
        .report(UNREAD_RUNTIME, Subject::Whole, &file.path, message)
        .category(Category::May);
    Some(draft.fix(removal(app, "conda-runtime.txt")))
}

fn removal(app: &App, name: &str) -> Fix {
    let path = app.path(name);
    Fix::safe(format!("remove {name}, which nothing reads")).edit(Edit::remove(&path))
}

/// Only `.condarc`: it matters where DE5 builds with conda.
fn condarc(app: &App) -> Option<Finding> {
    let file = app.condarc().present()?;
    let message = "nothing on Dash Enterprise 5 reads .condarc";
    let draft = RULE
        .report(UNREAD_CONDARC, Subject::Whole, &file.path, message)
        .category(Category::May);
    let draft = match channels::left_over(file) {
        Some(step) if !by_pip(app) => draft.step(step),
        _ => draft,
    };
    let unneeded = "Delete it, unless you use it on your own machine";
    Some(match app.environment() {
        _ if by_pip(app) => draft.guide(format!("{unneeded}: pip builds this app.")),
        FileState::Broken(_) => {
            draft.guide("Mend environment.yml first, then move the channels of .condarc into it.")
        }
        FileState::Present(environment) if names_channels(&file.model) => {
            into_environment(file, environment)
        }
        _ => draft.guide(format!("{unneeded}.")),
    })
}

fn by_pip(app: &App) -> bool {
    app.environment().is_absent() || app.has("requirements.txt")
}

fn names_channels(condarc: &Condarc) -> bool {
    !condarc.channels().is_empty() || !condarc.default_channels().is_empty()
}

/// `.condarc` beside an `environment.yml` that conda builds from.
fn into_environment(file: &Parsed<Condarc>, environment: &Parsed<CondaEnvironment>) -> Finding {
    let message =
        "nothing on Dash Enterprise 5 reads .condarc: its channels belong in environment.yml";
    let mut draft = RULE.report(UNREAD_CHANNELS, Subject::Whole, &file.path, message);
    if let Some(item) = file.model.channels().first() {
        draft = draft.span(item.span);
    }
    let by_hand = "Write the channels of .condarc into environment.yml in the order in which conda should ask them, then delete .condarc.";
    let Ok(channels) = channels::read_channels(&file.model) else {
        return draft.guide(by_hand);
    };
    if let Some(step) = channels::left_over(file) {
        draft = draft.step(step);
    }
    let there = environment.model.channels();
    let missing = |channel: &&String| !there.iter().any(|item| item.value == **channel);
    let new: Vec<Change> = channels
        .iter()
        .filter(missing)
        .cloned()
        .map(Change::Channel)
        .collect();
    if !there.is_empty() && !new.is_empty() {
        return draft.guide(by_hand);
    }
    let Ok(text) = edit(&environment.text, &new) else {
        return draft.guide(by_hand);
    };
    let fix = Fix::safe("move the channels of .condarc into environment.yml")
        .edits(support::rewrite(
            &environment.path,
            &environment.text,
            text.as_str(),
        ))
        .edit(Edit::remove(&file.path));
    draft.fix(fix)
}

/// The files of the app's own folder that name `file`, which is about to go: scripts, process
/// types, other lists.
pub(super) fn mentions(app: &App, file: &str) -> Vec<String> {
    let reads = |name: &str| {
        let ends = [".sh", ".txt", ".toml", ".json", ".yml", ".yaml", ".cfg"];
        let whole = ["Procfile", "Dockerfile", "Makefile"];
        let conda = [
            "requirements.txt",
            "conda-requirements.txt",
            "environment.yml",
        ];
        (ends.iter().any(|end| name.ends_with(end)) || whole.contains(&name))
            && !conda.contains(&name)
    };
    let entries = app.tree().under(app.root()).iter();
    let own =
        entries.filter(|entry| entry.path.parent() == *app.root() && reads(entry.path.name()));
    own.filter(|entry| {
        app.tree()
            .read(&entry.path)
            .is_ok_and(|bytes| names(&bytes, file))
    })
    .map(|entry| entry.path.name().to_owned())
    .collect()
}

/// Whether a file of this very name is named: not `dev-requirements.txt`.
fn names(bytes: &[u8], file: &str) -> bool {
    memchr::memmem::find_iter(bytes, file).any(|at| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        before.is_none_or(|byte| !(byte.is_ascii_alphanumeric() || b"-_".contains(byte)))
    })
}
