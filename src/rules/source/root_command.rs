//! DL312: commands in the app's own code that only root may run, or that install something while the
//! app runs.

use crate::app::{App, Reached, SourceFile};
use crate::files::script::Script;
use crate::python::{Call, Facts, SourceKind};
use crate::rules::data::file_calls::runs_shell;
use crate::rules::requirement_lists::short;
use crate::rules::support::ROOT_ONLY;
use crate::rules::{
    Case, Category, Check, Code, Effort, Finding, Inputs, Rule, Settings, SourceInputs, Subject,
};
use crate::secrets::redacted;

/// DL312.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(312),
    stem: "root-command",
    category: Category::Should,
    summary: "commands of the app that need root, or install packages",
    cases: &[ROOT, INSTALL],
    inputs: Inputs::files(&["Procfile", "project.toml", "app.json"])
        .lists()
        .sources(SourceInputs::With(words))
        .scripts(),
    page: include_str!("../../../rules/DL312-root-command.md"),
    check: Check::App(check),
};

const ROOT: Case = Case::new("root");
const INSTALL: Case = Case::new("install");

/// What a source holds that runs one of the commands.
const WORDS: &[&str] = &[
    "apt",
    "sudo",
    "ldconfig",
    "dpkg",
    "pip",
    "conda",
    "systemctl",
    "useradd",
    "service",
];

/// pip's own functions.
const PIP: &[&str] = &[
    "pip.main",
    "pip._internal.main",
    "pip._internal.cli.main.main",
];

/// What a command does that it should not.
enum CommandKind {
    /// It needs root: this program.
    Root(String),
    /// It installs Debian packages.
    Debian(Vec<String>),
    /// It installs Python packages.
    Python(Vec<String>),
}

fn words() -> Vec<String> {
    WORDS.iter().map(|it| (*it).to_owned()).collect()
}

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let files = RULE.read_sources(app).into_iter();
    let files = files.filter(|file| {
        file.kind() == SourceKind::Module && app.reach().of_file(file.path()) != Reached::No
    });
    files.flat_map(|file| in_file(app, file)).collect()
}

fn in_file(app: &App, file: &SourceFile) -> Vec<Finding> {
    let Some((_, facts)) = file.facts() else {
        return Vec::new();
    };
    let calls = facts.calls.iter();
    let found = calls.filter_map(|call| {
        let words = command_words(facts, call)?;
        let kind = kind(&words)?;
        Some(report(app, file, call, &words.join(" "), kind))
    });
    found.collect()
}

/// The words of the command that a call runs, as far as literals spell it.
fn command_words(facts: &Facts, call: &Call) -> Option<Vec<String>> {
    let is_pip = PIP.contains(&call.callee.as_str());
    if !is_pip && !runs_shell(&call.callee) {
        return None;
    }
    let inside = facts
        .literals
        .iter()
        .filter(|it| call.span.start <= it.span.start && it.span.end <= call.span.end);
    let texts: Vec<&str> = inside.map(|it| it.value.as_str()).collect();
    let text = texts.join(" ");
    let mut words: Vec<String> = if is_pip {
        vec!["pip".to_owned()]
    } else {
        Vec::new()
    };
    for command in Script::of_line(&text).commands() {
        words.extend(command.words.iter().map(|it| it.value.clone()));
        words.push(";".to_owned());
    }
    words.pop();
    Some(words)
}

fn kind(words: &[String]) -> Option<CommandKind> {
    let commands: Vec<&[String]> = words.split(|word| word == ";").collect();
    let found = commands.iter().find_map(|words| {
        let names = |from: usize| -> Vec<String> {
            let rest = words.get(from..).unwrap_or_default().iter();
            rest.filter(|it| !it.starts_with('-') && it.as_str() != "install")
                .cloned()
                .collect()
        };
        let is = |at: usize, name: &str| words.get(at).is_some_and(|it| base(it) == name);
        let pip = words
            .iter()
            .position(|it| matches!(base(it), "pip" | "pip3"));
        if let Some(pip) = pip.filter(|pip| is(pip + 1, "install")) {
            return Some(CommandKind::Python(names(pip + 2)));
        }
        if is(0, "conda") && is(1, "install") {
            return Some(CommandKind::Python(names(2)));
        }
        let apt = words
            .iter()
            .position(|it| matches!(base(it), "apt" | "apt-get" | "aptitude"))?;
        let installs = words.iter().any(|it| it == "install");
        (apt <= 2 && installs).then(|| CommandKind::Debian(names(apt + 1)))
    });
    found.or_else(|| {
        let first = commands.iter().find_map(|it| it.first());
        let program = commands
            .iter()
            .filter_map(|it| it.first())
            .find(|it| needs_root(base(it)));
        program
            .or(first)
            .filter(|it| needs_root(base(it)))
            .map(|it| CommandKind::Root(base(it).to_owned()))
    })
}

fn needs_root(program: &str) -> bool {
    program == "sudo" || ROOT_ONLY.contains(&program)
}

fn base(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

fn report(app: &App, file: &SourceFile, call: &Call, command: &str, kind: CommandKind) -> Finding {
    let shown = short(&redacted(command));
    let case = match &kind {
        CommandKind::Python(_) => INSTALL,
        CommandKind::Root(_) | CommandKind::Debian(_) => ROOT,
    };
    let message = match &kind {
        CommandKind::Root(_) | CommandKind::Debian(_) => format!(
            "the app runs `{shown}`, which needs root; on Dash Enterprise 5 an app probably does not run as root"
        ),
        CommandKind::Python(_) => format!(
            "the app runs `{shown}`: what it installs is in no list, and a running app of Dash Enterprise 5 may not be allowed to"
        ),
    };
    let draft = RULE
        .report(case, Subject::text(command), file.path(), message)
        .span(call.span);
    match kind {
        CommandKind::Root(program) => draft.effort(Effort::Hours).guide(format!(
            "Find a way without {program}: what a build can bring belongs into Aptfile, project.toml or the list of requirements."
        )),
        CommandKind::Debian(packages) => {
            let draft = draft.step(if packages.is_empty() {
                "List the packages in Aptfile, one per line, and remove the call.".to_owned()
            } else {
                format!("List the packages in Aptfile, one per line, and remove the call: {}.", packages.join(", "))
            });
            if lists_opencv(app) && packages.iter().any(|it| it.starts_with("libgl") || it.starts_with("libsm")) {
                draft.alternative("Ask for opencv-python-headless in the place of opencv-python: it needs no such library.").done()
            } else {
                draft.done()
            }
        }
        CommandKind::Python(names) => {
            let list = if app.has("requirements.txt") { "requirements.txt" } else { "the app's list of requirements" };
            let names: Vec<String> = names.into_iter().filter(|it| !it.is_empty()).collect();
            draft.guide(if names.is_empty() {
                format!("Write what it installs into {list} and remove the call.")
            } else {
                format!("Write {} into {list} and remove the call.", names.join(", "))
            })
        }
    }
}

fn lists_opencv(app: &App) -> bool {
    let graph = app.requirements();
    graph.names("opencv-python") || graph.names("opencv-contrib-python")
}
