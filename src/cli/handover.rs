//! `dashlift handover`: a script and a checklist for the new server, into a folder.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::args::HandoverArgs;
use super::output::Output;
use crate::commands::known::{self, KnownError};
use crate::commands::status::Status;
use crate::commands::values::{HostError, Named, host};
use crate::disk::{self, DiskError, Folder, Kind};
use crate::handover::{Handover, UnknownApps};
use crate::inventory::Waves;
use crate::report;

/// Why nothing was written.
#[derive(Debug, Error)]
enum Refused {
    #[error("--de5-host {0}")]
    Host(HostError),
    #[error("{} {error}", .path.display())]
    Unreadable { path: PathBuf, error: DiskError },
    #[error("{0}")]
    Inventory(#[from] KnownError),
    #[error("{} holds no waves; `dashlift report --waves N --hand-out FOLDER` writes them", .0.display())]
    NoWaves(PathBuf),
    #[error("there are {count} waves in {}, and wave {wave} is none of them", .path.display())]
    NoWave {
        wave: usize,
        count: usize,
        path: PathBuf,
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
    let inventory = known::read(&Named::Anywhere(args.inventory.clone()))?;
    let wave = wave(args)?;
    let names = args.app.as_deref().or(wave.as_deref());
    let handover = Handover::new(&inventory, names, &host)?;
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

/// The apps of the wave that was asked for.
fn wave(args: &HandoverArgs) -> Result<Option<Vec<String>>, Refused> {
    let (Some(number), Some(path)) = (args.wave, &args.waves) else {
        return Ok(None);
    };
    let bytes = disk::read_named(path, Kind::List).map_err(|error| Refused::Unreadable {
        path: path.clone(),
        error,
    })?;
    let waves: Option<Waves> = serde_json::from_slice(&bytes).ok();
    let waves = waves.filter(|waves| waves.version == Waves::VERSION);
    let waves = waves.ok_or_else(|| Refused::NoWaves(path.clone()))?;
    let names = waves.names(number);
    let names = names.ok_or_else(|| Refused::NoWave {
        wave: number,
        count: waves.waves.len(),
        path: path.clone(),
    })?;
    Ok(Some(names))
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
