//! The repository that a path is in.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use git2::{ErrorCode, Oid, Repository, RepositoryOpenFlags};

use super::GitError;
use super::own_files::{self, GitFolder};
use super::trusted;
use crate::disk::{FileKind, Folder};
use crate::tree::TreePath;

/// What kind of repository a path is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkspaceKind {
    /// A repository with its work tree.
    WorkTree,
    /// A work tree that `git worktree add` made.
    LinkedWorkTree,
    /// A work tree inside another repository's, whose objects that one keeps.
    Submodule,
    /// A repository without a work tree.
    Bare,
}

/// What `HEAD` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Head {
    /// A branch and its last commit.
    Branch {
        /// The branch's short name.
        name: String,
        /// Its last commit.
        commit: Oid,
    },
    /// A commit and no branch.
    Detached {
        /// The commit.
        commit: Oid,
    },
    /// A branch without any commit.
    Unborn {
        /// The branch's short name.
        name: String,
    },
}

impl Head {
    /// The commit that `HEAD` leads to.
    ///
    /// # Errors
    /// When there is none yet.
    pub fn commit(&self) -> Result<Oid, GitError> {
        match self {
            Self::Branch { commit, .. } | Self::Detached { commit } => Ok(*commit),
            Self::Unborn { name } => Err(GitError::Unborn(name.clone())),
        }
    }
}

/// The remotes of a repository's own configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemoteUrls {
    /// The configuration file as a person would name it from the top of the repository.
    pub path: String,
    /// Its text.
    pub text: String,
    /// The name of each remote with a URL to fetch from or to push to, in the file's order.
    pub urls: Vec<(String, String)>,
}

/// A repository, opened.
pub struct Workspace {
    repository: Repository,
    kind: WorkspaceKind,
    root: Option<PathBuf>,
}

/// The repository that `path` (a file or folder) is in; `None` when it is in none.
///
/// # Errors
/// When nothing is at `path`, or the repository cannot be opened; see [`GitError`].
pub fn discover(path: &Path) -> Result<Option<Workspace>, GitError> {
    let path = path
        .canonicalize()
        .map_err(|_| GitError::NotFound(path.to_owned()))?;
    let folder = if path.is_dir() {
        path.as_path()
    } else {
        path.parent().unwrap_or(&path)
    };
    let mut ahead = Some(folder);
    while let Some(here) = ahead {
        match open_checked(here) {
            Ok(Some(workspace)) => return Ok(Some(workspace)),
            // Files that another repository tracks are part of that one.
            Ok(None) | Err(GitError::Tracked(_)) => {}
            Err(error) => return Err(error),
        }
        ahead = here.parent().filter(|above| is_same_disk(here, above));
    }
    Ok(None)
}

/// The repository at `folder` itself, its work tree or git folder; never one above it, so that
/// a damaged repository is not taken for the one that it lies in.
///
/// # Errors
/// When none is there, or it cannot be opened; see [`GitError`].
pub fn open_at(folder: &Path) -> Result<Workspace, GitError> {
    let folder = canonical(folder)?;
    open_checked(&folder)?.ok_or(GitError::NoRepository)
}

/// Opens what is at `folder` when its own files are what they have to be; `None` when there is no
/// repository.
fn open_checked(folder: &Path) -> Result<Option<Workspace>, GitError> {
    let Some(found) = own_files::find(folder)? else {
        return Ok(None);
    };
    if found.by_layout
        && let Some(around) = surrounding_of_tracked(folder)
    {
        return Err(GitError::Tracked(around));
    }
    own_files::check(&found)?;
    let ceilings: [&Path; 0] = [];
    match Repository::open_ext(folder, RepositoryOpenFlags::NO_SEARCH, ceilings) {
        Ok(repository) => Workspace::from_repository(repository, &found).map(Some),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        Err(error) if error.code() == ErrorCode::Owner => Err(GitError::Ownership(found.top)),
        Err(error) => Err(error.into()),
    }
}

/// The repository around `folder` that tracks files in it: such a folder is part of that one,
/// whatever it looks like. One whose index and last commit cannot be read may track everything.
pub fn surrounding_of_tracked(folder: &Path) -> Option<PathBuf> {
    if folder
        .file_name()
        .is_some_and(|name| name.eq_ignore_ascii_case(".git"))
    {
        // Git tracks nothing of that name.
        return None;
    }
    let tops = folder.ancestors().skip(1);
    let mut tops = tops.take_while(|top| is_same_disk(folder, top));
    let (around, below) = tops.find_map(|top| {
        let found = own_files::find(top).ok()??;
        let below = folder.strip_prefix(&found.top).ok()?.to_str()?.to_owned();
        (!found.by_layout).then_some((found, below))
    })?;
    if below
        .split('/')
        .any(|name| name.eq_ignore_ascii_case(".git"))
    {
        return None;
    }
    own_files::check(&around).ok()?;
    let ceilings: [&Path; 0] = [];
    let flags = RepositoryOpenFlags::NO_SEARCH;
    let repository = Repository::open_ext(&around.top, flags, ceilings).ok()?;
    tracks(&repository, &below).then_some(around.top)
}

fn tracks(repository: &Repository, below: &str) -> bool {
    let inside = format!("{below}/");
    let index = repository.index();
    if index
        .as_ref()
        .is_ok_and(|it| it.find_prefix(&inside).is_ok())
    {
        return true;
    }
    let head = repository.head().and_then(|head| head.peel_to_tree());
    match head {
        Ok(tree) => tree.get_path(Path::new(below)).is_ok(),
        Err(error) => index.is_err() && error.code() != ErrorCode::UnbornBranch,
    }
}

/// Git does not look for a repository on another file system.
#[cfg(unix)]
fn is_same_disk(here: &Path, above: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (here.metadata(), above.metadata()) {
        (Ok(here), Ok(above)) => here.dev() == above.dev(),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_same_disk(_here: &Path, _above: &Path) -> bool {
    true
}

impl Workspace {
    fn from_repository(repository: Repository, found: &GitFolder) -> Result<Self, GitError> {
        let root = match repository.workdir() {
            Some(folder) => Some(work_tree(folder, found)?),
            None if trusted::value(&repository.config()?, "safe.bareRepository")
                .is_some_and(|value| value == "explicit") =>
            {
                return Err(GitError::ExplicitBare);
            }
            None => None,
        };
        let kind = match &root {
            None => WorkspaceKind::Bare,
            Some(_) if repository.is_worktree() => WorkspaceKind::LinkedWorkTree,
            Some(_) if is_submodule(repository.path()) => WorkspaceKind::Submodule,
            Some(_) => WorkspaceKind::WorkTree,
        };
        Ok(Self {
            repository,
            kind,
            root,
        })
    }

    /// What kind of repository it is.
    pub fn kind(&self) -> WorkspaceKind {
        self.kind
    }

    /// The canonical path of the work tree; `None` in a bare repository.
    pub fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// The repository.
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// The same repository, opened once more: a [`CommitTree`](crate::tree::CommitTree) keeps its
    /// own.
    ///
    /// # Errors
    /// When it cannot be opened any more.
    pub fn reopen(&self) -> Result<Repository, GitError> {
        Ok(Repository::open(self.repository.path())?)
    }

    /// Where `path` is in the work tree; the root in a bare repository. `None` when it is outside,
    /// in git's own folder, or not UTF-8.
    pub fn path_inside(&self, path: &Path) -> Option<TreePath> {
        let Some(root) = &self.root else {
            return Some(TreePath::root());
        };
        let path = path.canonicalize().ok()?;
        let parts: Option<Vec<&str>> = path
            .strip_prefix(root)
            .ok()?
            .components()
            .map(|part| match part {
                Component::Normal(name) => name.to_str(),
                _ => None,
            })
            .collect();
        let parts = parts?;
        (parts.first() != Some(&".git")).then(|| TreePath::root().child(&parts.join("/")))
    }

    /// What `HEAD` says.
    ///
    /// # Errors
    /// When it is damaged.
    pub fn head(&self) -> Result<Head, GitError> {
        let head = match self.repository.head() {
            Ok(head) => head,
            Err(error) if error.code() == ErrorCode::UnbornBranch => return self.unborn(),
            Err(error) => return Err(error.into()),
        };
        let commit = head.peel_to_commit()?.id();
        if self.repository.head_detached()? {
            return Ok(Head::Detached { commit });
        }
        let name = String::from_utf8_lossy(head.shorthand_bytes()).into_owned();
        Ok(Head::Branch { name, commit })
    }

    fn unborn(&self) -> Result<Head, GitError> {
        let head = self.repository.find_reference("HEAD")?;
        let target = head.symbolic_target_bytes().unwrap_or_default();
        let target = String::from_utf8_lossy(target);
        let name = target.strip_prefix("refs/heads/").unwrap_or(&target);
        Ok(Head::Unborn {
            name: name.to_owned(),
        })
    }

    /// Which of these commits the repository has; `None` for a shallow one, which does not have all
    /// that there is.
    pub fn commits_among(&self, commits: &[String]) -> Option<BTreeSet<String>> {
        if self.repository.is_shallow() {
            return None;
        }
        let has = |name: &&String| {
            let id = Oid::from_str(name).ok();
            id.is_some_and(|id| self.repository.find_commit(id).is_ok())
        };
        Some(commits.iter().filter(has).cloned().collect())
    }

    /// The remotes that the repository's own configuration file names. A file that cannot be read
    /// names none.
    pub fn remotes(&self) -> RemoteUrls {
        let file = self.repository.commondir().join("config");
        let path = match self.root {
            Some(_) => ".git/config",
            None => "config",
        };
        RemoteUrls {
            path: path.to_owned(),
            text: Folder::open(self.repository.commondir())
                .and_then(|folder| folder.read("config", FileKind::Git))
                .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
                .unwrap_or_default(),
            urls: urls_in(&file).unwrap_or_default(),
        }
    }
}

fn urls_in(file: &Path) -> Result<Vec<(String, String)>, git2::Error> {
    let config = git2::Config::open(file)?;
    let mut urls = Vec::new();
    config
        .entries(Some(r"^remote\..*\.(push)?url$"))?
        .for_each(|entry| {
            let key = entry.name().ok();
            let name = key.and_then(|key| key.strip_prefix("remote.")?.rsplit_once('.'));
            if let (Some((name, _)), Ok(url)) = (name, entry.value()) {
                urls.push((name.to_owned(), url.to_owned()));
            }
        })?;
    Ok(urls)
}

/// Submodules keep their repository in `.git/modules` of the one around them.
fn is_submodule(git_folder: &Path) -> bool {
    let names: Vec<&str> = git_folder
        .components()
        .filter_map(|part| part.as_os_str().to_str())
        .collect();
    names.windows(2).any(|pair| pair == [".git", "modules"])
}

fn canonical(folder: &Path) -> Result<PathBuf, GitError> {
    folder
        .canonicalize()
        .map_err(|_| GitError::NotFound(folder.to_owned()))
}

/// The canonical path of the work tree that libgit2 found. It must be the folder that the search
/// came upon, or the one that the git folder lies in; and be known there.
fn work_tree(folder: &Path, found: &GitFolder) -> Result<PathBuf, GitError> {
    let root = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let is_here = if found.by_layout {
        // Somebody named git's own folder.
        own_files::find(&root)?.is_some_and(|back| back.git == found.git)
    } else {
        root == found.top
    };
    if is_here {
        Ok(root)
    } else {
        Err(GitError::WorkTreeElsewhere(root))
    }
}
