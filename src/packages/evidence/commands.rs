//! Uses in commands: the Procfile, the deploy scripts, other shell scripts of the app.

use super::addresses;
use super::table::{self, rows};
use super::{EvidencePlace, EvidenceSearch, UseKind};
use crate::app::App;
use crate::app::processes::runners;
use crate::files::requirements::normalized_name;
use crate::files::script::{Script, Word};
use crate::text::{Span, Text};
use crate::tree::TreePath;

/// Notes what the commands of the app use.
pub(super) fn search_commands(app: &App, found: &mut EvidenceSearch<'_>) {
    if let Some(file) = app.procfile().present() {
        for process in file.model.processes() {
            let command = process.command.slice(file.text.as_str());
            text(
                command,
                &file.path,
                |span| Some(span.shift(process.command.start)),
                found,
            );
        }
    }
    if let Some(file) = app.app_json().present() {
        for script in file.model.scripts() {
            let command = script.command.as_deref().unwrap_or_default();
            text(command, &file.path, |_| Some(script.span), found);
        }
    }
    for entry in app.tree().under(app.root()) {
        if is_script(app, &entry.path) {
            script(app, &entry.path, found);
        }
    }
}

/// Whether a file is a shell script that may run for the app.
fn is_script(app: &App, path: &TreePath) -> bool {
    let name = path.name();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_hook = path
        .below(app.root())
        .is_some_and(|it| matches!(it, "bin/pre_compile" | "bin/post_compile"));
    let is_deploy =
        !name.contains('.') && (name.contains("predeploy") || name.contains("postdeploy"));
    matches!(ending, "sh" | "bash") || is_hook || is_deploy
}

fn script(app: &App, path: &TreePath, found: &mut EvidenceSearch<'_>) {
    let bytes = app.tree().read(path).unwrap_or_default();
    if let Ok(file) = Text::decode(&bytes) {
        text(file.as_str(), path, Some, found);
    }
}

fn text(
    text: &str,
    path: &TreePath,
    span: impl Fn(Span) -> Option<Span> + Copy,
    found: &mut EvidenceSearch<'_>,
) {
    let place = EvidencePlace {
        kind: UseKind::Command,
        path,
        span: None,
    };
    addresses::search_addresses(text, place, span, found);
    for command in Script::of_line(text).commands() {
        words(command.program(), place, span, found);
        for word in &command.words {
            // `bash -c "gunicorn app:server"`
            if word.value.contains(' ') {
                for inner in Script::of_line(&word.value).commands() {
                    words(inner.program(), place, |_| span(word.span), found);
                }
            }
        }
    }
}

/// Programs whose arguments are names of distributions, not uses of them.
const INSTALLERS: &[&str] = &[
    "pip", "pip3", "conda", "mamba", "apt", "apt-get", "echo", "git",
];

/// Notes what one command uses.
pub(super) fn words(
    words: &[Word],
    place: EvidencePlace<'_>,
    span: impl Fn(Span) -> Option<Span>,
    found: &mut EvidenceSearch<'_>,
) {
    let mut rest = words;
    for wrapper in runners::wrappers() {
        let (front, behind) = rest.split_at_checked(wrapper.len()).unwrap_or((&[], rest));
        if front.iter().map(|word| &word.value).eq(wrapper) {
            if let Some(first) = front.first() {
                program(first, place, &span, found);
            }
            rest = behind;
        }
    }
    let Some((first, arguments)) = rest.split_first() else {
        return;
    };
    let name = file_name(first);
    if INSTALLERS.contains(&name) {
        return;
    }
    program(first, place, &span, found);
    let mut before: Option<&Word> = None;
    for word in arguments {
        let option = before.map_or("", |it| it.value.as_str());
        if option == "-m" && name.starts_with("python") {
            program(word, place, &span, found);
            let here = EvidencePlace {
                span: span(word.span),
                ..place
            };
            found.add_module(&word.value, here, &word.value);
        } else if let Some((option, value)) = word.value.split_once('=') {
            self::option(name, option, value, word, place, &span, found);
        } else {
            self::option(name, option, &word.value, word, place, &span, found);
        }
        before = Some(word);
    }
    // `celery -A app flower`, `jupyter notebook`, `xvfb-run gunicorn`.
    for word in arguments.iter().filter(|word| !word.value.starts_with('-')) {
        if runners::distribution(&word.value).is_some() || rows().programs.contains_key(&word.value)
        {
            program(word, place, &span, found);
        }
    }
}

fn file_name(word: &Word) -> &str {
    word.value.rsplit('/').next().unwrap_or_default()
}

/// A program, and what it loads of its own accord.
fn program(
    word: &Word,
    place: EvidencePlace<'_>,
    span: &impl Fn(Span) -> Option<Span>,
    found: &mut EvidenceSearch<'_>,
) {
    let name = file_name(word);
    let place = EvidencePlace {
        span: span(word.span),
        ..place
    };
    let own = normalized_name(name.strip_suffix(".py").unwrap_or(name));
    let named = runners::distribution(name).map(str::to_owned);
    found.add(named.iter().chain([&own]), place, name);
    for table in [&rows().programs, &rows().loaded] {
        found.add(table.get(name).into_iter().flatten(), place, name);
    }
}

/// A value of an option that names something to load.
fn option(
    program: &str,
    option: &str,
    value: &str,
    word: &Word,
    place: EvidencePlace<'_>,
    span: &impl Fn(Span) -> Option<Span>,
    found: &mut EvidenceSearch<'_>,
) {
    let table = &rows().options;
    if !table.names.iter().any(|it| it == option) {
        return joined(program, word, place, span, found);
    }
    let what = format!("{program} {option} {value}");
    let place = EvidencePlace {
        span: span(word.span),
        ..place
    };
    load(value, place, &what, found);
}

/// `-kgevent`: the option and its value in one word.
fn joined(
    program: &str,
    word: &Word,
    place: EvidencePlace<'_>,
    span: &impl Fn(Span) -> Option<Span>,
    found: &mut EvidenceSearch<'_>,
) {
    let short = word
        .value
        .split_at_checked(2)
        .filter(|(front, value)| front.starts_with('-') && *front != "--" && !value.is_empty());
    if let Some((front, value)) = short
        && rows().options.names.iter().any(|it| it == front)
    {
        let place = EvidencePlace {
            span: span(word.span),
            ..place
        };
        load(value, place, &format!("{program} {front} {value}"), found);
    }
}

/// What a class, a pool or an engine of this name needs.
fn load(value: &str, place: EvidencePlace<'_>, what: &str, found: &mut EvidenceSearch<'_>) {
    let known = rows().options.values.get(value);
    found.add(known.into_iter().flatten(), place, what);
    let module = value.split([':', '/']).next().unwrap_or_default();
    let ending = module.rsplit_once('.').map(|(_, ending)| ending);
    if known.is_none() && ending.is_some_and(|it| it != "py") {
        found.add_module(module, place, what);
        found.add(table::loaded_by_import(module), place, what);
    }
}
