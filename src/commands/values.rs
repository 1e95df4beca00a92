//! The values that a configuration file can give, and how each is read.

use std::io::Write;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::str::FromStr;

use thiserror::Error;
use toml_edit::{Item, Value};

use super::refusal::PathRefusal;
use crate::disk::{DiskError, FileKind, Folder, Replacement, read_named};
use crate::rules::settings::{
    DirectoryMapping, FileIgnores, MappingError, PackageIndex, PatternError, Release, ReleaseError,
    Selector, SelectorError,
};
use crate::tree::TreePath;

/// What a configuration file said; `None` for what it did not speak of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "each is the key of the same name in `docs/configuration.md`"
)]
pub struct Values {
    /// The file that said it.
    pub file: Option<String>,
    /// The absolute folder that the file is in; none for a file of a commit.
    pub folder: Option<PathBuf>,
    /// The repository or folder that the file was found in: what the file names lies in there.
    /// None for a file that the user named, and for one above the repository.
    pub within: Option<PathBuf>,
    pub select: Option<Vec<Selector>>,
    pub ignore: Option<Vec<Selector>>,
    pub per_file_ignores: Option<Vec<FileIgnores>>,
    pub unsafe_fixes: Option<bool>,
    pub target: Option<Release>,
    pub de5_host: Option<String>,
    pub mapping: Option<Vec<DirectoryMapping>>,
    pub inventory: Option<PathBuf>,
    pub app_name: Option<String>,
    pub package_index: Option<PackageIndex>,
    pub private_packages: Option<Vec<String>>,
    pub env: Option<PathBuf>,
    pub drop_pins: Option<bool>,
    pub baseline: Option<String>,
    pub strict: Option<bool>,
    pub branch: Option<String>,
}

impl Values {
    /// The environment that the file names.
    pub fn environment(&self) -> Option<NamedFile> {
        self.env.as_ref().map(|env| self.named(env))
    }

    /// A path that the file holds, as seen from the file's folder.
    pub fn named(&self, path: &Path) -> NamedFile {
        let folder = self.folder.as_ref();
        let whole = folder.map_or_else(|| path.to_owned(), |folder| folder.join(path));
        match &self.within {
            None => NamedFile::Anywhere(whole),
            Some(root) => NamedFile::Within {
                below: below(root, &whole),
                root: root.clone(),
                told: path.display().to_string(),
            },
        }
    }

    /// The inventory that the file names, as seen from the file's folder.
    pub fn inventory(&self) -> Option<NamedFile> {
        self.inventory.as_ref().map(|path| self.named(path))
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
        let Some(name) = self.app_name.clone() else {
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
        for ignores in self.per_file_ignores.iter_mut().flatten() {
            *ignores = ignores.clone().seen_from(base.clone());
        }
    }
}

/// A file or folder that somebody named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamedFile {
    /// By the user: it may lie anywhere.
    Anywhere(PathBuf),
    /// By a file of a repository: it lies in there.
    Within {
        /// The repository or folder.
        root: PathBuf,
        /// The path below; none when it leads out.
        below: Option<PathBuf>,
        /// What the file says.
        told: String,
    },
}

impl NamedFile {
    /// How people know it.
    pub fn display(&self) -> String {
        match self {
            Self::Anywhere(path) => path.display().to_string(),
            Self::Within {
                root,
                below: Some(below),
                ..
            } => root.join(below).display().to_string(),
            Self::Within { told, .. } => told.clone(),
        }
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// When it is no regular file, leads out, is too large, or cannot be read.
    pub fn read(&self, kind: FileKind) -> Result<Vec<u8>, DiskError> {
        match self {
            Self::Anywhere(path) => read_named(path, kind),
            Self::Within { root, below, .. } => {
                let below = below.as_ref().ok_or(DiskError::Outside)?;
                Folder::open(root)?.read(below, kind)
            }
        }
    }

    /// The folder, opened.
    ///
    /// # Errors
    /// When there is no such folder, or it leads out.
    pub fn open(&self) -> Result<Folder, DiskError> {
        match self {
            Self::Anywhere(path) => Folder::open(path),
            Self::Within { root, below, .. } => {
                Folder::open(root)?.open_below(below.as_ref().ok_or(DiskError::Outside)?)
            }
        }
    }

    /// Puts a new file in the place of the old one, if there is one: whoever reads it meanwhile
    /// has the one or the other.
    ///
    /// # Errors
    /// When it is no regular file, leads out, or cannot be written.
    pub fn replace(&self, bytes: &[u8]) -> Result<(), DiskError> {
        let mut new = match self {
            Self::Anywhere(path) => Replacement::of_named(path)?,
            Self::Within { root, below, .. } => {
                let below = below.as_ref().ok_or(DiskError::Outside)?;
                Replacement::below(Folder::open(root)?, below)?
            }
        };
        new.write_all(bytes)?;
        new.finish()
    }
}

/// The path of `whole` below `root` when it does not lead out; links are another matter.
fn below(root: &Path, whole: &Path) -> Option<PathBuf> {
    let mut parts: Vec<Component> = Vec::new();
    for part in whole.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let plain: PathBuf = parts.into_iter().collect();
    plain.strip_prefix(root).ok().map(Path::to_owned)
}

/// Why a value is not accepted.
#[derive(Debug, PartialEq, Eq, Error)]
#[allow(missing_docs, reason = "the sentence of each says what it is")]
pub enum ValueReason {
    /// Another type.
    #[error("must be {expected}, not {found}")]
    Type {
        expected: &'static str,
        found: &'static str,
    },
    /// Not one of the words.
    #[error("must be {0}")]
    Choice(&'static str),
    #[error(transparent)]
    Release(#[from] ReleaseError),
    #[error(transparent)]
    Mapping(#[from] MappingError),
    #[error(transparent)]
    Selector(#[from] SelectorError),
    #[error(transparent)]
    Pattern(#[from] PatternError),
    #[error(transparent)]
    Host(#[from] HostError),
    #[error("must be the name of an app on its server: lower-case letters, digits and `-`")]
    AppName,
}

/// A text that is no host name. It is not repeated: it may be a URL with a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be a host name, as in dash.example.com, without path or user name")]
pub struct HostError;

/// The place of a wrong value, where it has one of its own, and what is wrong.
type Wrong = (Option<Range<usize>>, ValueReason);

/// A key of the configuration.
pub struct Key {
    /// Its name, which is that of its option.
    pub name: &'static str,
    /// Takes its value from a file.
    pub read: fn(&mut Values, &Item) -> Result<(), Wrong>,
}

/// All keys, by the names of their options.
pub const KEYS: &[Key] = &[
    Key {
        name: "select",
        read: |values, item| parsed_list(item).map(|value| values.select = Some(value)),
    },
    Key {
        name: "ignore",
        read: |values, item| parsed_list(item).map(|value| values.ignore = Some(value)),
    },
    Key {
        name: "per-file-ignores",
        read: |values, item| patterns(item).map(|value| values.per_file_ignores = Some(value)),
    },
    Key {
        name: "unsafe-fixes",
        read: |values, item| truth(item).map(|value| values.unsafe_fixes = Some(value)),
    },
    Key {
        name: "target",
        read: |values, item| {
            text(item)
                .and_then(parsed)
                .map(|value| values.target = Some(value))
        },
    },
    Key {
        name: "de5-host",
        read: |values, item| {
            let host = host(text(item)?).map_err(|reason| (None, reason.into()))?;
            values.de5_host = Some(host);
            Ok(())
        },
    },
    Key {
        name: "mapping",
        read: |values, item| parsed_list(item).map(|value| values.mapping = Some(value)),
    },
    Key {
        name: "inventory",
        read: |values, item| text(item).map(|path| values.inventory = Some(path.into())),
    },
    Key {
        name: "app-name",
        read: |values, item| app_name(text(item)?).map(|name| values.app_name = Some(name)),
    },
    Key {
        name: "package-index",
        read: |values, item| {
            text(item)
                .and_then(package_index)
                .map(|value| values.package_index = Some(value))
        },
    },
    Key {
        name: "private-packages",
        read: |values, item| {
            let names = list(item)?.into_iter().map(|(_, name)| name.to_owned());
            values.private_packages = Some(names.collect());
            Ok(())
        },
    },
    Key {
        name: "env",
        read: |values, item| text(item).map(|path| values.env = Some(path.into())),
    },
    Key {
        name: "drop-pins",
        read: |values, item| truth(item).map(|value| values.drop_pins = Some(value)),
    },
    Key {
        name: "baseline",
        read: |values, item| text(item).map(|file| values.baseline = Some(file.to_owned())),
    },
    Key {
        name: "strict",
        read: |values, item| truth(item).map(|value| values.strict = Some(value)),
    },
    Key {
        name: "branch",
        read: |values, item| text(item).map(|name| values.branch = Some(name.to_owned())),
    },
];

/// The host's name in what a user gives for one: a scheme before it and a slash behind it are
/// taken away.
///
/// # Errors
/// When something else is in it.
pub fn host(text: &str) -> Result<String, HostError> {
    let text = text.trim();
    let text = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .unwrap_or(text);
    let host = text.trim_end_matches('/');
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    let named = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.')
        && !name.starts_with(['-', '.']);
    if named && port.parse::<u16>().is_ok() {
        Ok(host.to_ascii_lowercase())
    } else {
        Err(HostError)
    }
}

/// A name that a server has: it is printed in commands.
fn app_name(text: &str) -> Result<String, Wrong> {
    let is_known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.is_empty() || text.starts_with('-') || !text.chars().all(is_known) {
        return Err((None, ValueReason::AppName));
    }
    Ok(text.to_owned())
}

fn package_index(text: &str) -> Result<PackageIndex, Wrong> {
    match text {
        "rewrite" => Ok(PackageIndex::Rewrite),
        "remove" => Ok(PackageIndex::Remove),
        _ => Err((None, ValueReason::Choice("\"rewrite\" or \"remove\""))),
    }
}

fn parsed<T: FromStr>(text: &str) -> Result<T, Wrong>
where
    ValueReason: From<T::Err>,
{
    text.parse().map_err(|reason: T::Err| (None, reason.into()))
}

fn parsed_list<T: FromStr>(item: &Item) -> Result<Vec<T>, Wrong>
where
    ValueReason: From<T::Err>,
{
    let elements = list(item)?.into_iter();
    let parsed =
        elements.map(|(span, text)| text.parse().map_err(|reason: T::Err| (span, reason.into())));
    parsed.collect()
}

/// A table of patterns, each with a list of codes.
fn patterns(item: &Item) -> Result<Vec<FileIgnores>, Wrong> {
    let table = item
        .as_table_like()
        .ok_or_else(|| wrong_type(item, "a table, as in { \"notebooks/\" = [\"DL301\"] }"))?;
    let entries = table.iter().map(|(pattern, codes)| {
        let place = table.key(pattern).and_then(toml_edit::Key::span);
        let codes =
            parsed_list(codes).map_err(|(span, reason)| (span.or(place.clone()), reason))?;
        FileIgnores::new(pattern, codes).map_err(|reason| (place, reason.into()))
    });
    entries.collect()
}

fn truth(item: &Item) -> Result<bool, Wrong> {
    item.as_bool()
        .ok_or_else(|| wrong_type(item, "true or false"))
}

fn text(item: &Item) -> Result<&str, Wrong> {
    item.as_str()
        .ok_or_else(|| wrong_type(item, "a text in quotes"))
}

/// A text and its place.
type Placed<'i> = (Option<Range<usize>>, &'i str);

/// The texts of a list, each with its place.
fn list(item: &Item) -> Result<Vec<Placed<'_>>, Wrong> {
    const EXPECTED: &str = "a list of texts, as in [\"…\"]";
    let array = item.as_array().ok_or_else(|| wrong_type(item, EXPECTED))?;
    let elements = array.iter().map(|value| match value {
        Value::String(text) => Ok((value.span(), text.value().as_str())),
        other => {
            let found = article(other.type_name());
            Err((
                value.span(),
                ValueReason::Type {
                    expected: EXPECTED,
                    found,
                },
            ))
        }
    });
    elements.collect()
}

fn wrong_type(item: &Item, expected: &'static str) -> Wrong {
    let found = article(item.type_name());
    (item.span(), ValueReason::Type { expected, found })
}

/// The type of a TOML value, in words.
fn article(name: &str) -> &'static str {
    match name {
        "string" => "a text",
        "integer" | "float" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "datetime" => "a date",
        _ => "a table",
    }
}
