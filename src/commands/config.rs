//! Configuration files: `dashlift.toml`, or `[tool.dashlift]` of a `pyproject.toml`. An unknown
//! key or a wrong value is an error with its place, never passed over.

use std::path::{Path, PathBuf};

use thiserror::Error;
use toml_edit::{Document, Item, TableLike};

use super::options::{FileOptions, KEYS, ValueReason};
use super::suggest::nearest as nearest_name;
use crate::disk::{DiskError, FileKind, Folder, read_named};
use crate::text::{Position, Text};
use crate::tree::{ReadError, Tree, TreePath};

/// The file of its own, and the one that Python tools share.
const FILES: [&str; 2] = ["dashlift.toml", "pyproject.toml"];

/// Why a configuration file was not accepted.
#[derive(Debug, Error)]
#[error("{file}{}: {kind}", .position.map(|position| format!(":{position}")).unwrap_or_default())]
pub struct ConfigError {
    file: String,
    position: Option<Position>,
    kind: ConfigErrorKind,
}

/// What is wrong.
#[derive(Debug, Error)]
enum ConfigErrorKind {
    /// The repository does not give it.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// It was not opened.
    #[error("{0}")]
    Unopened(#[from] DiskError),
    /// Not text.
    #[error("{0}")]
    NotText(crate::text::DecodeErrorKind),
    /// Not TOML.
    #[error("{0}")]
    Syntax(String),
    /// `--config pyproject.toml` without the table.
    #[error("there is no [tool.dashlift] in it")]
    NoTable,
    /// `tool.dashlift = 1`.
    #[error("`tool.dashlift` must be a table")]
    NotATable,
    /// A key that means nothing.
    #[error("unknown key `{key}`{}", hint(*.nearest))]
    UnknownKey {
        key: String,
        nearest: Option<&'static str>,
    },
    /// A value that its key cannot have.
    #[error("`{key}`: {reason}")]
    Value {
        key: &'static str,
        reason: ValueReason,
    },
}

fn hint(nearest: Option<&'static str>) -> String {
    match nearest {
        Some(name) => format!("; did you mean `{name}`?"),
        None => format!("; the keys are {}", names().collect::<Vec<_>>().join(", ")),
    }
}

fn names() -> impl Iterator<Item = &'static str> {
    KEYS.iter().map(|key| key.name)
}

/// The file that was asked for by name.
///
/// # Errors
/// When it cannot be read or says something that has no meaning.
pub fn named(path: &Path) -> Result<FileOptions, ConfigError> {
    let file = path.display().to_string();
    let bytes = read_named(path, FileKind::Configuration);
    let bytes = bytes.map_err(|reason| error(&file, None, reason.into()))?;
    let values = parse(&file, &bytes)?;
    let mut values = values.ok_or_else(|| error(&file, None, ConfigErrorKind::NoTable))?;
    let whole = path.canonicalize().ok();
    if let Some(folder) = whole.as_deref().and_then(Path::parent) {
        values.place_in(folder, None);
    }
    Ok(values)
}

/// The nearest file in the absolute folder `from` or one above it. What is in the repository or
/// folder at `root` stays in there: its links lead nowhere else.
///
/// # Errors
/// As [`named`].
pub fn nearest(from: &Path, root: Option<&Path>) -> Result<Option<FileOptions>, ConfigError> {
    for folder in from.ancestors() {
        for name in FILES {
            let path: PathBuf = folder.join(name);
            let file = path.display().to_string();
            let root = root.filter(|root| folder.starts_with(root));
            let bytes = match read(&path, root) {
                Err(DiskError::NotFound) => continue,
                read => read.map_err(|reason| error(&file, None, reason.into()))?,
            };
            if let Some(mut values) = parse(&file, &bytes)? {
                values.place_in(folder, root);
                return Ok(Some(values));
            }
        }
    }
    Ok(None)
}

fn read(path: &Path, root: Option<&Path>) -> Result<Vec<u8>, DiskError> {
    let inside = root.and_then(|root| Some((root, path.strip_prefix(root).ok()?)));
    match inside {
        Some((root, below)) => Folder::open(root)?.read(below, FileKind::Configuration),
        None if path.is_dir() => Err(DiskError::NotFound),
        None => read_named(path, FileKind::Configuration),
    }
}

/// The file in the root of a tree: for repositories without a work tree.
///
/// # Errors
/// As [`named`].
pub fn of_tree(tree: &dyn Tree) -> Result<Option<FileOptions>, ConfigError> {
    for name in FILES {
        let bytes = match tree.read(&TreePath::root().child(name)) {
            Ok(bytes) => bytes,
            Err(ReadError::NotFound) => continue,
            Err(reason) => {
                let kind = ConfigErrorKind::Unreadable(reason.to_string());
                return Err(error(name, None, kind));
            }
        };
        if let Some(mut values) = parse(name, &bytes)? {
            values.place_in_commit();
            return Ok(Some(values));
        }
    }
    Ok(None)
}

fn error(file: &str, position: Option<Position>, kind: ConfigErrorKind) -> ConfigError {
    ConfigError {
        file: file.to_owned(),
        position,
        kind,
    }
}

/// What the file says; `None` for a `pyproject.toml` that says nothing to this program.
fn parse(file: &str, bytes: &[u8]) -> Result<Option<FileOptions>, ConfigError> {
    let shared = Path::new(file)
        .file_name()
        .is_some_and(|name| name == FILES[1]);
    if shared && memchr::memmem::find(bytes, b"dashlift").is_none() {
        // Whether a file of other tools is TOML is not our business.
        return Ok(None);
    }
    let text = Text::decode(bytes).map_err(|reason| {
        error(
            file,
            Some(reason.position),
            ConfigErrorKind::NotText(reason.kind),
        )
    })?;
    let document = Document::parse(text.as_str()).map_err(|reason| {
        let position = reason.span().map(|span| text.position(span.start));
        error(
            file,
            position,
            ConfigErrorKind::Syntax(one_line(reason.message())),
        )
    })?;
    let source = ConfigFile { file, text: &text };
    let root = document.as_table();
    if !shared {
        return source.values(root).map(Some);
    }
    let tool = root.get("tool").and_then(Item::as_table_like);
    let Some(item) = tool.and_then(|tool| tool.get("dashlift")) else {
        return Ok(None);
    };
    let table = item
        .as_table_like()
        .ok_or_else(|| source.error(item, ConfigErrorKind::NotATable))?;
    source.values(table).map(Some)
}

fn one_line(message: &str) -> String {
    message.trim().replace('\n', ", ")
}

/// A file that is being read.
struct ConfigFile<'a> {
    file: &'a str,
    text: &'a Text,
}

impl ConfigFile<'_> {
    fn values(&self, table: &dyn TableLike) -> Result<FileOptions, ConfigError> {
        let mut values = FileOptions {
            file: Some(self.file.to_owned()),
            ..FileOptions::default()
        };
        for (name, item) in table.iter() {
            let Some(key) = KEYS.iter().find(|key| key.name == name) else {
                return Err(self.unknown(table, name));
            };
            (key.read)(&mut values.options, item).map_err(|(place, reason)| {
                let position = place.map(|place| self.text.position(place.start));
                let kind = ConfigErrorKind::Value {
                    key: key.name,
                    reason,
                };
                error(self.file, position.or_else(|| self.position(item)), kind)
            })?;
        }
        Ok(values)
    }

    fn unknown(&self, table: &dyn TableLike, name: &str) -> ConfigError {
        let span = table.key(name).and_then(toml_edit::Key::span);
        let position = span.map(|span| self.text.position(span.start));
        let kind = ConfigErrorKind::UnknownKey {
            key: crate::report::safe(name),
            nearest: nearest_name(name, names()),
        };
        error(self.file, position, kind)
    }

    fn position(&self, item: &Item) -> Option<Position> {
        item.span().map(|span| self.text.position(span.start))
    }

    fn error(&self, item: &Item, kind: ConfigErrorKind) -> ConfigError {
        error(self.file, self.position(item), kind)
    }
}

#[cfg(test)]
mod schema;
#[cfg(test)]
mod tests;
