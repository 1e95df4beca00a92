//! Which files a result creates, changes and removes.

use serde::{Deserialize, Serialize};

use super::PathPrefix;
use super::style::{BAD, GOOD, UNSURE, styled};
use crate::tree::{Change, Overlay, TreePath};

/// What happened to a file as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is new.
    Created,
    /// It has other bytes.
    Changed,
    /// It is gone.
    Removed,
}

/// One file of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedFile {
    /// The file, from the root of the tree.
    #[serde(with = "super::document::tree_path")]
    pub path: TreePath,
    /// What happened to it.
    pub action: Action,
}

/// The files that the result changes, by path.
pub fn changed_files(result: &Overlay) -> Vec<ChangedFile> {
    let changes = result.changes().iter();
    let action = |path: &TreePath, change: &Change| match change {
        Change::Remove => Action::Removed,
        Change::Write { .. } if result.base().kind(path).is_some() => Action::Changed,
        Change::Write { .. } => Action::Created,
    };
    changes
        .map(|(path, change)| ChangedFile {
            path: path.clone(),
            action: action(path, change),
        })
        .collect()
}

/// One line per file, as `git status --short` prints them.
pub(super) fn listing(files: &[ChangedFile], shown: &PathPrefix) -> String {
    let line = |file: &ChangedFile| {
        let (style, sign) = match file.action {
            Action::Created => (GOOD, "A"),
            Action::Changed => (UNSURE, "M"),
            Action::Removed => (BAD, "D"),
        };
        format!("  {} {}\n", styled(style, sign), shown.path(&file.path))
    };
    files.iter().map(line).collect()
}
