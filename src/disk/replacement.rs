//! A file that takes the place of another, all at once.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::{DiskError, Folder, Standing};
use crate::interrupt::{self, Hold};

/// A new file beside the one that it is to replace. Unless it is finished it goes away again; a
/// signal waits until it is the one or the other.
pub struct Replacement {
    folder: Folder,
    target: PathBuf,
    beside: PathBuf,
    file: Option<File>,
    _hold: Hold,
}

impl Replacement {
    /// Begins the replacement of a file that was named on the command line, wherever it lies.
    ///
    /// # Errors
    /// When something else than a regular file is there, or nothing can be written beside it.
    pub fn of_named(path: &Path) -> Result<Self, DiskError> {
        // A link stays; what it leads to is written.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        let name = path.file_name().ok_or(DiskError::NotAFile)?;
        Self::below(
            Folder::open(folder.unwrap_or(Path::new(".")))?,
            name.as_ref(),
        )
    }

    /// Begins the replacement of a file below a folder.
    ///
    /// # Errors
    /// As [`Replacement::of_named`], and when the file lies outside.
    pub fn below(folder: Folder, below: &Path) -> Result<Self, DiskError> {
        let target = match folder.standing(below) {
            None | Some(Standing::File) => below.to_owned(),
            Some(Standing::Link) => folder.resolve(below)?,
            Some(Standing::Folder | Standing::Other) => return Err(DiskError::NotAFile),
        };
        if matches!(folder.standing(&target), Some(standing) if standing != Standing::File) {
            return Err(DiskError::NotAFile);
        }
        let hold = interrupt::hold();
        let beside = target.with_file_name(name());
        let file = folder.create_new(&beside)?;
        let replacement = Self {
            folder,
            target,
            beside,
            file: Some(file),
            _hold: hold,
        };
        replacement.take_mode()?;
        Ok(replacement)
    }

    /// The new file gets the mode of the old one.
    fn take_mode(&self) -> Result<(), DiskError> {
        let old = match self.folder.open_file(&self.target) {
            Ok(old) => old.metadata()?.permissions(),
            Err(_) => return Ok(()),
        };
        match &self.file {
            Some(file) => Ok(file.set_permissions(old)?),
            None => Ok(()),
        }
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// What the operating system says; the old file is there then.
    pub fn finish(mut self) -> Result<(), DiskError> {
        if let Some(file) = self.file.take() {
            let done = file
                .sync_all()
                .and_then(|()| self.folder.rename(&self.beside, &self.target));
            if done.is_err() {
                let _ = self.folder.remove(&self.beside);
            }
            done?;
        }
        Ok(())
    }
}

/// Replaces a file that was named on the command line, all at once.
///
/// # Errors
/// As [`Replacement::of_named`], and what the operating system says; the old file is there then.
pub fn replace_named(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    let mut file = Replacement::of_named(path)?;
    file.write_all(bytes)?;
    file.finish()
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.file {
            Some(file) => file.write(bytes),
            None => Ok(0),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.file {
            Some(file) => file.flush(),
            None => Ok(()),
        }
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            let _ = self.folder.remove(&self.beside);
        }
    }
}

/// A name that nobody else has.
fn name() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let nanoseconds = now.map_or(0, |now| now.as_nanos());
    format!(".dashlift-{:x}x{nanoseconds:x}.new", std::process::id())
}
