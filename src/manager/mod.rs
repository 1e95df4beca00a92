//! The manager of a Dash Enterprise 4 server, and its documented GraphQL interface
//! (`/Manager/graphql`, HTTP Basic with a user's name and API key): the questions, what the answers
//! mean, and the order in which all apps are read. Every step can be written down, so that a run that
//! ends early goes on where it was. Files and terminals are not known here.

mod answer;
mod collect;
mod given;
mod query;
mod record;
mod state;
mod wire;

pub use answer::{Ask, Fault, Server};
pub use collect::{Collected, Collector, Progress, Stopped};
pub use given::{GivenError, from_answers};
pub use query::document;
pub use record::{Begun, JournalRecord, Keep, RecordError, read_records};
pub use state::State;

/// Where the interface is.
pub const PATH: &str = "/Manager/graphql";
