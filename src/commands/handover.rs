//! A script and a checklist for the new server, into a folder.

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::known::{self, KnownError};
use super::named_file::NamedFile;
use super::new_folder::{NewFolderError, fill_new_folder};
use super::options::{HostError, host};
use crate::disk::{self, DiskError, FileKind};
use crate::handover::{Handover, UnknownApps};
use crate::inventory::Waves;

/// Why nothing was written.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the sentence of each says what it is")]
pub enum HandoverRefusal {
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
    #[error("{0}")]
    Folder(#[from] NewFolderError),
}

/// What is handed over.
#[derive(Debug, Clone, Copy)]
pub struct HandoverChoices<'a> {
    /// The inventory of the old server.
    pub inventory: &'a Path,
    /// The host of the new server, as the user writes it.
    pub de5_host: &'a str,
    /// These apps only.
    pub apps: Option<&'a [String]>,
    /// The apps of this wave only, from 1.
    pub wave: Option<usize>,
    /// The file with the waves.
    pub waves: Option<&'a Path>,
    /// A new or empty folder.
    pub folder: &'a Path,
}

/// What was written.
#[derive(Debug, Clone, Copy)]
pub struct HandedOver {
    /// How many apps.
    pub apps: usize,
    /// Whether the inventory has everything that the server has.
    pub is_complete: bool,
}

/// Writes the script and the checklist.
///
/// # Errors
/// When the apps are not known or the folder cannot be written.
pub fn hand_over(choices: HandoverChoices) -> Result<HandedOver, HandoverRefusal> {
    let host = host(choices.de5_host).map_err(HandoverRefusal::Host)?;
    let inventory = known::read(&NamedFile::Anywhere(choices.inventory.to_owned()))?;
    let wave = wave(&choices)?;
    let names = choices.apps.or(wave.as_deref());
    let handover = Handover::new(&inventory, names, &host)?;
    let files = [
        ("checklist.md".to_owned(), handover.checklist()),
        ("handover.sh".to_owned(), handover.script()),
    ];
    fill_new_folder(choices.folder, &[], &files)?;
    Ok(HandedOver {
        apps: handover.apps().len(),
        is_complete: inventory.complete,
    })
}

/// The apps of the wave that was asked for.
fn wave(choices: &HandoverChoices) -> Result<Option<Vec<String>>, HandoverRefusal> {
    let (Some(number), Some(path)) = (choices.wave, choices.waves) else {
        return Ok(None);
    };
    let bytes =
        disk::read_named(path, FileKind::List).map_err(|error| HandoverRefusal::Unreadable {
            path: path.to_owned(),
            error,
        })?;
    let waves: Option<Waves> = serde_json::from_slice(&bytes).ok();
    let waves = waves.filter(|waves| waves.version == Waves::VERSION);
    let waves = waves.ok_or_else(|| HandoverRefusal::NoWaves(path.to_owned()))?;
    let names = waves.names(number);
    let names = names.ok_or_else(|| HandoverRefusal::NoWave {
        wave: number,
        count: waves.waves.len(),
        path: path.to_owned(),
    })?;
    Ok(Some(names))
}
