//! The commands that know of servers.

use std::path::PathBuf;

use clap::Args;

use crate::network::{Address, AddressError};

/// Read what a Dash Enterprise 4 server runs, into a file for the other commands
///
/// Asks the server, through its documented interface, for all apps: owner, viewers, mappings,
/// services, names of variables, processes, and what is deployed. Changes nothing there. Needs the
/// name and API key of an administrator: in `DASHLIFT_DE4_USER` and `DASHLIFT_DE4_KEY`, as two lines
/// on standard input, or asked for. Uses the network.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dashlift inventory --de4-host dash.example.com --output inventory.json
  dashlift inventory --de4-host dash.example.com --output inventory.json --resume
                                          go on after it was stopped
  dashlift inventory --print-query        the questions, to ask them by other means
  dashlift inventory --input page-0.json page-1.json --output inventory.json
  dashlift check --inventory inventory.json

The exit code is 0 when the file holds every app, 1 when it was written and something is missing,
2 when nothing was written, 130 after Ctrl-C.")]
pub(in crate::cli) struct InventoryArgs {
    /// The Dash Enterprise 4 server, as in dash.example.com
    #[arg(long, value_name = "HOST", value_parser = address, required_unless_present_any = ["input", "print_query"])]
    pub(in crate::cli) de4_host: Option<Address>,
    /// Write the inventory into this file
    #[arg(
        long,
        short,
        value_name = "FILE",
        required_unless_present = "print_query"
    )]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Go on with what a run before kept beside the output
    #[arg(long, conflicts_with = "input")]
    pub(in crate::cli) resume: bool,
    /// Ask for the values of environment variables too; the output is a new file that only you
    /// can read
    #[arg(long)]
    pub(in crate::cli) with_values: bool,
    /// Take these answers of the server, and ask nobody
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(in crate::cli) input: Vec<PathBuf>,
    /// Print the questions, in GraphQL, and do nothing
    #[arg(long, conflicts_with_all = ["input", "resume", "output"])]
    pub(in crate::cli) print_query: bool,
    /// Give up a question after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::cli) timeout: u64,
    #[command(flatten)]
    pub(in crate::cli) trust: TrustArgs,
    /// The server's own certificate (PEM): for one that made its own
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) de4_certificate: Option<PathBuf>,
}

/// Which servers are believed.
#[derive(Debug, Args)]
pub(in crate::cli) struct TrustArgs {
    /// Certificates of an authority to believe beside the system's (PEM); may be repeated
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) ca_cert: Vec<PathBuf>,
}

/// Write what sets the apps of an inventory up on Dash Enterprise 5
///
/// A script for bash, handover.sh, and checklist.md for what no option of Plotly's client is known
/// for. Both are to be read first; nothing is run.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dashlift handover --inventory inventory.json --de5-host dash.example.com --output handover
  dashlift handover --inventory inventory.json --de5-host dash.example.com --output one \\
      --app sales,costs                   some apps only
  dashlift handover --inventory inventory.json --de5-host dash.example.com --output first \\
      --waves people/waves.json --wave 1
  DRY=1 handover/handover.sh              what it would run")]
pub(in crate::cli) struct HandoverArgs {
    /// What the old server runs, as `dashlift inventory` wrote it
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) inventory: PathBuf,
    /// Host name of the Dash Enterprise 5 server, as in dash.example.com
    #[arg(long, value_name = "HOST")]
    pub(in crate::cli) de5_host: String,
    /// The folder to write, new or empty
    #[arg(long, short, value_name = "FOLDER")]
    pub(in crate::cli) output: PathBuf,
    /// These apps only
    #[arg(
        long,
        value_name = "NAMES",
        value_delimiter = ',',
        conflicts_with = "wave"
    )]
    pub(in crate::cli) app: Option<Vec<String>>,
    /// The apps of this wave only
    #[arg(long, value_name = "N", requires = "waves")]
    pub(in crate::cli) wave: Option<usize>,
    /// The waves, as `dashlift report --waves N --hand-out FOLDER` wrote them (waves.json)
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) waves: Option<PathBuf>,
}

pub(super) fn address(text: &str) -> Result<Address, AddressError> {
    Address::parse(text)
}
