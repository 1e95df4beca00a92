//! The one door to the disk. What is read or written goes through here: relative to a folder that
//! was opened before, never behind a link that leads out of it, regular files only, and no more
//! bytes than its kind may have. What a person named on the command line may lie anywhere; it has
//! to be a regular file of a sensible size all the same.
#![allow(clippy::disallowed_methods, reason = "this room is the door")]

mod folder;
mod kind;
mod named;
mod replacement;

use std::io::{self, ErrorKind};

use thiserror::Error;

pub use folder::{Folder, Name, Standing};
pub use kind::FileKind;
pub use named::{
    create_named, open_named, open_or_create_folder, open_private, open_to_append, read_named,
    remove_named,
};
pub use replacement::{Replacement, replace_named};

/// Why something on disk was not opened. Nothing of it was read then.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DiskError {
    /// No such file.
    #[error("is not there")]
    NotFound,
    /// A link leads out of the folder that was opened.
    #[error("leads out of its folder and was not opened")]
    Outside,
    /// A folder, a pipe, a socket, a device.
    #[error("is not a regular file and was not opened")]
    NotAFile,
    /// More bytes than a file of its kind may have.
    #[error("is larger than {} and was not read", .0.limit_in_words())]
    TooLarge(FileKind),
    /// The operating system said no.
    #[error("cannot be opened: {0}")]
    Io(String),
}

impl DiskError {
    /// Whether nothing is there.
    pub fn is_missing(&self) -> bool {
        *self == Self::NotFound
    }
}

impl From<io::Error> for DiskError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::NotFound,
            ErrorKind::IsADirectory => Self::NotAFile,
            _ if is_outside(&error) => Self::Outside,
            // Nobody listens at a socket or pipe that is opened without waiting.
            #[cfg(unix)]
            _ if error.raw_os_error() == Some(rustix::io::Errno::NXIO.raw_os_error()) => {
                Self::NotAFile
            }
            _ => Self::Io(error.to_string()),
        }
    }
}

/// Whether a path was refused because it leads out of its folder. What `cap-std` says of that is no
/// error of the operating system.
pub fn is_outside(error: &io::Error) -> bool {
    error.kind() == ErrorKind::PermissionDenied && error.raw_os_error().is_none()
}

/// Reads a file that is open, if it is a regular one and not too large.
fn read_whole(file: std::fs::File, kind: FileKind) -> Result<Vec<u8>, DiskError> {
    use std::io::Read;
    let length = check_regular(&file)?;
    let limit = kind.limit();
    if length > limit {
        return Err(DiskError::TooLarge(kind));
    }
    let mut contents = Vec::with_capacity(usize::try_from(length).unwrap_or_default() + 1);
    // The file may grow while it is read.
    file.take(limit + 1).read_to_end(&mut contents)?;
    if contents.len() as u64 > limit {
        return Err(DiskError::TooLarge(kind));
    }
    Ok(contents)
}

/// The length of an open file, which must be a regular one.
fn check_regular(file: &std::fs::File) -> Result<u64, DiskError> {
    let metadata = file.metadata()?;
    if metadata.is_file() {
        Ok(metadata.len())
    } else {
        Err(DiskError::NotAFile)
    }
}

/// Flags with which a pipe or a terminal is opened without waiting for anybody; a regular file
/// does not mind them.
#[cfg(unix)]
fn without_waiting() -> i32 {
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    i32::try_from(flags.bits()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
