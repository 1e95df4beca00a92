//! The program that a process starts, and whether the app's lists bring it.

use super::{File, RUNNER, at};
use crate::app::App;
use crate::app::processes::runners;
use crate::files::procfile::ProcfileProcess;
use crate::files::script::{Script, Word};
use crate::packages::Brought;
use crate::rules::support::is_built_by_conda;
use crate::rules::{Category, Finding, Settings, Subject, private_names, python_target};
use crate::text::Text;

/// Lists of other tools: their words count, their meaning is not read.
const OTHER_LISTS: &[&str] = &[
    "environment.yml",
    "environment.yaml",
    "conda-requirements.txt",
];

/// A program of the process that the app does not list, where the lists can be trusted. A
/// distribution of which nobody knows what it brings, such as those of the Dash Enterprise index, may
/// bring it: then it is only advice.
pub(super) fn missing(
    app: &App,
    settings: &Settings,
    file: &File,
    process: &ProcfileProcess,
) -> Option<Finding> {
    let text = file.text.as_str();
    let command = process.command.slice(text);
    let script = Script::of_line(command);
    let mut programs = script
        .commands()
        .iter()
        .filter_map(|it| runner(it.program()));
    let (word, distribution) = programs.find(|(_, name)| !is_listed(app, name))?;
    let brought = Brought::gather(
        app,
        python_target(app, settings),
        &private_names(app, settings),
    );
    if brought.has(distribution) {
        return None;
    }
    // A line that nobody knows says more than what a known one brings.
    let bringer = brought
        .unknown()
        .min_by_key(|name| brought.bringer(name).is_some());
    let message = format!(
        "`{}` runs {}, and no list of the app names {distribution}",
        process.name.slice(text),
        word.value
    );
    let subject = Subject::Distribution(distribution.to_owned());
    let draft = at(
        file,
        RUNNER,
        subject,
        word.span.shift(process.command.start),
        message,
    );
    let list = if is_built_by_conda(app) {
        "the `pip:` list of environment.yml"
    } else {
        "requirements.txt"
    };
    let step = format!("Add {distribution} to {list}, unless another package there brings it.");
    let Some(unknown) = bringer else {
        return Some(draft.guide(step));
    };
    let look = match brought.bringer(unknown) {
        Some(by) => format!(
            "{by} brings {unknown}, and what that needs is not known here: `pip install --dry-run` with the app's list shows whether {distribution} comes with it."
        ),
        None => format!(
            "Nobody outside knows what {unknown} brings: an installed environment of the old server (`pip freeze`) shows whether {distribution} came with it."
        ),
    };
    Some(draft.category(Category::May).step(step).guide(look))
}

fn runner(words: &[Word]) -> Option<(&Word, &'static str)> {
    let program = match words {
        [python, m, module, ..] if is_python(python) && m.value == "-m" => module,
        [program, ..] => program,
        [] => return None,
    };
    let name = program.value.rsplit('/').next()?;
    Some((program, runners::distribution(name)?))
}

fn is_python(word: &Word) -> bool {
    let name = word.value.rsplit('/').next();
    name.is_some_and(|name| name.starts_with("python"))
}

/// Whether a list names the distribution, or one of them may bring it unseen.
fn is_listed(app: &App, distribution: &str) -> bool {
    let graph = app.requirements();
    let mut requirements = graph.all_requirements().peekable();
    let says_all = requirements.peek().is_some()
        && graph.is_complete()
        && requirements.all(|(list, _, requirement)| list.name(requirement).is_some());
    !says_all
        || app.has("Pipfile")
        || graph.names(distribution)
        || OTHER_LISTS
            .iter()
            .any(|name| holds_word(app, name, distribution))
}

fn holds_word(app: &App, name: &str, distribution: &str) -> bool {
    let bytes = app.tree().read(&app.path(name)).unwrap_or_default();
    let text = Text::decode(&bytes);
    text.is_ok_and(|text| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let mut words = text.as_str().split(|c| !is_part(c));
        words.any(|word| word == distribution)
    })
}
