//! Paths inside a tree: relative, normalised, separated by `/`, never out of the tree.

use std::fmt;
use std::sync::Arc;

use thiserror::Error;

/// Why a path names nothing inside a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PathError {
    /// `/etc/passwd`, `C:\data`.
    #[error("is absolute")]
    Absolute,
    /// More `..` than there are folders.
    #[error("leads out of the repository")]
    Outside,
}

/// A path from the root of a tree. The empty path is the root itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreePath(Arc<str>);

impl TreePath {
    /// The root of a tree.
    pub fn root() -> Self {
        Self("".into())
    }

    /// Normalises `path` (`./`, `a//b`, `a/../b`) from the root of a tree.
    ///
    /// # Errors
    /// When the path is absolute or leads out of the tree.
    pub fn new(path: &str) -> Result<Self, PathError> {
        Self::root().join(path)
    }

    /// `path` as seen from this folder, as `-r ../common.txt` means it.
    ///
    /// # Errors
    /// When the path is absolute or leads out of the tree.
    pub fn join(&self, path: &str) -> Result<Self, PathError> {
        let bytes = path.as_bytes();
        let drive =
            bytes.get(1) == Some(&b':') && bytes.first().is_some_and(u8::is_ascii_alphabetic);
        if drive || path.starts_with(['/', '\\']) {
            return Err(PathError::Absolute);
        }
        let mut parts: Vec<&str> = self.0.split('/').filter(|part| !part.is_empty()).collect();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop().ok_or(PathError::Outside)?;
                }
                name => parts.push(name),
            }
        }
        Ok(Self(parts.join("/").into()))
    }

    /// The file `name` in this folder; `name` is a plain file name or a normalised relative path.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        if self.is_root() {
            Self(name.into())
        } else {
            Self(format!("{}/{name}", self.0).into())
        }
    }

    /// The folder that holds this path; the root holds itself.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(
            self.0
                .rsplit_once('/')
                .map_or("", |(folder, _)| folder)
                .into(),
        )
    }

    /// The folders that hold this path, the nearest first, without the root.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> {
        let mut folder = self.parent();
        std::iter::from_fn(move || {
            let next = folder.parent();
            let here = std::mem::replace(&mut folder, next);
            (!here.is_root()).then_some(here)
        })
    }

    /// The last part: the file's name.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&*self.0, |(_, name)| name)
    }

    /// The path with `/` between its parts.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the root of the tree.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this path is `folder` or below it.
    pub fn is_in(&self, folder: &Self) -> bool {
        self.below(folder).is_some()
    }

    /// The path as seen from `folder`, if it is `folder` (then empty) or below it.
    pub fn below(&self, folder: &Self) -> Option<&str> {
        if folder.is_root() {
            return Some(&self.0);
        }
        let rest = self.0.strip_prefix(&*folder.0)?;
        if rest.is_empty() {
            return Some(rest);
        }
        rest.strip_prefix('/')
    }
}

impl fmt::Display for TreePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_root() { "." } else { &self.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_normalised_and_stay_inside() {
        let app = TreePath::new("apps/./one").unwrap();
        assert_eq!(
            app.join("../common.txt").unwrap().as_str(),
            "apps/common.txt"
        );
        assert_eq!(app.join("../../../x"), Err(PathError::Outside));
        assert_eq!(app.join("/etc/passwd"), Err(PathError::Absolute));
        assert_eq!(app.join("C:\\x"), Err(PathError::Absolute));
        assert_eq!(TreePath::root().child("Procfile").as_str(), "Procfile");
        assert_eq!(TreePath::root().to_string(), ".");
    }

    #[test]
    fn below_compares_whole_parts() {
        let folder = TreePath::new("apps/one").unwrap();
        assert!(!TreePath::new("apps/one-two/x").unwrap().is_in(&folder));
        assert_eq!(
            TreePath::new("apps/one/x").unwrap().below(&folder),
            Some("x")
        );
    }
}
