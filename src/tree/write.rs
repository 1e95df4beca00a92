//! Makes changes real on disk: all of them or none, whatever interrupts it. New contents are
//! written beside their targets first; a journal says what is to happen; then files are renamed.
//! What the journal still says at the next start is finished or undone by [`recover`].

mod disk;
mod journal;
mod operation;
mod plan;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use thiserror::Error;

use self::disk::Disk;
use self::journal::{Journal, JournalFolder, Phase};
use self::operation::{finish, put_back, put_forward, take_away};
use self::plan::{PlannedWrite, WritePlan};
use super::{Change, TreePath};
use crate::disk::Folder;
use crate::interrupt;

/// Why changes were not written. But for [`WriteError::CleanUp`] and [`WriteError::Undo`], every
/// file is as it was.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WriteError {
    /// The operating system said no.
    #[error("{path} cannot be written: {reason}")]
    Io {
        /// The file that was not written.
        path: TreePath,
        /// What the operating system said.
        reason: String,
    },
    /// The path leads out of the tree through a symbolic link, or into git's own folder.
    #[error("{0} leads out of the repository and was not written")]
    OutsideTree(TreePath),
    /// A folder or device stands there.
    #[error("{0} is not a file and was not written")]
    NotAFile(TreePath),
    /// No bytes can be written through the link.
    #[error("{0} is a symbolic link that leads nowhere")]
    DanglingLink(TreePath),
    /// Somebody else changed the file while the run got ready.
    #[error("{0} was changed by somebody else at the same time")]
    Changed(TreePath),
    /// Another process writes the same tree.
    #[error("another run is writing here (it holds {})", .0.display())]
    Busy(PathBuf),
    /// An interrupted run must be recovered first, and the changes be made from what is there then.
    #[error("an interrupted run left {}; start again to finish it", .0.display())]
    Unfinished(PathBuf),
    /// A journal that no run wrote in this folder.
    #[error(
        "{path} says what a run of dashlift left to do, but no run wrote it here: it came with the \
         files, from a copy or from somebody else. It was not followed; remove it if you do not \
         need it", path = .0.display()
    )]
    Planted(PathBuf),
    /// The journal itself cannot be written or read.
    #[error("{} cannot be written: {reason}", .journal.display())]
    Journal {
        /// The journal.
        journal: PathBuf,
        /// What the operating system said.
        reason: String,
    },
    /// A file could not be written, and the files before it could not be put back.
    #[error("{path} cannot be written: {reason}; start again to put the other files right")]
    Undo {
        /// The file that was not written.
        path: TreePath,
        /// What the operating system said.
        reason: String,
    },
    /// All files are written; what the run made for itself could not be removed.
    #[error("everything was written, but what is no longer needed could not be removed: {0}")]
    CleanUp(String),
}

/// What writing did besides what it was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that had other names too (hard links): those names keep the old contents.
    pub hard_linked: Vec<TreePath>,
}

/// What became of an interrupted run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recovery {
    /// It had not got to changing files, or had begun to undo: every file is as before it.
    Undone {
        /// Files that somebody changed since; they were left as they are.
        kept: Vec<TreePath>,
    },
    /// It had begun to change files: now all are changed.
    Finished {
        /// Files that somebody changed since; they were left as they are.
        kept: Vec<TreePath>,
    },
}

/// Writes all changes below `root`, or none. A symbolic link stays one, and what it leads to is
/// written; a link that is removed goes itself. A file that was there keeps its mode and owner.
/// Folders are made as needed, and those that removals leave empty go, as git does it.
///
/// # Errors
/// See [`WriteError`].
pub fn write_changes(
    root: &Path,
    changes: &BTreeMap<TreePath, Change>,
) -> Result<Written, WriteError> {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    // Whoever wants to end the program waits until the files are old or new.
    let _hold = interrupt::hold();
    write_through(&Disk::real(), root, changes)
}

/// Finishes or undoes what an interrupted run left below `root`; `None` when there was none.
///
/// # Errors
/// When the journal cannot be read, a file cannot be put right, or the run is not over.
pub fn recover(root: &Path) -> Result<Option<Recovery>, WriteError> {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    // Whoever wants to end the program waits until the files are old or new.
    let _hold = interrupt::hold();
    recover_through(&Disk::real(), root)
}

/// Threads of one process may write apps of one tree; they share its journal, so they take turns.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn write_through(
    disk: &Disk,
    root: &Path,
    changes: &BTreeMap<TreePath, Change>,
) -> Result<Written, WriteError> {
    let root = open(root)?;
    let planned = PlannedWrite::look_up(&root, changes)?;
    if planned.plan.operations.is_empty() {
        return Ok(Written::default());
    }
    let mut journal = Journal::create(disk, &root, &planned.plan)?;
    let begun = planned
        .prepare(disk, &root)
        .and_then(|()| journal.enter(disk, Phase::Commit));
    if let Err(error) = begun {
        // Files are as they were; what cannot be taken away now goes with the next recovery.
        let _ = take_away(disk, &root, &planned.plan).and_then(|()| journal.remove(disk));
        return Err(error);
    }
    put_forward(disk, &root, &planned.plan)
        .and_then(|kept| {
            kept.into_iter()
                .next()
                .map(WriteError::Changed)
                .map_or(Ok(()), Err)
        })
        .map_err(|error| undo(disk, &root, &planned.plan, &mut journal, error))?;
    finish(disk, &root, &planned.plan)
        .and_then(|()| journal.remove(disk))
        .map_err(|error| WriteError::CleanUp(error.to_string()))?;
    Ok(Written {
        hard_linked: planned.hard_linked,
    })
}

/// Puts every file back after `error`, and says the error.
fn undo(
    disk: &Disk,
    root: &Folder,
    plan: &WritePlan,
    journal: &mut Journal,
    error: WriteError,
) -> WriteError {
    let undone = journal
        .enter(disk, Phase::Undo)
        .and_then(|()| put_back(disk, root, plan))
        .and_then(|_| take_away(disk, root, plan))
        .and_then(|()| journal.remove(disk));
    match (undone, error) {
        (Err(_), WriteError::Io { path, reason }) => WriteError::Undo { path, reason },
        (_, error) => error,
    }
}

fn recover_through(disk: &Disk, root: &Path) -> Result<Option<Recovery>, WriteError> {
    let root = open(root)?;
    let Some((mut journal, plan, phase)) = Journal::left(&root)? else {
        return Ok(None);
    };
    let recovery = match phase {
        Phase::Prepare => {
            take_away(disk, &root, &plan)?;
            Recovery::Undone { kept: Vec::new() }
        }
        Phase::Commit => {
            let kept = put_forward(disk, &root, &plan)?;
            finish(disk, &root, &plan)?;
            Recovery::Finished { kept }
        }
        Phase::Undo => {
            let kept = put_back(disk, &root, &plan)?;
            take_away(disk, &root, &plan)?;
            Recovery::Undone { kept }
        }
    };
    journal.remove(disk)?;
    Ok(Some(recovery))
}

/// The journal of a run below `root` that was ended before it was done; none of one that lives.
pub fn unfinished(root: &Path) -> Option<PathBuf> {
    JournalFolder::open_folder(&open(root).ok()?).ok()?.left()
}

fn open(root: &Path) -> Result<Folder, WriteError> {
    let failed = |reason: String| WriteError::Io {
        path: TreePath::root(),
        reason,
    };
    let root = root.canonicalize();
    let root = root.map_err(|error| failed(error.to_string()))?;
    Folder::open(&root).map_err(|error| failed(error.to_string()))
}

#[cfg(test)]
mod tests;
