//! Which command has which formats. A format that a command does not have is refused: printing
//! something else would surprise whoever reads it.

use std::path::Path;

use clap::ValueEnum;

use super::args::{Command, Format};

use Format::{Concise, Github, Gitlab, Html, Json, Junit, Markdown, Sarif, Text};

/// Those of the commands that say what is there.
const FINDINGS: &[Format] = &[Text, Concise, Json, Sarif, Github, Gitlab, Junit, Markdown];

/// The formats of the command, the default first.
fn list(command: &Command) -> &'static [Format] {
    match command {
        Command::Check(_) | Command::Diff(_) => FINDINGS,
        Command::Fix(_) | Command::Migrate(_) | Command::Plan(_) => {
            &[Text, Concise, Json, Markdown]
        }
        Command::Batch(_) | Command::BatchWorker(_) | Command::Rules(_) => &[Text, Concise, Json],
        Command::Report(_) => &[Text, Markdown, Json, Html],
        Command::Minimise(_) | Command::Solve(_) | Command::Verify(_) | Command::Explain(_) => {
            &[Text, Json]
        }
        Command::Baseline(_)
        | Command::Completions(_)
        | Command::Handover(_)
        | Command::Inventory(_)
        | Command::Man(_)
        | Command::Users(_) => &[Text],
    }
}

/// Why the format cannot be had of the command; `None` when it can.
pub(super) fn refusal(command: &Command, format: Format) -> Option<String> {
    let formats = list(command);
    if formats.contains(&format) {
        return None;
    }
    let names: Vec<String> = formats.iter().map(|format| name(*format)).collect();
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
