//! What git ignores: the lists of each folder, that of the repository, and the user's own. Each is
//! read through the door to the disk, because a list may be a pipe, a device, or endless; git itself
//! reads none that is a link (`git help gitignore`).

use std::path::{Path, PathBuf};
use std::rc::Rc;

use git2::Repository;
use ignore::gitignore::{Gitignore, GitignoreBuilder, gitconfig_excludes_path};

use super::excludes;
use crate::disk::{DiskError, FileKind, Folder, Standing, read_named};
use crate::tree::{SkipReason, TreePath};

/// The list of each folder.
pub(super) const FILE: &str = ".gitignore";

/// The list of one repository.
const EXCLUDE: &str = "info/exclude";

/// The lists that hold in a folder: its own one, and those above it.
pub(super) struct Ignores {
    list: Option<Gitignore>,
    above: Option<Rc<Ignores>>,
}

impl Ignores {
    /// The lists that hold in all of a tree: that of the repository, then the user's own.
    pub(super) fn read(root: &Path, repository: Option<&Repository>) -> Self {
        let own = repository.is_none_or(excludes::may_exist);
        let own = own.then(gitconfig_excludes_path).flatten();
        // The user's own list may lie anywhere and be a link.
        let own = own.and_then(|path| read_named(&path, FileKind::Ignore).ok());
        let exclude = repository
            .and_then(|it| Folder::open(it.commondir()).ok())
            .and_then(|folder| folder.read(EXCLUDE, FileKind::Ignore).ok());
        Self {
            list: exclude.map(|bytes| parse(root, &bytes)),
            above: Some(Rc::new(Self {
                list: own.map(|bytes| parse(root, &bytes)),
                above: None,
            })),
        }
    }

    /// The lists that hold in `folder`, whose full path is `path`, and why its own was not read.
    pub(super) fn below(
        above: &Rc<Self>,
        folder: &Folder,
        path: &Path,
    ) -> (Rc<Self>, Option<SkipReason>) {
        let (list, problem) = match read(folder) {
            Ok(bytes) => (Some(parse(path, &bytes)), None),
            Err(DiskError::NotFound) => (None, None),
            Err(error) => (None, Some(SkipReason::from_error(&error))),
        };
        if list.is_none() {
            return (Rc::clone(above), problem);
        }
        let here = Self {
            list,
            above: Some(Rc::clone(above)),
        };
        (Rc::new(here), problem)
    }

    /// Whether git ignores what is at `path`, a full path: the nearest list that speaks of it
    /// decides.
    pub(super) fn ignores(&self, path: &PathBuf, is_folder: bool) -> bool {
        let mut here = Some(self);
        while let Some(ignores) = here {
            if let Some(list) = &ignores.list {
                let found = list.matched(path, is_folder);
                if !found.is_none() {
                    return found.is_ignore();
                }
            }
            here = ignores.above.as_deref();
        }
        false
    }
}

impl SkipReason {
    /// Why something that could not be opened was left out.
    pub(super) fn from_error(error: &DiskError) -> Self {
        match error {
            DiskError::TooLarge(_) => Self::TooLarge,
            DiskError::Io(_) | DiskError::NotFound => Self::Unreadable,
            DiskError::NotAFile | DiskError::Outside => Self::NotAFile,
        }
    }
}

fn read(folder: &Folder) -> Result<Vec<u8>, DiskError> {
    match folder.standing(FILE) {
        None => Err(DiskError::NotFound),
        Some(Standing::File) => folder.read(FILE, FileKind::Ignore),
        Some(_) => Err(DiskError::NotAFile),
    }
}

fn parse(root: &Path, bytes: &[u8]) -> Gitignore {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut builder = GitignoreBuilder::new(root);
    for line in text.lines() {
        // A pattern that is none ignores nothing, as in git.
        let _ = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// The folders from the root to above `scope`, the root first.
pub(super) fn folders_above(scope: &TreePath) -> Vec<TreePath> {
    let mut folders = Vec::new();
    let mut here = scope.clone();
    while !here.is_root() {
        here = here.parent();
        folders.push(here.clone());
    }
    folders.reverse();
    folders
}
