//! The repository that a path is in.

use std::fs;
use std::path::{Component, Path, PathBuf};

use git2::{ErrorCode, Oid, Repository, RepositoryOpenFlags};

use super::GitError;
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
    match open(folder, RepositoryOpenFlags::empty()) {
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        opened => opened_in(folder, opened).map(Some),
    }
}

/// The repository at `folder` itself, its work tree or git folder; never one above it, so that
/// a damaged repository is not taken for the one that it lies in.
///
/// # Errors
/// When none is there, or it cannot be opened; see [`GitError`].
pub fn open_at(folder: &Path) -> Result<Workspace, GitError> {
    match open(folder, RepositoryOpenFlags::NO_SEARCH) {
        Err(error) if error.code() == ErrorCode::NotFound => Err(GitError::NoRepository),
        opened => opened_in(folder, opened),
    }
}

fn open(folder: &Path, flags: RepositoryOpenFlags) -> Result<Repository, git2::Error> {
    let ceilings: [&Path; 0] = [];
    Repository::open_ext(folder, flags, ceilings)
}

fn opened_in(
    folder: &Path,
    opened: Result<Repository, git2::Error>,
) -> Result<Workspace, GitError> {
    match opened {
        Ok(repository) => Workspace::of(repository),
        Err(error) if error.code() == ErrorCode::Owner => Err(GitError::Ownership(top_of(folder))),
        Err(error) => Err(error.into()),
    }
}

impl Workspace {
    fn of(repository: Repository) -> Result<Self, GitError> {
        let root = match repository.workdir() {
            Some(folder) => Some(canonical(folder)?),
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
            text: fs::read(&file)
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

/// The folder that git would name in `safe.directory`.
fn top_of(folder: &Path) -> PathBuf {
    folder
        .ancestors()
        .find(|folder| folder.join(".git").exists())
        .unwrap_or(folder)
        .to_owned()
}
