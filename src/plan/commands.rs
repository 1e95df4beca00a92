//! The commands that set an app up on Dash Enterprise 5, in order. They are printed, never run.

use super::{DataNeed, Plan, VariableNeed};
use crate::rules::{PythonSource, Settings};
use crate::text::{shell_path, shell_word};

/// How sure it is that a command is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// Plotly's documentation says so.
    Documented,
    /// Read in the source of Plotly's client.
    ReadInSource,
}

/// One command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedCommand {
    /// What it is for, half a sentence.
    pub purpose: String,
    /// The command.
    pub command: String,
    /// How sure it is.
    pub certainty: Certainty,
    /// What it needs, half a sentence.
    pub condition: Option<&'static str>,
}

/// What stands for the server where the user told none.
const SERVER: &str = "<your Dash Enterprise 5 server>";

/// Whether the plan's commands do what a command of a rule does, with `APP` for the app's name.
pub(super) fn contains(commands: &[PlannedCommand], command: &str) -> bool {
    let essence = essence(command);
    commands
        .iter()
        .any(|known| self::essence(&known.command) == essence)
}

/// A command without the app's name.
fn essence(command: &str) -> Vec<&str> {
    let mut words = command.split(' ').filter(|word| !word.is_empty());
    let mut kept = Vec::new();
    while let Some(word) = words.next() {
        if matches!(word, "--name" | "--app-name" | "-n") {
            words.next();
        } else {
            kept.push(word);
        }
    }
    kept
}

/// The commands for a plan that says all the rest.
pub(super) fn commands(plan: &Plan, settings: &Settings) -> Vec<PlannedCommand> {
    let name = shell_word(&plan.name.name);
    let mut commands = client(settings);
    commands.push(source("make the app", format!("de apps create -n {name}")));
    for need in plan.services.iter().filter(|need| need.is_certain) {
        let purpose = format!("give it a {} of its own", need.service.name());
        let kind = need.service.kind();
        let command = format!("de services create --app-name {name} --type {kind}");
        commands.push(source(purpose, command));
    }
    let purpose = match plan.filesystem.need() {
        DataNeed::Yes => Some("switch its persistent filesystem on"),
        DataNeed::Perhaps => {
            Some("switch its persistent filesystem on, if a directory was mapped into it")
        }
        DataNeed::No => None,
    };
    if let Some(purpose) = purpose {
        let command = format!("de apps update -n {name} --persistent-filesystem");
        commands.push(documented(purpose, command));
    }
    let settable = |need: &&VariableNeed| need.is_plain() && !need.is_unknown && !need.has_default;
    for variable in plan.variables.iter().filter(settable) {
        commands.push(source(
            format!("set {}", variable.name),
            format!(
                "de apps update --name {name} --add-environment-variable \"{}=<value>\"",
                variable.name
            ),
        ));
    }
    commands.extend(python(plan, &name));
    commands.push(deploy(plan, &name));
    commands
}

fn client(settings: &Settings) -> Vec<PlannedCommand> {
    let host = settings.de5_host.as_deref().unwrap_or(SERVER);
    let index = crate::rules::de5_index(host);
    let quote = if settings.de5_host.is_some() {
        ""
    } else {
        "\""
    };
    vec![
        documented(
            "install the client",
            format!(
                "pip install dash-enterprise-libraries --extra-index-url {quote}{index}{quote}"
            ),
        ),
        source("log in", format!("de --host {quote}{host}{quote} login")),
    ]
}

fn python(plan: &Plan, name: &str) -> Option<PlannedCommand> {
    let is_chosen = matches!(plan.python.source, PythonSource::ProjectToml(_));
    if !plan.python.settings_decide || !is_chosen {
        return None;
    }
    let minor = plan.python.minor.as_ref()?;
    Some(PlannedCommand {
        condition: Some("needs the client 1.10 and Dash Enterprise 5.8.5, or newer"),
        ..documented(
            "choose its Python",
            format!("de apps update --name {name} --python-version {minor}"),
        )
    })
}

fn deploy(plan: &Plan, name: &str) -> PlannedCommand {
    let path = shell_path(&plan.root.to_string());
    PlannedCommand {
        condition: Some("not for apps that Dash Enterprise 5 builds from GitHub"),
        ..documented(
            "deploy, from the repository's top folder",
            format!("de deploy {path} --name {name} --message \"Move to Dash Enterprise 5\" -y"),
        )
    }
}

fn documented(purpose: impl Into<String>, command: String) -> PlannedCommand {
    PlannedCommand {
        purpose: purpose.into(),
        command,
        certainty: Certainty::Documented,
        condition: None,
    }
}

fn source(purpose: impl Into<String>, command: String) -> PlannedCommand {
    PlannedCommand {
        certainty: Certainty::ReadInSource,
        ..documented(purpose, command)
    }
}
