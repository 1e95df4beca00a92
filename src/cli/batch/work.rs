//! A worker process of a batch: it takes one repository after the other from its parent.

use std::io;
use std::process::Command;
use std::sync::Arc;
use std::thread;

use super::task::Task;
use crate::children::{limit_ourselves, this_program};
use crate::cli::args::BatchArgs;
use crate::commands::batch::line::{Line, say};
use crate::commands::status::Status;
use crate::fleet::catch;
use crate::fleet::protocol::Said;
use crate::interrupt;

/// The name of the hidden command that a worker is started with; the command line of the batch
/// follows.
const COMMAND: &str = "batch-worker";

/// Stack of the work, in bytes: deeply nested Python needs more than the two megabytes that a
/// thread has by itself.
const STACK: usize = 16 * 1024 * 1024;

/// The command that starts a worker of this batch: this program with the same arguments.
///
/// # Errors
/// When the operating system does not tell where this program is.
pub(super) fn command() -> io::Result<Command> {
    let mut command = this_program()?;
    command.arg(COMMAND).args(std::env::args_os().skip(1));
    Ok(command)
}

/// Works until the parent is gone.
pub(in crate::cli) fn serve(args: &BatchArgs, task: Task) -> Status {
    interrupt::leave_to_parent();
    let memory = args.schedule.memory_per_repo.bytes();
    if limit_ourselves(memory).is_err() {
        return Status::Refused;
    }
    let line = Arc::new(Line::open());
    let work = thread::Builder::new().stack_size(STACK);
    let worker = work.spawn(move || take_orders(&line, &task));
    match worker.map(thread::JoinHandle::join) {
        Ok(Ok(())) => Status::Clean,
        _ => Status::Refused,
    }
}

fn take_orders(line: &Arc<Line>, task: &Task) {
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
