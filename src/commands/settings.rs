//! What a run works with: the command line over the configuration file over the defaults.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::baseline::BaselinePlace;
use super::environment;
use super::known;
use super::refusal::PathRefusal;
use super::values::{NamedFile, Values, host};
use crate::disk::FileKind;
use crate::inventory::Inventory;
use crate::rules::settings::{
    DirectoryMapping, FileIgnores, PackageIndex, Release, Selector, TargetRelease,
};
use crate::rules::{Category, Safety, Settings};
use crate::tree::TreePath;

/// The branch that `migrate` makes where nobody names another.
const BRANCH: &str = "dash-enterprise-5";

/// A file that the command line may name, or say that there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum FileChoice {
    /// The one that is found, or that the configuration names.
    #[default]
    Configured,
    /// This one.
    Named(PathBuf),
    /// None, whatever the configuration says.
    Nothing,
}

/// What was chosen for a run, before the configuration file: none where the file decides, or the default.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// Only these rules.
    pub select: Option<Vec<Selector>>,
    /// Not these rules.
    pub ignore: Option<Vec<Selector>>,
    /// Not these rules in these files.
    pub per_file_ignores: Option<Vec<FileIgnores>>,
    /// Whether fixes are allowed that are right in most cases only.
    pub unsafe_fixes: Option<bool>,
    /// The release to move to.
    pub target: Option<Release>,
    /// The host of the new server, as the user writes it.
    pub de5_host: Option<String>,
    /// Directory mappings of the old server.
    pub mapping: Option<Vec<DirectoryMapping>>,
    /// The inventory of the old server.
    pub inventory: Option<PathBuf>,
    /// What becomes of a package index of the old server.
    pub package_index: Option<PackageIndex>,
    /// Packages that only a private index has.
    pub private_packages: Option<Vec<String>>,
    /// An installed environment.
    pub env: Option<PathBuf>,
    /// Whether versions of requirements that go are forgotten.
    pub drop_pins: Option<bool>,
    /// The baseline.
    pub baseline: FileChoice,
    /// Whether advice counts for the exit code.
    pub strict: Option<bool>,
    /// The least weight that counts for the exit code; more than `strict` says.
    pub fail_on: Option<Category>,
    /// Nothing is said about these files.
    pub exclude: Vec<FileIgnores>,
    /// The configuration file.
    pub config: FileChoice,
}

/// Everything that was decided before the first look at an app.
#[derive(Debug, Clone)]
pub struct Effective {
    /// What the rules are told.
    pub rules: Settings,
    /// The fixes that may be made.
    pub allowed: Safety,
    /// The findings that are not reported.
    pub baseline: Option<BaselinePlace>,
    /// The least weight that counts for the exit code.
    pub fail_on: Category,
    /// The branch of `migrate`, where the command line names none.
    pub branch: String,
    /// The inventory that the rules are told of.
    pub inventory: Option<Arc<Inventory>>,
    /// The configuration file that was read.
    pub file: Option<String>,
}

impl Effective {
    /// The command line wins over the file; its lists replace the file's.
    ///
    /// # Errors
    /// When `--de5-host` names no host, or `--env` no environment.
    pub fn new(chosen: &Choices, file: Values) -> Result<Self, PathRefusal> {
        let environment = chosen.env.clone().map(NamedFile::Anywhere);
        let environment = environment.or_else(|| file.environment());
        let installed = environment.map(|folder| environment::read(&folder, None));
        let baseline = baseline(chosen, &file);
        let inventory = chosen.inventory.clone().map(NamedFile::Anywhere);
        let inventory = inventory.or_else(|| file.inventory());
        let inventory = inventory.map(|named| known::read(&named)).transpose()?;
        let told_host = chosen.de5_host.as_deref().map(host).transpose();
        let rules = Settings {
            target: TargetRelease(
                chosen
                    .target
                    .or(file.target)
                    .unwrap_or(TargetRelease::default().0),
            ),
            de5_host: told_host.map_err(PathRefusal::Host)?.or(file.de5_host),
            mappings: chosen.mapping.clone().or(file.mapping).unwrap_or_default(),
            package_index: chosen
                .package_index
                .or(file.package_index)
                .unwrap_or_default(),
            private_packages: chosen
                .private_packages
                .clone()
                .or(file.private_packages)
                .unwrap_or_default(),
            select: chosen.select.clone().or(file.select).unwrap_or_default(),
            ignore: chosen.ignore.clone().or(file.ignore).unwrap_or_default(),
            per_file_ignores: chosen
                .per_file_ignores
                .clone()
                .or(file.per_file_ignores)
                .into_iter()
                .flatten()
                .chain(chosen.exclude.iter().cloned())
                .collect(),
            installed: installed.transpose()?.map(Arc::new),
            drop_pins: switch(chosen.drop_pins, file.drop_pins),
            ..Settings::default()
        };
        let least = if switch(chosen.strict, file.strict) {
            Category::May
        } else {
            Category::Should
        };
        let unsafe_fixes = switch(chosen.unsafe_fixes, file.unsafe_fixes);
        Ok(Self {
            rules,
            allowed: if unsafe_fixes {
                Safety::Unsafe
            } else {
                Safety::Safe
            },
            baseline,
            inventory,
            fail_on: chosen.fail_on.unwrap_or(least),
            branch: file.branch.unwrap_or_else(|| BRANCH.to_owned()),
            file: file.file,
        })
    }
}

impl Effective {
    /// Everything that was decided and that a result depends on, the same on every machine.
    pub fn describe(&self) -> String {
        let rules = &self.rules;
        format!(
            "{:?}",
            (
                (rules.target, &rules.de5_host, &rules.mappings),
                (rules.package_index, &rules.private_packages),
                (&rules.select, &rules.ignore, &rules.per_file_ignores),
                (self.allowed, self.fail_on, &self.branch),
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
        BaselinePlace::Disk(path) => path.read(FileKind::Baseline).unwrap_or_default(),
        BaselinePlace::Commit(path) => path.as_str().as_bytes().to_owned(),
    }
}

/// The file that was chosen; that of a configuration file as seen from its folder.
fn baseline(chosen: &Choices, file: &Values) -> Option<BaselinePlace> {
    match &chosen.baseline {
        FileChoice::Nothing => return None,
        FileChoice::Named(path) => {
            return Some(BaselinePlace::Disk(NamedFile::Anywhere(path.clone())));
        }
        FileChoice::Configured => {}
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

fn switch(chosen: Option<bool>, file: Option<bool>) -> bool {
    chosen.or(file).unwrap_or(false)
}
