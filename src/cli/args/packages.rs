//! The commands that work on the distributions an app asks for.

use std::path::PathBuf;

use clap::Args;

use super::RuleArgs;

/// Say why each requirement is kept or dropped
#[derive(Debug, Args)]
pub(in crate::cli) struct MinimiseArgs {
    /// A repository, or a folder of it [default: the current repository]
    #[arg(value_name = "PATH")]
    pub(in crate::cli) path: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) rules: RuleArgs,
}

/// Find the smallest change that makes the requirements install
#[derive(Debug, Args)]
pub(in crate::cli) struct SolveArgs {
    /// A repository, or a folder of it [default: the current repository]
    #[arg(value_name = "PATH")]
    pub(in crate::cli) path: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) rules: RuleArgs,
}

/// Build the app in a scratch environment and import what its web process starts
#[derive(Debug, Args)]
pub(in crate::cli) struct VerifyArgs {
    /// A repository, or a folder of it [default: the current repository]
    #[arg(value_name = "PATH")]
    pub(in crate::cli) path: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) rules: RuleArgs,
}
