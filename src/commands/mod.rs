//! What the commands do, as a library: settings in, a typed outcome out. Command lines, questions and printing are
//! not known here.

pub mod baseline;
pub mod batch;
pub mod buffer;
pub mod check;
pub mod client;
pub mod config;
pub mod diff;
mod document;
pub mod environment;
pub mod fix;
pub mod fleet;
pub mod handover;
pub mod inventory;
pub mod known;
pub mod migrate;
pub mod minimise;
pub mod named_file;
pub mod new_folder;
mod online;
pub mod options;
pub mod plan;
pub mod refusal;
pub mod settings;
pub mod site;
pub mod solve;
pub mod status;
pub mod suggest;
pub mod users;
pub mod verify;
pub mod warnings;

pub use document::{document, rejected};
pub use refusal::{PathRefusal, RefusedPath};
pub use settings::{Choices, Effective};
pub use site::Site;
pub use status::Status;
