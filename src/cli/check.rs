//! `dashlift check`: says what is found, writes nothing.

use super::args::{CheckArgs, OutputArgs};
use super::done::{self, Done};
use super::output::Output;
use super::run::Run;
use crate::commands::buffer::Buffer;
use crate::commands::{Refusal, Site, Status, check};
use crate::engine::Outcome;
use crate::report;
use crate::tree::TreePath;

pub(super) fn run(args: &CheckArgs, how: &OutputArgs, output: &mut Output) -> Status {
    let run = Run {
        command: "check",
        app_name: None,
        common: &args.common,
        output: how,
        once_per_repository: false,
    };
    let Some(file) = &args.stdin_filename else {
        return run.each(output, |site| check(&run, site));
    };
    let buffer = match Buffer::read(file, &args.common.paths, std::io::stdin().lock()) {
        Ok(buffer) => buffer,
        Err(refusal) => return run.opened(output, Err(refusal), |site| check(&run, site)),
    };
    match buffer.open(&args.common.rules.choices()) {
        Ok((site, path)) => run.opened(output, Ok(site), |site| {
            check_buffer(&run, site, &buffer, &path)
        }),
        Err(refusal) => run.opened(output, Err(refusal), |site| check(&run, site)),
    }
}

fn check(run: &Run, site: &Site) -> Result<Done, Refusal> {
    let tree = site.tree()?;
    let outcome = check::check(site, &*tree)?;
    Ok(tell(run, site, &outcome))
}

fn check_buffer(run: &Run, site: &Site, buffer: &Buffer, path: &TreePath) -> Result<Done, Refusal> {
    let tree = site.tree()?;
    let tree = buffer.above(&*tree, path)?;
    let outcome = check::check_buffer(site, &tree, path)?;
    Ok(tell(run, site, &outcome))
}

fn tell(run: &Run, site: &Site, outcome: &Outcome) -> Done {
    let mut done = done::done(site, outcome, outcome, run.is_for_programs());
    done.collected = run.collect(site, outcome, outcome);
    if done.status != Some(Status::NoApp) {
        done.result = run.findings(outcome, &site.shown);
        done.people = report::closing(outcome, &site.shown, &run.invocation(site, false));
    }
    done
}
