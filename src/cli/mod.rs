//! The command line: arguments and configuration in, one of the sinks and reports out.

mod args;
mod baseline;
mod batch;
mod check;
mod completions;
mod credentials;
mod diff;
mod documents;
mod done;
mod explain;
mod fix;
mod formats;
mod handover;
mod inventory;
mod man;
mod migrate;
mod minimise;
mod output;
mod plan;
mod progress;
mod prompt;
mod report;
mod rules;
mod run;
mod solve;
mod users;
mod verify;

use std::process::ExitCode;

use clap::Parser;

use crate::commands::Status;
use args::{Cli, Command};
use output::Output;

use crate::report::text;

/// Reads the arguments, does what they say, prints, and gives the exit code.
pub fn main() -> ExitCode {
    match Cli::read(std::env::args_os()) {
        Ok(cli) => ExitCode::from(dispatch(&cli).code()),
        Err(error) => {
            // The only thing that can go wrong is that nobody reads it.
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
        }
    }
}

fn dispatch(cli: &Cli) -> Status {
    let how = &cli.output;
    let mut output = Output::new(how);
    if let Some(sentence) = formats::refusal(&cli.command, how.format) {
        output.error(&text::error(&sentence));
        return output.finish(Status::Refused);
    }
    let status = match &cli.command {
        Command::Check(args) => check::run(args, how, &mut output),
        Command::Diff(args) => diff::run(args, how, &mut output),
        Command::Fix(args) => fix::run(args, how, &mut output),
        Command::Migrate(args) => migrate::run(args, how, &mut output),
        Command::Plan(args) => plan::run(args, how, &mut output),
        Command::Baseline(args) => baseline::run(args, how, &mut output),
        Command::Batch(args) => batch::run(args, how, &mut output),
        Command::BatchWorker(args) => return serve(&args.line),
        Command::Completions(args) => completions::run(args, how, &mut output),
        Command::Man(args) => man::run(args, how, &mut output),
        Command::Minimise(args) => minimise::run(args, how, &mut output),
        Command::Report(args) => report::run(args, how, &mut output),
        Command::Solve(args) => solve::run(args, how, &mut output),
        Command::Users(args) => users::run(args, how, &mut output),
        Command::Handover(args) => handover::run(args, &mut output),
        Command::Inventory(args) => inventory::run(args, how, &mut output),
        Command::Verify(args) => verify::run(args, how, &mut output),
        Command::Rules(_) => rules::run(how, &mut output),
        Command::Explain(args) => explain::run(args, how, &mut output),
    };
    let broken = crate::tables::broken();
    if broken.is_empty() {
        return output.finish(status);
    }
    output.error(&text::error(&format!(
        "the tables {} of this build cannot be read, so what is said here is not the whole truth; \
         please report this as a defect of dashlift",
        broken.join(", ")
    )));
    output.finish(Status::Refused)
}

/// Works for the batch with this command line.
fn serve(line: &[std::ffi::OsString]) -> Status {
    let name = std::ffi::OsString::from("dashlift");
    match Cli::try_parse_from(std::iter::once(&name).chain(line)) {
        Ok(Cli {
            command: Command::Batch(args),
            ..
        }) => batch::serve(&args),
        _ => Status::Refused,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::args::Cli;
    use crate::commands::options::KEYS;

    #[test]
    fn the_arguments_are_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_key_of_the_configuration_is_an_option_and_described() {
        let page = include_str!("../../docs/configuration.md");
        let command = Cli::command();
        let migrate = command.find_subcommand("migrate").unwrap();
        for key in KEYS {
            let mut options = migrate.get_arguments();
            let option = options.any(|option| option.get_long() == Some(key.name));
            assert!(option, "--{}", key.name);
            assert!(
                page.contains(&format!("| `{}` |", key.name)),
                "{}",
                key.name
            );
        }
    }
}
