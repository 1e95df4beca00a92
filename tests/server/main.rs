//! Servers: the door to the network, and what is asked of a Dash Enterprise 4 server. All of them
//! are fakes on this machine's own loopback address.
#![allow(clippy::disallowed_methods, reason = "it is no part of the program")]
#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

mod canary;
mod de4;
mod fake;
mod fleet;
mod handover;
mod inventory;
mod keycloak;
mod known;
mod network;
mod openapi;
mod users;
