//! `dashlift handover`: a script and a checklist for the new server, into a folder.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::args::HandoverArgs;
use super::output::Output;
use super::status::Status;
use super::values::{HostError, host};
use crate::disk::{self, DiskError, Folder, Kind};
use crate::handover::{Handover, UnknownApps};
use crate::inventory::{Inventory, InventoryError};
use crate::report;

/// Why nothing was written.
#[derive(Debug, Error)]
enum Refused {
    #[error("--de5-host {0}")]
    Host(HostError),
    #[error("{} {error}", .path.display())]
    Unreadable { path: PathBuf, error: DiskError },
    #[error("{} {error}", .path.display())]
    Inventory {
        path: PathBuf,
        error: InventoryError,
    },
    #[error("{0}")]
    Apps(#[from] UnknownApps),
    #[error("{} is not empty; name a new folder, so that nothing of an earlier run is mixed in", .0.display())]
    Occupied(PathBuf),
    #[error("{} cannot be written: {error}", .path.display())]
    Unwritable { path: PathBuf, error: DiskError },
}

pub(super) fn run(args: &HandoverArgs, output: &mut Output) -> Status {
    match make(args) {
        Ok(said) => {
            output.people(&said);
            Status::Clean
        }
        Err(refused) => {
            let sentence = report::safe(&refused.to_string());
            output.error(&report::text::error(&sentence));
            Status::Refused
        }
    }
}

fn make(args: &HandoverArgs) -> Result<String, Refused> {
    let host = host(&args.de5_host).map_err(Refused::Host)?;
    let inventory = read(&args.inventory)?;
    let handover = Handover::new(&inventory, args.app.as_deref(), &host)?;
    let folder = &args.output;
    write(folder, &handover)?;
    let count = handover.apps().len();
    let noun = if count == 1 { "app" } else { "apps" };
    let shown = report::safe(&folder.display().to_string());
    let whole = if inventory.complete {
        ""
    } else {
        "note: the inventory is not complete\n"
    };
    Ok(format!(
        "{whole}{count} {noun}: read {shown}/handover.sh and {shown}/checklist.md, then run the script.\n"
    ))
}

/// The inventory in a file.
fn read(path: &Path) -> Result<Inventory, Refused> {
    let bytes = disk::read_named(path, Kind::Inventory).map_err(|error| Refused::Unreadable {
        path: path.to_owned(),
        error,
    })?;
    Inventory::read(&bytes).map_err(|error| Refused::Inventory {
        path: path.to_owned(),
        error,
    })
}

/// Writes the files into a folder that has none.
fn write(path: &Path, handover: &Handover) -> Result<(), Refused> {
    let unwritable = |error: DiskError| Refused::Unwritable {
        path: path.to_owned(),
        error,
    };
    let folder = disk::open_or_create_folder(path).map_err(unwritable)?;
    if !folder.names("").map_err(unwritable)?.is_empty() {
        return Err(Refused::Occupied(path.to_owned()));
    }
    let written = put(&folder, "checklist.md", &handover.checklist(), false)
        .and_then(|()| put(&folder, "handover.sh", &handover.script(), true));
    written.map_err(|error| unwritable(error.into()))
}

fn put(folder: &Folder, name: &str, text: &str, is_script: bool) -> io::Result<()> {
    let mut file = folder.create_new(name)?;
    file.write_all(text.as_bytes())?;
    #[cfg(unix)]
    if is_script {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(std::fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}
