//! The commands that work on many repositories.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

use super::{BranchArgs, RuleArgs};
use crate::commands::batch::task::PushChoices;
use crate::commands::verify::VerifyChoices;
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
  dashlift batch ~/clones --migrate --push origin --state state.jsonl    and push it
  dashlift batch ~/clones --diff --verify --state state.jsonl    and start each app as repaired
  dashlift batch list.txt --shard 2/8 --state part-2.jsonl   one machine of eight
  dashlift report state.jsonl --output fleet.html

The exit code is 5 when some repositories could not be worked on (with --verify, too: tried), else 4,
1 or 0 as for one; an app that does not answer counts as a finding.")]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(in crate::cli) struct BatchArgs {
    /// A folder of repositories, a file with a path in each line, or - for such a list on standard
    /// input
    #[arg(value_name = "ROOT|LIST|-")]
    pub(in crate::cli) source: PathBuf,
    /// Say what is found; nothing is written (the default)
    #[arg(long, group = "what")]
    pub(in crate::cli) check: bool,
    /// Say what is found and keep the patches in the state; nothing else is written
    #[arg(long, group = "what")]
    pub(in crate::cli) diff: bool,
    /// Commit the repairs on a branch in each repository
    #[arg(long, group = "what")]
    pub(in crate::cli) migrate: bool,
    /// Push each branch to this remote of its repository, with your own git and credentials; what
    /// the remote has is never replaced
    #[arg(long, value_name = "REMOTE")]
    pub(in crate::cli) push: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) trial: TrialArgs,
    #[command(flatten)]
    pub(in crate::cli) schedule: ScheduleArgs,
    #[command(flatten)]
    pub(in crate::cli) branch: BranchArgs,
    #[command(flatten)]
    pub(in crate::cli) rules: RuleArgs,
}

/// Whether the apps of a batch are started.
#[derive(Debug, Args)]
#[command(next_help_heading = "Starting the apps")]
pub(in crate::cli) struct TrialArgs {
    /// Start each app as `verify` does: as it is, with --diff and --migrate as the repairs leave it.
    /// An app that does not answer gets no branch. THIS RUNS THE CODE of the apps and of their
    /// packages
    #[arg(long)]
    pub(in crate::cli) verify: bool,
    /// Start the Redis and Postgres of this machine for each app, if they are here
    #[arg(long, requires = "verify")]
    pub(in crate::cli) with_services: bool,
    /// Put the value of this environment variable where a list writes ${VAR} in the address of a
    /// package index; may be repeated
    #[arg(long, value_name = "VAR", requires = "verify")]
    pub(in crate::cli) allow_env: Vec<String>,
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
    /// Give up a repository that needs more memory, as in 512M or 4G; 0 for no limit
    #[arg(long, value_name = "SIZE", default_value_t = Memory::default())]
    pub(in crate::cli) memory_per_repo: Memory,
}

/// How many seconds before a repository is given up the start of its apps is, so that there is the
/// time to end what was started and to tell.
const TELLING: u64 = 5;

/// Seconds that an app gets where a repository gets any.
const LONG: u64 = 7 * 24 * 60 * 60;

impl BatchArgs {
    /// Where branches are pushed to, where they are.
    pub(in crate::cli) fn push(&self) -> Option<PushChoices> {
        let remote = self.push.clone()?;
        let within = self.source.is_dir().then(|| self.source.clone());
        Some(PushChoices {
            remote,
            within,
            seconds: self.limit(),
        })
    }

    /// Seconds for the start of the apps of a repository, and for a push.
    fn limit(&self) -> u64 {
        match self.schedule.timeout_per_repo {
            0 => LONG,
            seconds => seconds.saturating_sub(TELLING).max(1),
        }
    }

    /// How the apps are started, where they are.
    pub(in crate::cli) fn trial(&self) -> Option<VerifyChoices> {
        let seconds = self.limit();
        self.trial.verify.then(|| VerifyChoices {
            python: None,
            timeout: seconds,
            is_shared: true,
            allow_env: self.trial.allow_env.clone(),
            predeploy: false,
            with_services: self.trial.with_services,
        })
    }
}

/// An amount of memory, in bytes; 0 stands for any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Memory(u64);

/// The letters behind amounts of memory, the largest first.
const UNITS: [(char, u64); 3] = [('G', 1 << 30), ('M', 1 << 20), ('K', 1 << 10)];

impl Memory {
    /// The bytes; none where there is no limit.
    pub(in crate::cli) fn bytes(self) -> Option<u64> {
        (self.0 > 0).then_some(self.0)
    }
}

impl Default for Memory {
    /// A hundred times what an app needs.
    fn default() -> Self {
        Self(2 << 30)
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut units = UNITS.into_iter();
        match units.find(|(_, unit)| self.0 >= *unit && self.0.is_multiple_of(*unit)) {
            Some((letter, unit)) => write!(f, "{}{letter}", self.0 / unit),
            None => write!(f, "{}", self.0),
        }
    }
}

impl FromStr for Memory {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let last = text.chars().next_back().unwrap_or_default();
        let unit = UNITS
            .into_iter()
            .find(|(letter, _)| letter.eq_ignore_ascii_case(&last));
        let (letters, unit) = unit.map_or((0, 1), |(_, unit)| (1, unit));
        let number = text.get(..text.len() - letters);
        let number = number.and_then(|it| it.parse::<u64>().ok());
        let bytes = number.and_then(|it| it.checked_mul(unit));
        let bytes = bytes.filter(|bytes| *bytes == 0 || *bytes >= SMALLEST);
        bytes.map(Self).ok_or_else(|| {
            "write a number of bytes, or one with K, M or G, as in 512M; at least 64M, or 0 for no \
             limit"
                .to_owned()
        })
    }
}

/// Less than this, and the program could not even start.
const SMALLEST: u64 = 64 << 20;

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
    /// What the old server runs, as `dashlift inventory` wrote it: owners, visits, waves
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) inventory: Option<PathBuf>,
    /// Divide the apps of the inventory into so many waves
    #[arg(long, value_name = "N", requires = "inventory", value_parser = clap::value_parser!(u16).range(1..))]
    pub(in crate::cli) waves: Option<u16>,
    /// Write the waves, the apps to ask about and a notice for each owner into this folder, new or
    /// empty
    #[arg(long, value_name = "FOLDER", requires = "waves")]
    pub(in crate::cli) hand_out: Option<PathBuf>,
    /// Say what moved since this earlier report (`--output EARLIER.json`)
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) since: Option<PathBuf>,
    /// Write title and body of a pull request for each branch, and scripts that open them with gh or
    /// glab, into this folder, new or empty
    #[arg(long, value_name = "FOLDER")]
    pub(in crate::cli) pull_requests: Option<PathBuf>,
}
