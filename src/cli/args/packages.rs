//! The commands that work on the distributions an app asks for.

use std::path::PathBuf;

use clap::Args;

use super::RuleArgs;
use crate::packages::Target;

/// Say why each requirement is kept or dropped
///
/// Looks at the lists of each app line by line: what the app uses stays, what other lines bring
/// along can go. Prints every line with its evidence; nothing is written without --write. Works
/// offline and never runs your code.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dashlift minimise                       every line and why it stays or goes
  dashlift minimise --write               keep what is needed, versions of the rest to constraints.txt
  dashlift minimise --env .venv           ask an installed environment what packages need
  dashlift minimise --format json | jq '.apps[].lines[] | select(.verdict == \"dropped\")'

The exit code is 0 when nothing can go or it was taken out, 1 when something can go, 2 when
something was refused, 3 when there is no app, 4 when the shorter list could not be proven.")]
pub(in crate::cli) struct MinimiseArgs {
    /// A repository, or a folder of it [default: the current repository]
    #[arg(value_name = "PATH")]
    pub(in crate::cli) path: Option<PathBuf>,
    /// Take out what others bring along, and write the files
    #[arg(long)]
    pub(in crate::cli) write: bool,
    /// Write files that have uncommitted changes too
    #[arg(long, requires = "write")]
    pub(in crate::cli) allow_dirty: bool,
    /// The Python to install on, as in 3.10 [default: the one that the app moves to]
    #[arg(long, visible_alias = "target-python", value_name = "VERSION")]
    pub(in crate::cli) python: Option<Target>,
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
