//! Which repositories there are: those below a folder, or those that a list names. What git
//! ignores counts: a clone inside another's work tree is a repository of its own.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::disk::{FileKind, Folder, Standing};
use crate::git;
use crate::tree;

/// A repository, or a place where one was to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRepository {
    /// Its path from the folder that was searched (`.` for that folder itself), or as the list
    /// names it.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// Why it cannot be worked on, a sentence.
    pub problem: Option<String>,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundRepositories {
    /// The repositories, in the order of their names or of the list.
    pub places: Vec<FoundRepository>,
    /// Submodules: their commits belong to repositories of their own, and a branch in this copy
    /// of one would be lost.
    pub submodules: Vec<String>,
    /// Names of the list that lead to a repository that it named before, and work trees that
    /// `git worktree add` made of a repository that was found.
    pub repeated: Vec<String>,
    /// Folders laid out as a repository that the repository around them tracks: files of that one.
    pub tracked: Vec<String>,
}

/// The repositories below a folder at any depth, and the folder itself if it is one. Symbolic links
/// are not followed; environments and installed packages are passed over.
///
/// # Errors
/// When the folder itself cannot be listed.
pub fn below(root: &Path) -> io::Result<FoundRepositories> {
    let root = root.canonicalize()?;
    let opened = Folder::open(&root).and_then(|folder| folder.names(""));
    opened.map_err(io::Error::other)?;
    let mut search = RepositorySearch {
        root: &root,
        found: FoundRepositories::default(),
        linked: HashSet::new(),
    };
    let mut walk = WalkDir::new(&root).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {
                if !search.enter(&entry) {
                    walk.skip_current_dir();
                }
            }
            Ok(_) => {}
            Err(error) => search.unlisted(&error),
        }
    }
    Ok(search.found)
}

/// The repositories that a list names: a path in each line, from the folder `base` unless absolute;
/// empty lines and those that begin with `#` say nothing.
pub fn listed(list: &[u8], base: &Path) -> FoundRepositories {
    let mut found = FoundRepositories::default();
    let mut known = HashSet::new();
    let list = list.strip_prefix(b"\xef\xbb\xbf").unwrap_or(list);
    for line in list.split(|byte| *byte == b'\n') {
        let line = line.trim_ascii();
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        let name = String::from_utf8_lossy(line).into_owned();
        let path = base.join(&name);
        if known.insert(git_folder(&path)) {
            found.places.push(place(name, path));
        } else {
            found.repeated.push(name);
        }
    }
    found
}

fn place(name: String, path: PathBuf) -> FoundRepository {
    let problem = (!path.is_dir()).then(|| "there is no such folder".to_owned());
    FoundRepository {
        name,
        path,
        problem,
    }
}

/// What two names of one repository have in common.
fn git_folder(path: &Path) -> PathBuf {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let inside = path.join(".git");
    if inside.is_dir() { inside } else { path }
}

struct RepositorySearch<'r> {
    root: &'r Path,
    found: FoundRepositories,
    /// The repositories outside the root whose linked work trees were found.
    linked: HashSet<PathBuf>,
}

/// What a folder is.
enum FolderKind {
    Plain,
    WorkTree,
    Bare,
    Submodule,
    /// A work tree that `git worktree add` made of the repository with this git folder.
    Linked(PathBuf),
}

impl RepositorySearch<'_> {
    /// Takes the folder if it is a repository; says whether to look below it.
    fn enter(&mut self, entry: &DirEntry) -> bool {
        let folder = entry.path();
        let is_root = entry.depth() == 0;
        let is_git_folder = entry.file_name().eq_ignore_ascii_case(".git");
        if !is_root && (is_git_folder || tree::is_installed(folder)) {
            return false;
        }
        let name = self.name(folder);
        match kind(folder) {
            FolderKind::Plain => {}
            FolderKind::WorkTree => self.take(name, folder),
            FolderKind::Bare if git::surrounding_of_tracked(folder).is_some() => {
                self.found.tracked.push(name);
                return false;
            }
            FolderKind::Bare => {
                self.take(name, folder);
                return false;
            }
            FolderKind::Submodule => self.found.submodules.push(name),
            FolderKind::Linked(of) => {
                if of.starts_with(self.root) || !self.linked.insert(of) {
                    self.found.repeated.push(name);
                } else {
                    self.take(name, folder);
                }
            }
        }
        true
    }

    fn take(&mut self, name: String, folder: &Path) {
        self.found.places.push(FoundRepository {
            name,
            path: folder.to_owned(),
            problem: None,
        });
    }

    /// A folder that cannot be listed may hide repositories: it counts as one that failed.
    fn unlisted(&mut self, error: &walkdir::Error) {
        let Some(path) = error.path() else { return };
        let reason = error.io_error().map(ToString::to_string);
        let reason = reason.unwrap_or_else(|| error.to_string());
        self.found.places.push(FoundRepository {
            name: self.name(path),
            path: path.to_owned(),
            problem: Some(format!("the folder cannot be listed: {reason}")),
        });
    }

    fn name(&self, folder: &Path) -> String {
        let below = folder.strip_prefix(self.root).unwrap_or(folder);
        let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        if parts.is_empty() {
            ".".to_owned()
        } else {
            parts.join("/")
        }
    }
}

fn kind(folder: &Path) -> FolderKind {
    let standing = Folder::open(folder).ok();
    match standing.and_then(|it| it.standing(".git")) {
        Some(Standing::File) => led_by(folder),
        Some(_) => FolderKind::WorkTree,
        None if is_bare(folder) => FolderKind::Bare,
        None => FolderKind::Plain,
    }
}

/// What a `.git` that is a file says (`git help repository-layout`). One that leads nowhere is a
/// damaged repository.
fn led_by(folder: &Path) -> FolderKind {
    let opened = Folder::open(folder).and_then(|it| it.read(".git", FileKind::Git));
    let text = String::from_utf8(opened.unwrap_or_default()).unwrap_or_default();
    let Some(target) = text.trim().strip_prefix("gitdir:") else {
        return FolderKind::WorkTree;
    };
    let Ok(target) = folder.join(target.trim()).canonicalize() else {
        return FolderKind::WorkTree;
    };
    let parts: Vec<_> = target.iter().collect();
    let is_module = |pair: &[&std::ffi::OsStr]| matches!(pair, [above, below] if *above == ".git" && *below == "modules");
    if parts.windows(2).any(is_module) {
        return FolderKind::Submodule;
    }
    match target.parent() {
        Some(above) if above.ends_with("worktrees") => {
            FolderKind::Linked(above.parent().unwrap_or(above).to_owned())
        }
        _ => FolderKind::WorkTree,
    }
}

/// A folder laid out as git's own (`git help repository-layout`). One that is called `.git` at its
/// end is taken for a damaged one when only a part is there.
fn is_bare(folder: &Path) -> bool {
    let there = [
        folder.join("HEAD").is_file(),
        folder.join("objects").is_dir(),
        folder.join("refs").exists(),
    ];
    let named = folder.extension().is_some_and(|end| end == "git");
    let count = there.iter().filter(|there| **there).count();
    count == 3 || (named && count > 0)
}

#[cfg(test)]
mod tests;
