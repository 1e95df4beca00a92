//! `dashlift migrate`: commits the repairs of the last commit on a branch of their own.

use std::collections::BTreeSet;

use super::args::{BranchArgs, MigrateArgs, OutputArgs};
use super::baseline;
use super::done::{self, Done};
use super::output::Output;
use super::plan;
use super::refusal::Refusal;
use super::run::Run;
use super::site::Site;
use super::status::Status;
use crate::app::{LISTS, MARKERS};
use crate::engine::{self, Outcome};
use crate::git::{self, BranchRequest, Workspace, WorkspaceKind};
use crate::report::commit_message::commit_message;
use crate::report::{self, json};
use crate::rules::Repository;
use crate::secrets::masked;
use crate::tree::TreePath;

pub(super) fn run(args: &MigrateArgs, how: &OutputArgs, output: &mut Output) -> Status {
    let run = Run {
        command: "migrate",
        common: &args.common,
        output: how,
        once_per_repository: true,
    };
    let name = args.app_name.as_deref();
    run.each(output, |site| migrate(&run, site, &args.branch, name))
}

pub(super) fn migrate(
    run: &Run,
    site: &Site,
    args: &BranchArgs,
    app_name: Option<&str>,
) -> Result<Done, Refusal> {
    let workspace = site.workspace.as_ref().ok_or(Refusal::NoRepository)?;
    let tree = site.commit_tree(workspace)?;
    let repository = site.repository(&tree);
    let mut outcome = engine::fix(&repository, &site.settings.rules, site.settings.allowed);
    if args.with_plan && !outcome.apps.is_empty() {
        plan::add_to(site, &repository, &mut outcome, app_name)?;
    }
    // The plan says what is left, whether a baseline knows it or not.
    baseline::apply(site, &tree, &mut outcome)?;
    let mut done = done::done(site, &outcome, &outcome);
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
        let branch = commit(workspace, site, args, &outcome)?;
        heading = self::heading(&branch);
        done.people = next_steps(site, &branch.name);
        invocation.repair.push_str(&again(args));
        done.json.branch = Some(branch);
    }
    done.result = run.account(site, &outcome, &heading);
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
    done.json.plans = Some(plan::documents(site, repository, outcome)?);
    Ok(())
}

/// The options that a second run on the same branch needs.
fn again(args: &BranchArgs) -> String {
    let branch = args.branch.as_deref().map(|name| {
        let quoted = shlex::try_quote(name).unwrap_or_default();
        format!(" --branch {quoted}")
    });
    let plan = if args.with_plan { " --with-plan" } else { "" };
    format!("{} --force{plan}", branch.unwrap_or_default())
}

fn commit(
    workspace: &Workspace,
    site: &Site,
    args: &BranchArgs,
    outcome: &Outcome,
) -> Result<json::Branch, Refusal> {
    let name = args.branch.as_deref().unwrap_or(&site.settings.branch);
    let request = BranchRequest {
        base: workspace.head()?.commit()?,
        branch: name,
        force: args.force,
        message: &commit_message(outcome, args.message.as_deref()),
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
