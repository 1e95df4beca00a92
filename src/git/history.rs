//! When files were last changed, as the history tells it.

use git2::{Commit, Oid, Repository};

use super::GitError;
use crate::tree::TreePath;

/// So many commits are looked at: what was left alone for longer tells no day.
const MOST: usize = 20_000;

/// The moment (seconds since 1970, UTC) of the last commit, on the line of first parents from
/// `HEAD`, that changed one of `paths`. `None` where the history does not tell: nothing is committed,
/// no such file is, or the history was cut off before.
///
/// # Errors
/// When an object cannot be read.
pub fn last_change(repository: &Repository, paths: &[TreePath]) -> Result<Option<i64>, GitError> {
    let Ok(head) = repository.head() else {
        return Ok(None);
    };
    let mut commit = head.peel_to_commit()?;
    let mut here = contents(&commit, paths)?;
    if here.iter().all(Option::is_none) {
        return Ok(None);
    }
    for _ in 0..MOST {
        let seconds = commit.time().seconds();
        let Ok(parent) = commit.parent(0) else {
            // Where a history was cut off, its first commit changed nothing of its own.
            return Ok((!repository.is_shallow()).then_some(seconds));
        };
        let before = contents(&parent, paths)?;
        if before != here {
            return Ok(Some(seconds));
        }
        (commit, here) = (parent, before);
    }
    Ok(None)
}

/// What stands at the paths in a commit.
fn contents(commit: &Commit, paths: &[TreePath]) -> Result<Vec<Option<Oid>>, GitError> {
    let tree = commit.tree()?;
    let each = paths.iter().map(|path| {
        let entry = tree.get_path(std::path::Path::new(path.as_str()));
        entry.ok().map(|entry| entry.id())
    });
    Ok(each.collect())
}
