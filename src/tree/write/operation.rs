//! Carries out a plan that is ready, forward or back. Each function may be interrupted anywhere
//! and begun again: it looks at what stands on disk, not at what it did.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::WriteError;
use super::disk::Disk;
use super::plan::{Operation, WritePlan, failed, fingerprint_of};
use crate::disk::Folder;
use crate::tree::TreePath;

/// Puts the new files in place and takes the removed ones away. Returns the files that are neither
/// old nor new: somebody else changed them, and they stay.
pub(super) fn put_forward(
    disk: &Disk,
    root: &Folder,
    plan: &WritePlan,
) -> Result<Vec<TreePath>, WriteError> {
    each(plan, |at, operation| {
        let target = Path::new(&operation.target);
        let waiting = plan.new_file(at);
        match standing(root, operation)? {
            Standing::Foreign => return Ok(false),
            Standing::Known if operation.new.is_none() => disk.remove(root, target)?,
            // What was renamed already does not wait any more.
            Standing::Known if is_there(root, &waiting) => disk.rename(root, &waiting, target)?,
            Standing::Known => {}
        }
        Ok(true)
    })
}

/// Puts the old files back in place and takes the new ones away. Returns the files that are
/// neither old nor new.
pub(super) fn put_back(
    disk: &Disk,
    root: &Folder,
    plan: &WritePlan,
) -> Result<Vec<TreePath>, WriteError> {
    each(plan, |at, operation| {
        let target = Path::new(&operation.target);
        let kept = plan.old_file(at);
        match standing(root, operation)? {
            Standing::Foreign => return Ok(false),
            Standing::Known if operation.old.is_none() => disk.remove(root, target)?,
            Standing::Known if is_there(root, &kept) => disk.rename(root, &kept, target)?,
            Standing::Known => {}
        }
        Ok(true)
    })
}

/// Does `act` with each operation and collects those for which it says no.
fn each(
    plan: &WritePlan,
    act: impl Fn(usize, &Operation) -> io::Result<bool>,
) -> Result<Vec<TreePath>, WriteError> {
    let mut kept = Vec::new();
    for (at, operation) in plan.operations.iter().enumerate() {
        let done = act(at, operation).map_err(|error| failed(&operation.target, &error))?;
        if !done {
            kept.push(TreePath::root().child(&operation.target));
        }
    }
    Ok(kept)
}

/// What is at a target now.
enum Standing {
    /// What was there before, or what is to be there.
    Known,
    /// Something else.
    Foreign,
}

fn is_there(root: &Folder, path: &Path) -> bool {
    root.standing(path).is_some()
}

fn standing(root: &Folder, operation: &Operation) -> io::Result<Standing> {
    let now = match fingerprint_of(root, Path::new(&operation.target)) {
        Ok(fingerprint) => Some(fingerprint),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    if now == operation.old || now == operation.new {
        Ok(Standing::Known)
    } else {
        Ok(Standing::Foreign)
    }
}

/// Removes the run's own files after the new ones are in place, and the folders that are empty
/// now.
pub(super) fn finish(disk: &Disk, root: &Folder, plan: &WritePlan) -> Result<(), WriteError> {
    sync_folders(disk, root, plan)?;
    remove_own_files(disk, root, plan)?;
    let removed = plan.operations.iter().filter(|one| one.new.is_none());
    for operation in removed {
        let mut folder = TreePath::root().child(&operation.target).parent();
        while !folder.is_root() {
            let emptied = disk
                .remove_empty(root, Path::new(folder.as_str()))
                .map_err(|error| failed(folder.as_str(), &error))?;
            if !emptied {
                break;
            }
            folder = folder.parent();
        }
    }
    Ok(())
}

/// Removes the run's own files and folders; the old files are in place.
pub(super) fn take_away(disk: &Disk, root: &Folder, plan: &WritePlan) -> Result<(), WriteError> {
    sync_folders(disk, root, plan)?;
    remove_own_files(disk, root, plan)?;
    for folder in plan.folders.iter().rev() {
        disk.remove_empty(root, Path::new(folder))
            .map_err(|error| failed(folder, &error))?;
    }
    Ok(())
}

fn remove_own_files(disk: &Disk, root: &Folder, plan: &WritePlan) -> Result<(), WriteError> {
    for (at, operation) in plan.operations.iter().enumerate() {
        for own in [plan.new_file(at), plan.old_file(at)] {
            if is_there(root, &own) {
                disk.remove(root, &own)
                    .map_err(|error| failed(&operation.target, &error))?;
            }
        }
    }
    Ok(())
}

fn sync_folders(disk: &Disk, root: &Folder, plan: &WritePlan) -> Result<(), WriteError> {
    let targets = plan.operations.iter().map(|one| Path::new(&one.target));
    let folders: BTreeSet<_> = targets.filter_map(Path::parent).collect();
    for folder in folders {
        disk.sync_folder(root, folder)
            .map_err(|error| failed("", &error))?;
    }
    Ok(())
}
