//! `dashlift batch`: the work of `check`, `diff` or `migrate` on many repositories.

mod desk;
mod progress;
mod tally;

use std::io;
use std::num::NonZero;
use std::process::Command;
use std::thread;
use std::time::Duration;

use super::args::{BatchArgs, BranchArgs, OutputArgs, ScheduleArgs};
use super::output::Output;
use crate::commands::status::Status;
use crate::fleet::state::{Header, VERSION};
use crate::fleet::{Crew, Earlier, FoundRepositories, Ledger, LedgerError, Terms, fingerprint};
use crate::interrupt;
use crate::report::text;

use crate::children::this_program;
use crate::commands::batch::queue::{Again, Queue};
use crate::commands::batch::task::{Action, Task};
use crate::commands::batch::{source, worker};
use desk::Desk;

/// The name of the hidden command that a worker is started with; the command line of the batch
/// follows.
const COMMAND: &str = "batch-worker";

/// The least time that a repository gets to finish writing when its time is up.
const GRACE: Duration = Duration::from_secs(10);

pub(super) fn run(args: &BatchArgs, how: &OutputArgs, output: &mut Output) -> Status {
    let refuse = |output: &mut Output, reason: &str| {
        output.error(&text::error(reason));
        Status::Refused
    };
    if let Some(reason) = misuse(args) {
        return refuse(output, reason);
    }
    let found = match source::places(&args.source) {
        Ok(found) => found,
        Err(reason) => return refuse(output, &reason),
    };
    say_left_out(output, &found);
    if found.places.is_empty() {
        output.error(&text::error(&source::nothing(&args.source)));
        return Status::NoApp;
    }
    let (ledger, earlier) = match open_state(args) {
        Ok(opened) => opened,
        Err(reason) => return refuse(output, &reason.to_string()),
    };
    work(args, how, output, found, ledger, earlier)
}

/// Options that do not go together, in a way that clap cannot see.
fn misuse(args: &BatchArgs) -> Option<&'static str> {
    let BranchArgs {
        branch,
        force,
        with_plan,
        message,
        no_gpg_sign,
    } = &args.branch;
    let speaks_of_branch =
        branch.is_some() || *force || *with_plan || message.is_some() || *no_gpg_sign;
    if args.push.is_some() && !args.migrate {
        return Some("--push pushes the branches that --migrate makes");
    }
    if speaks_of_branch && !args.migrate {
        return Some(
            "--branch, --force, --with-plan, --message and --no-gpg-sign are options of --migrate",
        );
    }
    None
}

fn say_left_out(output: &mut Output, found: &FoundRepositories) {
    for name in &found.submodules {
        output.note(&format!("note: {name} is a submodule and was left out\n"));
    }
    for name in &found.tracked {
        output.error(&text::warning(&format!(
            "{name} is laid out as a repository, but its files are tracked by the one around it; \
             it was left out"
        )));
    }
    for name in &found.repeated {
        output.note(&format!(
            "note: {name} is a repository that is there already\n"
        ));
    }
}

fn action(args: &BatchArgs) -> Action {
    if args.migrate {
        Action::Migrate
    } else if args.diff {
        Action::Diff
    } else {
        Action::Check
    }
}

type Opened = (Option<Ledger>, Earlier);

fn open_state(args: &BatchArgs) -> Result<Opened, LedgerError> {
    let ScheduleArgs {
        state,
        resume,
        failed,
        ..
    } = &args.schedule;
    let Some(path) = state else {
        return Ok((None, Earlier::default()));
    };
    if *failed && !*resume && !path.exists() {
        return Err(LedgerError::Missing(path.clone()));
    }
    let (ledger, earlier) = Ledger::open(path, &header(args), *resume || *failed)?;
    Ok((Some(ledger), earlier))
}

fn header(args: &BatchArgs) -> Header {
    let action = action(args);
    let told = format!(
        "{:?} {:?} {:?} {:?}",
        args.rules, args.branch, args.trial, args.push
    );
    Header {
        version: VERSION,
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        command: action.name().to_owned(),
        configuration: fingerprint(&told),
        source: args.source.display().to_string(),
        shard: args.schedule.shard,
    }
}

fn work(
    args: &BatchArgs,
    how: &OutputArgs,
    output: &mut Output,
    found: FoundRepositories,
    ledger: Option<Ledger>,
    earlier: Earlier,
) -> Status {
    let mut places = found.places;
    if let Some(shard) = args.schedule.shard {
        places.retain(|place| shard.holds(&place.name));
    }
    let terms = terms(&args.schedule);
    let mut desk = Desk::new(args, how, output, &places, terms, ledger);
    desk.begin(&header(args));
    // Before this there is nothing to finish: Ctrl-C ends the program at once.
    interrupt::watch();
    let again = Again {
        resume: args.schedule.resume,
        failed: args.schedule.failed,
    };
    let queue = Queue::new(places, earlier, again);
    for settled in queue.settled {
        desk.settle(settled);
    }
    let left = Crew::new(queue.jobs, terms, command).run(|event| desk.take(event));
    desk.close(left)
}

/// The work of a process that another one started for a batch with these arguments.
pub(super) fn serve(args: &BatchArgs) -> Status {
    let task = Task {
        action: action(args),
        rules: args.rules.choices(),
        branch: args.branch.choices(),
        trial: args.trial(),
        push: args.push(),
        configuration: header(args).configuration,
    };
    worker::serve(task, args.schedule.memory_per_repo.bytes())
}

fn terms(args: &ScheduleArgs) -> Terms {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let limit = Duration::from_secs(args.timeout_per_repo);
    Terms {
        workers: args.jobs.map_or(cores, usize::from),
        limit: (!limit.is_zero()).then_some(limit),
        grace: limit.max(GRACE),
    }
}

/// The command that starts a worker of this batch: this program with the same arguments.
///
/// # Errors
/// When the operating system does not tell where this program is.
fn command() -> io::Result<Command> {
    let mut command = this_program()?;
    command.arg(COMMAND).args(std::env::args_os().skip(1));
    Ok(command)
}
