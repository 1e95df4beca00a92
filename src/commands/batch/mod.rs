//! A batch: which repositories it works on, and the work on one of them by a worker process.

pub mod finished;
pub mod line;
pub mod queue;
pub mod source;
pub mod task;
pub mod watch;
pub mod worker;
