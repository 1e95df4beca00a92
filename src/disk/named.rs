//! Files that a person named: they may lie anywhere, behind any link.

use std::fs::{File, OpenOptions};
use std::path::Path;

use super::{DiskError, Kind, check_regular, read_whole};

/// The bytes of a file that was named on the command line.
///
/// # Errors
/// When it is no regular file, is too large, or cannot be read.
pub fn read_named(path: &Path, kind: Kind) -> Result<Vec<u8>, DiskError> {
    read_whole(options().read(true).open(path)?, kind)
}

/// Opens a file that was named on the command line, to be read a part at a time.
///
/// # Errors
/// When it is no regular file, or cannot be read.
pub fn open_named(path: &Path) -> Result<File, DiskError> {
    let file = options().read(true).open(path)?;
    check_regular(&file)?;
    Ok(file)
}

/// Opens a file that was named on the command line, to be read and to be added to; it is made
/// where it is missing.
///
/// # Errors
/// When it is no regular file, or cannot be written.
pub fn open_to_append(path: &Path) -> Result<File, DiskError> {
    let file = options().read(true).append(true).create(true).open(path)?;
    check_regular(&file)?;
    Ok(file)
}

#[cfg(unix)]
fn options() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    options.custom_flags(super::without_waiting());
    options
}

#[cfg(not(unix))]
fn options() -> OpenOptions {
    OpenOptions::new()
}
