//! A folder on disk: a work tree of git, or a plain folder. Lists what git would track, and reads
//! nothing that lies elsewhere.

mod excludes;
mod listing;
mod tracked;

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use git2::{Repository, RepositoryOpenFlags};
use thiserror::Error;

use self::listing::Listing;
use self::tracked::Tracked;
use super::bounds::Bounds;
use super::cache::Cache;
use super::{Entry, EntryKind, ReadError, Skipped, Tree, TreePath, links, size_limit};

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
    root: PathBuf,
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
        let start = start_of(&root, scope)?;
        let tracked = repository.map_or_else(Tracked::default, |found| Tracked::read(found, scope));
        let excludes = repository.is_none_or(excludes::may_exist);
        let mut listing = Listing::walk(&root, &start, repository.is_some(), excludes);
        listing.add_tracked(&root, scope, &tracked);
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
            _ => links::resolve_on_disk(&self.root, path),
        }
    }

    fn read(&self, path: &TreePath) -> Result<Vec<u8>, ReadError> {
        let resolved = self.resolve(path)?;
        self.contents.get(&resolved, || {
            let file = self.root.join(resolved.as_str());
            // What is listed as a file was one just now.
            if resolved != *path || self.kind(path).is_none() {
                check_plain(&file)?;
            }
            read_plain(&file, size_limit(&resolved))
        })
    }

    fn link_target(&self, path: &TreePath) -> Option<Vec<u8>> {
        let target = fs::read_link(self.root.join(path.as_str())).ok()?;
        Some(target.into_os_string().into_encoded_bytes())
    }

    fn size(&self, path: &TreePath) -> Option<u64> {
        let resolved = self.resolve(path).ok()?;
        let metadata = fs::symlink_metadata(self.root.join(resolved.as_str())).ok()?;
        metadata.is_file().then_some(metadata.len())
    }
}

/// Where the walk begins. The part of the path below `root` must not go through links: what is
/// found there would have paths that git does not know.
fn start_of(root: &Path, scope: &TreePath) -> Result<PathBuf, OpenError> {
    if scope.is_root() {
        return Ok(root.to_owned());
    }
    let start = root.join(scope.as_str());
    let canonical = start.canonicalize().map_err(|error| open_error(&error))?;
    if links::tree_path(root, &canonical).as_ref() == Some(scope) {
        Ok(canonical)
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

/// A pipe or device must not even be opened: it would block, or never end.
fn check_plain(path: &Path) -> Result<(), ReadError> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(()),
        Ok(_) => Err(ReadError::NotAFile),
        Err(error) => Err(links::io_error(&error)),
    }
}

fn read_plain(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    let read = || {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        if length > limit {
            return Ok(None);
        }
        let mut contents = Vec::with_capacity(usize::try_from(length).unwrap_or_default() + 1);
        // The file may grow while it is read.
        file.take(limit + 1).read_to_end(&mut contents)?;
        Ok(Some(contents).filter(|read| read.len() as u64 <= limit))
    };
    read()
        .map_err(|error: std::io::Error| links::io_error(&error))?
        .ok_or(ReadError::TooLarge)
}
