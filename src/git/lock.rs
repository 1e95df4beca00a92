//! Who moves a branch, so that a lock that a killed run left can be told from one that somebody
//! holds. libgit2 makes `refs/heads/NAME.lock` as git does, and a process that is killed between
//! making and renaming it leaves it for good. So the run first writes into a file of its own, which
//! it keeps locked, which branch it is about to lock and which commit it gets. Who finds that file
//! unlocked knows that its writer is gone.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

use git2::Oid;

use super::GitError;
use crate::disk::{DiskError, FileKind, Folder};

/// The file, in git's own folder.
const FILE: &str = "dashlift-branch";

/// A lock of ours is made right after the file is written.
const SOON: Duration = Duration::from_mins(1);

/// The turn of one run to move branches of a repository.
pub(super) struct Turn {
    folder: Folder,
    _file: File,
}

impl Turn {
    /// Takes the turn, and takes away the lock of a run that was killed in its own.
    ///
    /// # Errors
    /// When another run has the turn, or the file cannot be written.
    pub(super) fn take(common: &Path, reference: &str, commit: Oid) -> Result<Self, GitError> {
        let denied = |error: &dyn ToString| GitError::NotWritable(error.to_string());
        let folder = Folder::open(common).map_err(|error| denied(&error))?;
        let mut file = open(&folder).map_err(|error| denied(&error))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                let reason = "another dashlift moves a branch".to_owned();
                return Err(GitError::Locked(reason));
            }
            // A file system without locks: nobody can be told from anybody, and a lock stays.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        settle(&folder, &mut file);
        let line = format!("{reference} {commit}\n");
        let written = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(line.as_bytes()))
            .and_then(|()| file.sync_data());
        written.map_err(|error| denied(&error))?;
        Ok(Self {
            folder,
            _file: file,
        })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // Whoever opened it meanwhile finds it empty of meaning: the branch is moved, or its lock
        // was given back.
        let _ = self.folder.remove(FILE);
    }
}

fn open(folder: &Folder) -> Result<File, DiskError> {
    match folder.create_new(FILE) {
        Ok(file) => Ok(file),
        Err(_) => folder.open_to_append(FILE),
    }
}

/// Takes away the lock that the run which wrote `file` left.
fn settle(folder: &Folder, file: &mut File) {
    let mut line = String::new();
    if Read::by_ref(file)
        .take(4096)
        .read_to_string(&mut line)
        .is_err()
    {
        return;
    }
    let Some((reference, commit)) = line.trim().split_once(' ') else {
        return;
    };
    let is_branch = reference.starts_with("refs/heads/") && !reference.contains("..");
    let lock = format!("{reference}.lock");
    if is_branch && is_ours(folder, file, &lock, commit) == Some(true) {
        let _ = folder.remove(&lock);
    }
}

/// Whether the lock is of the run that wrote `file`: it holds its commit, or nothing yet and was
/// made right after.
fn is_ours(folder: &Folder, file: &File, lock: &str, commit: &str) -> Option<bool> {
    let held = folder.read(lock, FileKind::Git).ok()?;
    let held = String::from_utf8_lossy(&held).trim().to_owned();
    if !held.is_empty() {
        return Some(held == commit);
    }
    let noted = file.metadata().and_then(|it| it.modified()).ok()?;
    let made = folder
        .read_metadata(lock)
        .and_then(|it| it.modified())
        .ok()?;
    let later = made.into_std().duration_since(noted).unwrap_or_default();
    Some(later < SOON)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "0123456789012345678901234567890123456789";

    fn left(lock: &str) -> bool {
        let folder = tempfile::tempdir().unwrap();
        let heads = folder.path().join("refs/heads");
        std::fs::create_dir_all(&heads).unwrap();
        let line = format!("refs/heads/a {COMMIT}\n");
        std::fs::write(folder.path().join(FILE), line).unwrap();
        std::fs::write(heads.join("a.lock"), lock).unwrap();
        let commit = Oid::from_str(COMMIT).unwrap();
        let turn = Turn::take(folder.path(), "refs/heads/b", commit).unwrap();
        let again = Turn::take(folder.path(), "refs/heads/b", commit);
        assert!(matches!(again, Err(GitError::Locked(_))));
        drop(turn);
        assert!(!folder.path().join(FILE).exists());
        heads.join("a.lock").exists()
    }

    #[test]
    fn the_lock_of_a_killed_run_is_taken_away_and_no_other() {
        assert!(!left(COMMIT));
        assert!(!left(""));
        assert!(left("9876543210987654321098765432109876543210\n"));
    }
}
