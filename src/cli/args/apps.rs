//! The commands that work on the apps of a repository.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::CommonArgs;
use crate::commands::migrate::{BranchChoices, MigrateChoices};
use crate::commands::solve::{SolveChoices, TIMEOUT};
use crate::commands::verify::VerifyChoices;

/// Say what Dash Enterprise 5 would not understand
///
/// Looks at every app of a repository and prints what it finds. Nothing is written.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dashlift check                          this repository
  dashlift check apps/sales               one folder of it
  dashlift check requirements.txt         what is about one file
  dashlift check --format concise | less  one line per finding
  dashlift check mirror.git               a bare repository, without a checkout
  dashlift check --stdin-filename app.py - < buffer
                                          what an editor has not saved yet")]
pub(in crate::cli) struct CheckArgs {
    /// Check standard input (PATH is -) in the place of this file, and report what is about it
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) stdin_filename: Option<PathBuf>,
    /// End with code 0 though findings remain
    #[arg(long)]
    pub(in crate::cli) exit_zero: bool,
    /// Print how often each rule found something, not what it found
    #[arg(long)]
    pub(in crate::cli) statistics: bool,
    /// The order of the findings of an app
    #[arg(long, value_enum, value_name = "ORDER", default_value = "place")]
    pub(in crate::cli) sort: Order,
    /// Write the result into this file, not to standard output
    #[arg(long, short, value_name = "FILE")]
    pub(in crate::cli) output_file: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) common: CommonArgs,
}

/// Orders of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Order {
    /// As the files have them
    Place,
    /// What breaks the app first
    Severity,
}

/// Show what `fix` would change, as a patch
///
/// Prints the findings to standard error and one unified diff of all allowed fixes to standard
/// output. Nothing is written. The exit code is that of `check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dashlift diff                           findings and patch, to read
  dashlift diff --unsafe-fixes            with the fixes that need a look
  dashlift diff -q > move.patch           the patch alone, for `git apply move.patch`")]
pub(in crate::cli) struct DiffArgs {
    #[command(flatten)]
    pub(in crate::cli) common: CommonArgs,
}

/// Repair the files in place
///
/// Writes the fixes into the work tree: all files of an app or none. Refuses to write files with
/// uncommitted changes. What a person has to do is printed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dashlift fix                            safe fixes in this repository
  dashlift fix --unsafe-fixes apps/sales  all fixes, in one folder
  dashlift fix --select DL101,DL102       the fixes of two rules only
  dashlift fix --interactive              one question for each fix")]
pub(in crate::cli) struct FixArgs {
    /// Write files that have uncommitted changes too
    #[arg(long)]
    pub(in crate::cli) allow_dirty: bool,
    /// Show each fix and ask whether to make it
    #[arg(long, short)]
    pub(in crate::cli) interactive: bool,
    #[command(flatten)]
    pub(in crate::cli) common: CommonArgs,
}

/// Commit the repairs on a new branch
///
/// Repairs the last commit (HEAD) and puts the result on a branch of its own. Work tree, index and
/// current branch stay as they are; uncommitted changes are not part of it. Works in bare
/// repositories.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dashlift migrate --de5-host dash.example.com
  dashlift migrate --branch de5 --unsafe-fixes
  git log -p -1 dash-enterprise-5         see what it did")]
pub(in crate::cli) struct MigrateArgs {
    #[command(flatten)]
    pub(in crate::cli) branch: BranchArgs,
    /// Name of the app on Dash Enterprise 5, for the plan
    #[arg(long, value_name = "NAME", requires = "with_plan")]
    pub(in crate::cli) app_name: Option<String>,
    /// Change the requirements so that they install, as `solve` does: uses uv or pip and the network
    #[arg(long)]
    pub(in crate::cli) solve: bool,
    /// Bring Dash and its components to their newest releases first
    #[arg(long, requires = "solve")]
    pub(in crate::cli) latest_dash: bool,
    /// Start each app with the changes, as `verify` does, and commit only when all of them answer:
    /// THIS RUNS THE CODE of the apps and of their packages
    #[arg(long, requires = "solve")]
    pub(in crate::cli) verify: bool,
    #[command(flatten)]
    pub(in crate::cli) common: CommonArgs,
}

/// The branch that the repairs go to.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct BranchArgs {
    /// Name of the branch [default: dash-enterprise-5]
    #[arg(long, short, value_name = "NAME")]
    pub(in crate::cli) branch: Option<String>,
    /// Replace the branch if it exists
    #[arg(long)]
    pub(in crate::cli) force: bool,
    /// Add the plan of each app to the branch, as MIGRATION.md
    #[arg(long)]
    pub(in crate::cli) with_plan: bool,
    /// First line of the commit message
    #[arg(long, short, value_name = "TEXT")]
    pub(in crate::cli) message: Option<String>,
    /// Do not sign the commit, whatever git's configuration says
    #[arg(long)]
    pub(in crate::cli) no_gpg_sign: bool,
}

/// Say what the move asks of a person, as Markdown
///
/// For each app: what the repairs do and what they leave, services, environment variables, scale,
/// Python, data, and the commands that set it up on Dash Enterprise 5. Nothing is written or run.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dashlift plan --de5-host dash.example.com > plan.md
  dashlift plan --app-name sales          with the name that the app has on the server
  dashlift plan --format concise ~/apps/* one line per app
  dashlift migrate --with-plan            the same as MIGRATION.md on the branch

The exit code is 0 when the plan was made, whatever it says.")]
pub(in crate::cli) struct PlanArgs {
    /// Name of the app on Dash Enterprise 5 [default: suggested from a remote or the folder]
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) app_name: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) common: CommonArgs,
}

impl BranchArgs {
    /// What they choose.
    pub(in crate::cli) fn choices(&self) -> BranchChoices {
        BranchChoices {
            name: self.branch.clone(),
            force: self.force,
            with_plan: self.with_plan,
            message: self.message.clone(),
            no_gpg_sign: self.no_gpg_sign,
        }
    }
}

impl MigrateArgs {
    /// What they choose beside the branch.
    pub(in crate::cli) fn choices(&self) -> MigrateChoices {
        MigrateChoices {
            solve: self.solve.then(|| SolveChoices {
                latest_dash: self.latest_dash,
                ..SolveChoices::default()
            }),
            verify: self.verify.then(|| VerifyChoices {
                python: None,
                timeout: TIMEOUT,
                is_shared: false,
                allow_env: Vec::new(),
                predeploy: false,
                with_services: false,
            }),
        }
    }
}
