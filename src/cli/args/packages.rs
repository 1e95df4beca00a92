//! The commands that work on the distributions an app asks for.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{CommonArgs, RuleArgs};
use crate::commands::solve::{AskedTool, PythonChoice, SolveChoices, TIMEOUT, Writing};
use crate::commands::verify::VerifyChoices;
use crate::packages::Target;
use crate::packages::snapshot::Day;
use crate::resolver::{CondaTool, Tool};

/// Say why each requirement is kept or dropped
///
/// Looks at the lists of each app line by line: what the app uses stays, what other lines bring
/// along can go. Prints every line with its evidence; nothing is written without --write. Works
/// offline, unless --online, and never runs your code.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dashlift minimise                       every line and why it stays or goes
  dashlift minimise --write               keep what is needed, versions of the rest to constraints.txt
  dashlift minimise --env .venv           ask an installed environment what packages need
  dashlift minimise --online              ask uv or pip, and have it confirm the shorter list
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
    /// Ask uv or pip what packages need, and have it confirm the shorter list; uses the network
    #[arg(long)]
    pub(in crate::cli) online: bool,
    /// Put the value of this environment variable where the list writes ${VAR} in the address of a
    /// package index; may be repeated
    #[arg(long, value_name = "VAR", requires = "online")]
    pub(in crate::cli) allow_env: Vec<String>,
    /// The Python to install on, as in 3.10 [default: the one that the app moves to]
    #[arg(long, visible_alias = "target-python", value_name = "VERSION")]
    pub(in crate::cli) python: Option<Target>,
    #[command(flatten)]
    pub(in crate::cli) rules: RuleArgs,
}

/// Find the smallest change that makes the requirements install and the app start
///
/// Knows what the releases of the snapshot need, on which Pythons they install, build and start, and
/// which companions they do not go with. A pin that works is never moved; what no line pins is of the
/// day when the app last worked, and goes to a constraints file. The answer is found offline; then uv
/// or pip is asked to confirm it, at the package index that it is configured for. Prints the changes
/// with the reason of each, and a patch; writes nothing without --write.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dashlift solve                          what has to change in this repository
  dashlift solve --offline                the same without the network, in a moment
  dashlift solve --python least           on the Python where least has to change
  dashlift solve --python 3.10 --write    make the change
  dashlift solve --as-of 2019-08-31       what no line pins as it was that day
  dashlift solve --latest-dash            Dash itself to its newest release first
  dashlift solve --with micromamba        ask the channels of an environment.yml
  dashlift solve -q > solve.patch         the patch alone, for `git apply solve.patch`

The exit code is 0 when nothing has to change or it was written, 1 when something has to, or
could not be judged, 130 after Ctrl-C. An answer that nobody confirmed says so; its exit code is
that of the answer.")]
pub(in crate::cli) struct SolveArgs {
    #[command(flatten)]
    pub(in crate::cli) common: CommonArgs,
    #[command(flatten)]
    pub(in crate::cli) road: RoadArgs,
    /// Write the changes into the files
    #[arg(long)]
    pub(in crate::cli) write: bool,
    /// Write files that have uncommitted changes too
    #[arg(long, requires = "write")]
    pub(in crate::cli) allow_dirty: bool,
    /// The resolver that confirms the answer [default: uv, or pip where uv is not]; micromamba,
    /// mamba, conda and pixi confirm an environment.yml, and say how much of it can be had
    #[arg(long, value_enum, value_name = "TOOL", conflicts_with = "offline")]
    pub(in crate::cli) with: Option<ToolArg>,
}

/// Which way `solve` goes.
#[derive(Debug, Args)]
pub(in crate::cli) struct RoadArgs {
    /// The Python to install on: `3.10`, `least` for the one where least changes, `default` for the
    /// app's own where the release has it
    #[arg(long, value_name = "VERSION", default_value = "default")]
    pub(in crate::cli) python: PythonChoice,
    /// Take what no line pins as it was on this day [default: the day of the newest pin or of the
    /// list's last commit]
    #[arg(long, value_name = "DAY")]
    pub(in crate::cli) as_of: Option<Day>,
    /// Bring Dash and its components to their newest releases first
    #[arg(long)]
    pub(in crate::cli) latest_dash: bool,
    /// Write upper bounds into the constraints instead of versions
    #[arg(long)]
    pub(in crate::cli) caps: bool,
    /// Ask nobody: the answer is what dashlift knows by itself
    #[arg(long)]
    pub(in crate::cli) offline: bool,
    /// Give up on an app after so many seconds, with the best answer so far
    #[arg(long, value_name = "SECONDS", default_value_t = TIMEOUT, value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::cli) timeout: u64,
    /// Put the value of this environment variable where the list writes ${VAR} in the address of a
    /// package index; may be repeated
    #[arg(long, value_name = "VAR")]
    pub(in crate::cli) allow_env: Vec<String>,
}

/// Build the app in a scratch environment, start its web process and ask it for its page
///
/// THIS RUNS THE CODE OF THE APP, and of the packages that it asks for, on this machine: as you,
/// but in a temporary folder and without your environment variables (and in bubblewrap, where that
/// is here). Needs a Python of the target and the network.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dashlift verify                         this repository
  dashlift verify --python 3.10 apps/sales
  dashlift verify --timeout 900           for lists that take long to install
  dashlift verify --with-services         with the Redis and Postgres of this machine

The exit code is 0 when every app answers, 1 when one does not, 2 when it could not be tried, 130
after Ctrl-C.")]
pub(in crate::cli) struct VerifyArgs {
    #[command(flatten)]
    pub(in crate::cli) common: CommonArgs,
    #[command(flatten)]
    pub(in crate::cli) asked: AskedArgs,
    /// Run the predeploy script of project.toml first, as a build does
    #[arg(long)]
    pub(in crate::cli) predeploy: bool,
    /// Start the Redis and Postgres of this machine for the app, if they are here
    #[arg(long)]
    pub(in crate::cli) with_services: bool,
}

/// What `verify` is asked.
#[derive(Debug, Args)]
pub(in crate::cli) struct AskedArgs {
    /// The Python to install on, as in 3.10 [default: the one that the app chooses, or 3.10]
    #[arg(long, value_name = "VERSION")]
    pub(in crate::cli) python: Option<Target>,
    /// Give up on an app after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = TIMEOUT, value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::cli) timeout: u64,
    /// Put the value of this environment variable where the list writes ${VAR} in the address of a
    /// package index; may be repeated
    #[arg(long, value_name = "VAR")]
    pub(in crate::cli) allow_env: Vec<String>,
}

/// The resolvers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ToolArg {
    Uv,
    Pip,
    Micromamba,
    Mamba,
    Conda,
    Pixi,
}

impl ToolArg {
    /// The program that is asked.
    fn to_tool(self) -> AskedTool {
        match self {
            Self::Uv => AskedTool::Index(Tool::Uv),
            Self::Pip => AskedTool::Index(Tool::Pip),
            Self::Micromamba => AskedTool::Channels(CondaTool::Micromamba),
            Self::Mamba => AskedTool::Channels(CondaTool::Mamba),
            Self::Conda => AskedTool::Channels(CondaTool::Conda),
            Self::Pixi => AskedTool::Channels(CondaTool::Pixi),
        }
    }
}

impl SolveArgs {
    /// Which way they choose.
    pub(in crate::cli) fn choices(&self) -> SolveChoices {
        let road = &self.road;
        SolveChoices {
            python: road.python,
            as_of: road.as_of,
            latest_dash: road.latest_dash,
            caps: road.caps,
            offline: road.offline,
            timeout: road.timeout,
            allow_env: road.allow_env.clone(),
            tool: self.with.map(ToolArg::to_tool),
        }
    }

    /// Whether and how files are written.
    pub(in crate::cli) fn writing(&self) -> Writing {
        Writing::new(self.write, self.allow_dirty)
    }
}

impl VerifyArgs {
    /// What they choose.
    pub(in crate::cli) fn choices(&self) -> VerifyChoices {
        VerifyChoices {
            python: self.asked.python,
            timeout: self.asked.timeout,
            is_shared: false,
            allow_env: self.asked.allow_env.clone(),
            predeploy: self.predeploy,
            with_services: self.with_services,
        }
    }
}
