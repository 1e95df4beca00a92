//! Which files have changes that git could not bring back.

use git2::{Repository, Status, StatusOptions};

use super::GitError;
use crate::tree::TreePath;

/// Those of `paths` whose contents are not what `HEAD` holds: changed, staged, or never committed.
/// A path where no file is has nothing to lose and is not among them.
///
/// # Errors
/// When the index or a tree cannot be read, or the repository is bare.
pub fn dirty(repository: &Repository, paths: &[TreePath]) -> Result<Vec<TreePath>, GitError> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let mut options = StatusOptions::new();
    options
        .include_untracked(true)
        .recurse_untracked_dirs(true)
        .include_ignored(true)
        .recurse_ignored_dirs(true)
        .disable_pathspec_match(true);
    for path in paths {
        options.pathspec(path.as_str());
    }
    let mut found: Vec<TreePath> = Vec::new();
    for entry in repository.statuses(Some(&mut options))?.iter() {
        if is_dirty(entry.status()) {
            let name = String::from_utf8_lossy(entry.path_bytes()).into_owned();
            found.extend(paths.iter().find(|path| path.as_str() == name).cloned());
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Whether the work tree holds what `HEAD` does, but for what git ignores.
///
/// # Errors
/// When the index or a tree cannot be read, or the repository is bare.
pub fn is_clean(repository: &Repository) -> Result<bool, GitError> {
    let mut options = StatusOptions::new();
    options.include_untracked(true).exclude_submodules(true);
    Ok(repository.statuses(Some(&mut options))?.is_empty())
}

/// A file that is gone from the work tree only is in `HEAD` still.
fn is_dirty(status: Status) -> bool {
    !(status - Status::WT_DELETED).is_empty()
}
