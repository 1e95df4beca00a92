//! The floors that touch the world: trees on disk and in commits, the writer, branches, diffs.
//! Everything here works on throw-away repositories made with the real `git`.
#![allow(clippy::disallowed_methods, reason = "it is no part of the program")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails panics"
)]
#![cfg(unix)]

mod branch;
mod commit_tree;
mod diff;
mod support;
mod work_tree;
mod workspace;
mod write;
