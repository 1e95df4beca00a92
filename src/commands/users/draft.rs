//! A list of people, drafted from an inventory.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::disk::{self, DiskError, FileKind};
use crate::inventory::{Inventory, InventoryError};
use crate::users::{self, Draft};

/// Why there is no list.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the sentence of each says what it is")]
pub enum DraftRefusal {
    #[error("{} cannot be read: {error}", .path.display())]
    Unreadable { path: PathBuf, error: DiskError },
    #[error("{} {error}", .path.display())]
    Inventory {
        path: PathBuf,
        error: InventoryError,
    },
    #[error("the list could not be made: {0}")]
    List(String),
    #[error(
        "{} is there already, perhaps with what somebody wrote into it; name another file", .0.display()
    )]
    Exists(PathBuf),
    #[error("{} cannot be written: {error}", .path.display())]
    Unwritable {
        path: PathBuf,
        error: std::io::Error,
    },
}

/// Writes the people of an inventory into a new list.
///
/// # Errors
/// When the inventory cannot be read, or the list not be written.
pub fn draft(inventory: &Path, output: &Path) -> Result<Draft, DraftRefusal> {
    let given = || inventory.to_owned();
    let bytes = disk::read_named(inventory, FileKind::Inventory);
    let bytes = bytes.map_err(|error| DraftRefusal::Unreadable {
        path: given(),
        error,
    })?;
    let read = Inventory::read(&bytes).map_err(|error| DraftRefusal::Inventory {
        path: given(),
        error,
    })?;
    let draft = users::draft(&read);
    let list = users::write(&draft.people);
    let list = list.map_err(|error| DraftRefusal::List(error.to_string()))?;
    if output.exists() {
        return Err(DraftRefusal::Exists(output.to_owned()));
    }
    disk::create_named(output, |file| file.write_all(&list)).map_err(|error| {
        DraftRefusal::Unwritable {
            path: output.to_owned(),
            error,
        }
    })?;
    Ok(draft)
}
