//! `dashlift migrate`: commits the repairs of the last commit on a branch of their own.

use std::collections::BTreeSet;

use super::args::{BranchArgs, MigrateArgs, OutputArgs};
use super::done::{self, Done};
use super::output::Output;
use super::plan;
use super::run::Run;
use super::solve;
use crate::app::{LISTS, MARKERS};
use crate::commands::baseline;
use crate::commands::refusal::Refusal;
use crate::commands::site::Site;
use crate::commands::status::Status;
use crate::engine::{self, Outcome};
use crate::git::{self, BranchRequest, Workspace, WorkspaceKind};
use crate::interrupt;
use crate::report::commit_message::commit_message;
use crate::report::solve::SolveDocument;
use crate::report::{self, json};
use crate::rules::Repository;
use crate::secrets::masked;
use crate::tree::TreePath;

pub(super) fn run(args: &MigrateArgs, how: &OutputArgs, output: &mut Output) -> Status {
    if args.solve {
        interrupt::watch();
    }
    let run = Run {
        command: "migrate",
        app_name: args.app_name.as_deref(),
        common: &args.common,
        output: how,
        once_per_repository: true,
    };
    let more = More {
        solve: args.solve,
        latest_dash: args.latest_dash,
    };
    run.each(output, |site| migrate(&run, site, &args.branch, &more))
}

/// What only a run over few repositories is asked for.
#[derive(Default)]
pub(super) struct More {
    /// Whether the lists are made to install.
    solve: bool,
    /// Whether Dash goes to its newest release then.
    latest_dash: bool,
}

pub(super) fn migrate(
    run: &Run,
    site: &Site,
    args: &BranchArgs,
    more: &More,
) -> Result<Done, Refusal> {
    let workspace = site.workspace.as_ref().ok_or(Refusal::NoRepository)?;
    let tree = site.commit_tree(workspace)?;
    let repository = site.repository(&tree);
    let (mut outcome, solved) = if more.solve {
        solve::fix_and_solve(site, run.output, more.latest_dash, &repository)?
    } else {
        let (settings, allowed) = (&site.settings.rules, site.settings.allowed);
        (engine::fix(&repository, settings, allowed), Vec::new())
    };
    if args.with_plan && !outcome.apps.is_empty() {
        plan::add_to(site, &repository, &mut outcome)?;
    }
    // The plan says what is left, whether a baseline knows it or not.
    baseline::apply(site, &tree, &mut outcome)?;
    outcome.join_causes();
    let mut done = done::done(site, &outcome, &outcome, run.is_for_programs(site));
    if site.watch.is_some() {
        add_for_report(site, &repository, &outcome, &mut done)?;
    }
    done.collected = run.collect(site, &outcome, &outcome);
    let uncommitted = uncommitted(site, workspace, &outcome)?;
    if done.status == Some(Status::NoApp) {
        done.errors
            .push_str("  only what is committed was looked at\n");
        return Ok(done);
    }
    let mut invocation = run.invocation(site);
    let mut heading = String::new();
    if outcome.result.changes().is_empty() {
        done.people
            .push_str("Nothing to change, so no branch was made.\n");
    } else {
        let branch = commit(workspace, site, args, &outcome, &solved)?;
        heading = self::heading(&branch);
        done.people = next_steps(site, &branch.name);
        invocation.repair.push_str(&again(args, more));
        done.json.branch = Some(branch);
    }
    done.result = run.account(site, &outcome, &heading);
    let texts = solved.iter().map(|it| it.text(&site.shown, true));
    done.people.extend(texts.map(|text| format!("\n{text}\n")));
    let is_left = solved.iter().any(|it| !it.is_done());
    if is_left && done.status == Some(Status::Clean) {
        done.status = Some(Status::Findings);
    }
    if more.solve {
        done.json.solved = Some(solved);
    }
    done.people.insert_str(0, &uncommitted);
    let closing = report::closing(&outcome, &site.shown, &invocation);
    done.people.push_str(&closing);
    Ok(done)
}

/// What a report of the fleet shows beside the findings.
fn add_for_report(
    site: &Site,
    repository: &Repository,
    outcome: &Outcome,
    done: &mut Done,
) -> Result<(), Refusal> {
    let patch = report::diff::unified(repository.tree, outcome.result.changes())?;
    done.json.diff = Some(masked(&String::from_utf8_lossy(&patch)).into_owned());
    done.json.plans = Some(plan::documents(site, outcome)?);
    Ok(())
}

/// The options that a second run on the same branch needs.
fn again(args: &BranchArgs, more: &More) -> String {
    let branch = args.branch.as_deref().map(|name| {
        let quoted = shlex::try_quote(name).unwrap_or_default();
        format!(" --branch {quoted}")
    });
    let plan = if args.with_plan { " --with-plan" } else { "" };
    let solve = match (more.solve, more.latest_dash) {
        (false, _) => "",
        (true, false) => " --solve",
        (true, true) => " --solve --latest-dash",
    };
    format!("{} --force{plan}{solve}", branch.unwrap_or_default())
}

fn commit(
    workspace: &Workspace,
    site: &Site,
    args: &BranchArgs,
    outcome: &Outcome,
    solved: &[SolveDocument],
) -> Result<json::Branch, Refusal> {
    let name = args.branch.as_deref().unwrap_or(&site.settings.branch);
    let mut message = commit_message(outcome, args.message.as_deref());
    message.extend(solved.iter().filter_map(SolveDocument::message));
    let request = BranchRequest {
        base: workspace.head()?.commit()?,
        branch: name,
        force: args.force,
        message: &message,
        changes: outcome.result.changes(),
    };
    let commit = match &site.watch {
        Some(watch) => watch.commit(workspace.repository(), &request)?,
        None => git::commit_on_branch(workspace.repository(), &request)?,
    };
    Ok(json::Branch {
        name: name.to_owned(),
        commit: commit.to_string(),
    })
}

fn heading(branch: &json::Branch) -> String {
    let short: String = branch.commit.chars().take(9).collect();
    format!("Committed on the branch {} ({short}):", branch.name)
}

fn next_steps(site: &Site, branch: &str) -> String {
    let git = site.git();
    let switch = match &site.root {
        Some(_) => format!(", take it with `{git} switch {branch}`. Your files are as they were"),
        None => String::new(),
    };
    format!("Look at it with `{git} show {branch}`{switch}.\n")
}

/// Says which deployment files have changes that are not committed, and so not on the branch.
fn uncommitted(site: &Site, workspace: &Workspace, outcome: &Outcome) -> Result<String, Refusal> {
    if workspace.kind() == WorkspaceKind::Bare {
        return Ok(String::new());
    }
    let mut paths: BTreeSet<TreePath> = outcome.result.changes().keys().cloned().collect();
    let findings = outcome.open().chain(outcome.fixed());
    paths.extend(findings.map(|reported| reported.finding.place.path.clone()));
    for app in &outcome.apps {
        paths.extend(MARKERS.iter().chain(LISTS).map(|name| app.root.child(name)));
    }
    let paths: Vec<TreePath> = paths.into_iter().filter(|path| !path.is_root()).collect();
    let dirty = git::dirty(workspace.repository(), &paths)?;
    let line = |path: &TreePath| {
        let path = site.shown.path(path);
        format!("note: {path} has uncommitted changes, which are not on the branch\n")
    };
    Ok(dirty.iter().map(line).collect())
}
