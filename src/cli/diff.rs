//! `dashlift diff`: the findings, and the patch that repairs them; writes nothing.

use super::args::{DiffArgs, OutputArgs};
use super::done::{self, Done};
use super::output::Output;
use super::run::CommandRun;
use crate::commands::diff;
use crate::commands::{PathRefusal, Site, Status};
use crate::report;
use crate::secrets::masked;

pub(super) fn run(args: &DiffArgs, how: &OutputArgs, output: &mut Output) -> Status {
    let run = CommandRun {
        command: "diff",
        app_name: None,
        common: &args.common,
        output: how,
        once_per_repository: false,
    };
    run.each(output, |site| print(&run, site))
}

fn print(run: &CommandRun, site: &Site) -> Result<Done, PathRefusal> {
    let tree = site.tree()?;
    let diff::Diffed {
        found,
        repaired,
        patch,
    } = diff::diff(site, &*tree)?;
    let mut done = done::done(site, &found, &repaired, run.is_for_programs());
    done.collected = run.collect(site, &found, &repaired);
    if done.status == Some(Status::NoApp) {
        return Ok(done);
    }
    let told = || masked(&String::from_utf8_lossy(&patch)).into_owned();
    if run.is_for_programs() {
        done.json.diff = Some(told());
    }
    if let Some(collected) = &mut done.collected {
        collected.patch = Some(told());
    }
    done.patch = Some(patch);
    done.before = run.findings(&found, &site.shown);
    let closing = report::closing(&found, &site.shown, &run.invocation(site, false));
    done.people = if found.open().next().is_some() {
        format!("\n{closing}")
    } else {
        closing
    };
    Ok(done)
}
