//! The files of one commit of a repository, bare or not, read from its object database.

use super::{Entry, ReadError, Skipped, Tree, TreePath};

/// The tree of a commit.
pub struct CommitTree {
    entries: Vec<Entry>,
    skipped: Vec<Skipped>,
}

impl Tree for CommitTree {
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
