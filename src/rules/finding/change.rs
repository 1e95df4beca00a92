//! The repair of a finding: what it changes in files.

use super::Safety;
use crate::text::Span;
use crate::tree::TreePath;

/// One change of a fix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Puts `text` in the place of `span`; the file keeps its encoding. The rule writes the
    /// file's own line ends.
    Replace {
        /// The file.
        path: TreePath,
        /// What to replace, in the decoded text.
        span: Span,
        /// What to put there.
        text: String,
    },
    /// Makes a file that is not there.
    Create {
        /// The file.
        path: TreePath,
        /// All of it, UTF-8.
        contents: String,
        /// Whether it is a script that can be started by its name.
        executable: bool,
    },
    /// Writes the file anew: same characters, as UTF-8 without a byte order mark.
    Reencode {
        /// The file.
        path: TreePath,
    },
    /// Takes the file away.
    Remove {
        /// The file.
        path: TreePath,
    },
    /// Gives the file another name.
    Rename {
        /// Its name now.
        from: TreePath,
        /// Its name then; nothing is there yet.
        to: TreePath,
    },
}

impl Edit {
    /// Puts `text` in the place of `span`.
    pub fn replace(path: &TreePath, span: Span, text: impl Into<String>) -> Self {
        Self::Replace {
            path: path.clone(),
            span,
            text: text.into(),
        }
    }

    /// Takes the file away.
    pub fn remove(path: &TreePath) -> Self {
        Self::Remove { path: path.clone() }
    }

    /// Makes a file that is not there, from text.
    pub fn create(path: TreePath, contents: impl Into<String>) -> Self {
        Self::Create {
            path,
            contents: contents.into(),
            executable: false,
        }
    }

    /// Makes a script that is not there. Where the platform calls it through a shell the mode does
    /// no harm; where it calls it by its name the script would not start without.
    pub fn create_script(path: TreePath, contents: impl Into<String>) -> Self {
        Self::Create {
            path,
            contents: contents.into(),
            executable: true,
        }
    }
}

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
