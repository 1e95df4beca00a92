//! `dashlift baseline write`: keeps the findings of today.

use super::args::{BaselineAction, BaselineArgs, BaselineWriteArgs, OutputArgs};
use super::done;
use super::output::Output;
use crate::commands::baseline;
use crate::commands::{PathRefusal, Site, Status, warnings};
use crate::engine;
use crate::report::{self, text};
use crate::text::shell_path;

/// The command.
pub(super) fn run(args: &BaselineArgs, how: &OutputArgs, output: &mut Output) -> Status {
    let BaselineAction::Write(args) = &args.action;
    match write(args, how, output) {
        Ok(status) => status,
        Err(reason) => {
            output.error(&done::refused(args.path.as_deref(), reason).errors);
            Status::Refused
        }
    }
}

fn write(
    args: &BaselineWriteArgs,
    how: &OutputArgs,
    output: &mut Output,
) -> Result<Status, PathRefusal> {
    let site = Site::open(args.path.as_deref(), &args.rules.choices(), false)?;
    let tree = site.tree()?;
    let outcome = engine::check(&site.repository(&*tree), &site.settings.rules);
    let done = done::done(&site, &outcome, &outcome, false);
    for warning in warnings::all(&site, &*tree) {
        output.error(&text::warning(&warning));
    }
    output.note(&done.notes);
    if done.status == Some(Status::NoApp) {
        output.error(&done::no_app(&site));
        return Ok(Status::NoApp);
    }
    let written = baseline::write(&site, &*tree, &outcome, args.output.clone())?;
    let (file, found, kept) = (&written.file, written.found, written.kept);
    output.result(&report::baseline_written(file, found, kept));
    if site.settings.baseline.is_none() {
        let option = format!("--baseline {}", shell_path(file));
        let path = site.quoted_path();
        let check = how.given.propose("check", path.as_deref(), &[&option]);
        output.people(&report::baseline_use(&check));
    }
    Ok(Status::Clean)
}
