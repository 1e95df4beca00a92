//! Changes of files as data, and the one place that makes them: for fixes of rules, shorter lists and
//! solved lists alike.

use std::collections::BTreeMap;

use thiserror::Error;

use super::{Overlay, ReadError, Tree, TreePath};
use crate::text::{Span, Text, splice};

/// One change of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Puts `text` in the place of `span`; the file keeps its encoding. Who makes the
    /// edit writes the file's own line ends.
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
    /// The files that it changes.
    pub fn paths(&self) -> impl Iterator<Item = &TreePath> {
        let (first, second) = match self {
            Self::Replace { path, .. }
            | Self::Create { path, .. }
            | Self::Reencode { path }
            | Self::Remove { path } => (path, None),
            Self::Rename { from, to } => (from, Some(to)),
        };
        std::iter::once(first).chain(second)
    }

    /// The same edit, of the file that a symbolic link of the tree leads to.
    #[must_use]
    pub fn resolved(&self, tree: &dyn Tree) -> Self {
        let mut edit = self.clone();
        if let Self::Replace { path, .. } | Self::Reencode { path } = &mut edit
            && let Ok(target) = tree.resolve(path)
        {
            *path = target;
        }
        edit
    }
}

/// An edit that does not fit the tree.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{path} {reason}")]
pub struct Misfit {
    /// Which of the edits, from 0.
    pub edit: usize,
    /// The file.
    pub path: TreePath,
    /// Why, without a full stop.
    pub reason: String,
}

impl Misfit {
    fn new(edit: usize, path: &TreePath, reason: &dyn ToString) -> Self {
        Self {
            edit,
            path: path.clone(),
            reason: reason.to_string(),
        }
    }
}

/// The spans of a file that get other text, and the first edit that asks for it.
struct Replaced<'e> {
    first: usize,
    spans: Vec<(Span, &'e str)>,
}

/// Makes the changes. Spans are those of the files as they are in the tree before; whole files are
/// made, written anew, renamed and taken away before any part is replaced.
///
/// # Errors
/// The first edit that does not fit; the tree is of no use then.
pub fn apply_edits(edits: &[Edit], tree: &mut Overlay) -> Result<(), Misfit> {
    let mut replaced: BTreeMap<&TreePath, Replaced> = BTreeMap::new();
    for (index, edit) in edits.iter().enumerate() {
        if let Edit::Replace { path, span, text } = edit {
            let of_file = replaced.entry(path).or_insert_with(|| Replaced {
                first: index,
                spans: Vec::new(),
            });
            of_file.spans.push((*span, text));
        } else {
            let path = edit.paths().next().cloned().unwrap_or_else(TreePath::root);
            apply_whole(tree, edit).map_err(|error| Misfit::new(index, &path, &error))?;
        }
    }
    for (path, Replaced { first, spans }) in replaced {
        let misfit = |reason: &dyn ToString| Misfit::new(first, path, reason);
        let text = decode(tree, path).map_err(|reason| misfit(&reason))?;
        let content = splice(text.as_str(), &spans).map_err(|error| misfit(&error))?;
        let bytes = text.with_content(content).encode();
        tree.write(path, bytes).map_err(|error| misfit(&error))?;
    }
    Ok(())
}

fn decode(tree: &dyn Tree, path: &TreePath) -> Result<Text, String> {
    let bytes = tree.read(path).map_err(|error| error.to_string())?;
    Text::decode_declared(&bytes).map_err(|error| error.to_string())
}

fn apply_whole(tree: &mut Overlay, edit: &Edit) -> Result<(), ReadError> {
    match edit {
        Edit::Replace { .. } => Ok(()),
        Edit::Create {
            path,
            contents,
            executable,
        } => match tree.kind(path) {
            None if *executable => tree.write_script(path, contents.clone().into_bytes()),
            None => tree.write(path, contents.clone().into_bytes()),
            Some(_) => Err(ReadError::Io("it is there already".to_owned())),
        },
        Edit::Reencode { path } => {
            let text = decode(tree, path).map_err(ReadError::Io)?;
            tree.write(path, text.as_str().as_bytes().to_vec())
        }
        Edit::Remove { path } => {
            tree.read(path)?;
            tree.remove(path);
            Ok(())
        }
        Edit::Rename { from, to } => tree.rename(from, to),
    }
}
