//! One commit on a branch of its own, straight from the object database: no checkout, and `HEAD`,
//! the index and the work tree are not touched. Hooks do not run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use git2::build::TreeUpdateBuilder;
use git2::{Branch, Commit, FileMode, Oid, ReferenceType, Repository, Tree};

use super::GitError;
use super::identity::Identity;
use super::lock::Turn;
use super::own_files;
use super::signing::commit_signed;
use super::trusted;
use crate::disk::{FileKind, Folder};
use crate::tree::{Change, EntryKind, TreePath};

/// What to commit, and where.
#[derive(Debug, Clone, Copy)]
pub struct BranchRequest<'r> {
    /// The parent of the new commit.
    pub base: Oid,
    /// The branch's short name.
    pub branch: &'r str,
    /// Whether a branch of that name may be replaced.
    pub force: bool,
    /// The commit's message.
    pub message: &'r str,
    /// Whether the commit is signed where git's configuration asks for it.
    pub may_sign: bool,
    /// What changes in the tree of `base`.
    pub changes: &'r BTreeMap<TreePath, Change>,
}

/// A commit that is written, and that its branch does not lead to yet.
pub struct Prepared<'r> {
    repository: &'r Repository,
    request: BranchRequest<'r>,
    reference: String,
    identity: Identity,
    commit: Oid,
}

impl Prepared<'_> {
    /// The commit.
    pub fn commit(&self) -> Oid {
        self.commit
    }

    /// Makes or moves the branch, all at once.
    ///
    /// # Errors
    /// When somebody else was faster, or the reference cannot be written; the branch is as it was
    /// then.
    pub fn publish(self) -> Result<Oid, GitError> {
        move_branch(
            self.repository,
            &self.request,
            &self.reference,
            &self.identity,
            self.commit,
        )?;
        Ok(self.commit)
    }
}

/// Commits the changes on the branch and returns the commit. A commit is signed when git's
/// configuration asks for it.
///
/// # Errors
/// When the branch cannot be made, nobody is known to commit, or an object cannot be written; see
/// [`GitError`]. No branch was made or moved then.
pub fn commit_on_branch(repository: &Repository, request: &BranchRequest) -> Result<Oid, GitError> {
    prepare_commit(repository, request)?.publish()
}

/// Writes the commit and leaves the branch alone.
///
/// # Errors
/// As [`commit_on_branch`].
pub fn prepare_commit<'r>(
    repository: &'r Repository,
    request: &BranchRequest<'r>,
) -> Result<Prepared<'r>, GitError> {
    let reference = format!("refs/heads/{}", request.branch);
    check_branch(repository, request, &reference)?;
    own_files::check_way(repository.commondir(), &reference)?;
    // Whatever can be refused is refused before the first object is written.
    let identity = Identity::read(repository, &variable)?;
    let base = repository.find_commit(request.base)?;
    let tree = changed_tree(repository, &base.tree()?, request.changes)?;
    let message = git2::message_prettify(request.message, None)?;
    let pretty = BranchRequest {
        message: &message,
        ..*request
    };
    let commit = write_commit(repository, &pretty, &identity, &tree, &base)?;
    Ok(Prepared {
        repository,
        request: *request,
        reference,
        identity,
        commit,
    })
}

/// The commit that the branch leads to, if it is what the request asks for: the same changes of
/// the same parent with the same message.
///
/// # Errors
/// When an object cannot be read or written.
pub fn done_before(
    repository: &Repository,
    request: &BranchRequest,
) -> Result<Option<Oid>, GitError> {
    let found = repository.find_reference(&format!("refs/heads/{}", request.branch));
    let Ok(there) = found.and_then(|reference| reference.peel_to_commit()) else {
        return Ok(None);
    };
    let parents: Vec<Oid> = there.parent_ids().collect();
    let message = git2::message_prettify(request.message, None)?;
    if parents != [request.base] || there.message_bytes() != message.as_bytes() {
        return Ok(None);
    }
    let base = repository.find_commit(request.base)?.tree()?;
    let tree = changed_tree(repository, &base, request.changes)?;
    Ok((tree.id() == there.tree_id()).then(|| there.id()))
}

/// Takes away the lock of the branch that a process left that was ended while it moved the branch
/// to `commit`. The lock of anybody else, which holds another commit, stays. Only for those who
/// know that the process is gone.
///
/// # Errors
/// When it cannot be taken away.
pub fn forget_lock(repository: &Repository, branch: &str, commit: &str) -> Result<(), GitError> {
    let lock = format!("refs/heads/{branch}.lock");
    let Ok(folder) = Folder::open(repository.commondir()) else {
        return Ok(());
    };
    let Ok(held) = folder.read(&lock, FileKind::Git) else {
        return Ok(());
    };
    // Git names the commit in the lock, just before the lock becomes the branch.
    if !commit.starts_with(String::from_utf8_lossy(&held).trim()) {
        return Ok(());
    }
    let removed = folder.remove(&lock);
    removed.map_err(|error| GitError::NotWritable(error.to_string()))
}

/// Who commits, and when, may be told by the environment.
#[allow(
    clippy::disallowed_methods,
    reason = "only of the names that git reads for it"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn check_branch(
    repository: &Repository,
    request: &BranchRequest,
    reference: &str,
) -> Result<(), GitError> {
    let branch = request.branch.to_owned();
    if branch == "HEAD" || branch.starts_with('-') || !Branch::name_is_valid(&branch)? {
        return Err(GitError::BranchName(branch));
    }
    if let Some(place) = checked_out_at(repository, reference) {
        return Err(GitError::BranchCheckedOut { branch, place });
    }
    if let Some(other) = clashing(repository, &branch)? {
        return Err(GitError::BranchClash { branch, other });
    }
    match repository.find_reference(reference) {
        Ok(found) if found.kind() == Some(ReferenceType::Symbolic) => {
            Err(GitError::SymbolicBranch(branch))
        }
        Ok(_) if !request.force => Err(GitError::BranchExists(branch)),
        _ => Ok(()),
    }
}

/// The work tree whose `HEAD` names the branch, be it the repository's own or a linked one. That
/// of a bare repository counts: clones start from it.
fn checked_out_at(repository: &Repository, reference: &str) -> Option<PathBuf> {
    let common = Folder::open(repository.commondir()).ok()?;
    let line = |path: &str| {
        let bytes = common.read(path, FileKind::Git).unwrap_or_default();
        String::from_utf8_lossy(&bytes).trim().to_owned()
    };
    let names_it = |head: &str| {
        let head = line(head);
        head.strip_prefix("ref:").map(str::trim) == Some(reference)
    };
    if names_it("HEAD") {
        return Some(work_tree_of(common.path()));
    }
    let linked = common.names("worktrees").ok()?;
    let names = linked.iter().map(|name| name.name.to_string_lossy());
    let mut folders = names.map(|name| format!("worktrees/{name}"));
    let found = folders.find(|folder| names_it(&format!("{folder}/HEAD")))?;
    Some(work_tree_of(Path::new(&line(&format!("{found}/gitdir")))))
}

fn work_tree_of(git_folder: &Path) -> PathBuf {
    match git_folder.parent() {
        Some(parent) if git_folder.ends_with(".git") => parent.to_owned(),
        _ => git_folder.to_owned(),
    }
}

/// A branch that is a folder of this one's name, or the other way round.
fn clashing(repository: &Repository, branch: &str) -> Result<Option<String>, GitError> {
    for (at, _) in branch.match_indices('/') {
        let folder = branch.get(..at).unwrap_or_default();
        if repository
            .find_reference(&format!("refs/heads/{folder}"))
            .is_ok()
        {
            return Ok(Some(folder.to_owned()));
        }
    }
    let prefix = format!("refs/heads/{branch}/");
    for found in repository.references()?.names() {
        let found = found?;
        if found.starts_with(&prefix) {
            let name = found.strip_prefix("refs/heads/").unwrap_or(found);
            return Ok(Some(name.to_owned()));
        }
    }
    Ok(None)
}

fn changed_tree<'r>(
    repository: &'r Repository,
    base: &Tree,
    changes: &BTreeMap<TreePath, Change>,
) -> Result<Tree<'r>, GitError> {
    let mut update = TreeUpdateBuilder::new();
    for (path, change) in changes {
        let before = base.get_path(Path::new(path.as_str())).ok();
        let before = before.map(|entry| entry.filemode());
        match change {
            Change::Write { contents, kind } => {
                let mode = mode_of(path, *kind, before)?;
                update.upsert(path.as_str(), repository.blob(contents)?, mode);
            }
            Change::Remove if before.is_some() => {
                update.remove(path.as_str());
            }
            Change::Remove => {}
        }
    }
    let tree = update.create_updated(repository, base)?;
    if tree == base.id() {
        return Err(GitError::NothingChanged);
    }
    Ok(repository.find_tree(tree)?)
}

/// The mode of a written file: an executable file of the commit stays one.
fn mode_of(path: &TreePath, kind: EntryKind, before: Option<i32>) -> Result<FileMode, GitError> {
    match (kind, before) {
        // The bytes of a file are no link's target.
        (EntryKind::Symlink, _) | (_, Some(0o120_000)) => Err(GitError::DanglingLink(path.clone())),
        (EntryKind::Executable, _) | (_, Some(0o100_755)) => Ok(FileMode::BlobExecutable),
        _ => Ok(FileMode::Blob),
    }
}

fn write_commit(
    repository: &Repository,
    request: &BranchRequest,
    identity: &Identity,
    tree: &Tree,
    base: &Commit,
) -> Result<Oid, GitError> {
    let config = repository.config()?;
    let message = request.message;
    if request.may_sign && trusted::is_on(&config, "commit.gpgSign") {
        return commit_signed(repository, identity, tree.id(), base.id(), message);
    }
    let Identity { author, committer } = identity;
    Ok(repository.commit(None, author, committer, message, tree, &[base])?)
}

fn move_branch(
    repository: &Repository,
    request: &BranchRequest,
    reference: &str,
    identity: &Identity,
    commit: Oid,
) -> Result<(), GitError> {
    // What a run that was killed left locked is free again from here on.
    let _turn = Turn::take(repository.commondir(), reference, commit)?;
    let mut transaction = repository.transaction()?;
    transaction.lock_ref(reference)?;
    // Nobody can make the branch from here on; somebody may have since it was looked for.
    if !request.force && repository.find_reference(reference).is_ok() {
        return Err(GitError::BranchExists(request.branch.to_owned()));
    }
    let subject = request.message.lines().next().unwrap_or_default();
    let log = format!("dashlift migrate: {subject}");
    transaction.set_target(reference, commit, Some(&identity.committer), &log)?;
    Ok(transaction.commit()?)
}
