//! `dashlift diff`: the findings, and the patch that repairs them; writes nothing.

use super::args::{DiffArgs, OutputArgs};
use super::done::{self, Done};
use super::output::Output;
use super::plan;
use super::run::Run;
use crate::commands::baseline;
use crate::commands::refusal::Refusal;
use crate::commands::site::Site;
use crate::commands::status::Status;
use crate::engine;
use crate::report;
use crate::secrets::masked;

pub(super) fn run(args: &DiffArgs, how: &OutputArgs, output: &mut Output) -> Status {
    let run = Run {
        command: "diff",
        app_name: None,
        common: &args.common,
        output: how,
        once_per_repository: false,
    };
    run.each(output, |site| diff(&run, site))
}

/// The findings are those of `check`, so that the exit code is too.
pub(super) fn diff(run: &Run, site: &Site) -> Result<Done, Refusal> {
    let tree = site.tree()?;
    let repository = site.repository(&*tree);
    let mut found = engine::check(&repository, &site.settings.rules);
    baseline::apply(site, &*tree, &mut found)?;
    found.join_causes();
    let mut result = engine::fix(&repository, &site.settings.rules, site.settings.allowed);
    result.join_causes();
    let mut done = done::done(site, &found, &result, run.is_for_programs(site));
    done.collected = run.collect(site, &found, &result);
    if done.status == Some(Status::NoApp) {
        return Ok(done);
    }
    if site.watch.is_some() {
        done.json.plans = Some(plan::documents(site, &result)?);
    }
    let patch = report::diff::unified(&*tree, result.result.changes())?;
    let told = || masked(&String::from_utf8_lossy(&patch)).into_owned();
    if run.is_for_programs(site) {
        done.json.diff = Some(told());
    }
    if let Some(collected) = &mut done.collected {
        collected.patch = Some(told());
    }
    done.patch = Some(patch);
    done.before = run.findings(&found, &site.shown);
    let closing = report::closing(&found, &site.shown, &run.invocation(site));
    done.people = if found.open().next().is_some() {
        format!("\n{closing}")
    } else {
        closing
    };
    Ok(done)
}
