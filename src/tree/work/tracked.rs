//! What git's index says is part of the repository.

use git2::{Index, Repository};

use crate::tree::TreePath;

/// The mode of a submodule in the index.
const SUBMODULE: u32 = 0o160_000;

/// The paths of the index at and below one folder, sorted.
#[derive(Default)]
pub(super) struct Tracked {
    files: Vec<String>,
    modules: Vec<String>,
}

impl Tracked {
    /// Reads the index of `repository`. One that cannot be read tracks nothing: only ignored files
    /// that were added by force are missed then.
    pub(super) fn read(repository: &Repository, scope: &TreePath) -> Self {
        repository
            .index()
            .map_or_else(|_| Self::default(), |index| Self::from_index(&index, scope))
    }

    fn from_index(index: &Index, scope: &TreePath) -> Self {
        let mut tracked = Self::default();
        for entry in index.iter() {
            let path = String::from_utf8_lossy(&entry.path).into_owned();
            if !is_in(&path, scope) {
                continue;
            }
            if entry.mode == SUBMODULE {
                tracked.modules.push(path);
            } else if tracked.files.last() != Some(&path) {
                // A conflict has up to three entries of one path.
                tracked.files.push(path);
            }
        }
        tracked.files.sort_unstable();
        tracked.modules.sort_unstable();
        tracked
    }

    /// The tracked files and links.
    pub(super) fn files(&self) -> &[String] {
        &self.files
    }

    /// The tracked submodules.
    pub(super) fn modules(&self) -> &[String] {
        &self.modules
    }

    /// Whether git tracks `path`, or anything below it.
    pub(super) fn holds(&self, path: &TreePath) -> bool {
        [&self.files, &self.modules]
            .into_iter()
            .any(|paths| holds(paths, path.as_str()))
    }
}

fn holds(paths: &[String], path: &str) -> bool {
    let below = format!("{path}/");
    let found = |prefix: &str| {
        let at = paths.partition_point(|candidate| candidate.as_str() < prefix);
        paths.get(at)
    };
    found(path).is_some_and(|candidate| candidate == path)
        || found(&below).is_some_and(|candidate| candidate.starts_with(&below))
}

fn is_in(path: &str, scope: &TreePath) -> bool {
    let rest = path.strip_prefix(scope.as_str());
    scope.is_root() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
