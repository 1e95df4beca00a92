//! The program as a user meets it: the built binary, on throw-away repositories made with the real
//! `git`.

mod check;
mod configuration;
mod diff;
mod fix;
mod migrate;
mod output;
mod paths;
mod rules;
mod support;
