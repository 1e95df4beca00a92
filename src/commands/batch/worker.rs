//! A worker process of a batch: it takes one repository after the other from its parent.

use std::sync::Arc;
use std::thread;

use super::line::{BatchConnection, say};
use super::task::Task;
use crate::children::limit_ourselves;
use crate::commands::Status;
use crate::fleet::catch;
use crate::fleet::protocol::Said;
use crate::interrupt;

/// Stack of the work, in bytes: deeply nested Python needs more than the two megabytes that a
/// thread has by itself.
const STACK: usize = 16 * 1024 * 1024;

/// Works until the parent is gone, with so many bytes of memory.
pub fn serve(task: Task, memory: Option<u64>) -> Status {
    interrupt::leave_to_parent();
    if limit_ourselves(memory).is_err() {
        return Status::Refused;
    }
    let line = Arc::new(BatchConnection::open());
    let work = thread::Builder::new().stack_size(STACK);
    let worker = work.spawn(move || take_orders(&line, &task));
    match worker.map(thread::JoinHandle::join) {
        Ok(Ok(())) => Status::Clean,
        _ => Status::Refused,
    }
}

fn take_orders(line: &Arc<BatchConnection>, task: &Task) {
    while let Some(job) = line.next_job() {
        let said = match catch(|| task.work(&job, line)) {
            Ok(worked) => Said::Ended(worked),
            Err(said) => Said::Panicked(said),
        };
        let is_sound = matches!(said, Said::Ended(_));
        if !say(&said) || !is_sound {
            return;
        }
    }
}
