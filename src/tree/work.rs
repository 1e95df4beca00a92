//! A folder on disk: a work tree of git, or a plain folder. Lists what git would track, and reads
//! nothing that lies elsewhere.

mod excludes;
mod ignores;
mod listing;
mod tracked;

use std::io::ErrorKind;
use std::path::Path;

use git2::{Repository, RepositoryOpenFlags};
use thiserror::Error;

use self::listing::Listing;
use self::tracked::Tracked;
use super::bounds::Bounds;
use super::cache::Cache;
use super::{Entry, EntryKind, ReadError, Skipped, Tree, TreePath, file_kind, links};
use crate::disk::{DiskError, Folder};

/// Why no tree could be opened.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OpenError {
    /// Nothing is there.
    #[error("there is no such file or folder")]
    NotFound,
    /// The root of a tree is a file.
    #[error("is not a folder")]
    NotAFolder,
    /// The part of the tree that was asked for is reached through a symbolic link.
    #[error("is a symbolic link: name the folder that it leads to")]
    Link,
    /// More files, folders or longer paths than any repository that people work on.
    #[error(
        "holds more than 500,000 files and folders, or more than 64 MiB of paths: name a folder of it"
    )]
    TooMany,
    /// The operating system or the object database said no.
    #[error("cannot be read: {0}")]
    Io(String),
}

/// The files of a folder.
pub struct WorkTree {
    root: Folder,
    scope: TreePath,
    contents: Cache,
    entries: Vec<Entry>,
    skipped: Vec<Skipped>,
}

impl WorkTree {
    /// The files at and below `scope` in the folder `root`, which is the top of a work tree of git
    /// or a plain folder. Left out: what git ignores and does not track, virtual environments,
    /// installed packages, other repositories. Symbolic links are listed, not followed.
    ///
    /// # Errors
    /// When `root` is no folder, or nothing is at `scope`.
    pub fn open(root: &Path, scope: &TreePath) -> Result<Self, OpenError> {
        Self::open_in(repository_at(root).as_ref(), root, scope)
    }

    /// As [`WorkTree::open`], for a caller who has the repository of `root` open already; `None`
    /// for a plain folder.
    ///
    /// # Errors
    /// As [`WorkTree::open`].
    pub fn open_in(
        repository: Option<&Repository>,
        root: &Path,
        scope: &TreePath,
    ) -> Result<Self, OpenError> {
        let root = root.canonicalize().map_err(|error| open_error(&error))?;
        if !root.is_dir() {
            return Err(OpenError::NotAFolder);
        }
        check_scope(&root, scope)?;
        let root = Folder::open(&root).map_err(|error| OpenError::Io(error.to_string()))?;
        let tracked = repository.map_or_else(Tracked::default, |found| Tracked::read(found, scope));
        let mut listing = Listing::walk(&root, scope, repository)?;
        listing.add_tracked(scope, &tracked);
        let (entries, skipped) = listing.finish(&tracked);
        let mut bounds = Bounds::default();
        let left_out = skipped.iter().map(|skipped| &skipped.path);
        let mut paths = entries.iter().map(|entry| &entry.path).chain(left_out);
        paths.try_for_each(|path| bounds.count(path))?;
        Ok(Self {
            root,
            scope: scope.clone(),
            contents: Cache::default(),
            entries,
            skipped,
        })
    }

    /// Whether the listing knows of everything at `path`: it lies in the part that was walked, and
    /// neither behind a symbolic link nor in a folder that was left out.
    fn knows(&self, path: &TreePath) -> bool {
        path.is_in(&self.scope)
            && !self.is_skipped(path)
            && path
                .ancestors()
                .all(|folder| self.kind(&folder).is_none() && !self.is_skipped(&folder))
    }
}

impl WorkTree {
    /// Whether the listing left out just this path; the list is sorted.
    fn is_skipped(&self, path: &TreePath) -> bool {
        let found = self
            .skipped
            .binary_search_by(|skipped| skipped.path.cmp(path));
        found.is_ok()
    }
}

impl Tree for WorkTree {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    fn resolve(&self, path: &TreePath) -> Result<TreePath, ReadError> {
        match self.kind(path) {
            // No folder above a listed path is a link: the walk does not follow them.
            Some(EntryKind::File | EntryKind::Executable) => Ok(path.clone()),
            // Rules ask for dozens of files that most apps do not have: that costs no system call.
            None if self.knows(path) && self.under(path).is_empty() => Err(ReadError::NotFound),
            None if self.knows(path) => Err(ReadError::NotAFile),
            _ => links::resolve_on_disk(self.root.path(), path),
        }
    }

    fn read(&self, path: &TreePath) -> Result<Vec<u8>, ReadError> {
        let resolved = self.resolve(path)?;
        self.contents.get(&resolved, || {
            let read = self.root.read(resolved.as_str(), file_kind(&resolved));
            read.map_err(ReadError::from)
        })
    }

    fn link_target(&self, path: &TreePath) -> Option<Vec<u8>> {
        let target = self.root.link_target(path.as_str()).ok()?;
        Some(target.into_os_string().into_encoded_bytes())
    }

    fn size(&self, path: &TreePath) -> Option<u64> {
        let resolved = self.resolve(path).ok()?;
        let metadata = self.root.read_metadata(resolved.as_str()).ok()?;
        metadata.is_file().then_some(metadata.len())
    }
}

/// The part of the path of `scope` below `root` must not go through links: what is found there
/// would have paths that git does not know.
fn check_scope(root: &Path, scope: &TreePath) -> Result<(), OpenError> {
    if scope.is_root() {
        return Ok(());
    }
    let start = root.join(scope.as_str());
    let canonical = start.canonicalize().map_err(|error| open_error(&error))?;
    if links::tree_path(root, &canonical).as_ref() == Some(scope) {
        Ok(())
    } else {
        Err(OpenError::Link)
    }
}

fn repository_at(root: &Path) -> Option<Repository> {
    let ceiling: [&Path; 0] = [];
    Repository::open_ext(root, RepositoryOpenFlags::NO_SEARCH, ceiling).ok()
}

fn open_error(error: &std::io::Error) -> OpenError {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => OpenError::NotFound,
        _ => OpenError::Io(error.to_string()),
    }
}

impl From<DiskError> for ReadError {
    fn from(error: DiskError) -> Self {
        match error {
            DiskError::NotFound => Self::NotFound,
            DiskError::Outside => Self::OutsideTree,
            DiskError::NotAFile => Self::NotAFile,
            DiskError::TooLarge(_) => Self::TooLarge,
            DiskError::Io(reason) => Self::Io(reason),
        }
    }
}
