//! Walks a folder: what is in it, what is left out, and what only git's index knows.

use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder};

use super::tracked::Tracked;
use crate::tree::{Entry, EntryKind, SkipReason, Skipped, TreePath, links, skip};

/// What the walk found so far.
pub(super) struct Listing {
    entries: Vec<Entry>,
    skipped: HashMap<TreePath, SkipReason>,
}

impl Listing {
    /// All files below `start` that git would not ignore. `excludes` says whether the user's own
    /// list of ignored files is to be looked for.
    pub(super) fn walk(root: &Path, start: &Path, in_git: bool, excludes: bool) -> Self {
        let pruned = Arc::new(Mutex::new(Vec::new()));
        let found = Arc::clone(&pruned);
        let walk = WalkBuilder::new(start)
            .hidden(false)
            .ignore(false)
            .require_git(in_git)
            .git_global(excludes)
            // The walk is a serial one; left to itself the crate asks the system for its cores.
            .threads(1)
            // Above a repository no ignore file counts, and outside one nothing says how far up.
            .parents(in_git && start != root)
            .filter_entry(move |entry| keep(entry, &found))
            .build();
        let mut listing = Self {
            entries: Vec::new(),
            skipped: HashMap::new(),
        };
        let is_folder = |entry: &DirEntry| entry.file_type().is_some_and(|kind| kind.is_dir());
        for file in walk.flatten().filter(|entry| !is_folder(entry)) {
            let kind = file.metadata().ok().as_ref().and_then(kind_of);
            listing.add(root, file.path(), kind);
        }
        let pruned = std::mem::take(&mut *pruned.lock().unwrap_or_else(PoisonError::into_inner));
        for (folder, reason) in pruned {
            listing.skip(root, &folder, reason);
        }
        listing
    }

    fn add(&mut self, root: &Path, path: &Path, kind: Option<EntryKind>) {
        match (links::tree_path(root, path), kind) {
            (Some(path), Some(kind)) => self.entries.push(Entry { path, kind }),
            (None, Some(_)) => self.skip(root, path, SkipReason::NotUtf8),
            (_, None) => {}
        }
    }

    fn skip(&mut self, root: &Path, path: &Path, reason: SkipReason) {
        let lossy = PathBuf::from(path.to_string_lossy().into_owned());
        if let Some(path) = links::tree_path(root, &lossy) {
            self.skipped.insert(path, reason);
        }
    }

    /// Adds what git tracks although it ignores it, and the submodules that are not checked out.
    pub(super) fn add_tracked(&mut self, root: &Path, scope: &TreePath, tracked: &Tracked) {
        self.entries.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        let listed = std::mem::take(&mut self.entries);
        let mut folders = Folders::new(root, scope);
        for module in tracked.modules() {
            let path = TreePath::root().child(module);
            self.skipped.entry(path).or_insert(SkipReason::Submodule);
        }
        // Both are sorted: one walk along them finds what only git knows.
        let mut ahead = listed.iter().peekable();
        for name in tracked.files() {
            while ahead
                .next_if(|entry| *entry.path.as_str() < **name)
                .is_some()
            {}
            if ahead
                .peek()
                .is_some_and(|entry| entry.path.as_str() == name)
            {
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

    pub(super) fn finish(self, tracked: &Tracked) -> (Vec<Entry>, Vec<Skipped>) {
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
