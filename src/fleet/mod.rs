//! Many repositories: which there are, which part of them is this machine's, who works on which,
//! what is done. It does not know what is done to one.

mod crew;
mod find;
mod fingerprint;
mod ledger;
pub mod merge;
mod panics;
pub mod protocol;
pub mod state;

pub use crew::{Crew, Event, How, Terms};
pub use find::{FoundRepositories, FoundRepository, below, listed};
pub use fingerprint::fingerprint;
pub use ledger::{Earlier, Ledger, LedgerError};
pub use panics::catch;
