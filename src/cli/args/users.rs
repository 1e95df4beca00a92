//! `dashlift users`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::server::{TrustArgs, address};
use crate::network::Address;
use crate::users::FirstPassword;

/// Bring people to the Keycloak of Dash Enterprise 5, from a list that you have read
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dashlift users draft --inventory inventory.json --output users.csv
  dashlift users apply users.csv --de5-host dash.example.com
                                          what would be done; nothing is changed
  dashlift users apply users.csv --de5-host dash.example.com --apply")]
pub(in crate::cli) struct UsersArgs {
    #[command(subcommand)]
    pub(in crate::cli) action: UsersAction,
}

/// What to do with a list of people.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum UsersAction {
    Draft(DraftArgs),
    Apply(ApplyArgs),
}

/// Draft the list (CSV): who owns and who may see the apps of an inventory
///
/// What is guessed is said in the column `guess`. Such a line is passed over until somebody has
/// looked at it and emptied the column.
#[derive(Debug, Args)]
pub(in crate::cli) struct DraftArgs {
    /// What the old server runs, as `dashlift inventory` wrote it
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) inventory: PathBuf,
    /// Write the list into this new file
    #[arg(long, short, value_name = "FILE")]
    pub(in crate::cli) output: PathBuf,
}

/// Say what the list would change in Keycloak; with --apply, do it
///
/// Makes accounts that are missing, gives roles, groups and links to identity providers that are
/// missing. Never deletes, takes away, sets a password of somebody who is there, or touches an
/// account that a directory keeps. Needs the name and password of an administrator of the realm
/// master: in `DASHLIFT_KEYCLOAK_USER` and `DASHLIFT_KEYCLOAK_PASSWORD`, as two lines on standard
/// input, or asked for. Uses the network.
#[derive(Debug, Args)]
#[command(after_help = "\
The columns of the list are username, email, first_name, last_name, roles, groups (several with ;
between them), provider, provider_id, provider_name, guess. All but username may be left out.

The exit code is 0 when nothing is left to do, 1 when something is (a dry run, conflicts, refusals),
2 when nothing could be begun or the server does not answer any more, 130 after Ctrl-C. Run the same
command again to go on.")]
pub(in crate::cli) struct ApplyArgs {
    /// The list of people (CSV)
    #[arg(value_name = "CSV")]
    pub(in crate::cli) list: PathBuf,
    /// Do it; without this, nothing is changed
    #[arg(long)]
    pub(in crate::cli) apply: bool,
    /// The Dash Enterprise 5 server, as in dash.example.com: Keycloak is at <https://auth-HOST/auth>
    #[arg(long, value_name = "HOST", value_parser = address, required_unless_present = "keycloak_url")]
    pub(in crate::cli) de5_host: Option<Address>,
    /// Where Keycloak is, if it is elsewhere
    #[arg(long, value_name = "URL", value_parser = address)]
    pub(in crate::cli) keycloak_url: Option<Address>,
    /// How somebody new gets in: by a mail that Keycloak sends, by a random password that has to be
    /// changed, or by an identity provider
    #[arg(long, value_enum, value_name = "HOW", default_value_t = FirstPasswordArg::None)]
    pub(in crate::cli) first_password: FirstPasswordArg,
    /// The new file for random passwords, which only you can read
    #[arg(long, value_name = "FILE", required_if_eq("first_password", "random"))]
    pub(in crate::cli) passwords: Option<PathBuf>,
    /// Do nothing if more people than this would have the role `licensed_user`
    #[arg(long, value_name = "NUMBER")]
    pub(in crate::cli) seats: Option<usize>,
    /// Send invitations without asking first
    #[arg(long)]
    pub(in crate::cli) yes: bool,
    /// Give up a question after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::cli) timeout: u64,
    #[command(flatten)]
    pub(in crate::cli) trust: TrustArgs,
}

/// How somebody new gets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FirstPasswordArg {
    /// A mail with a link
    Invite,
    /// A password of chance
    Random,
    /// Neither
    None,
}

impl From<FirstPasswordArg> for FirstPassword {
    fn from(arg: FirstPasswordArg) -> Self {
        match arg {
            FirstPasswordArg::Invite => Self::Invite,
            FirstPasswordArg::Random => Self::Random,
            FirstPasswordArg::None => Self::None,
        }
    }
}
