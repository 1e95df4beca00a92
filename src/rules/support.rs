//! What several rules say or do in the same words.

use thiserror::Error;

use super::data::python::{Minor, pythons};
use super::settings::Release;
use super::{
    Case, Consequence, Draft, Edit, Rule, ServerSetting, Settings, Step, StepSite, Subject,
};
use crate::app::called_scripts::in_app;
use crate::app::{App, Broken, FileState, Parsed};
use crate::files::apt::bare_name;
use crate::files::project_toml::{NotATable, ProjectToml, Setting};
use crate::files::runtime_txt::RuntimeTxt;
use crate::files::script::Script;
use crate::files::script::is_shell;
use crate::text::{Span, Text, difference, lines, splice};
use crate::tree::TreePath;

/// A finding about a file that cannot be used, at the place that is wrong.
pub(super) fn unreadable(rule: &'static Rule, case: Case, broken: &Broken) -> Draft {
    let message = format!(
        "{} cannot be used: {}",
        broken.path.name(),
        broken.problem.message
    );
    let draft = rule
        .report(case, Subject::Whole, &broken.path, message)
        .position(broken.position);
    if broken.problem.span.is_empty() {
        draft
    } else {
        draft.span(broken.problem.span)
    }
}

/// The edit that makes `new` of a file's text, touching only what differs.
pub(super) fn rewrite(path: &TreePath, text: &Text, new: &str) -> Option<Edit> {
    difference(text.as_str(), new).map(|(span, text)| Edit::replace(path, span, text))
}

/// Why nothing can be written into the app's `project.toml`.
#[derive(Debug, Clone, Error)]
pub(super) enum Unusable {
    /// It is there and not TOML.
    #[error("{} (line {})", .0.problem.message, .0.position.line)]
    Broken(Broken),
    /// It is TOML, and what should be a table is something else.
    #[error("{0}")]
    NotATable(#[from] NotATable),
    /// A value that should be a string is something else.
    #[error("the value of `{0}` is not a string")]
    NotAString(String),
    /// It is not in the form that is written here.
    #[error("it is not written in the v0.1 form, without a schema-version")]
    OtherForm,
}

impl Unusable {
    /// What a person does: the guide of a finding whose fix would have to write there.
    pub(super) fn guide(&self) -> String {
        format!("Mend project.toml first ({self}), then run dashlift again.")
    }
}

/// The edit that brings `change` into the app's `project.toml`, made if it is not there; no edit
/// if it says so already.
///
/// # Errors
/// Why the `project.toml` that is there cannot take it.
pub(super) fn edit_project_toml(
    app: &App,
    change: impl FnOnce(&mut ProjectToml) -> Result<(), NotATable>,
) -> Result<Option<Edit>, Unusable> {
    match app.project_toml() {
        FileState::Broken(broken) => Err(Unusable::Broken(broken.clone())),
        FileState::Absent => {
            let mut document = ProjectToml::default();
            change(&mut document)?;
            Ok(Some(Edit::create(
                app.path("project.toml"),
                document.print(),
            )))
        }
        FileState::Present(file) => {
            if is_other_form(&file.model) {
                return Err(Unusable::OtherForm);
            }
            if let Some(odd) = odd_value(&file.model) {
                return Err(Unusable::NotAString(odd.name.clone()));
            }
            let mut document = file.model.clone();
            change(&mut document)?;
            Ok(rewrite(&file.path, &file.text, &document.print()))
        }
    }
}

/// A variable or script whose value is not a string.
fn odd_value(file: &ProjectToml) -> Option<&Setting> {
    let mut settings = file.build_variables().iter().chain(file.scripts());
    settings.find(|setting| setting.value.is_none())
}

/// Whether the descriptor is written in another form than v0.1: DE5 reads the tables of v0.2 only
/// with their `schema-version`, and ignores a file with any other one.
pub(super) fn is_other_form(file: &ProjectToml) -> bool {
    file.v2().is_some() || file.schema_version().is_some()
}

/// Programs that do their work for root only.
pub(super) const ROOT_ONLY: &[&str] = &[
    "add-apt-repository",
    "apt",
    "apt-get",
    "apt-key",
    "aptitude",
    "dpkg",
    "groupadd",
    "ldconfig",
    "service",
    "systemctl",
    "update-ca-certificates",
    "useradd",
];

/// The build variable that chooses the Python.
pub(super) const PYTHON_VARIABLE: &str = "BP_CPYTHON_VERSION";

/// The entry of `project.toml` that chooses the Python; of several the one that counts.
pub(super) fn python_choice<'a>(app: &'a App) -> Option<&'a Setting> {
    let file = app.project_toml().present()?;
    let variables = file.model.build_variables();
    variables
        .iter()
        .rfind(|variable| variable.name == PYTHON_VARIABLE)
}

/// Whether conda built the app on DE4, or will on DE5: its Python is conda's, and the conda
/// buildpack of DE4 did not read `runtime.txt`.
pub(super) fn is_built_by_conda(app: &App) -> bool {
    let pip_first = app.has("requirements.txt") || app.has("Pipfile");
    app.was_built_by_conda() || (app.has("environment.yml") && !pip_first)
}

/// `runtime.txt` and `project.toml` where they ask for different Pythons and both are possible. A
/// Python that the release does not have is no choice: then `project.toml` stands. DL112 says it.
pub(super) fn python_disagreement<'a>(
    app: &'a App,
    settings: &Settings,
) -> Option<(&'a Setting, &'a Parsed<RuntimeTxt>)> {
    let choice = python_choice(app)?;
    let runtime = app.runtime_txt().present()?;
    let python = runtime.model.python()?;
    let asked = Minor {
        major: python.major,
        minor: python.minor,
    };
    let chosen = choice.value.as_deref().and_then(Minor::of_range);
    let is_possible = pythons(settings.target.0).is_none_or(|pythons| pythons.has(asked));
    let both_count = is_possible && !is_built_by_conda(app);
    (both_count && chosen != Some(asked)).then_some((choice, runtime))
}

/// The script in the app's root that a deploy command is nothing but a call of: `predeploy.sh`,
/// `bash predeploy.sh`, `/app/install_client`, `cd /app && bash predeploy.sh`. Other programs,
/// arguments, scripts in folders: `None`.
pub(super) fn called_script(app: &App, command: &str) -> Option<String> {
    let command = without_cd(command);
    let script = Script::of_line(command);
    let [only] = script.commands() else {
        return None;
    };
    let is_plain = only.redirects.is_empty() && only.words.iter().all(|word| !word.is_expanded);
    let words: Vec<&str> = only.words.iter().map(|word| word.value.as_str()).collect();
    let (path, by_shell) = match words.as_slice() {
        [path] => (*path, false),
        [shell, path] if is_shell(shell) => (*path, true),
        _ => return None,
    };
    let is_path = path.contains('/') || path.to_ascii_lowercase().ends_with(".sh");
    let name = in_app(path);
    let is_script = by_shell || is_path || app.has(name);
    let is_name = !name.is_empty() && !name.contains('/') && !name.starts_with(['-', '.']);
    (is_plain && is_script && is_name).then(|| name.to_owned())
}

/// A command without the `cd /app &&` in front: DE4 kept the app there, DE5 does not.
pub(super) fn without_cd(command: &str) -> &str {
    let trimmed = command.trim();
    let rest = trimmed
        .strip_prefix("cd ")
        .map(str::trim_start)
        .and_then(|rest| rest.strip_prefix("/app"));
    let rest = rest.map(|rest| rest.strip_prefix('/').unwrap_or(rest).trim_start());
    let rest = rest.and_then(|rest| rest.strip_prefix("&&").or_else(|| rest.strip_prefix(';')));
    rest.map_or(trimmed, str::trim)
}

/// A command as a message shows it: one line, not longer than people read, without the values of
/// environment variables. Credentials of URLs are hidden where messages are printed.
pub(super) fn shown_command(command: &str) -> String {
    let script = Script::of_line(command);
    let words = script.commands().iter().flat_map(|command| &command.words);
    let hidden = words.filter_map(|word| {
        let (name, value) = word.span.slice(command).split_once('=')?;
        let is_variable = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let value = Span::new(word.span.end - value.len(), word.span.end);
        (is_variable && !value.is_empty()).then(|| (value, "...".to_owned()))
    });
    let hidden: Vec<(Span, String)> = hidden.collect();
    let shown = splice(command, &hidden).unwrap_or_default();
    let line = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST_SHOWN) {
        Some((at, _)) => format!("{}...", Span::new(0, at).slice(&line)),
        None => line,
    }
}

/// How many characters of a command a message shows.
const MOST_SHOWN: usize = 60;

/// The places in `text` that name the folder `/app` or something in it: DE4 kept the app there.
pub(super) fn app_folder_spans(text: &str) -> Vec<Span> {
    let is_part = |c: char| c.is_alphanumeric() || "._-/~}".contains(c);
    let found = text.match_indices("/app").filter(|(at, found)| {
        let before = text.get(..*at).and_then(|before| before.chars().last());
        let after = text
            .get(at + found.len()..)
            .and_then(|after| after.chars().next());
        let ends = after.is_none_or(|c| !(c.is_alphanumeric() || "._-".contains(c)));
        ends && before.is_none_or(|c| !is_part(c))
    });
    found
        .map(|(at, found)| Span::new(at, at + found.len()))
        .collect()
}

/// The edits that make LF of every other line end of a text; none when there is no other.
pub(super) fn lf_line_ends(path: &TreePath, text: &Text) -> Vec<Edit> {
    let others = lines(text.as_str()).filter(|line| {
        let end = line.end_span().slice(text.as_str());
        !end.is_empty() && end != "\n"
    });
    let edit = |span| Edit::replace(path, span, "\n");
    others.map(|line| edit(line.end_span())).collect()
}

/// From this release on a deploy may take its Python from the app's Settings; the exact release
/// is not documented.
const SETTINGS_DECIDE_FROM: Release = Release::new(4);

/// Whether a deploy may take its Python from the app's Settings.
pub(super) fn takes_python_from_settings(settings: &Settings) -> bool {
    settings.target.0 >= SETTINGS_DECIDE_FROM
}

/// Adds the step that chooses the Python in the app's Settings, for releases that may need it.
pub(super) fn python_settings_step(draft: Draft, settings: &Settings, minor: Minor) -> Draft {
    if !takes_python_from_settings(settings) {
        return draft;
    }
    let step = Step::new(
        format!(
            "Set Python {minor} in the app's Settings too: on the newest releases a deploy takes its Python from there, and project.toml reaches only the workspace. The command needs the CLI 1.10 and Dash Enterprise 5.8.5, or newer."
        ),
    )
    .command(format!("de apps update --name APP --python-version {minor}"))
    .at(StepSite::Server);
    draft
        .take(step)
        .means(Consequence::Setting(ServerSetting::Python))
}

/// The names of the app's Debian packages, without versions.
pub(super) fn apt_names(app: &App) -> Vec<String> {
    let mut names = Vec::new();
    if let Some(file) = app.apt_packages().present() {
        let text = file.text.as_str();
        let own = file.model.names().map(|it| bare_name(it.slice(text)));
        names.extend(own.map(str::to_owned));
    }
    if let Some(file) = app.aptfile().present() {
        let text = file.text.as_str();
        let own = file.model.names().map(|it| bare_name(it.slice(text)));
        names.extend(own.map(str::to_owned));
    }
    names
}
