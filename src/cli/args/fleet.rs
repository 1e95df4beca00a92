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

/// Report on the batches of many repositories
#[derive(Debug, Args)]
pub(in crate::cli) struct ReportArgs {
    /// State files of batches
    #[arg(value_name = "STATE", required = true)]
    pub(in crate::cli) states: Vec<PathBuf>,
}
