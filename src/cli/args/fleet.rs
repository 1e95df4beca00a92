//! The commands that work on many repositories.

use std::path::PathBuf;

use clap::Args;

use super::{BranchArgs, RuleArgs};
use crate::fleet::state::Shard;

/// Check or convert many repositories
///
/// Works on every repository below a folder, or on those of a list, on all cores. What goes wrong
/// with one repository ends there. One line for each goes to standard output as it is done; with
/// --state everything about it is kept, for `dashlift report` and for --resume.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dashlift batch ~/clones                                    check them all
  dashlift batch ~/clones --diff --state state.jsonl         keep the patches for the report
  dashlift batch ~/clones --migrate --state state.jsonl      a branch in each
  dashlift batch ~/clones --migrate --state state.jsonl --resume
  dashlift batch list.txt --shard 2/8 --state part-2.jsonl   one machine of eight
  dashlift report state.jsonl --output fleet.html

The exit code is 5 when some repositories could not be worked on, else 4, 1 or 0 as for one.")]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(in crate::cli) struct BatchArgs {
    /// A folder of repositories, a file with a path in each line, or - for such a list on standard
    /// input
    #[arg(value_name = "ROOT|LIST|-")]
    pub(in crate::cli) source: PathBuf,
    /// Say what is found; nothing is written [default]
    #[arg(long, group = "what")]
    pub(in crate::cli) check: bool,
    /// Say what is found and keep the patches in the state; nothing else is written
    #[arg(long, group = "what")]
    pub(in crate::cli) diff: bool,
    /// Commit the repairs on a branch in each repository
    #[arg(long, group = "what")]
    pub(in crate::cli) migrate: bool,
    #[command(flatten)]
    pub(in crate::cli) schedule: ScheduleArgs,
    #[command(flatten)]
    pub(in crate::cli) branch: BranchArgs,
    #[command(flatten)]
    pub(in crate::cli) rules: RuleArgs,
}

/// Which repositories a batch works on, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "The run")]
pub(in crate::cli) struct ScheduleArgs {
    /// Work on so many repositories at the same time [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(in crate::cli) jobs: Option<u16>,
    /// Keep what becomes of each repository in this file, one line of JSON for each
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) state: Option<PathBuf>,
    /// Go on with the state: what is done and did not change is not done again
    #[arg(long, requires = "state")]
    pub(in crate::cli) resume: bool,
    /// Repeat what failed; alone, nothing else is done
    #[arg(long, requires = "state")]
    pub(in crate::cli) failed: bool,
    /// Work on this part of the repositories only, as in 1/4
    #[arg(long, value_name = "NUMBER/OF")]
    pub(in crate::cli) shard: Option<Shard>,
    /// Give up a repository after so many seconds; 0 for never
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    pub(in crate::cli) timeout_per_repo: u64,
}

/// Join the states of batches into one report
#[derive(Debug, Args)]
#[command(
    long_about = "Joins the states of batches into one report: how ready every app is, what blocks, \
        what a person does, what the rules found.\n\n\
        --format html makes one page that needs nothing else and works offline."
)]
pub(in crate::cli) struct ReportArgs {
    /// State files of batches; of a repository that is in several, the newest record counts
    #[arg(value_name = "STATE", required = true)]
    pub(in crate::cli) states: Vec<PathBuf>,
    /// Write the report into this file; its ending (.html, .md, .json) stands for --format
    #[arg(long, short, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
}
