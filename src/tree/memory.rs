//! A tree that was never on a disk: the text of an editor's buffer, the example of a page.

use std::collections::BTreeMap;

use super::{Entry, EntryKind, ReadError, Skipped, Tree, TreePath};

/// Files in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryTree {
    files: BTreeMap<TreePath, Vec<u8>>,
    entries: Vec<Entry>,
}

impl MemoryTree {
    /// The tree of these files. A path that names nothing inside a tree is left out.
    pub fn new<P: AsRef<str>, C: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, C)>) -> Self {
        let files: BTreeMap<TreePath, Vec<u8>> = files
            .into_iter()
            .filter_map(|(path, contents)| {
                Some((TreePath::new(path.as_ref()).ok()?, contents.into()))
            })
            .collect();
        let entries = files
            .keys()
            .map(|path| Entry {
                path: path.clone(),
                kind: EntryKind::File,
            })
            .collect();
        Self { files, entries }
    }
}

impl Tree for MemoryTree {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn skipped(&self) -> &[Skipped] {
        &[]
    }

    fn resolve(&self, path: &TreePath) -> Result<TreePath, ReadError> {
        if self.files.contains_key(path) {
            Ok(path.clone())
        } else {
            Err(ReadError::NotFound)
        }
    }

    fn read(&self, path: &TreePath) -> Result<Vec<u8>, ReadError> {
        self.files.get(path).cloned().ok_or(ReadError::NotFound)
    }
}
