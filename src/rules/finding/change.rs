//! The repair of a finding: what it changes in files.

use super::Safety;
use crate::tree::{Edit, TreePath};

/// A repair: all of its edits go in, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// How sure it is.
    pub safety: Safety,
    /// What it does, as a command: "move Python 3.9 into project.toml".
    pub title: String,
    /// The changes.
    pub edits: Vec<Edit>,
    /// Other files that decided what the edits are: the fix waits while another one changes them.
    pub reads: Vec<TreePath>,
}

impl Fix {
    /// A fix after which the app means the same on DE5.
    pub fn safe(title: impl Into<String>) -> Self {
        Self::new(Safety::Safe, title)
    }

    /// A fix that is right in most cases.
    pub fn unsafe_(title: impl Into<String>) -> Self {
        Self::new(Safety::Unsafe, title)
    }

    fn new(safety: Safety, title: impl Into<String>) -> Self {
        Self {
            safety,
            title: title.into(),
            edits: Vec::new(),
            reads: Vec::new(),
        }
    }

    /// Adds an edit.
    #[must_use]
    pub fn edit(mut self, edit: Edit) -> Self {
        self.edits.push(edit);
        self
    }

    /// Adds edits.
    #[must_use]
    pub fn edits(mut self, edits: impl IntoIterator<Item = Edit>) -> Self {
        self.edits.extend(edits);
        self
    }

    /// Names a file that decided what the edits are.
    #[must_use]
    pub fn reading(mut self, path: TreePath) -> Self {
        self.reads.push(path);
        self
    }
}
