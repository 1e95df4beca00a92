//! A folder, opened. Every path is one below it, and no link on the way leads out: the operating
//! system sees to it where it can (`openat2`), and the crate `cap-std` where it cannot. A folder
//! that is swapped for a link meanwhile changes nothing: the open one stays what it was.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, Metadata, OpenOptions};

use super::{DiskError, FileKind, check_regular, read_whole};

/// A folder that was opened.
#[derive(Debug)]
pub struct Folder {
    dir: Dir,
    path: PathBuf,
}

/// A name in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// The name.
    pub name: OsString,
    /// What it is of.
    pub standing: Standing,
}

/// What stands under a name; a link is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A folder.
    Folder,
    /// A regular file.
    File,
    /// A symbolic link.
    Link,
    /// A pipe, a socket, a device.
    Other,
}

impl Standing {
    fn from_type(kind: cap_std::fs::FileType) -> Self {
        if kind.is_dir() {
            Self::Folder
        } else if kind.is_file() {
            Self::File
        } else if kind.is_symlink() {
            Self::Link
        } else {
            Self::Other
        }
    }
}

impl Folder {
    /// Opens the folder at `path`, which a person named or which a folder that a person named
    /// is in: links on the way to it are followed.
    ///
    /// # Errors
    /// When there is no such folder, or it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, DiskError> {
        Ok(Self {
            dir: Dir::open_ambient_dir(path, ambient_authority())?,
            path: path.to_owned(),
        })
    }

    /// Opens a folder below this one.
    ///
    /// # Errors
    /// When there is no such folder, or a link on the way leads out of this one.
    pub fn open_below(&self, below: impl AsRef<Path>) -> Result<Self, DiskError> {
        let below = below.as_ref();
        Ok(Self {
            dir: self.dir.open_dir(place(below))?,
            path: self.path.join(below),
        })
    }

    /// Where the folder was when it was opened, for what is told to people.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The bytes of a file below the folder.
    ///
    /// # Errors
    /// When it is no regular file, lies outside, is too large, or cannot be read.
    pub fn read(&self, below: impl AsRef<Path>, kind: FileKind) -> Result<Vec<u8>, DiskError> {
        read_whole(self.open_unchecked(below.as_ref())?, kind)
    }

    /// Opens a file below the folder, to be read a part at a time.
    ///
    /// # Errors
    /// When it is no regular file, lies outside, or cannot be opened.
    pub fn open_file(&self, below: impl AsRef<Path>) -> Result<File, DiskError> {
        let file = self.open_unchecked(below.as_ref())?;
        check_regular(&file)?;
        Ok(file)
    }

    fn open_unchecked(&self, below: &Path) -> Result<File, DiskError> {
        let mut options = OpenOptions::new();
        options.read(true);
        Ok(self.open_with(below, options)?)
    }

    /// Opens a file below the folder to be read and to be added to, if it is there.
    ///
    /// # Errors
    /// When it is no regular file, lies outside, or cannot be opened.
    pub fn open_to_append(&self, below: impl AsRef<Path>) -> Result<File, DiskError> {
        let mut options = OpenOptions::new();
        options.read(true).append(true);
        let file = self.open_with(below.as_ref(), options)?;
        check_regular(&file)?;
        Ok(file)
    }

    /// Makes a file that must not be there yet; nothing is followed to get to it.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn create_new(&self, below: impl AsRef<Path>) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).append(true).create_new(true);
        self.open_with(below.as_ref(), options)
    }

    #[cfg(unix)]
    fn open_with(&self, below: &Path, mut options: OpenOptions) -> io::Result<File> {
        use cap_std::fs::OpenOptionsExt;
        options.custom_flags(super::without_waiting());
        Ok(self.dir.open_with(below, &options)?.into_std())
    }

    #[cfg(not(unix))]
    fn open_with(&self, below: &Path, options: OpenOptions) -> io::Result<File> {
        Ok(self.dir.open_with(below, &options)?.into_std())
    }

    /// The names in a folder below this one (`""` for itself), sorted: what is found must not
    /// depend on the disk.
    ///
    /// # Errors
    /// When there is no such folder, or it cannot be listed.
    pub fn names(&self, below: impl AsRef<Path>) -> Result<Vec<Name>, DiskError> {
        let mut names = Vec::new();
        for entry in self.dir.read_dir(place(below.as_ref()))? {
            let entry = entry?;
            names.push(Name {
                standing: Standing::from_type(entry.file_type()?),
                name: entry.file_name(),
            });
        }
        names.sort_unstable();
        Ok(names)
    }

    /// What stands at a path below the folder; a link at its end is not followed.
    ///
    /// # Errors
    /// When nothing is there, or it lies outside.
    pub fn read_metadata(&self, below: impl AsRef<Path>) -> io::Result<Metadata> {
        self.dir.symlink_metadata(place(below.as_ref()))
    }

    /// As [`Folder::read_metadata`], when only the kind is of interest.
    ///
    /// # Errors
    /// When nothing is there, or it lies outside.
    pub fn stands(&self, below: impl AsRef<Path>) -> io::Result<Standing> {
        Ok(Standing::from_type(self.read_metadata(below)?.file_type()))
    }

    /// What stands at a path below the folder; `None` when nothing is there.
    pub fn standing(&self, below: impl AsRef<Path>) -> Option<Standing> {
        self.stands(below).ok()
    }

    /// Whether a file has other names too (hard links).
    #[cfg(unix)]
    pub fn has_other_names(&self, below: impl AsRef<Path>) -> bool {
        use cap_std::fs::MetadataExt;
        let metadata = self.read_metadata(below);
        metadata.is_ok_and(|metadata| metadata.nlink() > 1)
    }

    /// Whether a file has other names too (hard links): that is told on Unix only.
    #[cfg(not(unix))]
    pub fn has_other_names(&self, _below: impl AsRef<Path>) -> bool {
        false
    }

    /// Whether the owner of a file may run it.
    #[cfg(unix)]
    pub fn is_executable(&self, below: impl AsRef<Path>) -> bool {
        use cap_std::fs::MetadataExt;
        let metadata = self.read_metadata(below);
        metadata.is_ok_and(|metadata| metadata.mode() & 0o100 != 0)
    }

    /// Whether the owner of a file may run it: no other system has such a bit.
    #[cfg(not(unix))]
    pub fn is_executable(&self, _below: impl AsRef<Path>) -> bool {
        false
    }

    /// The path below the folder that a path leads to through links.
    ///
    /// # Errors
    /// When nothing is there, or it lies outside.
    pub fn resolve(&self, below: impl AsRef<Path>) -> io::Result<PathBuf> {
        self.dir.canonicalize(below)
    }

    /// The number that the file system knows the folder by, where it has such numbers.
    #[cfg(unix)]
    pub fn number(&self) -> Option<u64> {
        use cap_std::fs::MetadataExt;
        Some(self.dir.dir_metadata().ok()?.ino())
    }

    /// The number that the file system knows the folder by, where it has such numbers.
    #[cfg(not(unix))]
    pub fn number(&self) -> Option<u64> {
        None
    }

    /// The path that a link holds, as it is written there.
    ///
    /// # Errors
    /// When there is no such link.
    pub fn link_target(&self, below: impl AsRef<Path>) -> io::Result<PathBuf> {
        self.dir.read_link_contents(below)
    }

    /// Makes one folder.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn create_folder(&self, below: impl AsRef<Path>) -> io::Result<()> {
        self.dir.create_dir(below)
    }

    /// Makes a symbolic link that holds `target`, wherever that leads: it is not followed.
    ///
    /// # Errors
    /// What the operating system says.
    #[cfg(unix)]
    pub fn create_link(&self, target: &Path, below: impl AsRef<Path>) -> io::Result<()> {
        self.dir.symlink_contents(target, below)
    }

    /// Gives a file a second name, or the bytes of it where that cannot be.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn link_or_copy(&self, from: &Path, to: &Path) -> io::Result<()> {
        // Not every file system has hard links, and not every file may be linked.
        let linked = self.dir.hard_link(from, &self.dir, to);
        linked.or_else(|_| self.dir.copy(from, &self.dir, to).map(drop))
    }

    /// Renames a file below the folder; what was at `to` goes.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.dir.rename(from, &self.dir, to)
    }

    /// Removes a file or link.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn remove(&self, below: impl AsRef<Path>) -> io::Result<()> {
        self.dir.remove_file(below)
    }

    /// Removes a folder that is empty.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn remove_folder(&self, below: impl AsRef<Path>) -> io::Result<()> {
        self.dir.remove_dir(below)
    }

    /// Makes the names in a folder safe, where the file system can.
    ///
    /// # Errors
    /// When there is no such folder, or the file system cannot.
    pub fn sync_folder(&self, below: impl AsRef<Path>) -> io::Result<()> {
        let folder = self.dir.open_dir(place(below.as_ref()))?;
        folder.into_std_file().sync_all()
    }
}

/// The folder itself has a name for the operating system.
fn place(below: &Path) -> &Path {
    if below.as_os_str().is_empty() {
        Path::new(".")
    } else {
        below
    }
}
