//! The program as a user meets it: the built binary, on throw-away repositories made with the real
//! `git`.
#![allow(clippy::disallowed_methods, reason = "it is no part of the program")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bad_sources;
mod baseline;
mod check;
mod configuration;
mod diff;
mod docs;
mod fix;
mod formats;
mod hooks;
mod interactive;
mod junit;
mod manual;
mod migrate;
mod minimise;
mod output;
mod paths;
mod peers;
mod plan;
mod report;
mod rules;
mod schema;
mod secrets;
mod solve;
mod stdin;
mod suggestions;
mod support;
mod suppression;
mod tour;
