//! A folder on disk: a work tree of git, or a plain folder. Lists what git would track, and reads
//! nothing that lies elsewhere.

mod tracked;

use std::collections::HashMap;
use std::fs::{self, File, Metadata};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use git2::{Repository, RepositoryOpenFlags};
use ignore::{DirEntry, WalkBuilder};
use thiserror::Error;

use self::tracked::Tracked;
use super::{Entry, EntryKind, MAX_FILE_SIZE, ReadError, SkipReason, Skipped, Tree, TreePath};
use super::{links, skip};

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
    /// The operating system or the object database said no.
    #[error("cannot be read: {0}")]
    Io(String),
}

/// The files of a folder.
pub struct WorkTree {
    root: PathBuf,
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
        let root = root.canonicalize().map_err(|error| open_error(&error))?;
        if !root.is_dir() {
            return Err(OpenError::NotAFolder);
        }
        let start = start_of(&root, scope)?;
        let repository = repository_at(&root);
        let tracked = repository
            .as_ref()
            .map_or_else(Tracked::default, |found| Tracked::read(found, scope));
        let mut listing = Listing::walk(&root, &start, repository.is_some());
        listing.add_tracked(&root, scope, &tracked);
        let (entries, skipped) = listing.finish(&tracked);
        Ok(Self {
            root,
            entries,
            skipped,
        })
    }

    /// The canonical path of the tree's root.
    pub fn root(&self) -> &Path {
        &self.root
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
            _ => links::resolve_on_disk(&self.root, path),
        }
    }

    fn read(&self, path: &TreePath) -> Result<Vec<u8>, ReadError> {
        let resolved = self.resolve(path)?;
        read_file(&self.root.join(resolved.as_str()))
    }

    fn link_target(&self, path: &TreePath) -> Option<Vec<u8>> {
        let target = fs::read_link(self.root.join(path.as_str())).ok()?;
        Some(target.into_os_string().into_encoded_bytes())
    }
}

/// Where the walk begins. The part of the path below `root` must not go through links: what is
/// found there would have paths that git does not know.
fn start_of(root: &Path, scope: &TreePath) -> Result<PathBuf, OpenError> {
    let start = root.join(scope.as_str());
    let canonical = start.canonicalize().map_err(|error| open_error(&error))?;
    if scope.is_root() || links::tree_path(root, &canonical).as_ref() == Some(scope) {
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

/// Reads a plain file; a pipe or device would block or never end.
fn read_file(path: &Path) -> Result<Vec<u8>, ReadError> {
    let metadata = fs::symlink_metadata(path).map_err(|error| links::io_error(&error))?;
    if !metadata.is_file() {
        return Err(ReadError::NotAFile);
    }
    if metadata.len() > MAX_FILE_SIZE {
        return Err(ReadError::TooLarge);
    }
    let file = File::open(path).map_err(|error| links::io_error(&error))?;
    let mut contents = Vec::new();
    // The file may grow while it is read.
    file.take(MAX_FILE_SIZE + 1)
        .read_to_end(&mut contents)
        .map_err(|error| links::io_error(&error))?;
    if contents.len() as u64 > MAX_FILE_SIZE {
        return Err(ReadError::TooLarge);
    }
    Ok(contents)
}

/// What the walk found so far.
struct Listing {
    entries: Vec<Entry>,
    skipped: HashMap<TreePath, SkipReason>,
}

impl Listing {
    /// All files below `start` that git would not ignore.
    fn walk(root: &Path, start: &Path, in_git: bool) -> Self {
        let pruned = Arc::new(Mutex::new(Vec::new()));
        let found = Arc::clone(&pruned);
        let walk = WalkBuilder::new(start)
            .hidden(false)
            .ignore(false)
            .require_git(in_git)
            // Outside a repository nothing says how far up an ignore file would count.
            .parents(in_git)
            .filter_entry(move |entry| keep(entry, &found))
            .build();
        let mut listing = Self {
            entries: Vec::new(),
            skipped: HashMap::new(),
        };
        for entry in walk.flatten() {
            listing.add(root, &entry);
        }
        let pruned = std::mem::take(&mut *pruned.lock().unwrap_or_else(PoisonError::into_inner));
        for (folder, reason) in pruned {
            listing.skip(root, &folder, reason);
        }
        listing
    }

    fn add(&mut self, root: &Path, found: &DirEntry) {
        if found.file_type().is_none_or(|kind| kind.is_dir()) {
            return;
        }
        let Some(kind) = found.metadata().ok().as_ref().and_then(kind_of) else {
            return;
        };
        match links::tree_path(root, found.path()) {
            Some(path) => self.entries.push(Entry { path, kind }),
            None => self.skip(root, found.path(), SkipReason::NotUtf8),
        }
    }

    fn skip(&mut self, root: &Path, path: &Path, reason: SkipReason) {
        let lossy = PathBuf::from(path.to_string_lossy().into_owned());
        if let Some(path) = links::tree_path(root, &lossy) {
            self.skipped.insert(path, reason);
        }
    }

    /// Adds what git tracks although it ignores it, and the submodules that are not checked out.
    fn add_tracked(&mut self, root: &Path, scope: &TreePath, tracked: &Tracked) {
        self.entries.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        let listed = std::mem::take(&mut self.entries);
        let mut folders = Folders::new(root, scope);
        for module in tracked.modules() {
            let path = TreePath::root().child(module);
            self.skipped.entry(path).or_insert(SkipReason::Submodule);
        }
        for name in tracked.files() {
            let known = |entry: &Entry| entry.path.as_str().cmp(name);
            if listed.binary_search_by(known).is_ok() {
                continue;
            }
            let path = TreePath::root().child(name);
            if folders.all_real(&path.parent(), &mut self.skipped) {
                let metadata = fs::symlink_metadata(root.join(name)).ok();
                let kind = metadata.as_ref().and_then(kind_of);
                self.entries.extend(kind.map(|kind| Entry { path, kind }));
            }
        }
        self.entries.extend(listed);
    }

    fn finish(self, tracked: &Tracked) -> (Vec<Entry>, Vec<Skipped>) {
        let mut entries = self.entries;
        entries.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        let mut skipped: Vec<Skipped> = self
            .skipped
            .into_iter()
            .map(|(path, reason)| Skipped {
                tracked: tracked.holds(&path),
                path,
                reason,
            })
            .collect();
        skipped.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        (entries, skipped)
    }
}

/// Which folders on disk are part of the tree; each is looked at once.
struct Folders<'r> {
    root: &'r Path,
    scope: &'r TreePath,
    known: HashMap<TreePath, bool>,
}

impl<'r> Folders<'r> {
    fn new(root: &'r Path, scope: &'r TreePath) -> Self {
        Self {
            root,
            scope,
            known: HashMap::new(),
        }
    }

    /// Whether `folder` and all folders above it, below the scope, are real folders that a
    /// listing does not leave out. One that it does leave out is added to `skipped`.
    fn all_real(&mut self, folder: &TreePath, skipped: &mut HashMap<TreePath, SkipReason>) -> bool {
        if folder == self.scope || self.scope.is_in(folder) {
            return true;
        }
        if let Some(known) = self.known.get(folder) {
            return *known;
        }
        let real = !skipped.contains_key(folder)
            && self.all_real(&folder.parent(), skipped)
            && self.is_real(folder, skipped);
        self.known.insert(folder.clone(), real);
        real
    }

    fn is_real(&self, folder: &TreePath, skipped: &mut HashMap<TreePath, SkipReason>) -> bool {
        let path = self.root.join(folder.as_str());
        if !fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_dir()) {
            return false;
        }
        let reason = reason_to_skip(folder.name(), &path);
        skipped.extend(reason.map(|reason| (folder.clone(), reason)));
        reason.is_none()
    }
}

/// Whether the walk goes on with `entry`; a folder left out for a reason is noted.
fn keep(entry: &DirEntry, pruned: &Mutex<Vec<(PathBuf, SkipReason)>>) -> bool {
    let name = entry.file_name().to_string_lossy();
    if skip::is_git_folder(&name) {
        return false;
    }
    if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return true;
    }
    let Some(reason) = reason_to_skip(&name, entry.path()) else {
        return true;
    };
    let mut pruned = pruned.lock().unwrap_or_else(PoisonError::into_inner);
    pruned.push((entry.path().to_owned(), reason));
    false
}

fn reason_to_skip(name: &str, folder: &Path) -> Option<SkipReason> {
    let holds = |name: &str| fs::symlink_metadata(folder.join(name)).is_ok();
    if let Some(reason) = skip::by_name(name) {
        Some(reason)
    } else if holds(".git") {
        Some(SkipReason::Submodule)
    } else if skip::ENVIRONMENT_MARKERS.into_iter().any(holds) {
        Some(SkipReason::VirtualEnvironment)
    } else {
        None
    }
}

/// The kind of what is on disk; `None` for pipes and devices, which git does not know.
fn kind_of(metadata: &Metadata) -> Option<EntryKind> {
    if metadata.is_symlink() {
        Some(EntryKind::Symlink)
    } else if !metadata.is_file() {
        None
    } else if is_executable(metadata) {
        Some(EntryKind::Executable)
    } else {
        Some(EntryKind::File)
    }
}

/// Git looks at the owner's bit.
#[cfg(unix)]
fn is_executable(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_executable(_metadata: &Metadata) -> bool {
    false
}
