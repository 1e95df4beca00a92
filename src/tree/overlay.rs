//! Changes in memory above another tree. The tree below is never touched: a sink makes the
//! changes real.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Entry, EntryKind, ReadError, Skipped, Tree, TreePath};

/// What happened to one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The file has these bytes now; it may not have been there before.
    Write {
        /// All bytes of the file.
        contents: Arc<[u8]>,
        /// The file's kind: kept from the file that was there, or that it was renamed from.
        kind: EntryKind,
    },
    /// The file is gone.
    Remove,
}

/// A tree with changes above it.
#[derive(Clone)]
pub struct Overlay<'t> {
    base: &'t dyn Tree,
    changes: BTreeMap<TreePath, Change>,
    entries: Vec<Entry>,
}

impl<'t> Overlay<'t> {
    /// The tree `base` without any change.
    pub fn new(base: &'t dyn Tree) -> Self {
        Self {
            base,
            changes: BTreeMap::new(),
            entries: base.entries().to_vec(),
        }
    }

    /// The tree below.
    pub fn base(&self) -> &'t dyn Tree {
        self.base
    }

    /// All changes, by path. A path whose bytes came back to what they were is not among them.
    pub fn changes(&self) -> &BTreeMap<TreePath, Change> {
        &self.changes
    }

    /// Gives the file at `path` these bytes. Through a symbolic link, the file that it leads to
    /// changes and the link stays.
    ///
    /// # Errors
    /// When `path` is a link that leads out of the tree.
    pub fn write(&mut self, path: &TreePath, contents: Vec<u8>) -> Result<(), ReadError> {
        let path = self.target(path)?;
        let kind = self.kind(&path).unwrap_or(EntryKind::File);
        self.set(path, contents, kind);
        Ok(())
    }

    /// As [`Overlay::write`], for a script: who writes the change makes it executable.
    ///
    /// # Errors
    /// As [`Overlay::write`].
    pub fn write_script(&mut self, path: &TreePath, contents: Vec<u8>) -> Result<(), ReadError> {
        let path = self.target(path)?;
        self.set(path, contents, EntryKind::Executable);
        Ok(())
    }

    /// The file that a change of `path` changes.
    fn target(&self, path: &TreePath) -> Result<TreePath, ReadError> {
        match self.resolve(path) {
            Err(ReadError::NotFound) => Ok(path.clone()),
            resolved => resolved,
        }
    }

    /// Takes the file away; a symbolic link goes itself, not what it leads to.
    pub fn remove(&mut self, path: &TreePath) {
        if self.is_in_base(path) {
            self.changes.insert(path.clone(), Change::Remove);
        } else {
            self.changes.remove(path);
        }
        self.entries.retain(|entry| entry.path != *path);
    }

    /// Gives a file another path and keeps its bytes and kind. What was at `to` is replaced.
    ///
    /// # Errors
    /// When there is no file at `from`.
    pub fn rename(&mut self, from: &TreePath, to: &TreePath) -> Result<(), ReadError> {
        let contents = self.read(from)?;
        let kind = match self.kind(from) {
            Some(EntryKind::Executable) => EntryKind::Executable,
            _ => EntryKind::File,
        };
        self.remove(from);
        self.set(to.clone(), contents, kind);
        Ok(())
    }

    fn set(&mut self, path: TreePath, contents: Vec<u8>, kind: EntryKind) {
        let as_before = self.base.kind(&path) == Some(kind)
            && self.base.read(&path).is_ok_and(|bytes| bytes == contents);
        if as_before {
            self.changes.remove(&path);
        } else {
            let contents = contents.into();
            self.changes
                .insert(path.clone(), Change::Write { contents, kind });
        }
        match self.entries.binary_search_by(|entry| entry.path.cmp(&path)) {
            Ok(at) => {
                if let Some(entry) = self.entries.get_mut(at) {
                    entry.kind = kind;
                }
            }
            Err(at) => self.entries.insert(at, Entry { path, kind }),
        }
    }

    fn is_in_base(&self, path: &TreePath) -> bool {
        self.base.kind(path).is_some() || self.base.resolve(path).is_ok()
    }
}

impl Tree for Overlay<'_> {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn skipped(&self) -> &[Skipped] {
        self.base.skipped()
    }

    fn resolve(&self, path: &TreePath) -> Result<TreePath, ReadError> {
        match self.changes.get(path) {
            Some(Change::Write { .. }) => Ok(path.clone()),
            Some(Change::Remove) => Err(ReadError::NotFound),
            None => {
                let resolved = self.base.resolve(path)?;
                match self.changes.get(&resolved) {
                    Some(Change::Remove) => Err(ReadError::NotFound),
                    _ => Ok(resolved),
                }
            }
        }
    }

    fn read(&self, path: &TreePath) -> Result<Vec<u8>, ReadError> {
        let resolved = self.resolve(path)?;
        match self.changes.get(&resolved) {
            Some(Change::Write { contents, .. }) => Ok(contents.to_vec()),
            _ => self.base.read(&resolved),
        }
    }

    fn link_target(&self, path: &TreePath) -> Option<Vec<u8>> {
        match self.changes.get(path) {
            Some(_) => None,
            None => self.base.link_target(path),
        }
    }

    fn size(&self, path: &TreePath) -> Option<u64> {
        let resolved = self.resolve(path).ok()?;
        match self.changes.get(&resolved) {
            Some(Change::Write { contents, .. }) => Some(contents.len() as u64),
            _ => self.base.size(&resolved),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MemoryTree;

    fn path(path: &str) -> TreePath {
        TreePath::new(path).unwrap()
    }

    #[test]
    fn changes_lie_above_the_base() {
        let base = MemoryTree::new([("a", "1"), ("b", "2")]);
        let mut overlay = Overlay::new(&base);
        overlay.write(&path("c"), b"3".to_vec()).unwrap();
        overlay.remove(&path("a"));
        overlay.rename(&path("b"), &path("d")).unwrap();
        let names: Vec<&str> = overlay
            .entries()
            .iter()
            .map(|entry| entry.path.as_str())
            .collect();
        assert_eq!(names, ["c", "d"]);
        assert_eq!(overlay.read(&path("d")).unwrap(), b"2");
        assert_eq!(overlay.read(&path("a")), Err(ReadError::NotFound));
        assert_eq!(base.read(&path("a")).unwrap(), b"1");
    }

    #[test]
    fn a_script_stays_one_whoever_edits_it() {
        let base = MemoryTree::new([("a", "1")]);
        let mut overlay = Overlay::new(&base);
        overlay
            .write_script(&path("run.sh"), b"1".to_vec())
            .unwrap();
        overlay.write(&path("run.sh"), b"2".to_vec()).unwrap();
        assert_eq!(overlay.kind(&path("run.sh")), Some(EntryKind::Executable));
        assert_eq!(overlay.kind(&path("a")), Some(EntryKind::File));
    }

    #[test]
    fn a_change_taken_back_is_no_change() {
        let base = MemoryTree::new([("a", "1")]);
        let mut overlay = Overlay::new(&base);
        overlay.write(&path("a"), b"2".to_vec()).unwrap();
        overlay.write(&path("a"), b"1".to_vec()).unwrap();
        overlay.write(&path("new"), b"1".to_vec()).unwrap();
        overlay.remove(&path("new"));
        assert!(overlay.changes().is_empty());
    }
}
