//! Every step that changes something on disk. A test stops before any of them.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

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
    pub(super) fn create(&self, path: &Path) -> io::Result<File> {
        (self.before)()?;
        let mut options = OpenOptions::new();
        options.read(true).append(true).create_new(true).open(path)
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
    pub(super) fn dress(&self, file: &File, model: Option<&Path>, run: bool) -> io::Result<()> {
        (self.before)()?;
        let model = model.map(fs::metadata).transpose()?;
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
    pub(super) fn create_folder(&self, path: &Path) -> io::Result<()> {
        (self.before)()?;
        fs::create_dir(path)
    }

    /// Gives the file or link at `from` a second name.
    pub(super) fn keep(&self, from: &Path, to: &Path) -> io::Result<()> {
        (self.before)()?;
        if fs::symlink_metadata(from)?.is_symlink() {
            return copy_link(from, to);
        }
        // Not every file system has hard links, and not every file may be linked.
        fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(drop))
    }

    /// Renames a file; what was at `to` goes.
    pub(super) fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        (self.before)()?;
        fs::rename(from, to)?;
        // Renaming one name of a file to another name of the same file does nothing at all.
        ignore_missing(fs::remove_file(from))
    }

    /// Removes a file or link, if it is there.
    pub(super) fn remove(&self, path: &Path) -> io::Result<()> {
        (self.before)()?;
        ignore_missing(fs::remove_file(path))
    }

    /// Removes a folder if it is empty; whether it did.
    pub(super) fn remove_empty(&self, path: &Path) -> io::Result<bool> {
        (self.before)()?;
        Ok(fs::remove_dir(path).is_ok())
    }

    /// Makes the names in a folder safe.
    pub(super) fn sync_folder(&self, path: &Path) -> io::Result<()> {
        (self.before)()?;
        if self.sync && cfg!(unix) {
            // Some file systems cannot; they have nothing better to offer.
            let _ = File::open(path).and_then(|folder| folder.sync_all());
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
fn copy_link(from: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(fs::read_link(from)?, to)
}

#[cfg(not(unix))]
fn copy_link(_from: &Path, _to: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// Only the superuser can give files away; for everybody else the owner is right already, or
/// cannot be kept.
#[cfg(unix)]
fn keep_owner(file: &File, model: &fs::Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let differs = |now: fs::Metadata| (now.uid(), now.gid()) != (model.uid(), model.gid());
    if file.metadata().is_ok_and(differs) {
        let _ = fchown(file, Some(model.uid()), Some(model.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_file: &File, _model: &fs::Metadata) {}

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
