//! A folder on disk: a work tree of git, or a plain folder.

use thiserror::Error;

use super::{Entry, ReadError, Skipped, Tree, TreePath};

/// Why a folder is no tree.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Nothing is there.
    #[error("there is no such folder")]
    NotFound,
}

/// The files of a folder.
pub struct WorkTree {
    entries: Vec<Entry>,
    skipped: Vec<Skipped>,
}

impl Tree for WorkTree {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    fn resolve(&self, _path: &TreePath) -> Result<TreePath, ReadError> {
        Err(ReadError::NotFound)
    }

    fn read(&self, _path: &TreePath) -> Result<Vec<u8>, ReadError> {
        Err(ReadError::NotFound)
    }
}
