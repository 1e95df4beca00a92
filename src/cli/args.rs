//! The arguments of the command line, as clap reads them. Nothing is done here.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::rules::settings::{FileIgnores, Mapping, Release, Selector};

/// Moves Dash apps from Dash Enterprise 4 to Dash Enterprise 5.
#[derive(Debug, Parser)]
#[command(
    name = "dashlift",
    version,
    about = "Moves Dash apps from Dash Enterprise 4 to Dash Enterprise 5",
    long_about = "Moves Dash apps from Dash Enterprise 4 to Dash Enterprise 5.\n\n\
        dashlift finds what Dash Enterprise 5 would not understand, repairs what it can, proves \
        the repair, and says what is left for you. It works offline and never runs your code.",
    after_help = "Start with `dashlift diff` in your app's repository: it changes nothing.",
    after_long_help = EXIT_CODES,
    propagate_version = false,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

const EXIT_CODES: &str = "\
Start with `dashlift diff` in your app's repository: it changes nothing.

Exit codes:
  0  nothing to do (advice alone does not count, unless --strict); for plan: it was made
  1  findings remain
  2  wrong usage or configuration, or something was refused: the message says what helps
  3  no app found
  4  the result of a fix could not be proven; that app was left as it was

With several paths: 2, then 4, then 3, then 1, whichever occurs first in this list.";

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Check(CheckArgs),
    Diff(DiffArgs),
    Fix(FixArgs),
    Migrate(MigrateArgs),
    Plan(PlanArgs),
    Rules(RulesArgs),
    Explain(ExplainArgs),
}

/// Say what Dash Enterprise 5 would not understand
///
/// Looks at every app of a repository and prints what it finds. Nothing is written.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dashlift check                          this repository
  dashlift check apps/sales               one folder of it
  dashlift check --format concise | less  one line per finding
  dashlift check mirror.git               a bare repository, without a checkout")]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub(super) common: CommonArgs,
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
pub(super) struct DiffArgs {
    #[command(flatten)]
    pub(super) common: CommonArgs,
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
  dashlift fix --select DL101,DL102       the fixes of two rules only")]
pub(super) struct FixArgs {
    #[command(flatten)]
    pub(super) common: CommonArgs,
    /// Write files that have uncommitted changes too
    #[arg(long)]
    pub(super) allow_dirty: bool,
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
pub(super) struct MigrateArgs {
    #[command(flatten)]
    pub(super) common: CommonArgs,
    /// Name of the branch [default: dash-enterprise-5]
    #[arg(long, short, value_name = "NAME")]
    pub(super) branch: Option<String>,
    /// Replace the branch if it exists
    #[arg(long)]
    pub(super) force: bool,
    /// Add the plan of each app to the branch, as MIGRATION.md
    #[arg(long)]
    pub(super) with_plan: bool,
    /// Name of the app on Dash Enterprise 5, for the plan
    #[arg(long, value_name = "NAME", requires = "with_plan")]
    pub(super) app_name: Option<String>,
    /// First line of the commit message
    #[arg(long, short, value_name = "TEXT")]
    pub(super) message: Option<String>,
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
pub(super) struct PlanArgs {
    #[command(flatten)]
    pub(super) common: CommonArgs,
    /// Name of the app on Dash Enterprise 5 [default: suggested from a remote or the folder]
    #[arg(long, value_name = "NAME")]
    pub(super) app_name: Option<String>,
}

/// List all rules
#[derive(Debug, Args)]
pub(super) struct RulesArgs {}

/// Explain rules: what they find, why it matters, what to do
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dashlift explain DL101
  dashlift explain runtime-txt conda | less")]
pub(super) struct ExplainArgs {
    /// Code (DL101) or name (runtime-txt) of a rule
    #[arg(required = true, value_name = "RULE")]
    pub(super) rules: Vec<String>,
}

/// What `check`, `diff`, `fix`, `migrate` and `plan` share.
#[derive(Debug, Args)]
pub(super) struct CommonArgs {
    /// Repositories, or folders of them [default: the current repository]
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) rules: RuleArgs,
}

/// What decides the findings. Each has a key of the same name in a configuration file, which it
/// replaces.
#[derive(Debug, Args)]
#[command(next_help_heading = "What to look for")]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(super) struct RuleArgs {
    /// Only these rules: codes or beginnings of codes, as in DL101,DL2
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub(super) select: Option<Vec<Selector>>,
    /// Not these rules; the longer code of --select and --ignore wins
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub(super) ignore: Option<Vec<Selector>>,
    /// Not this rule in these files, as in notebooks/:DL301; may be repeated
    #[arg(long, value_name = "PATTERN:CODE", value_delimiter = ',')]
    pub(super) per_file_ignores: Option<Vec<FileIgnores>>,
    /// Allow also the fixes that are right in most cases, but not in all
    #[arg(long, overrides_with = "no_unsafe_fixes")]
    pub(super) unsafe_fixes: bool,
    /// Make safe fixes only, whatever the configuration says
    #[arg(long, hide = true, overrides_with = "unsafe_fixes")]
    pub(super) no_unsafe_fixes: bool,
    /// Dash Enterprise release to move to: 5.0, 5.4, …, or 5.x for the newest [default: 5.x]
    #[arg(long, value_name = "RELEASE")]
    pub(super) target: Option<Release>,
    /// Host name of the Dash Enterprise 5 server, as in dash.example.com
    #[arg(long, value_name = "HOST")]
    pub(super) de5_host: Option<String>,
    /// Directory mapping of Dash Enterprise 4, as in /srv/data:/data; may be repeated
    #[arg(long, value_name = "HOST:APP", value_delimiter = ',')]
    pub(super) mapping: Option<Vec<Mapping>>,
    /// What becomes of the option that names a Dash Enterprise 4 package index [default: rewrite]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(super) package_index: Option<PackageIndexArg>,
    /// Packages that only a private index has
    #[arg(
        long,
        visible_alias = "private",
        value_name = "NAMES",
        value_delimiter = ','
    )]
    pub(super) private_packages: Option<Vec<String>>,
    /// Let advice count for the exit code too
    #[arg(long, overrides_with = "no_strict")]
    pub(super) strict: bool,
    /// Do not let advice count, whatever the configuration says
    #[arg(long, hide = true, overrides_with = "strict")]
    pub(super) no_strict: bool,
    /// Read this configuration file, not the nearest dashlift.toml or pyproject.toml
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(long)]
    pub(super) no_config: bool,
}

/// What becomes of a package index, as the user says it.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum PackageIndexArg {
    /// Name the Dash Enterprise 5 server, when --de5-host says which
    Rewrite,
    /// Remove the option: newer releases of Dash Enterprise 5 know their index
    Remove,
}

/// How to print.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputArgs {
    /// How to print the result
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        default_value = "text",
        global = true
    )]
    pub(super) format: Format,
    /// When to use colours
    #[arg(
        long,
        value_enum,
        value_name = "WHEN",
        default_value = "auto",
        global = true,
        hide_possible_values = false
    )]
    pub(super) color: Color,
    /// Print the result and errors only
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Print more: what was skipped, what was taken back
    #[arg(long, short, global = true, action = ArgAction::SetTrue)]
    pub(super) verbose: bool,
}

/// The formats of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people: source lines and help
    Text,
    /// One line per finding: path:line:column: CODE message
    Concise,
    /// For programs
    Json,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    Always,
    Never,
}
