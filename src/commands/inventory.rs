//! What a Dash Enterprise 4 server runs, into a file.

mod files;

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::client::{ClientRefusal, open_client};
use crate::disk::{DiskError, FileKind};
use crate::inventory::Inventory;
use crate::manager::{
    self, Begun, Collected, Collector, GivenError, RecordError, Server, State, Stopped,
};
use crate::network::{Address, Credentials};

use files::PartialInventory;

/// Why there is no inventory.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the sentence of each says what it is")]
pub enum InventoryRefusal {
    #[error("{0}")]
    Client(#[from] ClientRefusal),
    #[error("{} {error}", .path.display())]
    Unreadable { path: PathBuf, error: DiskError },
    #[error("{} cannot be written: {error}", .path.display())]
    Unwritable { path: PathBuf, error: DiskError },
    #[error(
        "{} is there already; a file with values is written anew only, so that nobody who could \
         read the old one reads it", .0.display()
    )]
    Exists(PathBuf),
    #[error(
        "{} holds what a run before read; go on with it with --resume, or remove it", .0.display()
    )]
    Begun(PathBuf),
    #[error("{} is not there, so there is nothing to go on with; leave --resume away", .0.display())]
    NothingBegun(PathBuf),
    #[error("another dashlift works with {}; wait for it", .0.display())]
    InUse(PathBuf),
    #[error("{} {error}", .path.display())]
    Part { path: PathBuf, error: RecordError },
    #[error("{0}")]
    Key(String),
    #[error("{0}")]
    Given(#[from] GivenError),
    #[error("{0}")]
    NotBegun(Stopped),
    #[error("{stopped}\nwhat was read so far is kept in {}; go on with --resume", .part.display())]
    Stopped { stopped: Stopped, part: PathBuf },
}

impl InventoryRefusal {
    /// Whether the user ended it.
    pub fn is_interrupt(&self) -> bool {
        match self {
            Self::Stopped { stopped, .. } | Self::NotBegun(stopped) => stopped.is_interrupt(),
            _ => false,
        }
    }
}

/// What is read, and into which file.
#[derive(Debug, Clone)]
pub struct InventoryChoices<'a> {
    /// The file to write.
    pub output: &'a Path,
    /// The old server.
    pub de4_host: Option<&'a Address>,
    /// Answers that somebody saved; with these nobody is asked.
    pub input: &'a [PathBuf],
    /// Whether values of variables are kept.
    pub with_values: bool,
    /// Whether to go on with what a run before read.
    pub resume: bool,
    /// Certificates of authorities to trust, files of PEM.
    pub authorities: &'a [PathBuf],
    /// The server's own certificate.
    pub certificate: Option<&'a Path>,
    /// Seconds that an answer may take.
    pub timeout: u64,
}

/// An inventory that was written.
#[derive(Debug)]
pub struct WrittenInventory {
    /// What is in the file.
    pub inventory: Inventory,
    /// Requests and bytes that it took; none without a server.
    pub traffic: Option<(usize, u64)>,
    /// What a run that goes on would ask again.
    pub missing: usize,
}

impl WrittenInventory {
    /// Whether nothing is missing.
    pub fn is_whole(&self) -> bool {
        self.inventory.complete && self.missing == 0
    }
}

/// Reads a server, or what somebody saved of it, and writes the inventory. `ask` gives the
/// administrator's credentials; `say` is told how far it is: how many of what, of how many.
///
/// # Errors
/// When something cannot be read or written, or the server gives nothing that can be used.
pub fn make(
    choices: &InventoryChoices,
    ask: &dyn Fn() -> Result<Credentials, String>,
    say: &dyn Fn(&str, usize, Option<u64>),
) -> Result<WrittenInventory, InventoryRefusal> {
    let path = choices.output;
    if choices.with_values && path.exists() {
        return Err(InventoryRefusal::Exists(path.to_owned()));
    }
    let host = choices.de4_host.map(Address::to_string);
    let begun = Begun::new(host, choices.with_values, files::today());
    let Some(address) = choices.de4_host.filter(|_| choices.input.is_empty()) else {
        return from_answers(choices, begun);
    };
    let client = open_client(
        address.clone(),
        choices.authorities,
        choices.certificate,
        choices.timeout,
    )?;
    let (mut part, records) = PartialInventory::open(path, &begun, choices.resume)?;
    let credentials = match ask() {
        Ok(credentials) => credentials,
        Err(error) => {
            part.remove_if_new();
            return Err(InventoryRefusal::Key(error));
        }
    };
    let server = Server::new(client, credentials);
    let collected = collect(&server, &mut part, State::after(records), begun, say);
    let collected = match collected {
        Ok(collected) => collected,
        Err(stopped) => return Err(part.stopped(stopped)),
    };
    files::write(path, &collected.inventory)?;
    if collected.missing == 0 {
        part.remove();
    }
    Ok(WrittenInventory {
        inventory: collected.inventory,
        traffic: Some(server.traffic()),
        missing: collected.missing,
    })
}

/// The inventory that saved answers make.
fn from_answers(
    choices: &InventoryChoices,
    begun: Begun,
) -> Result<WrittenInventory, InventoryRefusal> {
    let given = choices.input.iter().map(|path| {
        let bytes = files::read(path, FileKind::Inventory)?;
        Ok((path.display().to_string(), bytes))
    });
    let given: Result<Vec<_>, InventoryRefusal> = given.collect();
    let inventory = manager::from_answers(&given?, begun)?;
    files::write(choices.output, &inventory)?;
    Ok(WrittenInventory {
        inventory,
        traffic: None,
        missing: 0,
    })
}

fn collect(
    server: &Server,
    part: &mut PartialInventory,
    state: State,
    begun: Begun,
    say: &dyn Fn(&str, usize, Option<u64>),
) -> Result<Collected, Stopped> {
    crate::interrupt::watch();
    Collector::new(server, part, state, begun, say)?.run()
}
