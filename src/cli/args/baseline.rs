//! The command that keeps the findings of today.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::RuleArgs;

/// Write down the findings of today, so that only new ones are reported
///
/// A team that cannot repair everything today keeps the findings of today in a file and is told of
/// new ones only: `dashlift check --baseline dashlift-baseline.json`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dashlift baseline write
  dashlift check --baseline dashlift-baseline.json
  dashlift baseline write                 again, when some of them are repaired

With `baseline = \"dashlift-baseline.json\"` in dashlift.toml nobody has to name the file.")]
pub(in crate::cli) struct BaselineArgs {
    #[command(subcommand)]
    pub(in crate::cli) action: BaselineAction,
}

/// What to do with the baseline.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum BaselineAction {
    Write(BaselineWriteArgs),
}

/// Write all findings that are there now into the baseline
///
/// What an earlier baseline says of folders and rules that are not looked at this time stays in it.
#[derive(Debug, Args)]
pub(in crate::cli) struct BaselineWriteArgs {
    /// Repository, or a folder of it [default: the current repository]
    #[arg(value_name = "PATH")]
    pub(in crate::cli) path: Option<PathBuf>,
    /// The file to write [default: that of the configuration, or dashlift-baseline.json in the root
    /// of the repository]
    #[arg(long, short, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) rules: RuleArgs,
}
