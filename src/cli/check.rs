//! `dashlift check`: says what is found, writes nothing.

use super::args::{CheckArgs, Order, OutputArgs};
use super::done::{self, Done};
use super::output::Output;
use super::run::CommandRun;
use crate::commands::buffer::Buffer;
use crate::commands::{PathRefusal, Site, Status, check};
use crate::engine::Outcome;
use crate::report::{self, text};
use crate::tree::TreePath;

pub(super) fn run(args: &CheckArgs, how: &OutputArgs, output: &mut Output) -> Status {
    let run = CommandRun {
        command: "check",
        app_name: None,
        common: &args.common,
        output: how,
        once_per_repository: false,
    };
    if args.statistics && how.reporter().is_document("check") {
        let reason = "--statistics is for people: it has the formats text and concise only";
        output.error(&text::error(reason));
        return Status::Refused;
    }
    if let Some(file) = &args.output_file {
        output.write_into(file.clone());
    }
    let check = |site: &Site| check(&run, site, args);
    let Some(file) = &args.stdin_filename else {
        return run.each(output, check);
    };
    let buffer = match Buffer::read(file, &args.common.paths, std::io::stdin().lock()) {
        Ok(buffer) => buffer,
        Err(refusal) => return run.opened(output, Err(refusal), check),
    };
    match buffer.open(&args.common.rules.choices()) {
        Ok((site, path)) => run.opened(output, Ok(site), |site| {
            check_buffer(&run, site, args, (&buffer, &path))
        }),
        Err(refusal) => run.opened(output, Err(refusal), check),
    }
}

fn check(run: &CommandRun, site: &Site, args: &CheckArgs) -> Result<Done, PathRefusal> {
    let tree = site.tree()?;
    Ok(tell(run, site, args, check::check(site, &*tree)?))
}

fn check_buffer(
    run: &CommandRun,
    site: &Site,
    args: &CheckArgs,
    (buffer, path): (&Buffer, &TreePath),
) -> Result<Done, PathRefusal> {
    let tree = site.tree()?;
    let tree = buffer.above(&*tree, path)?;
    let outcome = check::check_buffer(site, &tree, path)?;
    Ok(tell(run, site, args, outcome))
}

fn tell(run: &CommandRun, site: &Site, args: &CheckArgs, mut outcome: Outcome) -> Done {
    if args.sort == Order::Severity {
        outcome.sort_by_weight();
    }
    let outcome = &outcome;
    let mut done = done::done(site, outcome, outcome, run.is_for_programs());
    done.collected = run.collect(site, outcome, outcome);
    if args.exit_zero && done.status == Some(Status::Findings) {
        done.status = Some(Status::Clean);
    }
    if done.status != Some(Status::NoApp) {
        done.result = if args.statistics {
            report::statistics(outcome)
        } else {
            run.findings(outcome, &site.shown)
        };
        done.people = report::closing(outcome, &site.shown, &run.invocation(site, false));
    }
    done
}
