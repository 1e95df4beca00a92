//! The command that keeps the findings of today.

use clap::Args;

use super::CommonArgs;

/// Write down the findings of today, so that only new ones are reported
#[derive(Debug, Args)]
pub(in crate::cli) struct BaselineArgs {
    #[command(flatten)]
    pub(in crate::cli) common: CommonArgs,
}
