//! The journal of a run: its plan, and how far it got. It is locked while its run lives, and only
//! grows: a line that was not written to its end does not count.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use git2::{Repository, RepositoryOpenFlags};

use super::WriteError;
use super::disk::Disk;
use super::plan::Plan;

/// In git's own folder nobody takes the journal for a file of theirs.
const NAME_IN_GIT: &str = "dashlift-journal";
const NAME_OUTSIDE: &str = ".dashlift-journal";

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
    path: PathBuf,
    file: File,
}

impl Journal {
    /// Begins a run.
    pub(super) fn create(disk: &Disk, root: &Path, plan: &Plan) -> Result<Self, WriteError> {
        let path = path_for(root);
        let file = disk.create(&path).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => standing(&path),
            _ => broken(&path, &error),
        })?;
        let mut journal = Self { path, file };
        journal.lock()?;
        if let Err(error) = journal.begin(disk, plan) {
            let _ = journal.remove(disk);
            return Err(error);
        }
        Ok(journal)
    }

    fn begin(&mut self, disk: &Disk, plan: &Plan) -> Result<(), WriteError> {
        let mut line = serde_json::to_string(plan)
            .map_err(|error| broken(&self.path, &io::Error::other(error)))?;
        line.push('\n');
        disk.append(&mut self.file, line.as_bytes())
            .and_then(|()| disk.sync_folder(self.path.parent().unwrap_or(Path::new("."))))
            .map_err(|error| broken(&self.path, &error))
    }

    /// The journal of an interrupted run in `root`, if there is one.
    pub(super) fn left(root: &Path) -> Result<Option<(Self, Plan, Phase)>, WriteError> {
        let path = path_for(root);
        let file = match OpenOptions::new().read(true).append(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(broken(&path, &error)),
        };
        let mut journal = Self { path, file };
        journal.lock()?;
        let mut text = String::new();
        journal
            .file
            .read_to_string(&mut text)
            .map_err(|error| broken(&journal.path, &error))?;
        let (plan, phase) = parse(&text);
        if plan.is_sound(root) {
            Ok(Some((journal, plan, phase)))
        } else {
            let error = io::Error::other("it is not a journal of this folder");
            Err(broken(&journal.path, &error))
        }
    }

    fn lock(&self) -> Result<(), WriteError> {
        match self.file.try_lock() {
            Err(TryLockError::WouldBlock) => Err(WriteError::Busy(self.path.clone())),
            // A file system without locks: the journal itself still keeps two runs apart.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
        }
    }

    /// Notes that the run gets to the next phase.
    pub(super) fn enter(&mut self, disk: &Disk, phase: Phase) -> Result<(), WriteError> {
        disk.append(&mut self.file, format!("{}\n", phase.name()).as_bytes())
            .map_err(|error| broken(&self.path, &error))
    }

    /// Ends the run.
    pub(super) fn remove(&mut self, disk: &Disk) -> Result<(), WriteError> {
        disk.remove(&self.path)
            .map_err(|error| broken(&self.path, &error))
    }
}

/// The plan and the last phase. Without a whole plan nothing was begun.
fn parse(text: &str) -> (Plan, Phase) {
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let mut lines = whole.lines();
    let plan = lines
        .next()
        .and_then(|line| serde_json::from_str(line).ok())
        .unwrap_or_default();
    let phase = match lines.last() {
        Some("commit") => Phase::Commit,
        Some("undo") => Phase::Undo,
        _ => Phase::Prepare,
    };
    (plan, phase)
}

/// What a journal that is there already means.
fn standing(path: &Path) -> WriteError {
    match File::open(path).map(|file| file.try_lock()) {
        Ok(Err(TryLockError::WouldBlock)) => WriteError::Busy(path.to_owned()),
        _ => WriteError::Unfinished(path.to_owned()),
    }
}

fn path_for(root: &Path) -> PathBuf {
    let ceiling: [&Path; 0] = [];
    match Repository::open_ext(root, RepositoryOpenFlags::NO_SEARCH, ceiling) {
        Ok(repository) => repository.path().join(NAME_IN_GIT),
        Err(_) if root.join(".git").is_dir() => root.join(".git").join(NAME_IN_GIT),
        Err(_) => root.join(NAME_OUTSIDE),
    }
}

fn broken(journal: &Path, error: &io::Error) -> WriteError {
    WriteError::Journal {
        journal: journal.to_owned(),
        reason: error.to_string(),
    }
}
