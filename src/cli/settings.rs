//! What a run works with: the command line over the configuration file over the defaults.

use std::path::Path;
use std::sync::Arc;

use super::args::{PackageIndexArg, RuleArgs};
use super::baseline::BaselinePlace;
use super::environment;
use super::known;
use super::refusal::Refusal;
use super::values::{Named, Values, host};
use crate::disk::Kind;
use crate::inventory::Inventory;
use crate::rules::settings::{PackageIndex, Target};
use crate::rules::{Safety, Settings};
use crate::tree::TreePath;

/// The branch that `migrate` makes where nobody names another.
const BRANCH: &str = "dash-enterprise-5";

/// Everything that was decided before the first look at an app.
#[derive(Debug, Clone)]
pub(super) struct Effective {
    /// What the rules are told.
    pub(super) rules: Settings,
    /// The fixes that may be made.
    pub(super) allowed: Safety,
    /// The findings that are not reported.
    pub(super) baseline: Option<BaselinePlace>,
    /// Whether advice counts for the exit code.
    pub(super) strict: bool,
    /// The branch of `migrate`, where the command line names none.
    pub(super) branch: String,
    /// The inventory that the rules are told of.
    pub(super) inventory: Option<Arc<Inventory>>,
    /// The configuration file that was read.
    pub(super) file: Option<String>,
}

impl Effective {
    /// The command line wins over the file; its lists replace the file's.
    ///
    /// # Errors
    /// When `--de5-host` names no host, or `--env` no environment.
    pub(super) fn of(args: &RuleArgs, file: Values) -> Result<Self, Refusal> {
        let environment = args.env.clone().map(Named::Anywhere);
        let environment = environment.or_else(|| file.environment());
        let installed = environment.map(|folder| environment::read(&folder, None));
        let baseline = baseline(args, &file);
        let inventory = args.inventory.clone().map(Named::Anywhere);
        let inventory = inventory.or_else(|| file.inventory());
        let inventory = inventory.map(|named| known::read(&named)).transpose()?;
        let told_host = args.de5_host.as_deref().map(host).transpose();
        let rules = Settings {
            target: Target(args.target.or(file.target).unwrap_or(Target::default().0)),
            de5_host: told_host.map_err(Refusal::Host)?.or(file.de5_host),
            mappings: args.mapping.clone().or(file.mapping).unwrap_or_default(),
            package_index: args
                .package_index
                .map(package_index)
                .or(file.package_index)
                .unwrap_or_default(),
            private_packages: args
                .private_packages
                .clone()
                .or(file.private_packages)
                .unwrap_or_default(),
            select: args.select.clone().or(file.select).unwrap_or_default(),
            ignore: args.ignore.clone().or(file.ignore).unwrap_or_default(),
            per_file_ignores: args
                .per_file_ignores
                .clone()
                .or(file.per_file_ignores)
                .unwrap_or_default(),
            installed: installed.transpose()?.map(Arc::new),
            drop_pins: switch(args.drop_pins, args.no_drop_pins, file.drop_pins),
            ..Settings::default()
        };
        let unsafe_fixes = switch(args.unsafe_fixes, args.no_unsafe_fixes, file.unsafe_fixes);
        Ok(Self {
            rules,
            allowed: if unsafe_fixes {
                Safety::Unsafe
            } else {
                Safety::Safe
            },
            baseline,
            inventory,
            strict: switch(args.strict, args.no_strict, file.strict),
            branch: file.branch.unwrap_or_else(|| BRANCH.to_owned()),
            file: file.file,
        })
    }
}

impl Effective {
    /// Everything that was decided and that a result depends on, the same on every machine.
    pub(super) fn told(&self) -> String {
        let rules = &self.rules;
        format!(
            "{:?}",
            (
                (rules.target, &rules.de5_host, &rules.mappings),
                (rules.package_index, &rules.private_packages),
                (&rules.select, &rules.ignore, &rules.per_file_ignores),
                (self.allowed, self.strict, &self.branch),
                (
                    rules.drop_pins,
                    rules.installed.as_ref().map(|it| &it.origin)
                ),
                self.baseline.as_ref().map(contents),
                &self.inventory,
            )
        )
    }
}

/// What a baseline on disk holds; one of a commit is told by the commit.
fn contents(place: &BaselinePlace) -> Vec<u8> {
    match place {
        BaselinePlace::Disk(path) => path.read(Kind::Baseline).unwrap_or_default(),
        BaselinePlace::Commit(path) => path.as_str().as_bytes().to_owned(),
    }
}

/// The file of the command line; that of a configuration file as seen from its folder.
fn baseline(args: &RuleArgs, file: &Values) -> Option<BaselinePlace> {
    if args.no_baseline {
        return None;
    }
    if let Some(told) = &args.baseline {
        return Some(BaselinePlace::Disk(Named::Anywhere(told.clone())));
    }
    let named = file.baseline.as_ref()?;
    if file.folder.is_some() {
        return Some(BaselinePlace::Disk(file.named(Path::new(named))));
    }
    // What leads out of the commit is told as what is not there.
    let path = TreePath::new(named);
    let path = path.unwrap_or_else(|_| TreePath::root().child(named));
    Some(BaselinePlace::Commit(path))
}

fn switch(on: bool, off: bool, file: Option<bool>) -> bool {
    on || (!off && file.unwrap_or(false))
}

fn package_index(arg: PackageIndexArg) -> PackageIndex {
    match arg {
        PackageIndexArg::Rewrite => PackageIndex::Rewrite,
        PackageIndexArg::Remove => PackageIndex::Remove,
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::args::{Cli, Command};

    fn effective(arguments: &str, file: Values) -> Effective {
        let words = format!("dashlift check {arguments}");
        let Command::Check(check) = Cli::parse_from(words.split_whitespace()).command else {
            panic!("not check");
        };
        Effective::of(&check.common.rules, file).unwrap()
    }

    #[test]
    fn the_command_line_wins() {
        let file = || Values {
            select: Some(vec!["DL1".parse().unwrap()]),
            de5_host: Some("file.example.com".to_owned()),
            unsafe_fixes: Some(true),
            strict: Some(true),
            branch: Some("b".to_owned()),
            ..Values::default()
        };
        let told = effective("--select DL201,DL202 --de5-host told.example.com", file());
        assert_eq!(told.rules.select.len(), 2);
        assert_eq!(told.rules.de5_host.as_deref(), Some("told.example.com"));
        assert_eq!(told.allowed, Safety::Unsafe);
        assert!(told.strict);
        assert_eq!(told.branch, "b");
        let told = effective("--no-unsafe-fixes --no-strict", file());
        assert_eq!(told.allowed, Safety::Safe);
        assert!(!told.strict);
        assert_eq!(told.rules.select.len(), 1);
        let plain = effective("", Values::default());
        assert_eq!(plain.branch, "dash-enterprise-5");
        assert_eq!(plain.rules.target, Target::default());
    }

    #[test]
    fn lists_may_be_repeated() {
        let told = effective(
            "--mapping /srv/a:/a --mapping /srv/b:/b --private x,y --package-index remove",
            Values::default(),
        );
        assert_eq!(told.rules.mappings.len(), 2);
        assert_eq!(told.rules.private_packages, ["x", "y"]);
        assert_eq!(told.rules.package_index, PackageIndex::Remove);
    }
}
