//! Fleets of generated repositories: batches that check and convert them, go on where they were
//! killed, and keep what goes wrong with one repository to that one.
#![allow(clippy::disallowed_methods, reason = "it is no part of the program")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(
    clippy::format_push_string,
    clippy::format_collect,
    clippy::unnecessary_debug_formatting,
    reason = "hostile files are written as text, a Python string among them; their speed does not count"
)]
#![allow(clippy::too_many_lines, reason = "the list of poisons is one list")]

mod batch;
mod broken;
mod killed;
mod limits;
mod page;
#[cfg(unix)]
mod poison;
#[cfg(unix)]
mod push;
mod support;
#[cfg(unix)]
mod trial;
mod workers;
