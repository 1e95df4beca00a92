//! Walks a folder: what is in it, what is left out, and what only git's index knows.

use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

use git2::Repository;

use super::ignores::{FILE, Ignores, folders_above};
use super::tracked::Tracked;
use crate::disk::{Folder, Name, Standing};
use crate::tree::bounds::Bounds;
use crate::tree::{Entry, EntryKind, OpenError, SkipReason, Skipped, TreePath, skip};

/// What the walk found so far.
pub(super) struct Listing<'r> {
    root: &'r Folder,
    entries: Vec<Entry>,
    skipped: HashMap<TreePath, SkipReason>,
    /// The folders that are still to be looked into.
    ahead: Vec<(TreePath, Rc<Ignores>)>,
    /// Counts while it walks: what is too much must not be held first.
    bounds: Bounds,
}

impl<'r> Listing<'r> {
    /// All files at and below `scope` in the folder `root` that git would not ignore.
    ///
    /// # Errors
    /// When there are more files and folders than a tree may hold.
    pub(super) fn walk(
        root: &'r Folder,
        scope: &TreePath,
        repository: Option<&Repository>,
    ) -> Result<Self, OpenError> {
        let mut listing = Self {
            root,
            entries: Vec::new(),
            skipped: HashMap::new(),
            ahead: Vec::new(),
            bounds: Bounds::default(),
        };
        let mut ignores = Rc::new(Ignores::read(root.path(), repository));
        for above in folders_above(scope) {
            if let Ok(folder) = root.open_below(above.as_str()) {
                ignores = listing.ignores_of(&above, &folder, &ignores);
            }
        }
        if root.standing(scope.as_str()) == Some(Standing::File) {
            // Somebody asked for this one file.
            let kind = kind_of(root, scope.as_str(), Standing::File);
            let path = scope.clone();
            listing
                .entries
                .extend(kind.map(|kind| Entry { path, kind }));
            return Ok(listing);
        }
        listing.ahead.push((scope.clone(), ignores));
        while let Some((path, ignores)) = listing.ahead.pop() {
            listing.enter(&path, &ignores, path == *scope)?;
        }
        Ok(listing)
    }

    /// The lists that hold in a folder.
    fn ignores_of(&mut self, path: &TreePath, folder: &Folder, above: &Rc<Ignores>) -> Rc<Ignores> {
        let whole = self.root.path().join(path.as_str());
        let (ignores, problem) = Ignores::below(above, folder, &whole);
        self.skipped
            .extend(problem.map(|reason| (path.child(FILE), reason)));
        ignores
    }

    /// Looks into one folder. That with which the walk begins was asked for, whatever it is.
    fn enter(
        &mut self,
        path: &TreePath,
        above: &Rc<Ignores>,
        is_start: bool,
    ) -> Result<(), OpenError> {
        let opened = self.root.open_below(path.as_str());
        let listed = opened.and_then(|folder| Ok((folder.names("")?, folder)));
        let (names, folder) = match listed {
            Ok(listed) => listed,
            Err(error) => {
                self.skipped
                    .insert(path.clone(), SkipReason::from_error(&error));
                return Ok(());
            }
        };
        let holds = |wanted: &str| names.iter().any(|name| name.name == wanted);
        if !is_start && let Some(reason) = reason_to_skip(holds) {
            self.skipped.insert(path.clone(), reason);
            return Ok(());
        }
        let ignores = if holds(FILE) {
            self.ignores_of(path, &folder, above)
        } else {
            Rc::clone(above)
        };
        let whole = self.root.path().join(path.as_str());
        for name in &names {
            let is_folder = name.standing == Standing::Folder;
            if !ignores.ignores(&whole.join(&name.name), is_folder) {
                self.take(path, &folder, name, &ignores)?;
            }
        }
        Ok(())
    }

    fn take(
        &mut self,
        above: &TreePath,
        folder: &Folder,
        name: &Name,
        ignores: &Rc<Ignores>,
    ) -> Result<(), OpenError> {
        let lossy = name.name.to_string_lossy();
        if skip::is_git_folder(&lossy) {
            return Ok(());
        }
        let path = above.child(&lossy);
        self.bounds.count(&path)?;
        if name.standing == Standing::Other {
            self.skipped.insert(path, SkipReason::NotAFile);
        } else if name.name.to_str().is_none() {
            self.skipped.insert(path, SkipReason::NotUtf8);
        } else if name.standing != Standing::Folder {
            let kind = kind_of(folder, &name.name, name.standing);
            self.entries.extend(kind.map(|kind| Entry { path, kind }));
        } else if let Some(reason) = skip::by_name(&lossy) {
            self.skipped.insert(path, reason);
        } else {
            self.ahead.push((path, Rc::clone(ignores)));
        }
        Ok(())
    }

    /// Adds what git tracks although it ignores it, and the submodules that are not checked out.
    pub(super) fn add_tracked(&mut self, scope: &TreePath, tracked: &Tracked) {
        self.entries.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        let listed = std::mem::take(&mut self.entries);
        let root = self.root;
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
                match root.standing(name) {
                    Some(Standing::Other) => {
                        self.skipped.insert(path, SkipReason::NotAFile);
                    }
                    Some(standing) => {
                        let kind = kind_of(root, Path::new(name), standing);
                        self.entries.extend(kind.map(|kind| Entry { path, kind }));
                    }
                    None => {}
                }
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
    root: &'r Folder,
    scope: &'r TreePath,
    known: HashMap<TreePath, bool>,
}

impl<'r> Folders<'r> {
    fn new(root: &'r Folder, scope: &'r TreePath) -> Self {
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
        if self.root.standing(folder.as_str()) != Some(Standing::Folder) {
            return false;
        }
        let holds = |name: &str| self.root.standing(folder.child(name).as_str()).is_some();
        let reason = skip::by_name(folder.name()).or_else(|| reason_to_skip(holds));
        skipped.extend(reason.map(|reason| (folder.clone(), reason)));
        reason.is_none()
    }
}

/// Why a folder that holds certain names is left out.
fn reason_to_skip(holds: impl Fn(&str) -> bool) -> Option<SkipReason> {
    if holds(".git") {
        Some(SkipReason::Submodule)
    } else if skip::ENVIRONMENT_MARKERS.into_iter().any(holds) {
        Some(SkipReason::VirtualEnvironment)
    } else {
        None
    }
}

/// The kind of what is on disk; `None` for what git does not know.
fn kind_of(folder: &Folder, name: impl AsRef<Path>, standing: Standing) -> Option<EntryKind> {
    match standing {
        Standing::Link => Some(EntryKind::Symlink),
        // Git looks at the owner's bit.
        Standing::File if folder.is_executable(name) => Some(EntryKind::Executable),
        Standing::File => Some(EntryKind::File),
        Standing::Folder | Standing::Other => None,
    }
}
