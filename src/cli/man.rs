//! `dashlift man`: one page with all commands, made from what `--help` says, so that both always
//! say the same. Written here is only what `--help` does not hold: files and the environment.

use clap::{Arg, Command, CommandFactory};
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};

use super::args::{Cli, ManArgs, OutputArgs};
use super::output::Output;
use crate::commands::status::Status;

const FILES: &[(&str, &str)] = &[
    (
        "dashlift.toml, pyproject.toml",
        "Configuration: the nearest of the two, in the folder of the path or above it, the latter \
         with a table [tool.dashlift]. The keys have the names of the options.",
    ),
    (
        "MIGRATION.md",
        "What the move asks of a person, in the app's folder of a branch that `dashlift migrate \
         --with-plan` made.",
    ),
];

const ENVIRONMENT: &[(&str, &str)] = &[
    (
        "NO_COLOR, CLICOLOR, CLICOLOR_FORCE",
        "Whether there are colours, unless `--color` says.",
    ),
    (
        "GIT_AUTHOR_NAME, GIT_AUTHOR_EMAIL, GIT_AUTHOR_DATE, GIT_COMMITTER_NAME, \
         GIT_COMMITTER_EMAIL, GIT_COMMITTER_DATE",
        "Who commits, and when: as for git, before its configuration.",
    ),
];

const SEE_ALSO: &str = "git(1). `dashlift COMMAND --help` says the same of one command, `dashlift explain RULE` what a rule finds.";

pub(super) fn run(_args: &ManArgs, _how: &OutputArgs, output: &mut Output) -> Status {
    output.bytes(page().as_bytes());
    Status::Clean
}

/// The page, in the language of man.
fn page() -> String {
    let mut command = Cli::command();
    command.build();
    let mut page = Roff::new();
    let version = format!("dashlift {}", env!("CARGO_PKG_VERSION"));
    page.control(
        "TH",
        ["DASHLIFT", "1", "", version.as_str(), "User Commands"],
    );
    section(&mut page, "NAME");
    let about = text_of(command.get_about());
    page.text([roman(format!("dashlift - {about}"))]);
    section(&mut page, "SYNOPSIS");
    page.text([
        bold("dashlift"),
        roman(" "),
        italic("COMMAND"),
        roman(" [OPTIONS] [ARGUMENTS]"),
    ]);
    section(&mut page, "DESCRIPTION");
    paragraphs(&mut page, &text_of(command.get_long_about()));
    section(&mut page, "COMMANDS");
    for command in visible(&command) {
        one_command(&mut page, command);
    }
    shared_options(&mut page, &command);
    exit_status(&mut page, &command);
    listed(&mut page, "FILES", FILES);
    listed(&mut page, "ENVIRONMENT", ENVIRONMENT);
    section(&mut page, "SEE ALSO");
    page.text(marked(SEE_ALSO));
    page.render()
}

fn visible(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|it| !it.is_hide_set())
}

fn section(page: &mut Roff, title: &str) {
    page.control("SH", [title.to_uppercase().as_str()]);
}

/// A command: how it is called, what it does, its own options, examples.
fn one_command(page: &mut Roff, command: &Command) {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim();
    page.control("SS", [usage]);
    let about = command.get_long_about().or_else(|| command.get_about());
    paragraphs(page, &text_of(about));
    let own = command
        .get_arguments()
        .filter(|it| it.get_help_heading().is_none());
    for argument in own.filter(|it| is_shown(it)) {
        one_option(page, argument);
    }
    paragraphs(page, &text_of(command.get_after_help()));
}

fn is_shown(argument: &Arg) -> bool {
    !argument.is_hide_set() && !matches!(argument.get_id().as_str(), "help" | "version")
}

fn one_option(page: &mut Roff, argument: &Arg) {
    page.control("TP", []);
    page.text(signature(argument));
    let help = argument.get_long_help().or_else(|| argument.get_help());
    let mut text = text_of(help);
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|value| !value.is_hide_set() && argument.get_action().takes_values())
        .map(|value| value.get_name().to_owned())
        .collect();
    if !values.is_empty() {
        text.push_str(": ");
        text.push_str(&values.join(", "));
    }
    page.text(marked(&text));
}

/// `-f, --format FORMAT`, `PATH...`
fn signature(argument: &Arg) -> Vec<Inline> {
    let mut parts = Vec::new();
    if let Some(short) = argument.get_short() {
        parts.push(bold(format!("-{short}")));
    }
    if let Some(long) = argument.get_long() {
        if !parts.is_empty() {
            parts.push(roman(", "));
        }
        parts.push(bold(format!("--{long}")));
    }
    let takes_values = argument.is_positional() || argument.get_action().takes_values();
    let names = argument.get_value_names().filter(|_| takes_values);
    for name in names.unwrap_or_default() {
        if !parts.is_empty() {
            parts.push(roman(" "));
        }
        parts.push(italic(name.as_str()));
    }
    parts
}

/// The options that several commands share, under the headings that `--help` gives them.
fn shared_options(page: &mut Roff, command: &Command) {
    let mut headings: Vec<&str> = Vec::new();
    for argument in visible(command).flat_map(Command::get_arguments) {
        let heading = argument.get_help_heading();
        headings
            .extend(heading.filter(|heading| is_shown(argument) && !headings.contains(heading)));
    }
    for heading in headings {
        section(page, &format!("Options: {heading}"));
        let has = |it: &&Command| arguments_below(it, heading).next().is_some();
        let commands: Vec<&str> = visible(command)
            .filter(has)
            .map(Command::get_name)
            .collect();
        page.text([roman(format!("Of {}.", commands.join(", ")))]);
        let mut known: Vec<&str> = Vec::new();
        for argument in visible(command).flat_map(|it| arguments_below(it, heading)) {
            let id = argument.get_id().as_str();
            if !known.contains(&id) {
                known.push(id);
                one_option(page, argument);
            }
        }
    }
}

fn arguments_below<'c>(command: &'c Command, heading: &str) -> impl Iterator<Item = &'c Arg> {
    let arguments = command.get_arguments();
    arguments.filter(move |it| it.get_help_heading() == Some(heading) && is_shown(it))
}

/// The exit codes: the lines of `--help` that begin with a number.
fn exit_status(page: &mut Roff, command: &Command) {
    section(page, "EXIT STATUS");
    let help = text_of(command.get_after_long_help());
    let (_, codes) = help.split_once("Exit codes:\n").unwrap_or_default();
    for line in codes.lines() {
        match line.trim_start().split_once("  ") {
            Some((code, meaning)) => {
                page.control("TP", []);
                page.text([bold(code)]);
                page.text(marked(meaning));
            }
            None => paragraphs(page, line),
        }
    }
}

fn listed(page: &mut Roff, title: &str, rows: &[(&str, &str)]) {
    section(page, title);
    for (name, meaning) in rows {
        page.control("TP", []);
        page.text([bold(*name)]);
        page.text(marked(meaning));
    }
}

fn text_of(text: Option<&clap::builder::StyledStr>) -> String {
    text.map(ToString::to_string).unwrap_or_default()
}

/// Paragraphs; lines that begin with blanks stay as they are.
fn paragraphs(page: &mut Roff, text: &str) {
    for paragraph in text.split("\n\n").filter(|it| !it.trim().is_empty()) {
        page.control("PP", []);
        let (first, rest) = paragraph.split_once('\n').unwrap_or((paragraph, ""));
        if !rest.starts_with(' ') {
            page.text(marked(&paragraph.replace('\n', " ")));
            continue;
        }
        page.text(marked(first));
        page.control("PP", []);
        page.control("nf", []);
        for line in rest.lines() {
            page.text([roman(line)]);
        }
        page.control("fi", []);
    }
}

/// What stands in backticks is bold.
fn marked(text: &str) -> Vec<Inline> {
    let parts = text.split('`').enumerate();
    let part = |(index, part): (usize, &str)| {
        if index % 2 == 0 {
            roman(part)
        } else {
            bold(part)
        }
    };
    parts.map(part).collect()
}
