//! Which files have changes that git could not bring back.

use std::path::{Path, PathBuf};

use git2::{Index, Oid, Repository, StatusOptions, Tree};
use walkdir::WalkDir;

use super::GitError;
use crate::disk::{DiskError, FileKind, Folder, Standing, read_named};
use crate::tree::TreePath;

/// Files that libgit2 reads wherever it meets them in a work tree.
const READ_ON_THE_WAY: [&str; 2] = [".gitattributes", ".gitignore"];

/// Configuration that names more of them.
const NAMED: [&str; 2] = ["core.attributesFile", "core.excludesFile"];

/// Those of `paths` whose contents are not what `HEAD` holds: changed, staged, or never committed.
/// A path where no file is has nothing to lose and is not among them. Line ends alone are no
/// change: a file is checked out with those that its repository asks for.
///
/// The index is asked where libgit2 can read it, which it cannot when it is a split or a sparse one
/// (`git help index-format`, extensions `link` and `sdir`).
///
/// # Errors
/// When the repository is bare, or its last commit cannot be read.
pub fn dirty(repository: &Repository, paths: &[TreePath]) -> Result<Vec<TreePath>, GitError> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let bare = || GitError::Other("a bare repository has no files that could change".to_owned());
    let folder = repository.workdir().ok_or_else(bare)?;
    let folder = Folder::open(folder).map_err(|error| GitError::Other(error.to_string()))?;
    let look = Look {
        head: match repository.head() {
            Ok(head) => Some(head.peel_to_tree()?),
            Err(_) => None,
        },
        index: repository.index().ok(),
        repository,
        folder,
    };
    let changed = paths.iter().filter(|path| look.has_changed(path));
    let mut found: Vec<TreePath> = changed.cloned().collect();
    found.sort_unstable();
    Ok(found)
}

/// What a file is compared with.
struct Look<'r> {
    repository: &'r Repository,
    folder: Folder,
    head: Option<Tree<'r>>,
    index: Option<Index>,
}

impl Look<'_> {
    fn has_changed(&self, path: &TreePath) -> bool {
        let place = Path::new(path.as_str());
        let head = self
            .head
            .as_ref()
            .and_then(|tree| tree.get_path(place).ok());
        let head = head.map(|entry| entry.id());
        if let Some(index) = &self.index
            && index.get_path(place, 0).map(|entry| entry.id) != head
        {
            return true;
        }
        match self.bytes(place) {
            Err(DiskError::NotFound) => false,
            // What cannot be looked at cannot be brought back either.
            Err(_) => true,
            Ok(now) => head.is_none_or(|head| !self.is_same(head, &now)),
        }
    }

    /// What git would store: the path that a link holds, the bytes of a file.
    fn bytes(&self, place: &Path) -> Result<Vec<u8>, DiskError> {
        if self.folder.standing(place) == Some(Standing::Link) {
            let target = self.folder.link_target(place)?;
            return Ok(target.into_os_string().into_encoded_bytes());
        }
        self.folder.read(place, FileKind::Target)
    }

    fn is_same(&self, head: Oid, now: &[u8]) -> bool {
        let blob = self.repository.find_blob(head);
        blob.is_ok_and(|blob| {
            blob.content() == now || unix_lines(blob.content()) == unix_lines(now)
        })
    }
}

fn unix_lines(bytes: &[u8]) -> Vec<u8> {
    let ends = |at: usize| bytes.get(at + 1) == Some(&b'\n');
    let kept = bytes.iter().enumerate();
    kept.filter(|(at, byte)| **byte != b'\r' || !ends(*at))
        .map(|(_, byte)| *byte)
        .collect()
}

/// Whether the work tree holds what `HEAD` does, but for what git ignores. What cannot be told is
/// not clean.
///
/// # Errors
/// When a tree cannot be read, or the repository is bare.
pub fn is_clean(repository: &Repository) -> Result<bool, GitError> {
    if repository.workdir().is_some_and(holds_strange_files) || names_strange_files(repository) {
        return Ok(false);
    }
    let mut options = StatusOptions::new();
    options.include_untracked(true).exclude_submodules(true);
    match repository.statuses(Some(&mut options)) {
        Err(error) if error.class() == git2::ErrorClass::Index => Ok(false),
        statuses => Ok(statuses?.is_empty()),
    }
}

/// Whether libgit2 would meet a list that is a pipe or a device and wait for its end.
fn holds_strange_files(folder: &Path) -> bool {
    let walk = WalkDir::new(folder).into_iter();
    let outside_git = walk.filter_entry(|entry| entry.file_name() != ".git");
    outside_git.flatten().any(|entry| {
        let is_read = READ_ON_THE_WAY
            .iter()
            .any(|name| entry.file_name() == *name);
        is_read && !entry.file_type().is_file()
    })
}

fn names_strange_files(repository: &Repository) -> bool {
    let named = |key: &str| repository.config()?.get_path(key);
    let is_strange = |path: PathBuf| {
        let read = read_named(&path, FileKind::Ignore);
        read.is_err_and(|error| !error.is_missing())
    };
    NAMED.iter().any(|key| named(key).is_ok_and(is_strange))
}
