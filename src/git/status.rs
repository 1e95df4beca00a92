//! Which files have changes that git could not bring back.

use std::path::Path;

use git2::{ErrorClass, Repository, Status, StatusOptions};

use super::GitError;
use crate::disk::{Folder, Kind};
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
    let statuses = match repository.statuses(Some(&mut options)) {
        Err(error) if is_unread_index(&error) => return changed(repository, paths),
        statuses => statuses?,
    };
    let mut found: Vec<TreePath> = Vec::new();
    for entry in statuses.iter() {
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
    match repository.statuses(Some(&mut options)) {
        // What cannot be told is not clean.
        Err(error) if is_unread_index(&error) => Ok(false),
        statuses => Ok(statuses?.is_empty()),
    }
}

/// libgit2 does not read a split or a sparse index (`git help index-format`, extensions `link` and
/// `sdir`).
fn is_unread_index(error: &git2::Error) -> bool {
    error.class() == ErrorClass::Index
}

/// Those of `paths` whose bytes on disk are not those of `HEAD`, where the index says nothing. A
/// file whose line ends alone differ is checked out as its repository asks.
fn changed(repository: &Repository, paths: &[TreePath]) -> Result<Vec<TreePath>, GitError> {
    let head = repository.head().and_then(|head| head.peel_to_tree()).ok();
    let folder = repository.workdir().unwrap_or(repository.path());
    let folder = Folder::open(folder).map_err(|error| GitError::Other(error.to_string()))?;
    let mut found = Vec::new();
    for path in paths {
        let Ok(now) = folder.read(path.as_str(), Kind::Target) else {
            continue;
        };
        let entry = head
            .as_ref()
            .map(|tree| tree.get_path(Path::new(path.as_str())));
        let blob = entry
            .and_then(Result::ok)
            .map(|it| repository.find_blob(it.id()));
        let same = matches!(blob, Some(Ok(blob)) if unix_lines(blob.content()) == unix_lines(&now));
        if !same {
            found.push(path.clone());
        }
    }
    found.sort_unstable();
    Ok(found)
}

fn unix_lines(bytes: &[u8]) -> Vec<u8> {
    let ends = |at: usize| bytes.get(at + 1) == Some(&b'\n');
    let kept = bytes.iter().enumerate();
    kept.filter(|(at, byte)| **byte != b'\r' || !ends(*at))
        .map(|(_, byte)| *byte)
        .collect()
}

/// A file that is gone from the work tree only is in `HEAD` still.
fn is_dirty(status: Status) -> bool {
    !(status - Status::WT_DELETED).is_empty()
}
