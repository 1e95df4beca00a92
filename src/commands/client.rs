//! A client for a server, with the certificates that the user named.

use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

use crate::disk::{self, DiskError, FileKind};
use crate::network::{Address, Client, Limits, Trust, TrustError};

/// Why there is no client.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the sentence of each says what it is")]
pub enum ClientRefusal {
    #[error("{} {error}", .path.display())]
    Unreadable { path: PathBuf, error: DiskError },
    #[error("{} {error}", .path.display())]
    Certificate { path: PathBuf, error: TrustError },
    #[error("{0}")]
    Trust(TrustError),
}

/// A client that asks the server at `address` and gives up an answer after so many seconds.
/// `authorities` and `certificate` are files of PEM: whom to trust beside the system, and the
/// server's own.
///
/// # Errors
/// When a certificate cannot be read or is none.
pub(super) fn open_client(
    address: Address,
    authorities: &[PathBuf],
    certificate: Option<&Path>,
    timeout: u64,
) -> Result<Client, ClientRefusal> {
    let mut trust = Trust::default();
    for path in authorities {
        let added = trust.add_authorities(&read(path)?);
        added.map_err(|error| refuse(path, error))?;
    }
    if let Some(path) = certificate {
        let set = trust.set_certificate(&read(path)?);
        set.map_err(|error| refuse(path, error))?;
    }
    let limits = Limits {
        time: Duration::from_secs(timeout),
        ..Limits::default()
    };
    Client::new(address, &trust, limits).map_err(ClientRefusal::Trust)
}

fn read(path: &Path) -> Result<Vec<u8>, ClientRefusal> {
    disk::read_named(path, FileKind::Configuration).map_err(|error| ClientRefusal::Unreadable {
        path: path.to_owned(),
        error,
    })
}

fn refuse(path: &Path, error: TrustError) -> ClientRefusal {
    ClientRefusal::Certificate {
        path: path.to_owned(),
        error,
    }
}
