//! `dashlift fix`: writes the repairs into the work tree.

use std::cell::RefCell;
use std::fmt::Write;
use std::io::{self, IsTerminal};

use super::args::{FixArgs, Format, OutputArgs};
use super::done::{self, Done};
use super::output::{self, Output};
use super::prompt::Prompt;
use super::run::Run;
use crate::commands::baseline;
use crate::commands::refusal::Refusal;
use crate::commands::site::Site;
use crate::commands::status::Status;
use crate::engine::{self, Outcome, Proposal};
use crate::git;
use crate::report::{self, Shown};
use crate::tree::{Overlay, Recovery, TreePath, WriteError, Written, recover, write_changes};

pub(super) fn run(args: &FixArgs, how: &OutputArgs, output: &mut Output) -> Status {
    let run = Run {
        command: "fix",
        app_name: None,
        common: &args.common,
        output: how,
        once_per_repository: false,
    };
    if !args.interactive {
        return run.each(output, |site| fix(&run, site, args.allow_dirty, None));
    }
    if let Err(refusal) = can_ask(how) {
        return run.opened(output, Err(refusal), |_| Ok(Done::default()));
    }
    let prompt = Prompt::new(io::stdin().lock(), output::people(how));
    let prompt = RefCell::new(prompt);
    let ask = |proposal: &Proposal, shown: &Shown| {
        let mut prompt = prompt.borrow_mut();
        prompt.takes(|| report::proposal(proposal, shown))
    };
    run.each_in_turn(output, |site| fix(&run, site, args.allow_dirty, Some(&ask)))
}

/// Whether somebody can be asked.
fn can_ask(how: &OutputArgs) -> Result<(), Refusal> {
    if !matches!(how.format, Format::Text | Format::Concise) {
        return Err(Refusal::InteractiveFormat);
    }
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        Ok(())
    } else {
        Err(Refusal::NoTerminal)
    }
}

/// Asks whether a fix is made.
type Ask<'a> = &'a dyn Fn(&Proposal, &Shown) -> bool;

fn fix(run: &Run, site: &Site, allow_dirty: bool, ask: Option<Ask>) -> Result<Done, Refusal> {
    let root = site.root.as_deref().ok_or(Refusal::BareFix)?;
    let recovered = recover(root)?;
    let tree = site.tree()?;
    let repository = site.repository(&*tree);
    let (settings, allowed) = (&site.settings.rules, site.settings.allowed);
    let mut outcome = engine::fix(&repository, settings, allowed);
    // Whoever has to commit first is told so before the questions.
    if !allow_dirty {
        refuse_dirty(site, &outcome.result)?;
    }
    if let Some(ask) = ask {
        let mut choose = |proposal: &Proposal| ask(proposal, &site.shown);
        outcome = engine::fix_chosen(&repository, settings, allowed, &mut choose);
        if !allow_dirty {
            refuse_dirty(site, &outcome.result)?;
        }
    }
    baseline::apply(site, &*tree, &mut outcome)?;
    outcome.join_causes();
    let (written, left_over) = match write_changes(root, outcome.result.changes()) {
        Err(error @ WriteError::CleanUp(_)) => (Written::default(), format!("note: {error}\n")),
        written => (written?, String::new()),
    };
    let mut done = done::done(site, &outcome, &outcome, run.is_for_programs(site));
    done.collected = run.collect(site, &outcome, &outcome);
    if done.status != Some(Status::NoApp) {
        done.result = run.account(site, &outcome, "Fixed:");
        done.people = hints(site, &outcome, &written);
        let closing = report::closing(&outcome, &site.shown, &run.invocation(site));
        done.people.push_str(&closing);
    }
    done.errors.insert_str(0, &recovery(site, recovered));
    done.errors.push_str(&left_over);
    Ok(done)
}

/// Files with changes that git could not bring back are not written.
///
/// # Errors
/// When there are such files.
pub(super) fn refuse_dirty(site: &Site, result: &Overlay) -> Result<(), Refusal> {
    let Some(workspace) = &site.workspace else {
        return Ok(());
    };
    let paths: Vec<TreePath> = result.changes().keys().cloned().collect();
    let dirty = git::dirty(workspace.repository(), &paths)?;
    if dirty.is_empty() {
        return Ok(());
    }
    let shown = dirty.iter().map(|path| site.shown.path(path));
    Err(Refusal::Dirty(shown.collect()))
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
