//! `dashlift migrate`: commits the repairs of the last commit on a branch of their own.

use std::collections::BTreeSet;

use super::args::{Format, MigrateArgs, OutputArgs};
use super::done::{self, Done};
use super::output::Output;
use super::refusal::Refusal;
use super::run::Run;
use super::site::Site;
use super::status::Status;
use crate::app::{LISTS, MARKERS};
use crate::engine::{self, Outcome};
use crate::git::{self, BranchRequest, Workspace, WorkspaceKind};
use crate::report::commit_message::commit_message;
use crate::report::{self, account, concise, json};
use crate::tree::TreePath;

pub(super) fn run(args: &MigrateArgs, how: &OutputArgs, output: &mut Output) -> Status {
    let run = Run {
        command: "migrate",
        common: &args.common,
        output: how,
        once_per_repository: true,
    };
    run.each(output, |site| migrate(&run, site, args))
}

fn migrate(run: &Run, site: &Site, args: &MigrateArgs) -> Result<Done, Refusal> {
    let workspace = site.workspace.as_ref().ok_or(Refusal::NoRepository)?;
    let tree = site.commit_tree(workspace)?;
    let repository = site.repository(&tree);
    let outcome = engine::fix(&repository, &site.settings.rules, site.settings.allowed);
    let mut done = done::done(site, &outcome, &outcome);
    let uncommitted = uncommitted(site, workspace, &outcome)?;
    if done.status == Some(Status::NoApp) {
        done.errors
            .push_str("  only what is committed was looked at\n");
        return Ok(done);
    }
    let heading = if outcome.result.changes().is_empty() {
        done.people
            .push_str("Nothing to change, so no branch was made.\n");
        None
    } else {
        let branch = commit(workspace, site, args, &outcome)?;
        let heading = heading(&branch);
        done.people = next_steps(&branch.name);
        done.json.branch = Some(branch);
        Some(heading)
    };
    done.result = result(run, site, &outcome, heading.as_deref());
    done.people.insert_str(0, &uncommitted);
    let closing = report::closing(&outcome, &site.shown, &run.invocation(site));
    done.people.push_str(&closing);
    Ok(done)
}

fn commit(
    workspace: &Workspace,
    site: &Site,
    args: &MigrateArgs,
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
    let commit = git::commit_on_branch(workspace.repository(), &request)?;
    Ok(json::Branch {
        name: name.to_owned(),
        commit: commit.to_string(),
    })
}

fn heading(branch: &json::Branch) -> String {
    let short: String = branch.commit.chars().take(9).collect();
    format!("Committed on the branch {} ({short}):", branch.name)
}

fn next_steps(branch: &str) -> String {
    format!(
        "Look at it with `git show {branch}`, take it with `git switch {branch}`. Your files are \
         as they were.\n"
    )
}

fn result(run: &Run, site: &Site, outcome: &Outcome, heading: Option<&str>) -> String {
    let mut text = match (run.output.format, heading) {
        (Format::Text, Some(heading)) => account::done(outcome, &site.shown, heading) + "\n",
        (Format::Concise, Some(_)) => outcome
            .fixed()
            .map(|reported| concise::fixed_line(reported, &site.shown) + "\n")
            .collect(),
        _ => String::new(),
    };
    text.push_str(&run.findings(outcome, &site.shown));
    text
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
