//! What decides the findings.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::commands::Choices;
use crate::commands::baseline::{BaselineOption, BaselinePlace};
use crate::commands::named_file::NamedFile;
use crate::commands::options::Options;
use crate::commands::settings::ConfigChoice;
use crate::rules::Category;
use crate::rules::settings::{DirectoryMapping, FileIgnores, PackageIndex, Release, Selector};

/// What `check`, `diff`, `fix`, `migrate` and `plan` share.
#[derive(Debug, Args)]
pub(in crate::cli) struct CommonArgs {
    /// Repositories, or folders of them [default: the current repository]
    #[arg(value_name = "PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) rules: RuleArgs,
}

/// What decides the findings. Each but --exclude and --fail-on has a key of the same name in a
/// configuration file, which it replaces.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "What to look for")]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(in crate::cli) struct RuleArgs {
    /// Only these rules: codes or beginnings of codes, as in DL101,DL2
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub(in crate::cli) select: Option<Vec<Selector>>,
    /// Not these rules; the longer code of --select and --ignore wins
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub(in crate::cli) ignore: Option<Vec<Selector>>,
    /// Not this rule in these files, as in notebooks/:DL301; may be repeated
    #[arg(long, value_name = "PATTERN:CODE", value_delimiter = ',')]
    pub(in crate::cli) per_file_ignores: Option<Vec<FileIgnores>>,
    /// Nothing about these files, by a pattern as in .gitignore; may be repeated
    #[arg(long, value_name = "PATTERN", value_delimiter = ',', value_parser = FileIgnores::of_all_rules)]
    pub(in crate::cli) exclude: Vec<FileIgnores>,
    /// Allow also the fixes that are right in most cases, but not in all
    #[arg(long, overrides_with = "no_unsafe_fixes")]
    pub(in crate::cli) unsafe_fixes: bool,
    /// Make safe fixes only, whatever the configuration says
    #[arg(long, hide = true, overrides_with = "unsafe_fixes")]
    pub(in crate::cli) no_unsafe_fixes: bool,
    /// Dash Enterprise release to move to: 5.0, 5.4, …, or 5.x for the newest [default: 5.x]
    #[arg(long, value_name = "RELEASE")]
    pub(in crate::cli) target: Option<Release>,
    /// Host name of the Dash Enterprise 5 server, as in dash.example.com
    #[arg(long, value_name = "HOST")]
    pub(in crate::cli) de5_host: Option<String>,
    /// Directory mapping of Dash Enterprise 4, as in /srv/data:/data; may be repeated
    #[arg(long, value_name = "HOST:APP", value_delimiter = ',')]
    pub(in crate::cli) mapping: Option<Vec<DirectoryMapping>>,
    /// What the old server runs, as `dashlift inventory` wrote it: mappings, services, variables
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) inventory: Option<PathBuf>,
    /// What becomes of the option that names a Dash Enterprise 4 package index [default: rewrite]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(in crate::cli) package_index: Option<PackageIndexArg>,
    /// Packages that only a private index has
    #[arg(
        long,
        visible_alias = "private",
        value_name = "NAMES",
        value_delimiter = ','
    )]
    pub(in crate::cli) private_packages: Option<Vec<String>>,
    /// An installed environment that tells what packages need: a venv, or conda's
    #[arg(long, value_name = "FOLDER")]
    pub(in crate::cli) env: Option<PathBuf>,
    /// Forget the versions of requirements that go, do not move them to constraints.txt
    #[arg(long, overrides_with = "no_drop_pins")]
    pub(in crate::cli) drop_pins: bool,
    /// Keep the versions, whatever the configuration says
    #[arg(long, hide = true, overrides_with = "drop_pins")]
    pub(in crate::cli) no_drop_pins: bool,
    /// Do not report the findings of this file, which `dashlift baseline write` wrote
    #[arg(long, value_name = "FILE", conflicts_with = "no_baseline")]
    pub(in crate::cli) baseline: Option<PathBuf>,
    /// Report all findings, whatever baseline the configuration names
    #[arg(long, hide = true)]
    pub(in crate::cli) no_baseline: bool,
    /// Let advice count for the exit code too
    #[arg(long, overrides_with = "no_strict")]
    pub(in crate::cli) strict: bool,
    /// Do not let advice count, whatever the configuration says
    #[arg(long, hide = true, overrides_with = "strict")]
    pub(in crate::cli) no_strict: bool,
    /// The least weight that counts for the exit code [default: should]
    #[arg(long, value_enum, value_name = "WEIGHT", conflicts_with_all = ["strict", "no_strict"])]
    pub(in crate::cli) fail_on: Option<WeightArg>,
    /// Read this configuration file, not the nearest dashlift.toml or pyproject.toml
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(long)]
    pub(in crate::cli) no_config: bool,
}

/// A weight of findings, as the user says it.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(in crate::cli) enum WeightArg {
    /// Dash Enterprise 5 breaks without it
    Must,
    /// And what works by luck
    Should,
    /// And advice
    May,
}

/// What becomes of a package index, as the user says it.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(in crate::cli) enum PackageIndexArg {
    /// Name the Dash Enterprise 5 server, when --de5-host says which
    Rewrite,
    /// Remove the option: newer releases of Dash Enterprise 5 know their index
    Remove,
}

impl RuleArgs {
    /// What they choose.
    pub(in crate::cli) fn choices(&self) -> Choices {
        let baseline = self.baseline.clone().map(NamedFile::Anywhere);
        let baseline = baseline.map(|file| BaselineOption::At(BaselinePlace::Disk(file)));
        Choices {
            options: Options {
                select: self.select.clone(),
                ignore: self.ignore.clone(),
                per_file_ignores: self.per_file_ignores.clone(),
                unsafe_fixes: switch(self.unsafe_fixes, self.no_unsafe_fixes),
                target: self.target,
                de5_host: self.de5_host.clone(),
                mapping: self.mapping.clone(),
                inventory: self.inventory.clone().map(NamedFile::Anywhere),
                // The option is there only where one path can be named.
                app_name: None,
                package_index: self.package_index.map(PackageIndex::from),
                private_packages: self.private_packages.clone(),
                env: self.env.clone().map(NamedFile::Anywhere),
                drop_pins: switch(self.drop_pins, self.no_drop_pins),
                baseline: if self.no_baseline {
                    Some(BaselineOption::Off)
                } else {
                    baseline
                },
                strict: switch(self.strict, self.no_strict),
                branch: None,
            },
            fail_on: self.fail_on.map(Category::from),
            exclude: self.exclude.clone(),
            config: match &self.config {
                _ if self.no_config => ConfigChoice::Nothing,
                Some(path) => ConfigChoice::Named(path.clone()),
                None => ConfigChoice::Nearest,
            },
        }
    }
}

impl From<WeightArg> for Category {
    fn from(arg: WeightArg) -> Self {
        match arg {
            WeightArg::Must => Self::Must,
            WeightArg::Should => Self::Should,
            WeightArg::May => Self::May,
        }
    }
}

impl From<PackageIndexArg> for PackageIndex {
    fn from(arg: PackageIndexArg) -> Self {
        match arg {
            PackageIndexArg::Rewrite => Self::Rewrite,
            PackageIndexArg::Remove => Self::Remove,
        }
    }
}

fn switch(on: bool, off: bool) -> Option<bool> {
    (on || off).then_some(on)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use crate::cli::args::{Cli, Command};
    use crate::commands::Effective;
    use crate::commands::options::{FileOptions, Options};
    use crate::rules::settings::{PackageIndex, TargetRelease};
    use crate::rules::{Category, Safety};

    fn effective(arguments: &str, options: Options) -> Effective {
        let words = format!("dashlift check {arguments}");
        let Command::Check(check) = Cli::parse_from(words.split_whitespace()).command else {
            panic!("not check");
        };
        let file = FileOptions {
            options,
            ..FileOptions::default()
        };
        Effective::new(&check.common.rules.choices(), file).unwrap()
    }

    #[test]
    fn the_command_line_wins() {
        let file = || Options {
            select: Some(vec!["DL1".parse().unwrap()]),
            de5_host: Some("file.example.com".to_owned()),
            unsafe_fixes: Some(true),
            strict: Some(true),
            branch: Some("b".to_owned()),
            ..Options::default()
        };
        let told = effective("--select DL201,DL202 --de5-host told.example.com", file());
        assert_eq!(told.rules.select.len(), 2);
        assert_eq!(told.rules.de5_host.as_deref(), Some("told.example.com"));
        assert_eq!(told.allowed, Safety::Unsafe);
        assert_eq!(told.fail_on, Category::May);
        assert_eq!(told.branch, "b");
        let told = effective("--no-unsafe-fixes --no-strict", file());
        assert_eq!(told.allowed, Safety::Safe);
        assert_eq!(told.fail_on, Category::Should);
        assert_eq!(told.rules.select.len(), 1);
        let plain = effective("", Options::default());
        assert_eq!(plain.branch, "dash-enterprise-5");
        assert_eq!(plain.rules.target, TargetRelease::default());
    }

    #[test]
    fn lists_may_be_repeated() {
        let told = effective(
            "--mapping /srv/a:/a --mapping /srv/b:/b --private x,y --package-index remove",
            Options::default(),
        );
        assert_eq!(told.rules.mappings.len(), 2);
        assert_eq!(told.rules.private_packages, ["x", "y"]);
        assert_eq!(told.rules.package_index, PackageIndex::Remove);
    }
}
