//! The journal of a run: its plan, and how far it got. It is locked while its run lives, and only
//! grows: a line that was not written to its end does not count.
//!
//! What it says is carried out at the next start, so nobody else may write one. In a repository it
//! lies in git's own folder, where no clone brings it; but an archive may, and in a plain folder
//! there is no such place. So a journal names the numbers under which the file system knows the
//! folder and the journal itself. Whoever packs an archive cannot know them: they are given when it
//! is unpacked. A folder that was copied or restored has a journal that does not hold any more
//! either, and its owner is told.

use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use git2::{Repository, RepositoryOpenFlags};
use serde::{Deserialize, Serialize};

use super::WriteError;
use super::disk::Disk;
use super::plan::WritePlan;
use crate::disk::{DiskError, FileKind, Folder};

/// In git's own folder nobody takes the journal for a file of theirs.
const NAME_IN_GIT: &str = "dashlift-journal";
const NAME_OUTSIDE: &str = ".dashlift-journal";

/// The first line.
#[derive(Serialize, Deserialize)]
struct Begun {
    /// Where it was written, as only this file system knows it.
    home: String,
    #[serde(flatten)]
    plan: WritePlan,
}

/// How far a run got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Files are being made ready; the targets are as they were.
    Prepare,
    /// Everything is ready; targets are being changed.
    Commit,
    /// A target could not be changed; those before it are being put back.
    Undo,
}

impl Phase {
    fn name(self) -> &'static str {
        match self {
            Self::Prepare => "prepare",
            Self::Commit => "commit",
            Self::Undo => "undo",
        }
    }
}

/// The journal of a run that is not over.
pub(super) struct Journal {
    place: JournalFolder,
    file: File,
}

/// Where the journal of a tree lies.
pub(super) struct JournalFolder {
    folder: Folder,
    name: &'static str,
}

impl JournalFolder {
    /// The place for the tree in `root`.
    ///
    /// # Errors
    /// When its folder cannot be opened.
    pub(super) fn open_folder(root: &Folder) -> Result<Self, WriteError> {
        let ceiling: [&Path; 0] = [];
        let flags = RepositoryOpenFlags::NO_SEARCH;
        let (folder, name) = match Repository::open_ext(root.path(), flags, ceiling) {
            Ok(repository) => (Folder::open(repository.path()), NAME_IN_GIT),
            Err(_) => match root.open_below(".git") {
                Ok(git) => (Ok(git), NAME_IN_GIT),
                Err(_) => (root.open_below(""), NAME_OUTSIDE),
            },
        };
        let folder = folder.map_err(|error| WriteError::Journal {
            journal: root.path().join(name),
            reason: error.to_string(),
        })?;
        Ok(Self { folder, name })
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(self.name)
    }

    fn broken(&self, error: &dyn ToString) -> WriteError {
        WriteError::Journal {
            journal: self.path(),
            reason: error.to_string(),
        }
    }

    /// The journal that a run left which is over.
    pub(super) fn left(&self) -> Option<PathBuf> {
        match self.folder.open_to_append(self.name) {
            Err(DiskError::NotFound) => None,
            Ok(file) if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) => None,
            _ => Some(self.path()),
        }
    }

    /// What a journal that is there already means.
    fn standing(&self) -> WriteError {
        match self
            .folder
            .open_to_append(self.name)
            .map(|file| file.try_lock())
        {
            Ok(Err(TryLockError::WouldBlock)) => WriteError::Busy(self.path()),
            _ => WriteError::Unfinished(self.path()),
        }
    }
}

/// What a journal in this file says of the place where it was written.
fn home(root: &Folder, file: &File) -> String {
    format!("{:?} {:?}", root.number(), number_of(file))
}

#[cfg(unix)]
fn number_of(file: &File) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    Some(file.metadata().ok()?.ino())
}

#[cfg(not(unix))]
fn number_of(_file: &File) -> Option<u64> {
    None
}

impl Journal {
    /// Begins a run.
    pub(super) fn create(disk: &Disk, root: &Folder, plan: &WritePlan) -> Result<Self, WriteError> {
        let place = JournalFolder::open_folder(root)?;
        let created = disk.create(&place.folder, Path::new(place.name));
        let file = created.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => place.standing(),
            _ => place.broken(&error),
        })?;
        let mut journal = Self { place, file };
        journal.lock()?;
        if let Err(error) = journal.begin(disk, root, plan) {
            let _ = journal.remove(disk);
            return Err(error);
        }
        Ok(journal)
    }

    fn begin(&mut self, disk: &Disk, root: &Folder, plan: &WritePlan) -> Result<(), WriteError> {
        let begun = Begun {
            home: home(root, &self.file),
            plan: plan.clone(),
        };
        let mut line = serde_json::to_string(&begun).map_err(|error| self.place.broken(&error))?;
        line.push('\n');
        disk.append(&mut self.file, line.as_bytes())
            .and_then(|()| disk.sync_folder(&self.place.folder, Path::new("")))
            .map_err(|error| self.place.broken(&error))
    }

    /// The journal of an interrupted run in `root`, if there is one.
    pub(super) fn left(root: &Folder) -> Result<Option<(Self, WritePlan, Phase)>, WriteError> {
        let place = JournalFolder::open_folder(root)?;
        let file = match place.folder.open_to_append(place.name) {
            Ok(file) => file,
            Err(DiskError::NotFound) => return Ok(None),
            Err(error) => return Err(place.broken(&error)),
        };
        let mut journal = Self { place, file };
        journal.lock()?;
        let mut text = String::new();
        let limit = FileKind::Journal.limit();
        Read::by_ref(&mut journal.file)
            .take(limit)
            .read_to_string(&mut text)
            .map_err(|error| journal.place.broken(&error))?;
        let planted = || WriteError::Planted(journal.place.path());
        let (plan, phase) = match parse(&text) {
            None => return Err(planted()),
            Some(None) => (WritePlan::default(), Phase::Prepare),
            Some(Some((begun, phase))) => {
                let is_ours = begun.home == home(root, &journal.file);
                if !is_ours || !begun.plan.is_sound(root) {
                    return Err(planted());
                }
                (begun.plan, phase)
            }
        };
        Ok(Some((journal, plan, phase)))
    }

    fn lock(&self) -> Result<(), WriteError> {
        match self.file.try_lock() {
            Err(TryLockError::WouldBlock) => Err(WriteError::Busy(self.place.path())),
            // A file system without locks: the journal itself still keeps two runs apart.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
        }
    }

    /// Notes that the run gets to the next phase.
    pub(super) fn enter(&mut self, disk: &Disk, phase: Phase) -> Result<(), WriteError> {
        disk.append(&mut self.file, format!("{}\n", phase.name()).as_bytes())
            .map_err(|error| self.place.broken(&error))
    }

    /// Ends the run.
    pub(super) fn remove(&mut self, disk: &Disk) -> Result<(), WriteError> {
        disk.remove(&self.place.folder, Path::new(self.place.name))
            .map_err(|error| self.place.broken(&error))
    }
}

/// The plan and the last phase; nothing in it when the first line was not written to its end, and
/// nothing was begun; `None` when it is no journal.
#[expect(clippy::option_option, reason = "cut off and foreign are two things")]
fn parse(text: &str) -> Option<Option<(Begun, Phase)>> {
    let Some((whole, _)) = text.rsplit_once('\n') else {
        let start = r#"{"home":"#;
        let shared = text.len().min(start.len());
        return (text.get(..shared) == start.get(..shared)).then_some(None);
    };
    let mut lines = whole.lines();
    let begun = serde_json::from_str(lines.next()?).ok()?;
    let phase = match lines.last() {
        Some("commit") => Phase::Commit,
        Some("undo") => Phase::Undo,
        _ => Phase::Prepare,
    };
    Some(Some((begun, phase)))
}
