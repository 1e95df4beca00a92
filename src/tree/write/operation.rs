//! Carries out a plan that is ready, forward or back. Each function may be interrupted anywhere
//! and begun again: it looks at what stands on disk, not at what it did.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::WriteError;
use super::disk::Disk;
use super::plan::{Operation, Plan, failed, fingerprint_of};
use crate::tree::TreePath;

/// Puts the new files in place and takes the removed ones away. Returns the files that are neither
/// old nor new: somebody else changed them, and they stay.
pub(super) fn put_forward(
    disk: &Disk,
    root: &Path,
    plan: &Plan,
) -> Result<Vec<TreePath>, WriteError> {
    each(plan, |at, operation| {
        let target = root.join(&operation.target);
        let waiting = plan.new_file(root, at);
        match standing(&target, operation)? {
            Standing::Foreign => return Ok(false),
            Standing::Known if operation.new.is_none() => disk.remove(&target)?,
            // What was renamed already does not wait any more.
            Standing::Known if waiting.exists() => disk.rename(&waiting, &target)?,
            Standing::Known => {}
        }
        Ok(true)
    })
}

/// Puts the old files back in place and takes the new ones away. Returns the files that are
/// neither old nor new.
pub(super) fn put_back(disk: &Disk, root: &Path, plan: &Plan) -> Result<Vec<TreePath>, WriteError> {
    each(plan, |at, operation| {
        let target = root.join(&operation.target);
        let kept = plan.old_file(root, at);
        match standing(&target, operation)? {
            Standing::Foreign => return Ok(false),
            Standing::Known if operation.old.is_none() => disk.remove(&target)?,
            Standing::Known if kept.symlink_metadata().is_ok() => disk.rename(&kept, &target)?,
            Standing::Known => {}
        }
        Ok(true)
    })
}

/// Does `act` with each operation and collects those for which it says no.
fn each(
    plan: &Plan,
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

fn standing(target: &Path, operation: &Operation) -> io::Result<Standing> {
    let now = match fingerprint_of(target) {
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
pub(super) fn finish(disk: &Disk, root: &Path, plan: &Plan) -> Result<(), WriteError> {
    sync_folders(disk, root, plan)?;
    remove_own_files(disk, root, plan)?;
    let removed = plan.operations.iter().filter(|one| one.new.is_none());
    for operation in removed {
        let mut folder = TreePath::root().child(&operation.target).parent();
        while !folder.is_root() {
            let emptied = disk
                .remove_empty(&root.join(folder.as_str()))
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
pub(super) fn take_away(disk: &Disk, root: &Path, plan: &Plan) -> Result<(), WriteError> {
    sync_folders(disk, root, plan)?;
    remove_own_files(disk, root, plan)?;
    for folder in plan.folders.iter().rev() {
        disk.remove_empty(&root.join(folder))
            .map_err(|error| failed(folder, &error))?;
    }
    Ok(())
}

fn remove_own_files(disk: &Disk, root: &Path, plan: &Plan) -> Result<(), WriteError> {
    for (at, operation) in plan.operations.iter().enumerate() {
        for own in [plan.new_file(root, at), plan.old_file(root, at)] {
            if own.symlink_metadata().is_ok() {
                disk.remove(&own)
                    .map_err(|error| failed(&operation.target, &error))?;
            }
        }
    }
    Ok(())
}

fn sync_folders(disk: &Disk, root: &Path, plan: &Plan) -> Result<(), WriteError> {
    let targets = plan.operations.iter().map(|one| root.join(&one.target));
    let folders: BTreeSet<_> = targets
        .filter_map(|target| target.parent().map(Path::to_owned))
        .collect();
    for folder in folders {
        disk.sync_folder(&folder)
            .map_err(|error| failed("", &error))?;
    }
    Ok(())
}
