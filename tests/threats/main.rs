//! What a hostile clone may not do: each test plants a canary (a file that would appear, bytes that
//! would change) beside a good repository, and the good one is converted all the same.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::disallowed_methods, reason = "it is no part of the program")]

mod disk;
mod git;
mod names;
mod programs;
mod support;
mod write;
