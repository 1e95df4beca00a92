//! Writes a state: a line at a time, each with one write, and takes up one that a run before left.

use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use thiserror::Error;

use crate::disk::{DiskError, open_to_append};

use super::state::{Brief, Header, Reader, Short, StateError, Writing};

/// Why a state cannot be written.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// A run before is there, and nobody said that it goes on.
    #[error(
        "{} holds the state of a batch already; go on with it with --resume, repeat what failed \
         with --failed, or name another file", .0.display()
    )]
    Exists(PathBuf),
    /// There is nothing to repeat.
    #[error("{} is not there, so there is nothing that failed", .0.display())]
    Missing(PathBuf),
    /// Another process writes it.
    #[error("another dashlift works with {}; wait for it, or name another file", .0.display())]
    InUse(PathBuf),
    /// It is the state of something else.
    #[error("{} is the state of {of}, and this is {this}; name another file", .path.display())]
    Other {
        /// The file.
        path: PathBuf,
        /// What it is of.
        of: String,
        /// What this run is.
        this: String,
    },
    /// What is in it cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// It was not opened.
    #[error("{} {error}", .path.display())]
    Unopened {
        /// The file.
        path: PathBuf,
        /// Why.
        error: DiskError,
    },
    /// The operating system does not take it.
    #[error("{} cannot be written: {error}", .path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// What an earlier run left: the last word on each repository.
#[derive(Debug, Default)]
pub struct Earlier {
    /// What is done.
    pub done: HashMap<String, Brief>,
    /// Branches that were about to be written when the run ended.
    pub writing: HashMap<String, Writing>,
    /// How often the work on a repository was begun since it was done last: so many runs ended
    /// while they worked on it.
    pub started: HashMap<String, usize>,
}

/// A state that is being written. Nobody else writes it as long as this lives.
pub struct Ledger {
    path: PathBuf,
    lines: Mutex<Lines>,
    /// The same file, so that nobody waits to write while it is being brought to the disk.
    disk: File,
}

struct Lines {
    file: File,
    /// Where the last whole line ends.
    end: u64,
}

impl Ledger {
    /// Begins the state at `path`; one that an earlier run left is taken up when `go_on`.
    ///
    /// # Errors
    /// See [`LedgerError`]. The file is as it was then.
    pub fn open(path: &Path, header: &Header, go_on: bool) -> Result<(Self, Earlier), LedgerError> {
        let unwritable = |error| LedgerError::Unwritable {
            path: path.to_owned(),
            error,
        };
        let file = open_to_append(path).map_err(|error| match error {
            DiskError::NotFound => unwritable(io::Error::other("there is no such folder")),
            DiskError::Io(reason) => unwritable(io::Error::other(reason)),
            error => LedgerError::Unopened {
                path: path.to_owned(),
                error,
            },
        })?;
        // A file system without locks is no reason not to work.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(LedgerError::InUse(path.to_owned()));
        }
        let (earlier, end) = earlier(&file, path, header, go_on)?;
        let ledger = Self {
            path: path.to_owned(),
            disk: file.try_clone().map_err(unwritable)?,
            lines: Mutex::new(Lines { file, end }),
        };
        ledger.cut()?;
        ledger.write(header)?;
        ledger.sync()?;
        Ok((ledger, earlier))
    }

    /// Adds a line.
    ///
    /// # Errors
    /// When it cannot be written; the lines before it stay whole.
    pub fn write(&self, line: &impl Serialize) -> Result<(), LedgerError> {
        let mut bytes = serde_json::to_vec(line).map_err(|error| self.unwritable(error.into()))?;
        bytes.push(b'\n');
        self.append(&bytes)
    }

    /// Adds a line that is ready, its end included.
    ///
    /// # Errors
    /// As [`Ledger::write`].
    pub fn append(&self, line: &[u8]) -> Result<(), LedgerError> {
        let mut lines = self.lines();
        match lines.file.write_all(line) {
            Ok(()) => {
                lines.end += u64::try_from(line.len()).unwrap_or(u64::MAX);
                Ok(())
            }
            Err(error) => {
                // A part of a line at the end is passed over by those who read it; better none.
                let _ = lines.file.set_len(lines.end);
                Err(self.unwritable(error))
            }
        }
    }

    /// Waits until every line is on the disk.
    ///
    /// # Errors
    /// When it does not get there.
    pub fn sync(&self) -> Result<(), LedgerError> {
        match self.disk.sync_data() {
            // What is no file on a disk (a pipe) cannot be brought there.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
            synced => synced.map_err(|error| self.unwritable(error)),
        }
    }

    /// Takes away what stands behind the last whole line.
    fn cut(&self) -> Result<(), LedgerError> {
        let lines = self.lines();
        let length = lines.file.metadata().map(|metadata| metadata.len());
        if length.is_ok_and(|length| length > lines.end) {
            let cut = lines.file.set_len(lines.end);
            return cut.map_err(|error| self.unwritable(error));
        }
        Ok(())
    }

    fn lines(&self) -> std::sync::MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unwritable(&self, error: io::Error) -> LedgerError {
        LedgerError::Unwritable {
            path: self.path.clone(),
            error,
        }
    }
}

/// What is in the file, and where its last whole line ends.
fn earlier(
    file: &File,
    path: &Path,
    header: &Header,
    go_on: bool,
) -> Result<(Earlier, u64), LedgerError> {
    let unreadable = |error| StateError::Unreadable {
        path: path.to_owned(),
        error,
    };
    let mut file = file.try_clone().map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.len() == 0 {
        return Ok((Earlier::default(), 0));
    }
    file.rewind().map_err(unreadable)?;
    let mut reader = match Reader::from_file(file, path) {
        // The first line of this program, cut off: nothing was done then.
        Err(StateError::Torn(_)) => return Ok((Earlier::default(), 0)),
        opened => opened?,
    };
    if !go_on {
        return Err(LedgerError::Exists(path.to_owned()));
    }
    same_work(path, reader.header(), header)?;
    let mut earlier = Earlier::default();
    while let Some(line) = reader.next_short()? {
        match line {
            Short::Header(_) => {}
            Short::Writing(writing) => {
                earlier.writing.insert(writing.repository.clone(), writing);
            }
            Short::Started(started) => {
                *earlier.started.entry(started.repository).or_default() += 1;
            }
            Short::Done(brief) => {
                earlier.started.remove(&brief.repository);
                earlier.writing.remove(&brief.repository);
                earlier.done.insert(brief.repository.clone(), brief);
            }
        }
    }
    Ok((earlier, reader.end()))
}

fn same_work(path: &Path, of: &Header, this: &Header) -> Result<(), LedgerError> {
    let part = |header: &Header| match header.shard {
        Some(shard) => format!("part {shard}"),
        None => "all repositories".to_owned(),
    };
    let differ = |of: String, this: String| {
        Err(LedgerError::Other {
            path: path.to_owned(),
            of,
            this,
        })
    };
    if of.command != this.command {
        return differ(format!("--{}", of.command), format!("--{}", this.command));
    }
    if of.shard != this.shard {
        return differ(part(of), part(this));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
