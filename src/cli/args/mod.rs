//! The arguments of the command line, as clap reads them. Nothing is done here.

mod apps;
mod baseline;
mod choice;
mod fleet;
mod given;
mod manual;
mod output;
mod packages;
mod server;
mod users;

use std::ffi::OsString;

use clap::{Args, Parser, Subcommand};

pub(super) use apps::{BranchArgs, CheckArgs, DiffArgs, FixArgs, MigrateArgs, Order, PlanArgs};
pub(super) use baseline::{BaselineAction, BaselineArgs, BaselineWriteArgs};
pub(super) use choice::{CommonArgs, RuleArgs};
pub(super) use fleet::{BatchArgs, Memory, ReportArgs, ScheduleArgs};
pub(super) use given::Given;
pub(super) use manual::{CompletionsArgs, ExplainArgs, ManArgs, RulesArgs};
pub(super) use output::{Color, Format, OutputArgs};
pub(super) use packages::{MinimiseArgs, SolveArgs, VerifyArgs};
pub(super) use server::{HandoverArgs, InventoryArgs};
pub(super) use users::{ApplyArgs, DraftArgs, UsersAction, UsersArgs};

/// Moves Dash apps from Dash Enterprise 4 to Dash Enterprise 5.
#[derive(Debug, Parser)]
#[command(
    name = "dashlift",
    version,
    about = "Moves Dash apps from Dash Enterprise 4 to Dash Enterprise 5",
    long_about = "Moves Dash apps from Dash Enterprise 4 to Dash Enterprise 5.\n\n\
        dashlift finds what Dash Enterprise 5 would not understand, repairs what it can, proves \
        the repair, and says what is left for you. Only inventory, solve, verify and --online use \
        the network, and only verify and --verify run your code.",
    after_help = "Start with `dashlift diff` in your app's repository: it changes nothing.",
    after_long_help = EXIT_CODES,
    propagate_version = false,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

const EXIT_CODES: &str = "\
Start with `dashlift diff` in your app's repository: it changes nothing.

Exit codes:
  0  nothing to do (advice alone does not count, unless --strict); for plan: it was made
  1  findings remain
  2  wrong usage or configuration, or something was refused: the message says what helps
  3  no app found
  4  the result of a fix could not be proven; that app was left as it was
  5  some repositories of a batch could not be worked on; the others are done
  130  stopped by Ctrl-C; a batch with --state goes on with --resume

With several paths: 2, then 4, then 3, then 1, whichever occurs first in this list.";

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Check(CheckArgs),
    Diff(DiffArgs),
    Fix(FixArgs),
    Migrate(MigrateArgs),
    Batch(BatchArgs),
    /// Works for `batch`, which starts it with its own arguments.
    #[command(hide = true)]
    BatchWorker(WorkerArgs),
    Report(ReportArgs),
    Minimise(MinimiseArgs),
    Solve(SolveArgs),
    Verify(VerifyArgs),
    Inventory(InventoryArgs),
    Handover(HandoverArgs),
    Users(UsersArgs),
    Plan(PlanArgs),
    Baseline(BaselineArgs),
    Rules(RulesArgs),
    Explain(ExplainArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// The command line of a batch, for one of its workers.
#[derive(Debug, Args)]
pub(super) struct WorkerArgs {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub(super) line: Vec<OsString>,
}

impl Command {
    /// The command's name.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Check(_) => "check",
            Self::Diff(_) => "diff",
            Self::Fix(_) => "fix",
            Self::Migrate(_) => "migrate",
            Self::Batch(_) => "batch",
            Self::BatchWorker(_) => "batch-worker",
            Self::Report(_) => "report",
            Self::Minimise(_) => "minimise",
            Self::Solve(_) => "solve",
            Self::Verify(_) => "verify",
            Self::Inventory(_) => "inventory",
            Self::Handover(_) => "handover",
            Self::Users(_) => "users",
            Self::Plan(_) => "plan",
            Self::Baseline(_) => "baseline",
            Self::Rules(_) => "rules",
            Self::Explain(_) => "explain",
            Self::Completions(_) => "completions",
            Self::Man(_) => "man",
        }
    }
}
