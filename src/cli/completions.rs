//! `dashlift completions`: what a shell needs to complete the command line.

use clap::CommandFactory;

use super::args::{Cli, CompletionsArgs, OutputArgs};
use super::output::Output;
use crate::commands::status::Status;

pub(super) fn run(args: &CompletionsArgs, _how: &OutputArgs, output: &mut Output) -> Status {
    let mut script = Vec::new();
    let mut command = Cli::command();
    clap_complete::generate(args.shell, &mut command, "dashlift", &mut script);
    output.bytes(&script);
    Status::Clean
}
