//! What a run works with: the command line over the configuration file over the defaults.

use std::path::PathBuf;
use std::sync::Arc;

use super::baseline::{BaselineOption, BaselinePlace};
use super::environment;
use super::known;
use super::options::{FileOptions, Options, host};
use super::refusal::PathRefusal;
use crate::disk::FileKind;
use crate::inventory::Inventory;
use crate::rules::settings::{FileIgnores, TargetRelease};
use crate::rules::{Category, Safety, Settings};

/// The branch that `migrate` makes where nobody names another.
const BRANCH: &str = "dash-enterprise-5";

/// The configuration file of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ConfigChoice {
    /// The nearest one.
    #[default]
    Nearest,
    /// This one.
    Named(PathBuf),
    /// None.
    Nothing,
}

/// What a command line says of a run.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// What a configuration file can say too.
    pub options: Options,
    /// The least weight that counts for the exit code; more than `strict` says.
    pub fail_on: Option<Category>,
    /// Nothing is said about these files.
    pub exclude: Vec<FileIgnores>,
    /// The configuration file.
    pub config: ConfigChoice,
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
    /// When `--de5-host` names no host, or the environment or the inventory cannot be read.
    pub fn new(chosen: &Choices, file: FileOptions) -> Result<Self, PathRefusal> {
        let options = chosen.options.clone().over(file.options);
        let installed = options.env.map(|folder| environment::read(&folder, None));
        let inventory = options.inventory.map(|named| known::read(&named));
        let ignores = options.per_file_ignores.into_iter().flatten();
        let target = options.target.map(TargetRelease);
        // As the user writes it; that of a file has been looked at, and stays as it is.
        let host = options.de5_host.as_deref().map(host);
        let rules = Settings {
            target: target.unwrap_or_default(),
            de5_host: host.transpose().map_err(PathRefusal::Host)?,
            mappings: options.mapping.unwrap_or_default(),
            package_index: options.package_index.unwrap_or_default(),
            private_packages: options.private_packages.unwrap_or_default(),
            select: options.select.unwrap_or_default(),
            ignore: options.ignore.unwrap_or_default(),
            per_file_ignores: ignores.chain(chosen.exclude.iter().cloned()).collect(),
            installed: installed.transpose()?.map(Arc::new),
            drop_pins: options.drop_pins.unwrap_or(false),
            ..Settings::default()
        };
        let least = match options.strict {
            Some(true) => Category::May,
            _ => Category::Should,
        };
        Ok(Self {
            rules,
            allowed: match options.unsafe_fixes {
                Some(true) => Safety::Unsafe,
                _ => Safety::Safe,
            },
            baseline: match options.baseline {
                Some(BaselineOption::At(place)) => Some(place),
                Some(BaselineOption::Off) | None => None,
            },
            inventory: inventory.transpose()?,
            fail_on: chosen.fail_on.unwrap_or(least),
            branch: options.branch.unwrap_or_else(|| BRANCH.to_owned()),
            file: file.file,
        })
    }

    /// Everything that was decided and that a result depends on, the same on every machine. Each
    /// field is named, so that none can be forgotten.
    pub fn describe(&self) -> String {
        let Self {
            rules,
            allowed,
            baseline,
            fail_on,
            branch,
            inventory,
            file: _,
        } = self;
        let Settings {
            target,
            de5_host,
            mappings,
            server: _,
            package_index,
            private_packages,
            installed,
            drop_pins,
            rules: _,
            select,
            ignore,
            per_file_ignores,
        } = rules;
        let installed = installed.as_ref().map(|it| &it.origin);
        let baseline = baseline.as_ref().map(contents);
        format!(
            "{:?}",
            (
                (target, de5_host, mappings, package_index, private_packages),
                (select, ignore, per_file_ignores, allowed, fail_on, branch),
                (drop_pins, installed, baseline, inventory),
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
