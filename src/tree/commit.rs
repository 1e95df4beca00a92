//! The files of one commit of a repository, bare or not, read from its object database. The work
//! tree, if there is one, is not looked at.

use std::sync::{Mutex, MutexGuard, PoisonError};

use git2::{ErrorCode, ObjectType, Oid, Repository, TreeEntry};

use super::bounds::Bounds;
use super::cache::Cache;
use super::links::{self, ObjectNode};
use super::{Entry, EntryKind, OpenError, ReadError, SkipReason, Skipped};
use super::{Tree, TreePath, size_limit, skip};

/// No real repository nests folders this deep; a forged one must not exhaust the stack.
const MAX_DEPTH: usize = 500;

/// No path that an operating system takes is longer (bytes).
const MAX_LINK: u64 = 64 * 1024;

/// The tree of a commit.
pub struct CommitTree {
    repository: Mutex<Repository>,
    root: Oid,
    contents: Cache,
    entries: Vec<Entry>,
    blobs: Vec<Oid>,
    skipped: Vec<Skipped>,
}

impl CommitTree {
    /// The files at and below `scope` in `commit`. Left out: virtual environments, installed
    /// packages, submodules.
    ///
    /// # Errors
    /// When there is no such commit, or nothing at `scope` in it, or an object cannot be read.
    pub fn open(repository: Repository, commit: Oid, scope: &TreePath) -> Result<Self, OpenError> {
        let (root, listing) = {
            let tree = repository
                .find_commit(commit)
                .and_then(|commit| commit.tree())
                .map_err(|error| missing_object(&error))?;
            (tree.id(), list(&repository, &tree, scope)?)
        };
        let mut files = listing.files;
        files.sort_unstable_by(|(a, _), (b, _)| a.path.cmp(&b.path));
        let (entries, blobs) = files.into_iter().unzip();
        let mut skipped = listing.skipped;
        skipped.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(Self {
            repository: Mutex::new(repository),
            root,
            contents: Cache::default(),
            entries,
            blobs,
            skipped,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Repository> {
        self.repository
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The object at `path`, which need not be listed.
    fn object_at(&self, path: &TreePath) -> Result<(Oid, ObjectKind), ReadError> {
        if let Ok(at) = self.entries.binary_search_by(|entry| entry.path.cmp(path))
            && let (Some(entry), Some(blob)) = (self.entries.get(at), self.blobs.get(at))
        {
            return Ok((*blob, ObjectKind::File(entry.kind)));
        }
        let repository = self.lock();
        let found = repository
            .find_tree(self.root)
            .and_then(|tree| tree.get_path(std::path::Path::new(path.as_str())))
            .map_err(|error| read_error(&error))?;
        Ok((found.id(), kind_of(&found)))
    }

    fn blob(&self, id: Oid, limit: u64) -> Result<Vec<u8>, ReadError> {
        let repository = self.lock();
        let read = || {
            let database = repository.odb()?;
            // The header tells the size without unpacking the object.
            let (size, _) = database.read_header(id)?;
            if size as u64 > limit {
                return Ok(None);
            }
            Ok(Some(database.read(id)?.data().to_vec()))
        };
        // The tree names the object: where it is missing, as in a partial clone, that is no
        // missing file.
        read()
            .map_err(|error: git2::Error| ReadError::Io(error.message().to_owned()))?
            .ok_or(ReadError::TooLarge)
    }

    fn find_node(&self, path: &TreePath) -> Result<ObjectNode, ReadError> {
        let (id, kind) = self.object_at(path)?;
        Ok(match kind {
            ObjectKind::Folder => ObjectNode::Folder,
            ObjectKind::File(EntryKind::Symlink) => ObjectNode::Link(self.blob(id, MAX_LINK)?),
            ObjectKind::File(_) => ObjectNode::File,
            ObjectKind::Submodule => ObjectNode::Other,
        })
    }
}

impl Tree for CommitTree {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    fn resolve(&self, path: &TreePath) -> Result<TreePath, ReadError> {
        match self.kind(path) {
            Some(EntryKind::File | EntryKind::Executable) => Ok(path.clone()),
            _ => links::resolve(path, |path| self.find_node(path)),
        }
    }

    fn read(&self, path: &TreePath) -> Result<Vec<u8>, ReadError> {
        let resolved = self.resolve(path)?;
        self.contents.get(&resolved, || {
            let (id, _) = self.object_at(&resolved)?;
            self.blob(id, size_limit(&resolved))
        })
    }

    fn link_target(&self, path: &TreePath) -> Option<Vec<u8>> {
        match self.object_at(path).ok()? {
            (id, ObjectKind::File(EntryKind::Symlink)) => self.blob(id, MAX_LINK).ok(),
            _ => None,
        }
    }

    fn size(&self, path: &TreePath) -> Option<u64> {
        let resolved = self.resolve(path).ok()?;
        let (id, _) = self.object_at(&resolved).ok()?;
        let repository = self.lock();
        let (size, _) = repository.odb().ok()?.read_header(id).ok()?;
        Some(size as u64)
    }
}

/// What an entry of a tree object is.
#[derive(Clone, Copy)]
enum ObjectKind {
    Folder,
    File(EntryKind),
    Submodule,
}

fn kind_of(entry: &TreeEntry) -> ObjectKind {
    match (entry.kind(), entry.filemode()) {
        (Some(ObjectType::Tree), _) => ObjectKind::Folder,
        (Some(ObjectType::Commit), _) => ObjectKind::Submodule,
        (_, 0o120_000) => ObjectKind::File(EntryKind::Symlink),
        (_, mode) if mode & 0o100 != 0 => ObjectKind::File(EntryKind::Executable),
        _ => ObjectKind::File(EntryKind::File),
    }
}

#[derive(Default)]
struct Listing {
    files: Vec<(Entry, Oid)>,
    skipped: Vec<Skipped>,
    bounds: Bounds,
}

/// The files at and below `scope`.
fn list(
    repository: &Repository,
    root: &git2::Tree,
    scope: &TreePath,
) -> Result<Listing, OpenError> {
    let mut listing = Listing::default();
    if scope.is_root() {
        listing.walk(repository, root, scope, 0)?;
        return Ok(listing);
    }
    let entry = root
        .get_path(std::path::Path::new(scope.as_str()))
        .map_err(|error| open_error(&error))?;
    match kind_of(&entry) {
        ObjectKind::Folder => {
            let tree = repository.find_tree(entry.id());
            let tree = tree.map_err(|error| missing_object(&error))?;
            listing.walk(repository, &tree, scope, 0)?;
        }
        ObjectKind::File(EntryKind::Symlink) => return Err(OpenError::Link),
        ObjectKind::File(kind) => listing.add(scope.clone(), kind, entry.id()),
        ObjectKind::Submodule => listing.skip(scope.clone(), SkipReason::Submodule),
    }
    Ok(listing)
}

impl Listing {
    fn add(&mut self, path: TreePath, kind: EntryKind, id: Oid) {
        self.files.push((Entry { path, kind }, id));
    }

    fn skip(&mut self, path: TreePath, reason: SkipReason) {
        self.skipped.push(Skipped {
            path,
            reason,
            // A commit holds what git tracks and nothing else.
            tracked: true,
        });
    }

    fn walk(
        &mut self,
        repository: &Repository,
        tree: &git2::Tree,
        folder: &TreePath,
        depth: usize,
    ) -> Result<(), OpenError> {
        if depth > MAX_DEPTH {
            return Err(OpenError::Io("its folders are too deep".to_owned()));
        }
        for entry in tree {
            let name = String::from_utf8_lossy(entry.name_bytes());
            // Only a forged commit holds such names; git would not check it out.
            if matches!(&*name, "" | "." | "..") || skip::is_git_folder(&name) {
                continue;
            }
            let path = folder.child(&name);
            self.bounds.count(&path)?;
            match kind_of(&entry) {
                _ if std::str::from_utf8(entry.name_bytes()).is_err() => {
                    self.skip(path, SkipReason::NotUtf8);
                }
                ObjectKind::Folder => self.walk_folder(repository, &entry, path, depth)?,
                ObjectKind::File(kind) => self.add(path, kind, entry.id()),
                ObjectKind::Submodule => self.skip(path, SkipReason::Submodule),
            }
        }
        Ok(())
    }

    fn walk_folder(
        &mut self,
        repository: &Repository,
        entry: &TreeEntry,
        path: TreePath,
        depth: usize,
    ) -> Result<(), OpenError> {
        if let Some(reason) = skip::by_name(path.name()) {
            self.skip(path, reason);
            return Ok(());
        }
        let tree = repository
            .find_tree(entry.id())
            .map_err(|error| missing_object(&error))?;
        let holds = |name: &str| tree.get_name(name).is_some();
        if skip::ENVIRONMENT_MARKERS.into_iter().any(holds) {
            self.skip(path, SkipReason::VirtualEnvironment);
            return Ok(());
        }
        self.walk(repository, &tree, &path, depth + 1)
    }
}

/// What a commit or a folder names is missing: that is damage, and no missing file.
fn missing_object(error: &git2::Error) -> OpenError {
    OpenError::Io(error.message().to_owned())
}

fn open_error(error: &git2::Error) -> OpenError {
    match error.code() {
        ErrorCode::NotFound => OpenError::NotFound,
        _ => OpenError::Io(error.message().to_owned()),
    }
}

fn read_error(error: &git2::Error) -> ReadError {
    match error.code() {
        ErrorCode::NotFound => ReadError::NotFound,
        _ => ReadError::Io(error.message().to_owned()),
    }
}
