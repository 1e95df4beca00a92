//! The state of a batch: a file of JSON lines that grows by one line for each repository. What the
//! lines say and how they are read is here; how they are written is in `ledger`.

mod reader;
mod record;

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::disk::DiskError;

pub use reader::Reader;
pub(in crate::fleet) use reader::Short;
pub use record::{Brief, Ending, Header, Record, Shard, ShardError, Started, StateLine, Writing};

/// The version of the lines. A change that takes something away or gives it another meaning makes
/// the next one.
/// Version 2 has [`Started`]; states of version 1 are read, too.
pub const VERSION: u32 = 2;

/// Why a state file cannot be used. Each names the file.
#[derive(Debug, Error)]
pub enum StateError {
    /// The operating system does not give it.
    #[error("{} cannot be read: {error}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It was not opened.
    #[error("{} {error}", .path.display())]
    Unopened {
        /// The file.
        path: PathBuf,
        /// Why.
        error: DiskError,
    },
    /// The first line is no header.
    #[error("{} is no state of a batch; its first line says nothing of one", .0.display())]
    NoHeader(PathBuf),
    /// The first line was cut off; nothing was done then.
    #[error("{} holds the beginning of a state only: nothing was done", .0.display())]
    Torn(PathBuf),
    /// Another version of this program wrote it.
    #[error(
        "{} is a state of version {version}, and this program reads versions up to {VERSION}; start anew \
         with another file, or use the program that made it", .path.display()
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// The version it has.
        version: u32,
    },
    /// A line in the middle is no line of a state.
    #[error("{}:{line}: this is no line of a state: {reason}", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

#[cfg(test)]
mod tests;
