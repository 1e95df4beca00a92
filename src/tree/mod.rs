//! A tree of files, wherever it lives: a work tree on disk, a commit of a (bare) repository, or
//! changes in memory above either. What is above this room sees paths and bytes only.

mod bounds;
mod cache;
mod commit;
mod edit;
mod links;
mod memory;
mod overlay;
mod path;
mod skip;
mod work;
mod write;

use thiserror::Error;

use crate::disk::FileKind;
pub use commit::CommitTree;
pub use edit::{Edit, Misfit, apply_edits};
pub use memory::MemoryTree;
pub use overlay::{Change, Overlay};
pub use path::{PathError, TreePath};
pub(crate) use skip::is_installed;
pub use work::{OpenError, WorkTree};
pub use write::{Recovery, WriteError, Written, recover, unfinished, write_changes};

/// Files over this size (bytes) are listed but not read: no build file is that large.
pub const MAX_FILE_SIZE: u64 = FileKind::Source.limit();

/// What kind of file is at `path`: it decides how much of it is read.
fn file_kind(path: &TreePath) -> FileKind {
    match path.name().strip_suffix(".ipynb") {
        Some(_) => FileKind::Notebook,
        None => FileKind::Source,
    }
}

/// The most that is read of the file at `path`, in bytes.
fn size_limit(path: &TreePath) -> u64 {
    file_kind(path).limit()
}

/// What a listed path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A plain file.
    File,
    /// A file with its executable bit set.
    Executable,
    /// A symbolic link, wherever it leads.
    Symlink,
}

/// One file of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where the file is.
    pub path: TreePath,
    /// What it is.
    pub kind: EntryKind,
}

/// Why a folder or file was left out of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SkipReason {
    /// A Python virtual environment (it holds `pyvenv.cfg`, or `conda-meta`).
    VirtualEnvironment,
    /// Installed Python packages.
    SitePackages,
    /// Installed Node.js packages.
    NodeModules,
    /// A path that is not UTF-8.
    NotUtf8,
    /// Another repository inside this one.
    Submodule,
    /// A pipe, a socket, a device; a list of ignored files that is a link.
    NotAFile,
    /// A list of ignored files that is larger than such a list may be.
    TooLarge,
    /// The operating system did not give it.
    Unreadable,
}

/// A folder or file that was left out of a listing, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The folder or file (lossy where it is not UTF-8).
    pub path: TreePath,
    /// Why.
    pub reason: SkipReason,
    /// Whether git tracks anything in it, that is, whether it is part of the repository.
    pub tracked: bool,
}

/// Why a file of a tree was not read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadError {
    /// No such file.
    #[error("is not there")]
    NotFound,
    /// A symbolic link that leads out of the tree; it is never followed.
    #[error("leads out of the repository and was not read")]
    OutsideTree,
    /// Larger than [`MAX_FILE_SIZE`], or than a notebook may be.
    #[error("is too large and was not read")]
    TooLarge,
    /// A folder, a submodule, a device.
    #[error("is not a file")]
    NotAFile,
    /// The operating system or the object database said no.
    #[error("cannot be read: {0}")]
    Io(String),
}

/// Lists and reads the files of a repository.
pub trait Tree: Sync {
    /// All files, sorted by path; what is [skipped](Tree::skipped) is not among them.
    fn entries(&self) -> &[Entry];

    /// What the listing left out.
    fn skipped(&self) -> &[Skipped];

    /// The file that `path` leads to, through symbolic links inside the tree.
    ///
    /// # Errors
    /// When there is no such file, or a link leads out of the tree.
    fn resolve(&self, path: &TreePath) -> Result<TreePath, ReadError>;

    /// The bytes of the file that `path` leads to. It need not be listed: a listing may be of one
    /// folder of a repository only.
    ///
    /// # Errors
    /// When the file cannot be read; see [`ReadError`].
    fn read(&self, path: &TreePath) -> Result<Vec<u8>, ReadError>;

    /// The path that a symbolic link holds, as it is written there; `None` for what is no link.
    fn link_target(&self, _path: &TreePath) -> Option<Vec<u8>> {
        None
    }

    /// How large the file is that `path` leads to, in bytes, even where it is too large to be
    /// read; `None` when there is no such file.
    fn size(&self, path: &TreePath) -> Option<u64> {
        let contents = self.read(path).ok()?;
        Some(contents.len() as u64)
    }

    /// The kind of a listed path.
    fn kind(&self, path: &TreePath) -> Option<EntryKind> {
        let entries = self.entries();
        let found = entries
            .binary_search_by(|entry| entry.path.cmp(path))
            .ok()?;
        entries.get(found).map(|entry| entry.kind)
    }

    /// The listed files in `folder` and below it.
    fn under(&self, folder: &TreePath) -> &[Entry] {
        let entries = self.entries();
        // A folder's files are one run of the sorted list: from `folder/` to before `folder0`.
        let from = entries.partition_point(|entry| entry.path < *folder);
        let tail = entries.get(from..).unwrap_or_default();
        if folder.is_root() {
            return tail;
        }
        let prefix = format!("{folder}/");
        let start = tail.partition_point(|entry| *entry.path.as_str() < *prefix);
        let tail = tail.get(start..).unwrap_or_default();
        let length = tail.partition_point(|entry| entry.path.as_str().starts_with(&prefix));
        tail.get(..length).unwrap_or_default()
    }
}
