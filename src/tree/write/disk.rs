//! Every step that changes something on disk, below a folder that was opened when the run began:
//! whoever swaps a folder for a link meanwhile does not get a byte out. A test stops before any of
//! the steps.

use std::fs::{File, Metadata, Permissions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use crate::disk::{Folder, Standing};

/// Changes things on disk.
pub(super) struct Disk<'h> {
    before: &'h dyn Fn() -> io::Result<()>,
    sync: bool,
}

impl Disk<'static> {
    /// The disk as it is.
    pub(super) fn real() -> Self {
        Self {
            before: &|| Ok(()),
            sync: true,
        }
    }
}

#[cfg(test)]
impl<'h> Disk<'h> {
    /// A disk on which a step happens only if `before` lets it.
    pub(super) fn stopped_by(before: &'h dyn Fn() -> io::Result<()>) -> Self {
        Self {
            before,
            sync: false,
        }
    }
}

impl Disk<'_> {
    /// Makes a file that must not be there yet.
    pub(super) fn create(&self, root: &Folder, path: &Path) -> io::Result<File> {
        (self.before)()?;
        root.create_new(path)
    }

    /// Adds bytes to a file and waits until they are safe.
    pub(super) fn append(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        (self.before)()?;
        file.write_all(bytes)?;
        if self.sync {
            file.sync_all()?;
        }
        Ok(())
    }

    /// Gives a new file the mode, and if possible the owner, of `model`, or of a new file.
    pub(super) fn dress(
        &self,
        file: &File,
        root: &Folder,
        model: Option<&Path>,
        run: bool,
    ) -> io::Result<()> {
        (self.before)()?;
        let model = match model {
            Some(path) => {
                let model = root.open_file(path).map_err(io::Error::other)?;
                Some(model.metadata()?)
            }
            None => None,
        };
        if let Some(model) = &model {
            keep_owner(file, model);
        }
        let permissions = match model {
            Some(model) => model.permissions(),
            None => file.metadata()?.permissions(),
        };
        file.set_permissions(if run {
            executable(permissions)
        } else {
            permissions
        })
    }

    /// Makes one folder.
    pub(super) fn create_folder(&self, root: &Folder, path: &Path) -> io::Result<()> {
        (self.before)()?;
        root.create_folder(path)
    }

    /// Gives the file or link at `from` a second name.
    pub(super) fn keep(&self, root: &Folder, from: &Path, to: &Path) -> io::Result<()> {
        (self.before)()?;
        if root.standing(from) == Some(Standing::Link) {
            return copy_link(root, from, to);
        }
        root.link_or_copy(from, to)
    }

    /// Renames a file; what was at `to` goes.
    pub(super) fn rename(&self, root: &Folder, from: &Path, to: &Path) -> io::Result<()> {
        (self.before)()?;
        root.rename(from, to)?;
        // Renaming one name of a file to another name of the same file does nothing at all.
        ignore_missing(root.remove(from))
    }

    /// Removes a file or link, if it is there.
    pub(super) fn remove(&self, root: &Folder, path: &Path) -> io::Result<()> {
        (self.before)()?;
        ignore_missing(root.remove(path))
    }

    /// Removes a folder if it is empty; whether it did.
    pub(super) fn remove_empty(&self, root: &Folder, path: &Path) -> io::Result<bool> {
        (self.before)()?;
        Ok(root.remove_folder(path).is_ok())
    }

    /// Makes the names in a folder safe.
    pub(super) fn sync_folder(&self, root: &Folder, path: &Path) -> io::Result<()> {
        (self.before)()?;
        if self.sync && cfg!(unix) {
            // Some file systems cannot; they have nothing better to offer.
            let _ = root.sync_folder(path);
        }
        Ok(())
    }
}

fn ignore_missing(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

#[cfg(unix)]
fn copy_link(root: &Folder, from: &Path, to: &Path) -> io::Result<()> {
    root.create_link(&root.link_target(from)?, to)
}

#[cfg(not(unix))]
fn copy_link(_root: &Folder, _from: &Path, _to: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// Only the superuser can give files away; for everybody else the owner is right already, or
/// cannot be kept.
#[cfg(unix)]
fn keep_owner(file: &File, model: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let differs = |now: Metadata| (now.uid(), now.gid()) != (model.uid(), model.gid());
    if file.metadata().is_ok_and(differs) {
        let _ = fchown(file, Some(model.uid()), Some(model.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_file: &File, _model: &Metadata) {}

/// Whoever may read the file may run it.
#[cfg(unix)]
fn executable(mut permissions: Permissions) -> Permissions {
    use std::os::unix::fs::PermissionsExt;
    let mode = permissions.mode();
    permissions.set_mode(mode | (mode & 0o444) >> 2);
    permissions
}

#[cfg(not(unix))]
fn executable(permissions: Permissions) -> Permissions {
    permissions
}
