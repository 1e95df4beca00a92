//! Which command has which formats. A format that a command does not have is refused: printing
//! something else would surprise whoever reads it.

use std::path::Path;

use clap::ValueEnum;

use super::args::{Command, Format};

use Format::{Concise, Github, Gitlab, Html, Json, Junit, Markdown, Sarif, Text};

/// Those of the commands that say what is there.
const FINDINGS: &[Format] = &[Text, Concise, Json, Sarif, Github, Gitlab, Junit, Markdown];

/// The formats of the command of this name, the default first.
fn list(command: &str) -> &'static [Format] {
    match command {
        "check" | "diff" => FINDINGS,
        "fix" | "migrate" | "plan" => &[Text, Concise, Json, Markdown],
        "batch" | "batch-worker" | "rules" => &[Text, Concise, Json],
        "report" => &[Text, Markdown, Json, Html],
        "minimise" | "solve" | "verify" | "explain" => &[Text, Json],
        _ => &[Text],
    }
}

/// The formats of the command of this name, by their names.
fn names(command: &str) -> Vec<String> {
    list(command).iter().map(|format| name(*format)).collect()
}

/// The commands, the help of each with the formats that it has.
pub(super) fn describe(mut all: clap::Command) -> clap::Command {
    let commands = all.get_subcommands().map(|it| it.get_name().to_owned());
    for command in commands.collect::<Vec<String>>() {
        let names = names(&command);
        if names.len() > 1 {
            all = all.mut_subcommand(command, |it| {
                let before = it.get_after_help().map(ToString::to_string);
                let before = before.map_or_else(String::new, |before| before + "\n\n");
                it.after_help(format!("{before}Formats: {}", names.join(", ")))
            });
        }
    }
    all
}

/// Why the format cannot be had of the command; `None` when it can.
pub(super) fn refusal(command: &Command, format: Format) -> Option<String> {
    if list(command.name()).contains(&format) {
        return None;
    }
    let names = names(command.name());
    let has = match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    };
    Some(format!(
        "`{}` has no format {}; it has {has}",
        command.name(),
        name(format)
    ))
}

/// The format as the command line names it.
fn name(format: Format) -> String {
    let value = format.to_possible_value();
    value.map_or_else(String::new, |value| value.get_name().to_owned())
}

/// The format that was asked for, or else the one that a file's ending stands for.
pub(super) fn choose(path: &Path, format: Format) -> Format {
    let ending = path.extension().and_then(|ending| ending.to_str());
    match (format, ending) {
        (Text, Some("html" | "htm")) => Html,
        (Text, Some("md" | "markdown")) => Markdown,
        (Text, Some("json")) => Json,
        (format, _) => format,
    }
}
