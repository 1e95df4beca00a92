//! The files of a trial, in a folder of our own.

use std::io::{self, Write};
use std::path::Path;

use super::Untried;
use crate::disk::{DiskError, FileKind, Folder};

/// The folder, opened.
pub(super) struct Scratch(Folder);

impl Scratch {
    /// Opens the folder.
    ///
    /// # Errors
    /// When it is gone.
    pub(super) fn open(path: &Path) -> Result<Self, Untried> {
        Ok(Self(Folder::open(path)?))
    }

    /// Makes a folder in it.
    ///
    /// # Errors
    /// What the operating system says.
    pub(super) fn create_folder(&self, name: &str) -> Result<(), Untried> {
        Ok(self.0.create_folder(name)?)
    }

    /// Makes a file with these bytes, and the folders that it lies in.
    ///
    /// # Errors
    /// When it is there already, or what the operating system says.
    pub(super) fn write(&self, name: &str, bytes: &[u8], executable: bool) -> Result<(), Untried> {
        for (at, _) in name.match_indices('/') {
            let folder = name.get(..at).unwrap_or_default();
            match self.0.create_folder(folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(error.into());
                }
                _ => {}
            }
        }
        let mut file = self.0.create_new(name)?;
        file.write_all(bytes)?;
        if executable {
            make_executable(&file)?;
        }
        Ok(())
    }

    /// The bytes of a file that something else wrote.
    ///
    /// # Errors
    /// When it is not there, is no regular file, or is too large.
    pub(super) fn read(&self, name: &str) -> Result<Vec<u8>, DiskError> {
        self.0.read(name, FileKind::Target)
    }

    /// The names in a folder of it.
    ///
    /// # Errors
    /// When there is no such folder.
    pub(super) fn names(&self, folder: &str) -> Result<Vec<String>, Untried> {
        let names = self.0.names(folder)?.into_iter();
        Ok(names
            .map(|name| name.name.to_string_lossy().into_owned())
            .collect())
    }
}

#[cfg(unix)]
fn make_executable(file: &std::fs::File) -> io::Result<()> {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    file.set_permissions(Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_file: &std::fs::File) -> io::Result<()> {
    Ok(())
}
