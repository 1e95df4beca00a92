//! `dashlift check`: says what is found, writes nothing.

use super::args::{CheckArgs, OutputArgs};
use super::done::{self, Done};
use super::output::Output;
use super::plan;
use super::run::Run;
use crate::commands::baseline;
use crate::commands::buffer::{self, Buffer};
use crate::commands::refusal::Refusal;
use crate::commands::site::Site;
use crate::commands::status::Status;
use crate::engine::{self, Outcome};
use crate::report;
use crate::tree::{Tree, TreePath};

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

pub(super) fn check(run: &Run, site: &Site) -> Result<Done, Refusal> {
    let tree = site.tree()?;
    let mut outcome = engine::check(&site.repository(&*tree), &site.settings.rules);
    baseline::apply(site, &*tree, &mut outcome)?;
    outcome.join_causes();
    tell(run, site, &*tree, &outcome)
}

fn check_buffer(run: &Run, site: &Site, buffer: &Buffer, path: &TreePath) -> Result<Done, Refusal> {
    let tree = site.tree()?;
    let tree = buffer.above(&*tree, path)?;
    let mut outcome = engine::check(&site.repository(&tree), &site.settings.rules);
    baseline::apply(site, &tree, &mut outcome)?;
    buffer::keep_only(&mut outcome, path);
    outcome.join_causes();
    tell(run, site, &tree, &outcome)
}

fn tell(run: &Run, site: &Site, tree: &dyn Tree, outcome: &Outcome) -> Result<Done, Refusal> {
    let mut done = done::done(site, outcome, outcome, run.is_for_programs(site));
    done.collected = run.collect(site, outcome, outcome);
    if done.status != Some(Status::NoApp) {
        if site.watch.is_some() {
            let repository = site.repository(tree);
            let settings = &site.settings;
            let mut repaired = engine::fix(&repository, &settings.rules, settings.allowed);
            repaired.join_causes();
            done.json.plans = Some(plan::documents(site, &repaired)?);
        }
        done.result = run.findings(outcome, &site.shown);
        done.people = report::closing(outcome, &site.shown, &run.invocation(site));
    }
    Ok(done)
}
