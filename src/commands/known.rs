//! The inventory that a run works with, read once for all repositories.

use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;

use super::named_file::NamedFile;
use crate::disk::{DiskError, FileKind};
use crate::git::Workspace;
use crate::inventory::{Inventory, InventoryError, KnownInventory, Names};

/// Why an inventory cannot be used.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the sentence of each says what it is")]
pub enum KnownError {
    #[error("{file} {error}")]
    Unreadable { file: String, error: DiskError },
    #[error("{file} {error}")]
    Inventory { file: String, error: InventoryError },
}

/// The one that was read last: a batch reads the same for each of its repositories.
static LAST: Mutex<Option<(NamedFile, Arc<Inventory>)>> = Mutex::new(None);

/// The inventory in a file.
///
/// # Errors
/// When it is something else.
pub fn read(named: &NamedFile) -> Result<Arc<Inventory>, KnownError> {
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((known, inventory)) = &*last
        && known == named
    {
        return Ok(inventory.clone());
    }
    let bytes = named.read(FileKind::Inventory);
    let bytes = bytes.map_err(|error| KnownError::Unreadable {
        file: named.display(),
        error,
    })?;
    let inventory = Inventory::read(&bytes).map_err(|error| KnownError::Inventory {
        file: named.display(),
        error,
    })?;
    let inventory = Arc::new(inventory);
    *last = Some((named.clone(), inventory.clone()));
    Ok(inventory)
}

/// The inventory, with what is known of a repository.
pub fn known(
    inventory: Arc<Inventory>,
    names: Names,
    workspace: Option<&Workspace>,
) -> KnownInventory {
    let mut known = KnownInventory {
        inventory,
        names,
        commits: None,
    };
    // Servers know a repository as a whole, so it is the app in its root that was deployed of it.
    let commits = known.candidates();
    let commits: Vec<String> = commits.filter_map(|app| app.commit.clone()).collect();
    known.commits = workspace.and_then(|workspace| workspace.commits_among(&commits));
    known
}
