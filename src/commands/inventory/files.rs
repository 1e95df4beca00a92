//! The files of an inventory: the inventory itself, which is there whole or not at all, and the
//! part file beside it while the server is being read.

use std::fs::{File, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::InventoryRefusal;
use crate::disk::{self, DiskError, FileKind, Replacement};
use crate::inventory::Inventory;
use crate::manager::{Begun, JournalRecord, Keep, Stopped, read_records};
use crate::packages::snapshot::Day;

/// The bytes of a file that a person named.
pub(super) fn read(path: &Path, kind: FileKind) -> Result<Vec<u8>, InventoryRefusal> {
    disk::read_named(path, kind).map_err(|error| InventoryRefusal::Unreadable {
        path: path.to_owned(),
        error,
    })
}

/// Writes the inventory beside its place first: nobody meets half of it. With values it is a new
/// file that only its owner reads.
pub(super) fn write(path: &Path, inventory: &Inventory) -> Result<(), InventoryRefusal> {
    let written = if inventory.with_values {
        disk::create_named(path, |file| inventory.write(file)).map_err(DiskError::from)
    } else {
        replace(path, inventory)
    };
    written.map_err(|error| InventoryRefusal::Unwritable {
        path: path.to_owned(),
        error,
    })
}

fn replace(path: &Path, inventory: &Inventory) -> Result<(), DiskError> {
    let mut file = BufWriter::new(Replacement::of_named(path)?);
    inventory.write(&mut file)?;
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.finish()
}

/// What was read so far. Only its owner reads it.
pub(super) struct PartialInventory {
    path: PathBuf,
    file: File,
    is_new: bool,
    /// How many steps this run wrote down.
    kept: usize,
}

impl PartialInventory {
    /// Opens the part file of `output`, with the steps that are in it.
    pub(super) fn open(
        output: &Path,
        begun: &Begun,
        resume: bool,
    ) -> Result<(Self, Vec<JournalRecord>), InventoryRefusal> {
        let mut name = output.as_os_str().to_owned();
        name.push(".part");
        let path = PathBuf::from(name);
        let bytes = match disk::read_named(&path, FileKind::Inventory) {
            Ok(_) if !resume => return Err(InventoryRefusal::Begun(path)),
            Ok(bytes) => bytes,
            Err(error) if error.is_missing() && resume => {
                return Err(InventoryRefusal::NothingBegun(path));
            }
            Err(error) if error.is_missing() => Vec::new(),
            Err(error) => return Err(InventoryRefusal::Unreadable { path, error }),
        };
        let (records, whole) =
            read_records(&bytes, begun).map_err(|error| InventoryRefusal::Part {
                path: path.clone(),
                error,
            })?;
        let file = open(&path, whole);
        let file = file.map_err(|error| InventoryRefusal::Unwritable {
            path: path.clone(),
            error,
        })?;
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(InventoryRefusal::InUse(path));
        }
        let part = Self {
            path,
            file,
            is_new: bytes.is_empty(),
            kept: 0,
        };
        Ok((part, records))
    }

    /// Takes the file away; one that stays is no harm, and is named by the next run.
    pub(super) fn remove(self) {
        let _ = disk::remove_named(&self.path);
    }

    /// Takes the file away when nothing was read yet.
    pub(super) fn remove_if_new(self) {
        if self.is_new {
            self.remove();
        }
    }

    /// What to say of a run that stopped. The first step says what the run was told: alone it is
    /// nothing to go on with, and would stand in the way of the next run.
    pub(super) fn stopped(self, stopped: Stopped) -> InventoryRefusal {
        if self.is_new && self.kept <= 1 {
            self.remove();
            return InventoryRefusal::NotBegun(stopped);
        }
        let part = self.path;
        InventoryRefusal::Stopped { stopped, part }
    }
}

/// Cuts off what is not whole, so that the next line begins where it has to.
fn open(path: &Path, whole: usize) -> Result<File, DiskError> {
    let file = disk::open_private(path)?;
    file.set_len(u64::try_from(whole).map_err(io::Error::other)?)?;
    Ok(file)
}

impl Keep for PartialInventory {
    fn keep(&mut self, line: &[u8]) -> io::Result<()> {
        // A process that is killed loses nothing; after a loss of power the last lines are asked again.
        self.file.write_all(line)?;
        self.kept += 1;
        Ok(())
    }
}

/// The day of this machine's clock, as in `2026-11-30` (UTC).
pub(super) fn today() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    let seconds = now.and_then(|now| i64::try_from(now.as_secs()).ok());
    let day = seconds.and_then(Day::from_seconds);
    // A clock that is set to no sensible time tells no day.
    day.map_or_else(|| "unknown".to_owned(), |day| day.to_string())
}
