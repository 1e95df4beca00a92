//! What can go wrong with a repository.

use std::path::PathBuf;

use git2::{ErrorClass, ErrorCode};
use thiserror::Error;

use crate::disk::DiskError;
use crate::text::{shell_path, shell_word};
use crate::tree::TreePath;

/// Why something could not be done in a repository. Nothing was changed in it then.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GitError {
    /// Nothing is at the path.
    #[error("there is no such file or folder: {}", .0.display())]
    NotFound(PathBuf),
    /// The folder is no repository, or git does not know it for one any more.
    #[error("git finds no repository here; it is none, or its own files are damaged")]
    NoRepository,
    /// Another user owns the repository, and git's configuration does not name it as safe.
    #[error(
        "the repository {path} belongs to another user; if you trust it, run `git config --global \
         --add safe.directory {path}`", path = shell_path(&.0.to_string_lossy())
    )]
    Ownership(PathBuf),
    /// `extensions.objectFormat = sha256`, which libgit2 does not know.
    #[error("the repository names its objects with SHA-256, which dashlift cannot read")]
    Sha256,
    /// `extensions.refStorage = reftable`, which libgit2 does not know.
    #[error("the repository keeps its branches in a reftable, which dashlift cannot read")]
    Reftable,
    /// Another of git's extensions that libgit2 does not know.
    #[error("the repository uses git's extension {0}, which dashlift cannot read")]
    Extension(String),
    /// `core.worktree` names another folder than the one that the repository lies in.
    #[error(
        "its configuration (core.worktree) says that its files are in {}; dashlift works on no \
         other folder than the one that is named, so nothing was opened", .0.display()
    )]
    WorkTreeElsewhere(PathBuf),
    /// A `.git` that is a link or a file, or a `commondir`, leads to a repository that does not
    /// name this folder as a work tree of its own.
    #[error(
        "{} leads to a repository elsewhere that does not know this folder as its work tree, so it \
         was not opened; if you moved it yourself, `git worktree repair` or `git config \
         core.worktree` in that repository tells it", .0.display()
    )]
    Elsewhere(PathBuf),
    /// One of git's own files is a pipe, a device, a link that leads out, or far too large.
    #[error("{} {reason}; the repository was left alone", .path.display())]
    OwnFile {
        /// The file.
        path: PathBuf,
        /// What it is.
        reason: DiskError,
    },
    /// Files of another repository that are laid out as a repository.
    #[error(
        "is tracked by the repository {} around it: its files are laid out as a repository and \
         are none", .0.display()
    )]
    Tracked(PathBuf),
    /// `safe.bareRepository = explicit`.
    #[error(
        "is a bare repository, and git's configuration says `safe.bareRepository = explicit`: \
         clone it, or allow bare repositories with `git config --global safe.bareRepository all`"
    )]
    ExplicitBare,
    /// The branch is a symbolic reference: what is written to it would go elsewhere.
    #[error(
        "the branch {0} stands for another reference (`git symbolic-ref {name}`) and was \
         left alone; name another with --branch", name = shell_word(&format!("refs/heads/{0}", .0))
    )]
    SymbolicBranch(String),
    /// The current branch has no commit yet.
    #[error("the branch {0} has no commit yet; commit your app first")]
    Unborn(String),
    /// Git allows no branch of this name.
    #[error("`{0}` is not a valid name for a branch")]
    BranchName(String),
    /// The branch is there already, and must not be replaced.
    #[error(
        "the branch {0} exists already; use --force to replace it, or --branch to name another"
    )]
    BranchExists(String),
    /// `a` and `a/b` cannot both be branches.
    #[error("the branch {branch} cannot be beside the branch {other}; name another with --branch")]
    BranchClash {
        /// The wanted branch.
        branch: String,
        /// The branch in its way.
        other: String,
    },
    /// A work tree stands on the branch: moving it would make its files look changed.
    #[error("the branch {branch} is checked out in {}; name another with --branch", .place.display())]
    BranchCheckedOut {
        /// The wanted branch.
        branch: String,
        /// The work tree or bare repository whose `HEAD` names it.
        place: PathBuf,
    },
    /// Neither the environment nor git's configuration says who commits.
    #[error(
        "git does not know who you are; run `git config --global user.name \"Your Name\"` and \
         `git config --global user.email you@example.com`"
    )]
    Identity,
    /// `GIT_AUTHOR_DATE` or `GIT_COMMITTER_DATE` is in no known form.
    #[error("{variable} is no date that git understands: {value}")]
    Date {
        /// The environment variable.
        variable: String,
        /// What it says.
        value: String,
    },
    /// `commit.gpgSign` asks for a signature and there is no `git` to make it.
    #[error(
        "commit.gpgSign asks for signed commits, and no git was found that could sign: {0}; leave the signature away with --no-gpg-sign"
    )]
    NoSigner(String),
    /// `git commit-tree -S` failed; what it said.
    #[error(
        "the commit could not be signed: {0}\nsee whether `git commit --allow-empty -S` signs here, or leave the signature away with --no-gpg-sign"
    )]
    Signing(String),
    /// The changes lead to the tree that is there already.
    #[error("there is nothing to commit")]
    NothingChanged,
    /// The file is a symbolic link that leads nowhere, so no bytes can be written through it.
    #[error("{0} is a symbolic link that leads nowhere")]
    DanglingLink(TreePath),
    /// Another process holds a lock.
    #[error("another process works on the repository: {0}")]
    Locked(String),
    /// The user may not write there.
    #[error("the repository cannot be written: {0}")]
    NotWritable(String),
    /// Git's own files are damaged.
    #[error("the repository is damaged: {0}; `git fsck` says more")]
    Damaged(String),
    /// What libgit2 says.
    #[error("git: {0}")]
    Other(String),
}

impl From<git2::Error> for GitError {
    fn from(error: git2::Error) -> Self {
        let message = error.message().trim_end_matches(':').to_owned();
        match (error.code(), error.class()) {
            (ErrorCode::Locked, _) => Self::Locked(message),
            (_, ErrorClass::Os | ErrorClass::Filesystem) if is_denial(&message) => {
                Self::NotWritable(message)
            }
            _ if is_damage(&message) => Self::Damaged(message),
            // What the extensions are called: Documentation/technical/repository-version.
            _ if message.contains("refstorage") => Self::Reftable,
            _ if message.contains("object format") || message.contains("objectformat") => {
                Self::Sha256
            }
            _ => match message.strip_prefix("unsupported extension name extensions.") {
                Some(name) => Self::Extension(name.to_owned()),
                None => Self::Other(message),
            },
        }
    }
}

fn is_denial(message: &str) -> bool {
    let words = [
        "Permission denied",
        "Read-only file system",
        "not permitted",
        "No space left",
        "quota exceeded",
        "Not a directory",
    ];
    words.iter().any(|words| message.contains(words))
}

/// What libgit2 says of files that it wrote itself and cannot read.
fn is_damage(message: &str) -> bool {
    let words = [
        "corrupt",
        "object not found",
        "cannot be peeled",
        "failed to read loose object",
        "invalid packfile",
    ];
    words.iter().any(|words| message.contains(words))
}
