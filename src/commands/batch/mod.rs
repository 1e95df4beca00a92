//! The work on one repository of a batch, by a worker process.

pub mod finished;
pub mod line;
pub mod watch;
