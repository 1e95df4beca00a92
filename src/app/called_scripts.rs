//! The shell scripts that processes and deploys call, directly or through one another.

use std::collections::VecDeque;

use super::App;
use crate::files::script::{Script, ScriptCommand, Word, is_shell, is_shell_file};
use crate::text::Text;
use crate::tree::TreePath;

/// The names of scripts that Dash Enterprise 4 ran by themselves.
pub(super) const DEPLOY_SCRIPTS: [&str; 2] = ["predeploy.sh", "postdeploy.sh"];

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
    for name in DEPLOY_SCRIPTS {
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
    let deploys = deploy_commands(app).into_iter();
    commands.extend(deploys.map(|(_, command)| command));
    commands
}

/// The commands that `project.toml` and `app.json` name for a deploy, each with its file.
pub(super) fn deploy_commands(app: &App) -> Vec<(TreePath, String)> {
    let mut commands = Vec::new();
    if let Some(file) = app.project_toml().present() {
        let scripts = file.model.scripts().iter();
        let values = scripts.filter_map(|it| it.value.clone());
        commands.extend(values.map(|value| (file.path.clone(), value)));
    }
    if let Some(file) = app.app_json().present() {
        let scripts = file.model.scripts().iter();
        let values = scripts.filter_map(|it| it.command.clone());
        commands.extend(values.map(|value| (file.path.clone(), value)));
    }
    commands
}

/// A path below `/app` or `./` as the app's folder has it.
pub(crate) fn in_app(path: &str) -> &str {
    let path = path.strip_prefix("/app/").unwrap_or(path);
    path.strip_prefix("./").unwrap_or(path)
}

/// The files that the commands run as shell scripts, if they are.
fn scripts_of(app: &App, script: &Script) -> Vec<TreePath> {
    let commands = script.commands().iter();
    let words = commands.filter_map(|command| called_word(command));
    let words = words.filter(|word| !word.is_expanded);
    words
        .filter_map(|word| app.root().join(in_app(&word.value)).ok())
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
    let is_ours = is_shell_file(path.name(), text.as_str());
    let script = is_ours.then(|| Script::of_line(text.as_str()))?;
    Some(CalledScript { path, text, script })
}
