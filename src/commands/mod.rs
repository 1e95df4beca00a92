//! The work of the commands as a library: settings in, a typed outcome out. What is read from a command line, asked and
//! printed is not known here.

pub mod baseline;
pub mod batch;
pub mod buffer;
pub mod config;
pub mod environment;
pub mod known;
pub mod refusal;
pub mod settings;
pub mod site;
pub mod status;
pub mod suggest;
pub mod values;

pub use refusal::{Refusal, Refused};
pub use settings::{Choices, Effective};
pub use site::Site;
pub use status::Status;
