//! `dashlift migrate`: commits the repairs of the last commit on a branch of their own.

use super::args::{MigrateArgs, OutputArgs};
use super::done::{self, Done};
use super::output::Output;
use super::progress::Progress;
use super::run::CommandRun;
use crate::commands::migrate::{self, BranchChoices, MigrateChoices};
use crate::commands::{PathRefusal, Site, Status};
use crate::interrupt;
use crate::report::document::BranchDocument;
use crate::report::{self};
use crate::text::shell_word;
use crate::tree::TreePath;

pub(super) fn run(args: &MigrateArgs, how: &OutputArgs, output: &mut Output) -> Status {
    if args.solve || args.verify {
        interrupt::watch();
    }
    let run = CommandRun {
        command: "migrate",
        app_name: args.app_name.as_deref(),
        common: &args.common,
        output: how,
        once_per_repository: true,
    };
    let (branch, more) = (args.branch.choices(), args.choices());
    run.each(output, |site| print(&run, site, &branch, &more))
}

fn print(
    run: &CommandRun,
    site: &Site,
    branch: &BranchChoices,
    more: &MigrateChoices,
) -> Result<Done, PathRefusal> {
    let tree = migrate::last_commit(site)?;
    let migrated = {
        let progress = Progress::new(run.output);
        migrate::migrate(site, &tree, branch, more, &|what| progress.say(what))?
    };
    let outcome = &migrated.outcome;
    let mut done = done::done(site, outcome, outcome, run.is_for_programs());
    done.collected = run.collect(site, outcome, outcome);
    if done.status == Some(Status::NoApp) {
        done.errors
            .push_str("  only what is committed was looked at\n");
        return Ok(done);
    }
    let invocation = run.invocation(site, migrated.branch.is_some());
    let mut heading = String::new();
    if let Some(made) = &migrated.branch {
        heading = self::heading(made, migrated.is_as_it_was);
        done.people = next_steps(site, &made.name);
    } else if migrated.is_verified() {
        done.people
            .push_str("Nothing to change, so no branch was made.\n");
    } else {
        heading.push_str("No branch was made, because an app does not start with these changes:");
        done.status = Some(Status::Findings);
    }
    done.result = run.account(site, outcome, &heading);
    let texts = migrated.solved.iter();
    let is_made = migrated.branch.is_some();
    let texts = texts.map(|it| format!("\n{}\n", it.text(&site.shown, is_made)));
    done.people.extend(texts);
    let tried = migrated.verified.iter();
    done.people
        .extend(tried.map(|it| format!("\n{}", it.text(&site.shown))));
    if !migrated.is_solved() && done.status == Some(Status::Clean) {
        done.status = Some(Status::Findings);
    }
    done.people
        .insert_str(0, &uncommitted(site, &migrated.uncommitted));
    let closing = report::closing(outcome, &site.shown, &invocation);
    done.people.push_str(&closing);
    done.json.branch = migrated.branch;
    if more.solve.is_some() {
        done.json.solved = Some(migrated.solved);
    }
    if more.verify.is_some() {
        done.json.verified = Some(migrated.verified);
    }
    Ok(done)
}

fn heading(branch: &BranchDocument, is_as_it_was: bool) -> String {
    let short: String = branch.commit.chars().take(9).collect();
    let name = &branch.name;
    if is_as_it_was {
        format!("The branch {name} ({short}) has this already, and stays as it is:")
    } else {
        format!("Committed on the branch {name} ({short}):")
    }
}

fn next_steps(site: &Site, branch: &str) -> String {
    let git = site.git();
    let branch = shell_word(branch);
    let switch = match &site.root {
        Some(_) => format!(", take it with `{git} switch {branch}`. Your files are as they were"),
        None => String::new(),
    };
    format!("Look at it with `{git} show {branch}`{switch}.\n")
}

/// Says which deployment files have changes that are not committed, and so not on the branch.
fn uncommitted(site: &Site, dirty: &[TreePath]) -> String {
    let line = |path: &TreePath| {
        let path = site.shown.path(path);
        format!("note: {path} has uncommitted changes, which are not on the branch\n")
    };
    dirty.iter().map(line).collect()
}
