//! The commands that work on many repositories.

use std::path::PathBuf;

use clap::Args;

use super::RuleArgs;

/// Check or convert many repositories
#[derive(Debug, Args)]
pub(in crate::cli) struct BatchArgs {
    /// A folder of repositories, a file that lists them, or - for standard input
    #[arg(value_name = "ROOT|LIST")]
    pub(in crate::cli) source: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) rules: RuleArgs,
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
