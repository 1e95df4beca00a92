//! `dashlift plan`: what the move of each app asks for, as Markdown. Writes nothing.

use super::args::{OutputArgs, PlanArgs};
use super::done::{self, Done};
use super::output::Output;
use super::run::CommandRun;
use crate::commands::plan::plan;
use crate::commands::{PathRefusal, Site, Status};
use crate::report::document::PlanDocument;

pub(super) fn run(args: &PlanArgs, how: &OutputArgs, output: &mut Output) -> Status {
    let run = CommandRun {
        command: "plan",
        app_name: args.app_name.as_deref(),
        common: &args.common,
        output: how,
        once_per_repository: false,
    };
    run.each(output, |site| print(&run, site))
}

fn print(run: &CommandRun, site: &Site) -> Result<Done, PathRefusal> {
    let tree = site.tree()?;
    let planned = plan(site, &*tree)?;
    let outcome = &planned.outcome;
    let mut done = done::done(site, outcome, outcome, run.is_for_programs());
    if done.status == Some(Status::NoApp) {
        return Ok(done);
    }
    // A plan is made or not: findings are what it is about.
    done.status = done.status.map(|status| match status {
        Status::Findings => Status::Clean,
        other => other,
    });
    done.json.plans = Some(planned.plans.iter().map(PlanDocument::new).collect());
    let reporter = run.output.reporter();
    done.result = reporter.plans(&planned.plans, outcome, &site.shown);
    Ok(done)
}
