//! `dashlift minimise`: why each requirement is kept or dropped; with `--write`, the shorter lists.

use super::args::{MinimiseArgs, OutputArgs};
use super::done::no_app;
use super::fix::recovery;
use super::output::Output;
use super::progress::Progress;
use crate::commands::minimise::{MinimiseChoices, Minimised, minimise};
use crate::commands::solve::Writing;
use crate::commands::{PathRefusal, RefusedPath, Site, Status, fix, warnings};
use crate::interrupt;
use crate::report::minimise::{self as report, Document};
use crate::report::{self as reports, json, text};
use crate::rules::Safety;

pub(super) fn run(args: &MinimiseArgs, how: &OutputArgs, output: &mut Output) -> Status {
    if args.online {
        interrupt::watch();
    }
    let site = Site::open(args.path.as_deref(), &args.rules.choices(), false);
    let done = site.and_then(|site| {
        let (done, errors) = work(args, how, &site)?;
        Ok((site, done, errors))
    });
    match done {
        Ok((site, done, errors)) => print(args, how, &site, done, &errors, output),
        Err(reason) => refuse(args, how, reason, output),
    }
}

/// The work, and what people must know of it.
fn work(
    args: &MinimiseArgs,
    how: &OutputArgs,
    site: &Site,
) -> Result<(Minimised, String), PathRefusal> {
    let mut errors = if args.write {
        recovery(site, fix::settle(site)?)
    } else {
        let left = warnings::unfinished(site);
        left.map_or_else(String::new, |left| text::warning(&left))
    };
    let choices = MinimiseChoices {
        writing: Writing::new(args.write, args.allow_dirty),
        online: args.online,
        allow_env: args.allow_env.clone(),
        python: args.python,
    };
    let tree = site.tree()?;
    let progress = Progress::new(how);
    let done = minimise(site, &*tree, &choices, &|what| progress.say(what))?;
    if done.status == Status::NoApp {
        errors.push_str(&no_app(site));
    }
    Ok((done, errors))
}

fn print(
    args: &MinimiseArgs,
    how: &OutputArgs,
    site: &Site,
    done: Minimised,
    errors: &str,
    output: &mut Output,
) -> Status {
    let status = done.status;
    let error = (status == Status::NoApp).then(|| "no app found".to_owned());
    if how.reporter().is_data() {
        output.document(json::document(&document(
            status,
            error,
            done.written,
            done.apps,
        )));
        return status;
    }
    output.error(errors);
    let obsolete = site.settings.allowed == Safety::Unsafe;
    for (number, app) in done.apps.iter().enumerate() {
        if number > 0 {
            output.result("\n");
        }
        output.result(&report::text(app, &site.shown, obsolete));
        let next = app.next(&site.shown, &command(args, site), done.written, obsolete);
        if !next.is_empty() {
            output.people(&format!("\n{next}"));
        }
    }
    if done.apps.is_empty() && status == Status::Clean {
        output.people("No app has a list of requirements.\n");
    }
    status
}

/// The command that writes what was shown.
fn command(args: &MinimiseArgs, site: &Site) -> String {
    let mut command = "dashlift minimise".to_owned();
    if let Some(path) = site.quoted_path() {
        command.push(' ');
        command.push_str(&path);
    }
    if args.rules.unsafe_fixes {
        command.push_str(" --unsafe-fixes");
    }
    if args.rules.drop_pins {
        command.push_str(" --drop-pins");
    }
    if args.online {
        command.push_str(" --online");
    }
    command.push_str(" --write");
    command
}

fn document(
    status: Status,
    error: Option<String>,
    written: bool,
    apps: Vec<report::App>,
) -> Document {
    Document {
        version: json::VERSION,
        tool: json::Tool::THIS,
        command: "minimise",
        exit_code: status.code(),
        error,
        written,
        apps,
    }
}

fn refuse(
    args: &MinimiseArgs,
    how: &OutputArgs,
    reason: PathRefusal,
    output: &mut Output,
) -> Status {
    let path = args.path.clone();
    let sentence = RefusedPath { path, reason }.to_string();
    if how.reporter().is_data() {
        let error = Some(reports::safe(&sentence));
        let document = document(Status::Refused, error, false, Vec::new());
        output.document(json::document(&document));
    }
    output.error(&text::error(&sentence));
    Status::Refused
}
