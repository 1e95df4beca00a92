//! From changes to operations on disk: where each one really goes, and what stands there now.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use git2::{ObjectType, Oid};
use serde::{Deserialize, Serialize};

use super::WriteError;
use super::disk::Disk;
use crate::disk::{FileKind, Folder, Standing, is_outside};
use crate::tree::{Change, EntryKind, ReadError, TreePath, links, skip};

/// What a run is going to do. It is the first line of the journal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WritePlan {
    /// Part of the names of the files that the run makes for itself.
    id: String,
    /// Folders that have to be made, outer ones first.
    pub(super) folders: Vec<String>,
    /// What happens to files, removals first.
    pub(super) operations: Vec<Operation>,
}

/// What is going to happen to one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Operation {
    /// The file itself: no part of the path is a link.
    pub(super) target: String,
    /// The fingerprint of what is there before.
    pub(super) old: Option<String>,
    /// The fingerprint of what is there afterwards.
    pub(super) new: Option<String>,
}

/// A plan, and what is needed to carry it out.
pub(super) struct PlannedWrite {
    /// The plan.
    pub(super) plan: WritePlan,
    /// Files with more than one name.
    pub(super) hard_linked: Vec<TreePath>,
    contents: BTreeMap<String, (Arc<[u8]>, EntryKind)>,
    folders: BTreeSet<TreePath>,
}

impl PlannedWrite {
    /// Looks where each change goes; nothing is written.
    pub(super) fn look_up(
        root: &Folder,
        changes: &BTreeMap<TreePath, Change>,
    ) -> Result<Self, WriteError> {
        let mut planned = Self {
            plan: WritePlan {
                id: new_id(),
                folders: Vec::new(),
                operations: Vec::new(),
            },
            hard_linked: Vec::new(),
            contents: BTreeMap::new(),
            folders: BTreeSet::new(),
        };
        for (path, change) in changes {
            match change {
                Change::Write { contents, kind } => planned.write(root, path, contents, *kind)?,
                Change::Remove => planned.remove(root, path)?,
            }
        }
        planned.plan.operations.sort_by_key(|one| one.new.is_some());
        let folders = planned.folders.iter();
        planned.plan.folders = folders.map(|folder| folder.as_str().to_owned()).collect();
        Ok(planned)
    }

    fn write(
        &mut self,
        root: &Folder,
        path: &TreePath,
        contents: &Arc<[u8]>,
        kind: EntryKind,
    ) -> Result<(), WriteError> {
        let standing = stat_path(root, path)?;
        let target = match &standing {
            Some(_) => existing_target(root, path)?,
            None => self.new_target(root, path)?,
        };
        if root.has_other_names(target.as_str()) {
            self.hard_linked.push(target.clone());
        }
        let old = match standing {
            Some(_) => Some(fingerprint_at(root, &target)?),
            None => None,
        };
        let name = target.as_str().to_owned();
        self.plan.operations.push(Operation {
            target: name.clone(),
            old,
            new: Some(fingerprint(contents, false)),
        });
        self.contents.insert(name, (Arc::clone(contents), kind));
        Ok(())
    }

    fn new_target(&mut self, root: &Folder, path: &TreePath) -> Result<TreePath, WriteError> {
        let folder = path.parent();
        let mut missing = Vec::new();
        let mut here = folder;
        while !here.is_root() && stat_path(root, &here)?.is_none() {
            missing.push(here.name().to_owned());
            here = here.parent();
        }
        let mut target = real_folder(root, &here, path)?;
        for name in missing.iter().rev() {
            target = target.child(name);
            self.folders.insert(target.clone());
        }
        Ok(target.child(path.name()))
    }

    fn remove(&mut self, root: &Folder, path: &TreePath) -> Result<(), WriteError> {
        match stat_path(root, path)? {
            None => return Ok(()),
            Some(Standing::File | Standing::Link) => {}
            Some(_) => return Err(WriteError::NotAFile(path.clone())),
        }
        let target = real_folder(root, &path.parent(), path)?.child(path.name());
        let old = Some(fingerprint_at(root, &target)?);
        self.plan.operations.push(Operation {
            target: target.as_str().to_owned(),
            old,
            new: None,
        });
        Ok(())
    }

    /// Makes everything ready beside the targets, which stay as they are.
    pub(super) fn prepare(&self, disk: &Disk, root: &Folder) -> Result<(), WriteError> {
        for folder in &self.plan.folders {
            disk.create_folder(root, Path::new(folder))
                .map_err(|error| failed(folder, &error))?;
        }
        for (at, operation) in self.plan.operations.iter().enumerate() {
            self.prepare_one(disk, root, at, operation)
                .map_err(|error| failed(&operation.target, &error))?;
        }
        Ok(())
    }

    fn prepare_one(
        &self,
        disk: &Disk,
        root: &Folder,
        at: usize,
        operation: &Operation,
    ) -> io::Result<()> {
        let target = Path::new(&operation.target);
        let there = operation.old.is_some();
        if let Some((contents, kind)) = self.contents.get(&operation.target) {
            let mut file = disk.create(root, &self.plan.new_file(at))?;
            let model = there.then_some(target);
            disk.dress(&file, root, model, *kind == EntryKind::Executable)?;
            disk.append(&mut file, contents)?;
        }
        if there {
            disk.keep(root, target, &self.plan.old_file(at))?;
        }
        disk.sync_folder(root, target.parent().unwrap_or(Path::new("")))
    }
}

impl WritePlan {
    /// Where the new contents of an operation wait.
    pub(super) fn new_file(&self, at: usize) -> PathBuf {
        self.beside(at, "new")
    }

    /// Where the old file of an operation is kept.
    pub(super) fn old_file(&self, at: usize) -> PathBuf {
        self.beside(at, "old")
    }

    fn beside(&self, at: usize, what: &str) -> PathBuf {
        let target = self.operations.get(at).map_or("", |one| &one.target);
        let name = format!(".dashlift-{}-{at}.{what}", self.id);
        Path::new(target).with_file_name(name)
    }

    /// Whether this is a plan for `root` that dashlift could have made: a journal is read from
    /// disk, and must not reach out of the tree.
    pub(super) fn is_sound(&self, root: &Folder) -> bool {
        let plain = |path: &String| {
            TreePath::new(path).is_ok_and(|parsed| parsed.as_str() == path && !parsed.is_root())
                && !path.split('/').any(skip::is_git_folder)
        };
        let real = |path: &String| {
            let parsed = TreePath::root().child(path).parent();
            let whole = root.path().join(parsed.as_str());
            match whole.canonicalize() {
                Ok(folder) => folder == whole || parsed.is_root(),
                Err(error) => error.kind() == ErrorKind::NotFound,
            }
        };
        let targets = self.operations.iter().map(|one| &one.target);
        self.id.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && targets
                .chain(&self.folders)
                .all(|path| plain(path) && real(path))
    }
}

fn new_id() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let nanoseconds = now.map_or(0, |now| now.as_nanos());
    format!("{:x}x{nanoseconds:x}", std::process::id())
}

/// What stands at `path`; a link is not followed, those above it are.
fn stat_path(root: &Folder, path: &TreePath) -> Result<Option<Standing>, WriteError> {
    if path.as_str().split('/').any(skip::is_git_folder) {
        return Err(WriteError::OutsideTree(path.clone()));
    }
    match root.stands(path.as_str()) {
        Ok(standing) => Ok(Some(standing)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) if is_outside(&error) => Err(WriteError::OutsideTree(path.clone())),
        Err(error) => Err(failed(path.as_str(), &error)),
    }
}

fn existing_target(root: &Folder, path: &TreePath) -> Result<TreePath, WriteError> {
    let target = links::resolve_on_disk(root.path(), path).map_err(|error| match error {
        ReadError::OutsideTree => WriteError::OutsideTree(path.clone()),
        ReadError::NotFound => WriteError::DanglingLink(path.clone()),
        ReadError::NotAFile => WriteError::NotAFile(path.clone()),
        other => WriteError::Io {
            path: path.clone(),
            reason: other.to_string(),
        },
    })?;
    if root.standing(target.as_str()) == Some(Standing::File) {
        Ok(target)
    } else {
        Err(WriteError::NotAFile(path.clone()))
    }
}

/// The folder that `folder`, which is there, leads to; `path` is what is wanted in it.
fn real_folder(root: &Folder, folder: &TreePath, path: &TreePath) -> Result<TreePath, WriteError> {
    let canonical = root
        .path()
        .join(folder.as_str())
        .canonicalize()
        .map_err(|error| failed(path.as_str(), &error))?;
    if canonical == root.path() {
        return Ok(TreePath::root());
    }
    if !canonical.is_dir() {
        return Err(WriteError::NotAFile(folder.clone()));
    }
    links::tree_path(root.path(), &canonical)
        .filter(|real| !real.as_str().split('/').any(skip::is_git_folder))
        .ok_or_else(|| WriteError::OutsideTree(path.clone()))
}

fn fingerprint_at(root: &Folder, target: &TreePath) -> Result<String, WriteError> {
    fingerprint_of(root, Path::new(target.as_str()))
        .map_err(|error| failed(target.as_str(), &error))
}

/// Tells whether a file or link is what it was.
pub(super) fn fingerprint_of(root: &Folder, path: &Path) -> io::Result<String> {
    match root.stands(path)? {
        Standing::Link => {
            let target = root.link_target(path)?.into_os_string();
            Ok(fingerprint(&target.into_encoded_bytes(), true))
        }
        Standing::File => {
            let read = root.read(path, FileKind::Target);
            Ok(fingerprint(&read.map_err(io::Error::other)?, false))
        }
        // A folder or device was never part of a plan.
        Standing::Folder | Standing::Other => Ok("other".to_owned()),
    }
}

fn fingerprint(contents: &[u8], link: bool) -> String {
    let kind = if link { "link" } else { "file" };
    // Hashing bytes in memory cannot fail.
    let hash = Oid::hash_object(ObjectType::Blob, contents).unwrap_or(Oid::ZERO_SHA1);
    format!("{kind}:{hash}")
}

/// The error of one file.
pub(super) fn failed(path: &str, error: &io::Error) -> WriteError {
    WriteError::Io {
        path: TreePath::root().child(path),
        reason: error.to_string(),
    }
}
