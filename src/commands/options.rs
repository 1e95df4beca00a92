//! What a user can say of a run, by the command line or a configuration file: one structure for
//! both, one table of keys, one order of who wins.

mod read;

use std::path::{Path, PathBuf};

use toml_edit::Item;

use super::baseline::{BaselineOption, BaselinePlace};
use super::named_file::NamedFile;
use super::refusal::PathRefusal;
use crate::rules::settings::{DirectoryMapping, FileIgnores, PackageIndex, Release, Selector};
use crate::tree::TreePath;

pub use read::{HostError, ValueReason, host};
use read::{
    Wrong, app_name, baseline, named_file, package_index, parse_list, parse_text, patterns,
    server_host, text_list, text_of, truth,
};

/// A key of the configuration.
pub struct Key {
    /// Its name, which is that of its option.
    pub name: &'static str,
    /// Takes its value from a file.
    pub read: fn(&mut Options, &Item) -> Result<(), Wrong>,
}

/// Makes the structure, the order of who wins, and the table of keys from one list.
macro_rules! options {
    ($($(#[$doc:meta])* $name:literal: $field:ident: $type:ty = $read:expr;)*) => {
        /// What was said; `None` for what nobody spoke of.
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct Options {
            $($(#[$doc])* pub $field: Option<$type>,)*
        }

        impl Options {
            /// These, and those of `below` where nothing is said here; a list replaces the other.
            #[must_use]
            pub fn over(self, below: Self) -> Self {
                Self { $($field: self.$field.or(below.$field),)* }
            }
        }

        /// All keys.
        pub const KEYS: &[Key] = &[$(Key {
            name: $name,
            read: |options, item| $read(item).map(|value| options.$field = Some(value)),
        },)*];
    };
}

options! {
    /// Only these rules.
    "select": select: Vec<Selector> = parse_list;
    /// Not these rules.
    "ignore": ignore: Vec<Selector> = parse_list;
    /// Not these rules in these files.
    "per-file-ignores": per_file_ignores: Vec<FileIgnores> = patterns;
    /// Whether fixes are allowed that are right in most cases only.
    "unsafe-fixes": unsafe_fixes: bool = truth;
    /// The release to move to.
    "target": target: Release = parse_text;
    /// The host of the new server.
    "de5-host": de5_host: String = server_host;
    /// Directory mappings of the old server.
    "mapping": mapping: Vec<DirectoryMapping> = parse_list;
    /// The inventory of the old server.
    "inventory": inventory: NamedFile = named_file;
    /// The name of the app beside the configuration file.
    "app-name": app_name: String = app_name;
    /// What becomes of a package index of the old server.
    "package-index": package_index: PackageIndex = package_index;
    /// Packages that only a private index has.
    "private-packages": private_packages: Vec<String> = text_list;
    /// An installed environment.
    "env": env: NamedFile = named_file;
    /// Whether versions of requirements that go are forgotten.
    "drop-pins": drop_pins: bool = truth;
    /// The baseline.
    "baseline": baseline: BaselineOption = baseline;
    /// Whether advice counts for the exit code.
    "strict": strict: bool = truth;
    /// The branch that `migrate` makes.
    "branch": branch: String = text_of;
}

/// What a configuration file said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileOptions {
    /// The file that said it; none where there is none.
    pub file: Option<String>,
    /// The absolute folder that the file is in; none for a file of a commit.
    pub folder: Option<PathBuf>,
    /// What it said.
    pub options: Options,
}

impl FileOptions {
    /// Gives the file its place: an absolute folder, and the repository or folder that it was found
    /// in, which the paths that it names may not lead out of. That is none for a file that the
    /// user named, and for one above the repository.
    pub fn place_in(&mut self, folder: &Path, within: Option<&Path>) {
        self.folder = Some(folder.to_owned());
        self.change_paths(|path| NamedFile::from_file(path, folder, within));
    }

    /// Gives the file its place in the root of a commit.
    pub fn place_in_commit(&mut self) {
        self.change_paths(NamedFile::from_commit);
        if let Some(BaselineOption::At(BaselinePlace::Disk(file))) = &self.options.baseline {
            let named = file.display();
            // What leads out of the commit is told as what is not there.
            let path = TreePath::new(&named).unwrap_or_else(|_| TreePath::root().child(&named));
            self.options.baseline = Some(BaselineOption::At(BaselinePlace::Commit(path)));
        }
    }

    fn change_paths(&mut self, place: impl Fn(&Path) -> NamedFile) {
        let options = &mut self.options;
        let baseline = match &mut options.baseline {
            Some(BaselineOption::At(BaselinePlace::Disk(file))) => Some(file),
            _ => None,
        };
        let files = [options.inventory.as_mut(), options.env.as_mut(), baseline];
        for file in files.into_iter().flatten() {
            if let NamedFile::Anywhere(path) = file {
                *file = place(path);
            }
        }
    }

    /// The app that the file names: its folder in the repository at `root`, and its name. A file of a
    /// commit is in the root.
    ///
    /// # Errors
    /// When the file is not in the repository.
    pub fn named_app(
        &self,
        root: Option<&Path>,
    ) -> Result<Option<(TreePath, String)>, PathRefusal> {
        let Some(name) = self.options.app_name.clone() else {
            return Ok(None);
        };
        let Some(folder) = &self.folder else {
            return Ok(Some((TreePath::root(), name)));
        };
        let inside = root.and_then(|root| folder.strip_prefix(root).ok());
        let inside = inside.and_then(|inside| TreePath::new(inside.to_str()?).ok());
        let file = || self.file.clone().unwrap_or_default();
        let inside = inside.ok_or_else(|| PathRefusal::AppNameOutside(file()))?;
        Ok(Some((inside, name)))
    }

    /// Patterns of a file in the repository at `root` are seen from the file's folder; those of
    /// other files from the root itself.
    pub fn look_from(&mut self, root: &Path) {
        let folder = self.folder.as_deref();
        let inside = folder.and_then(|folder| folder.strip_prefix(root).ok());
        let base = inside.and_then(|inside| TreePath::new(inside.to_str()?).ok());
        let Some(base) = base else { return };
        for ignores in self.options.per_file_ignores.iter_mut().flatten() {
            *ignores = ignores.clone().seen_from(base.clone());
        }
    }
}
