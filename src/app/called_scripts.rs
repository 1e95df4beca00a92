//! The shell scripts that processes and deploys call, directly or through one another.

use std::collections::VecDeque;

use super::App;
use crate::files::script::{Script, ScriptCommand, Word, is_shell};
use crate::text::Text;
use crate::tree::TreePath;

/// The most scripts of an app that are opened.
const MOST: usize = 64;

/// A shell script that something calls.
pub(crate) struct CalledScript {
    /// The file.
    pub(crate) path: TreePath,
    /// Its text.
    pub(crate) text: Text,
    /// What it says.
    pub(crate) script: Script,
}

/// The shell scripts that the `Procfile`, `project.toml` and `app.json` call, and those that these
/// call in turn, each once. Files that cannot be read are left out: other rules name them.
pub(crate) fn called_scripts(app: &App) -> Vec<CalledScript> {
    let mut waiting: VecDeque<TreePath> = VecDeque::new();
    for command in first_commands(app) {
        waiting.extend(scripts_of(app, &Script::of_line(&command)));
    }
    for name in ["predeploy.sh", "postdeploy.sh"] {
        waiting.push_back(app.path(name));
    }
    let mut found: Vec<CalledScript> = Vec::new();
    while let Some(path) = waiting.pop_front().filter(|_| found.len() < MOST) {
        if found.iter().any(|it| it.path == path) {
            continue;
        }
        let Some(called) = open(app, path) else {
            continue;
        };
        waiting.extend(scripts_of(app, &called.script));
        found.push(called);
    }
    found
}

/// What the files say that an app starts with.
fn first_commands(app: &App) -> Vec<String> {
    let mut commands = Vec::new();
    if let Some(file) = app.procfile().present() {
        let text = file.text.as_str();
        let processes = file.model.processes().iter();
        commands.extend(processes.map(|it| it.command.slice(text).to_owned()));
    }
    if let Some(file) = app.project_toml().present() {
        commands.extend(
            file.model
                .scripts()
                .iter()
                .filter_map(|it| it.value.clone()),
        );
    }
    if let Some(file) = app.app_json().present() {
        let scripts = file.model.scripts().iter();
        commands.extend(scripts.filter_map(|it| it.command.clone()));
    }
    commands
}

/// The files that the commands run as shell scripts, if they are.
fn scripts_of(app: &App, script: &Script) -> Vec<TreePath> {
    let commands = script.commands().iter();
    let words = commands.filter_map(|command| called_word(command));
    let names = words.filter(|word| !word.is_expanded).map(|word| {
        let name = word.value.strip_prefix("/app/").unwrap_or(&word.value);
        name.strip_prefix("./").unwrap_or(name)
    });
    names
        .filter_map(|name| app.root().join(name).ok())
        .collect()
}

/// The word of a command that names a script: its program, or the first argument of a shell.
fn called_word(command: &ScriptCommand) -> Option<&Word> {
    let (program, arguments) = command.program().split_first()?;
    if is_shell(&program.value) {
        return arguments.iter().find(|word| !word.value.starts_with('-'));
    }
    Some(program)
}

fn open(app: &App, path: TreePath) -> Option<CalledScript> {
    let bytes = app.tree().read(&path).ok()?;
    let text = Text::decode(&bytes).ok()?;
    let first = text.as_str().lines().next().unwrap_or_default();
    // `#!/usr/bin/env python` is another language.
    let is_ours = match first.strip_prefix("#!") {
        Some(program) => program.contains("sh"),
        None => path.name().rsplit('.').next() != Some("py"),
    };
    let script = is_ours.then(|| Script::of_line(text.as_str()))?;
    Some(CalledScript { path, text, script })
}
