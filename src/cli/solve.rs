//! `dashlift solve`: the smallest change that makes the list of each app install and start.

use std::fmt::Write as _;

use super::args::{OutputArgs, SolveArgs};
use super::done::{self, Done};
use super::fix::hints;
use super::output::Output;
use super::progress::Progress;
use super::run::CommandRun;
use crate::commands::solve::{self, Solved};
use crate::commands::{PathRefusal, Site, Status};
use crate::interrupt;
use crate::secrets::masked;

pub(super) fn run(args: &SolveArgs, how: &OutputArgs, output: &mut Output) -> Status {
    interrupt::watch();
    let run = CommandRun {
        command: "solve",
        app_name: None,
        common: &args.common,
        output: how,
        once_per_repository: false,
    };
    run.each(output, |site| print(&run, site, args))
}

fn print(run: &CommandRun, site: &Site, args: &SolveArgs) -> Result<Done, PathRefusal> {
    solve::settle(site, args.writing())?;
    let tree = site.tree()?;
    let solved = {
        let progress = Progress::new(run.output);
        let say = |what| progress.say(what);
        solve::solve(site, &*tree, &args.choices(), args.writing(), &say)?
    };
    let is_done = solved.is_done();
    let Solved {
        outcome,
        documents,
        patch,
        written,
    } = solved;
    let mut done = done::done(site, &outcome, &outcome, run.is_for_programs());
    if done.status == Some(Status::NoApp) {
        return Ok(done);
    }
    let texts = documents.iter();
    let texts = texts.map(|it| it.text(&site.shown, written.is_some()));
    let text = texts.collect::<Vec<_>>().join("\n");
    done.json.diff = Some(masked(&String::from_utf8_lossy(&patch)).into_owned());
    done.status = Some(if is_done {
        Status::Clean
    } else {
        Status::Findings
    });
    if let Some(written) = written {
        done.result = text;
        done.people = hints(site, &outcome, &written);
    } else {
        done.before = text;
        if !patch.is_empty() {
            done.before.push('\n');
            let path = site.quoted_path();
            let given = &run.output.given;
            let command = given.propose("solve", path.as_deref(), &["--write"]);
            let _ = writeln!(done.people, "Write it with `{command}`.");
        }
        done.patch = Some(patch);
    }
    done.json.solved = Some(documents);
    Ok(done)
}
