//! Fleets of generated repositories: batches that check and convert them, go on where they were
//! killed, and keep what goes wrong with one repository to that one.
#![allow(clippy::disallowed_methods, reason = "it is no part of the program")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod batch;
mod broken;
mod killed;
mod limits;
mod page;
#[cfg(unix)]
mod poison;
mod support;
mod workers;
