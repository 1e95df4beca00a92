//! Files and folders that somebody named, and how far each may lead.

use std::io::Write;
use std::path::{Component, Path, PathBuf};

use crate::disk::{DiskError, FileKind, Folder, Replacement, read_named};

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
    /// A path of a file in `folder`, which belongs to the repository or folder `within`, if to one: then the path may not
    /// lead out of that.
    pub fn from_file(path: &Path, folder: &Path, within: Option<&Path>) -> Self {
        let whole = folder.join(path);
        match within {
            None => Self::Anywhere(whole),
            Some(root) => Self::Within {
                below: below(root, &whole),
                root: root.to_owned(),
                told: path.display().to_string(),
            },
        }
    }

    /// A path of a file in a commit, which can name nothing on disk.
    pub fn from_commit(path: &Path) -> Self {
        Self::Within {
            root: PathBuf::new(),
            below: None,
            told: path.display().to_string(),
        }
    }

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
                let below = below.as_ref().ok_or(DiskError::Outside)?;
                Folder::open(root)?.open_below(below)
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
