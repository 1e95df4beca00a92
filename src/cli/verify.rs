//! `dashlift verify`: builds each app in a scratch environment, starts its web process and asks it.
//! The one command that runs the code of an app.

use super::args::{OutputArgs, VerifyArgs};
use super::done::{self, Done};
use super::output::Output;
use super::progress::Progress;
use super::run::CommandRun;
use crate::commands::{PathRefusal, Site, Status, verify};
use crate::interrupt;

pub(super) fn run(args: &VerifyArgs, how: &OutputArgs, output: &mut Output) -> Status {
    interrupt::watch();
    let run = CommandRun {
        command: "verify",
        app_name: None,
        common: &args.common,
        output: how,
        once_per_repository: false,
    };
    run.each(output, |site| print(&run, site, args))
}

fn print(run: &CommandRun, site: &Site, args: &VerifyArgs) -> Result<Done, PathRefusal> {
    let tree = site.tree()?;
    let verified = {
        let progress = Progress::new(run.output);
        verify::verify(site, &*tree, &args.choices(), &|what| progress.say(what))?
    };
    let outcome = &verified.outcome;
    let mut done = done::done(site, outcome, outcome, run.is_for_programs());
    if done.status == Some(Status::NoApp) {
        return Ok(done);
    }
    let texts = verified.documents.iter();
    done.result = texts.map(|it| it.text(&site.shown)).collect();
    done.status = Some(if verified.is_good() {
        Status::Clean
    } else {
        Status::Findings
    });
    done.json.verified = Some(verified.documents);
    Ok(done)
}
