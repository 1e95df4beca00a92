//! `dashlift fix`: writes the repairs into the work tree.

use std::cell::RefCell;
use std::fmt::Write;
use std::io::{self, IsTerminal};

use super::args::{FixArgs, OutputArgs};
use super::done::{self, Done};
use super::output::{self, Output};
use super::prompt::Prompt;
use super::run::CommandRun;
use crate::commands::{PathRefusal, Site, Status, fix};
use crate::engine::{Outcome, Proposal};
use crate::report::{self, PathPrefix};
use crate::tree::{Recovery, Written};

pub(super) fn run(args: &FixArgs, how: &OutputArgs, output: &mut Output) -> Status {
    let run = CommandRun {
        command: "fix",
        app_name: None,
        common: &args.common,
        output: how,
        once_per_repository: false,
    };
    if !args.interactive {
        return run.each(output, |site| print(&run, site, args.allow_dirty, None));
    }
    if let Err(refusal) = can_ask(how) {
        return run.opened(output, Err(refusal), |_| Ok(Done::default()));
    }
    let prompt = Prompt::new(io::stdin().lock(), output::people(how));
    let prompt = RefCell::new(prompt);
    let ask = |proposal: &Proposal, shown: &PathPrefix| {
        let mut prompt = prompt.borrow_mut();
        prompt.takes(|| report::proposal(proposal, shown))
    };
    run.each_in_turn(output, |site| {
        print(&run, site, args.allow_dirty, Some(&ask))
    })
}

/// Whether somebody can be asked.
fn can_ask(how: &OutputArgs) -> Result<(), PathRefusal> {
    if how.reporter().is_for_programs() {
        return Err(PathRefusal::InteractiveFormat);
    }
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        Ok(())
    } else {
        Err(PathRefusal::NoTerminal)
    }
}

/// Asks whether a fix is made.
type Ask<'a> = &'a dyn Fn(&Proposal, &PathPrefix) -> bool;

fn print(
    run: &CommandRun,
    site: &Site,
    allow_dirty: bool,
    ask: Option<Ask>,
) -> Result<Done, PathRefusal> {
    let recovered = fix::settle(site)?;
    let tree = site.tree()?;
    let fixed = match ask {
        Some(ask) => {
            let mut choose = |proposal: &Proposal| ask(proposal, &site.shown);
            fix::fix(site, &*tree, allow_dirty, Some(&mut choose))?
        }
        None => fix::fix(site, &*tree, allow_dirty, None)?,
    };
    let outcome = &fixed.outcome;
    let mut done = done::done(site, outcome, outcome, run.is_for_programs());
    done.collected = run.collect(site, outcome, outcome);
    if done.status != Some(Status::NoApp) {
        done.result = run.account(site, outcome, "Fixed:");
        done.people = hints(site, outcome, &fixed.written);
        let closing = report::closing(outcome, &site.shown, &run.invocation(site, false));
        done.people.push_str(&closing);
    }
    done.errors.insert_str(0, &recovery(site, recovered));
    if let Some(error) = &fixed.left_over {
        let _ = writeln!(done.errors, "note: {error}");
    }
    Ok(done)
}

pub(super) fn hints(site: &Site, outcome: &Outcome, written: &Written) -> String {
    let mut text = String::new();
    for path in &written.hard_linked {
        let path = site.shown.path(path);
        let _ = writeln!(
            text,
            "note: {path} had other names (hard links); those keep the old contents"
        );
    }
    if !outcome.result.changes().is_empty() && site.workspace.is_some() {
        let git = site.git();
        let _ = writeln!(
            text,
            "Look at the changes with `{git} status` and `{git} diff`."
        );
    }
    text
}

/// What became of a run that was interrupted.
pub(super) fn recovery(site: &Site, recovered: Option<Recovery>) -> String {
    let (what, kept) = match recovered {
        None => return String::new(),
        Some(Recovery::Undone { kept }) => ("undone", kept),
        Some(Recovery::Finished { kept }) => ("finished", kept),
    };
    let mut text = format!("note: an interrupted run was {what} first\n");
    for path in kept {
        let path = site.shown.path(&path);
        let _ = writeln!(
            text,
            "note: {path} was changed since, and was left as it is"
        );
    }
    text
}

#[cfg(test)]
mod tests;
