//! `dashlift inventory`: what a Dash Enterprise 4 server runs, into a file.

mod files;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

use super::args::{InventoryArgs, OutputArgs};
use super::credentials::{self, CredentialsError, Whose};
use super::output::Output;
use super::progress::Progress;
use crate::commands::status::Status;
use crate::disk::{DiskError, FileKind};
use crate::inventory::Inventory;
use crate::manager::{
    self, Begun, Collected, Collector, GivenError, RecordError, Server, State, Stopped,
};
use crate::network::{Address, Client, Credentials, Limits, Trust, TrustError};
use crate::{interrupt, report};

use files::PartialInventory;

static ADMINISTRATOR: Whose = Whose {
    user: "DASHLIFT_DE4_USER",
    password: "DASHLIFT_DE4_KEY",
    user_prompt: "User name on Dash Enterprise 4",
    password_prompt: "API key",
};

/// Why there is no inventory.
#[derive(Debug, Error)]
enum InventoryRefused {
    #[error("{} {error}", .path.display())]
    Certificate { path: PathBuf, error: TrustError },
    #[error("{0}")]
    Trust(TrustError),
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
    Key(#[from] CredentialsError),
    #[error("{0}")]
    Given(#[from] GivenError),
    #[error("{0}")]
    NotBegun(Stopped),
    #[error("{stopped}\nwhat was read so far is kept in {}; go on with --resume", .part.display())]
    Stopped { stopped: Stopped, part: PathBuf },
}

pub(super) fn run(args: &InventoryArgs, how: &OutputArgs, output: &mut Output) -> Status {
    if args.print_query {
        output.result(&manager::document(args.with_values));
        return Status::Clean;
    }
    let Some(path) = &args.output else {
        return Status::Refused;
    };
    match make(args, how, path) {
        Ok((inventory, summary)) => {
            let status = if inventory.is_whole {
                Status::Clean
            } else {
                Status::Findings
            };
            output.people(&summary);
            status
        }
        Err(refused) => {
            output.error(&report::text::error(&refused.to_string()));
            match refused {
                InventoryRefused::Stopped { stopped, .. } | InventoryRefused::NotBegun(stopped)
                    if stopped.is_interrupt() =>
                {
                    Status::Interrupted
                }
                _ => Status::Refused,
            }
        }
    }
}

/// How it ended.
struct Made {
    /// Whether nothing is missing.
    is_whole: bool,
}

fn make(
    args: &InventoryArgs,
    how: &OutputArgs,
    path: &Path,
) -> Result<(Made, String), InventoryRefused> {
    if args.with_values && path.exists() {
        return Err(InventoryRefused::Exists(path.to_owned()));
    }
    let host = args.de4_host.as_ref().map(Address::to_string);
    let begun = Begun::new(host, args.with_values, files::today());
    let Some(address) = args.de4_host.clone().filter(|_| args.input.is_empty()) else {
        let given: Result<Vec<_>, InventoryRefused> =
            args.input.iter().map(|path| given(path)).collect();
        let inventory = manager::from_answers(&given?, begun)?;
        files::write(path, &inventory)?;
        return Ok((
            Made {
                is_whole: inventory.complete,
            },
            summary(path, &inventory, None),
        ));
    };
    let mut trust = Trust::default();
    for path in &args.trust.ca_cert {
        let added = trust.add_authorities(&files::read(path, FileKind::Configuration)?);
        added.map_err(|error| certificate(path, error))?;
    }
    if let Some(path) = &args.de4_certificate {
        let set = trust.set_certificate(&files::read(path, FileKind::Configuration)?);
        set.map_err(|error| certificate(path, error))?;
    }
    let limits = Limits {
        time: Duration::from_secs(args.timeout),
        ..Limits::default()
    };
    let client = Client::new(address, &trust, limits).map_err(InventoryRefused::Trust)?;
    let (mut part, records) = PartialInventory::open(path, &begun, args.resume)?;
    let credentials = match credentials::ask(&ADMINISTRATOR) {
        Ok((user, key)) => Credentials::Basic { user, key },
        Err(error) => {
            part.remove_if_new();
            return Err(error.into());
        }
    };
    let server = Server::new(client, credentials);
    let collected = collect(&server, &mut part, State::after(records), begun, how);
    let collected = match collected {
        Ok(collected) => collected,
        Err(stopped) => return Err(part.stopped(stopped)),
    };
    let inventory = &collected.inventory;
    files::write(path, inventory)?;
    let is_whole = inventory.complete && collected.missing == 0;
    if is_whole || collected.missing == 0 {
        part.remove();
    }
    let mut text = summary(path, inventory, Some(&server));
    if collected.missing > 0 {
        text.push_str("Ask again for what is missing with --resume.\n");
    }
    Ok((Made { is_whole }, text))
}

fn certificate(path: &Path, error: TrustError) -> InventoryRefused {
    InventoryRefused::Certificate {
        path: path.to_owned(),
        error,
    }
}

fn given(path: &Path) -> Result<(String, Vec<u8>), InventoryRefused> {
    Ok((
        path.display().to_string(),
        files::read(path, FileKind::Inventory)?,
    ))
}

fn collect(
    server: &Server,
    part: &mut PartialInventory,
    state: State,
    begun: Begun,
    how: &OutputArgs,
) -> Result<Collected, Stopped> {
    interrupt::watch();
    let line = Progress::new(how);
    let say = |what: &str, done: usize, of: Option<u64>| {
        let of = of.map(|of| format!(" of {of}")).unwrap_or_default();
        line.say(format!("{done}{of} {what}"));
    };
    Collector::new(server, part, state, begun, &say)?.run()
}

fn summary(path: &Path, inventory: &Inventory, server: Option<&Server>) -> String {
    let mut text = String::new();
    for note in &inventory.notes {
        text.push_str("note: ");
        text.push_str(&report::safe(note));
        text.push('\n');
    }
    let apps = inventory.apps.len();
    if let Some(counted) = inventory.counted.filter(|_| !inventory.complete) {
        let _ = writeln!(
            text,
            "The server counts {counted} apps and showed {apps}: the inventory is not complete."
        );
    }
    let noun = if apps == 1 { "app" } else { "apps" };
    let cost = server.map(|server| {
        let (requests, bytes) = server.traffic();
        format!(", {requests} requests, {} KiB", bytes.div_ceil(1024))
    });
    let file = report::safe(&path.display().to_string());
    let _ = writeln!(
        text,
        "{apps} {noun} written to {file}{}.",
        cost.unwrap_or_default()
    );
    text
}
