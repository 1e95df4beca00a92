//! Files that a person named: they may lie anywhere, behind any link.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter};
use std::path::Path;

use tempfile::NamedTempFile;

use super::{DiskError, FileKind, Folder, check_regular, read_whole};

/// The bytes of a file that was named on the command line.
///
/// # Errors
/// When it is no regular file, is too large, or cannot be read.
pub fn read_named(path: &Path, kind: FileKind) -> Result<Vec<u8>, DiskError> {
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

/// As [`open_to_append`]; a file that is made is one that only its owner reads.
///
/// # Errors
/// As [`open_to_append`].
pub fn open_private(path: &Path) -> Result<File, DiskError> {
    let mut options = options();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let file = options.open(path)?;
    check_regular(&file)?;
    Ok(file)
}

/// Takes a file away that was named on the command line.
///
/// # Errors
/// When it is not there, or the operating system says no.
pub fn remove_named(path: &Path) -> Result<(), DiskError> {
    Ok(std::fs::remove_file(path)?)
}

/// Opens a folder that was named on the command line; it is made where it is missing.
///
/// # Errors
/// When something else is there, or it cannot be made.
pub fn open_or_create_folder(path: &Path) -> Result<Folder, DiskError> {
    std::fs::create_dir_all(path)?;
    Folder::open(path)
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

/// Makes a new file, whole or not at all: what `write` writes is put in its place when it is there,
/// and over nothing. Only its owner reads it.
///
/// # Errors
/// When something is there already, or it cannot be written.
pub fn create_named(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<NamedTempFile>) -> io::Result<()>,
) -> io::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    let mut file = BufWriter::new(file);
    write(&mut file)?;
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    Ok(())
}
