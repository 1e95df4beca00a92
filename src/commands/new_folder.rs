//! Files for people, into a folder that has none: nothing of an earlier run is mixed in.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::disk::{self, DiskError, Folder};

/// Why the files were not written.
#[derive(Debug, Error)]
pub enum NewFolderError {
    /// The operating system does not take them.
    #[error("{} cannot be written: {error}", .folder.display())]
    Unwritable {
        /// The folder.
        folder: PathBuf,
        /// Why.
        error: DiskError,
    },
    /// Something is in it.
    #[error(
        "{} is not empty; name a new folder, so that nothing of an earlier run is mixed in",
        .0.display()
    )]
    Occupied(PathBuf),
}

/// Writes the files, each with its name and text, into a new or empty folder, with the folders that
/// their names need. A script (`.sh`) can be started.
///
/// # Errors
/// See [`NewFolderError`].
pub(super) fn fill_new_folder(
    path: &Path,
    folders: &[&str],
    files: &[(String, String)],
) -> Result<(), NewFolderError> {
    let unwritable = |error: DiskError| NewFolderError::Unwritable {
        folder: path.to_owned(),
        error,
    };
    let folder = disk::open_or_create_folder(path).map_err(unwritable)?;
    if !folder.names("").map_err(unwritable)?.is_empty() {
        return Err(NewFolderError::Occupied(path.to_owned()));
    }
    for below in folders {
        let made = folder.create_folder(below);
        made.map_err(|error| unwritable(error.into()))?;
    }
    for (name, text) in files {
        put(&folder, name, text).map_err(|error| unwritable(error.into()))?;
    }
    Ok(())
}

fn put(folder: &Folder, name: &str, text: &str) -> io::Result<()> {
    let mut file = folder.create_new(name)?;
    file.write_all(text.as_bytes())?;
    #[cfg(unix)]
    if Path::new(name).extension().is_some_and(|it| it == "sh") {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(std::fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}
