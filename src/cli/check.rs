//! `dashlift check`: says what is found, writes nothing.

use super::args::{CheckArgs, OutputArgs};
use super::baseline;
use super::done::{self, Done};
use super::output::Output;
use super::plan;
use super::refusal::Refusal;
use super::run::Run;
use super::site::Site;
use super::status::Status;
use crate::engine;
use crate::report;

pub(super) fn run(args: &CheckArgs, how: &OutputArgs, output: &mut Output) -> Status {
    let run = Run {
        command: "check",
        common: &args.common,
        output: how,
        once_per_repository: false,
    };
    run.each(output, |site| check(&run, site))
}

pub(super) fn check(run: &Run, site: &Site) -> Result<Done, Refusal> {
    let tree = site.tree()?;
    let mut outcome = engine::check(&site.repository(&*tree), &site.settings.rules);
    baseline::apply(site, &*tree, &mut outcome)?;
    let mut done = done::done(site, &outcome, &outcome, run.is_for_programs(site));
    done.collected = run.collect(site, &outcome, &outcome);
    if done.status != Some(Status::NoApp) {
        if site.watch.is_some() {
            let repository = site.repository(&*tree);
            let repaired = engine::fix(&repository, &site.settings.rules, site.settings.allowed);
            done.json.plans = Some(plan::documents(site, &repository, &repaired)?);
        }
        done.result = run.findings(&outcome, &site.shown);
        done.people = report::closing(&outcome, &site.shown, &run.invocation(site));
    }
    Ok(done)
}
