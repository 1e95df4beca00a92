//! Commits the repairs of the last commit on a branch of their own.

use std::collections::BTreeSet;

use super::solve::{SolveChoices, fix_and_solve};
use super::verify::{VerifyChoices, verify_apps};
use super::{PathRefusal, Site, baseline, plan};
use crate::app::{LISTS, MARKERS};
use crate::engine::{self, Outcome};
use crate::git::{self, BranchRequest, Workspace, WorkspaceKind};
use crate::report::commit_message::commit_message;
use crate::report::document::BranchDocument;
use crate::report::solve::SolveDocument;
use crate::report::verify::VerifyDocument;
use crate::tree::{CommitTree, TreePath};

/// What the branch is to be.
#[derive(Debug, Clone, Default)]
pub struct BranchChoices {
    /// Its name; that of the settings where none is given.
    pub name: Option<String>,
    /// Whether a branch that is there is replaced.
    pub force: bool,
    /// Whether the plan of each app is added.
    pub with_plan: bool,
    /// The first line of the commit message.
    pub message: Option<String>,
    /// Whether the commit is not signed, whatever git's configuration says.
    pub no_gpg_sign: bool,
}

/// What only a run over few repositories is asked for.
#[derive(Debug, Clone, Default)]
pub struct MigrateChoices {
    /// How the lists are made to install, where they are.
    pub solve: Option<SolveChoices>,
    /// How each app is started before anything is committed, where it is.
    pub verify: Option<VerifyChoices>,
}

/// What was committed.
pub struct Migrated<'t> {
    /// The findings and repairs.
    pub outcome: Outcome<'t>,
    /// The branch; none where there was nothing to change.
    pub branch: Option<BranchDocument>,
    /// Whether the branch had the same commit before, and was left as it is.
    pub is_as_it_was: bool,
    /// What makes the list of each app install, where that was asked for.
    pub solved: Vec<SolveDocument>,
    /// What came of the start of each app, where that was asked for.
    pub verified: Vec<VerifyDocument>,
    /// Deployment files with changes that are not committed, and so not on the branch.
    pub uncommitted: Vec<TreePath>,
}

impl Migrated<'_> {
    /// Whether the lists of all apps install.
    pub fn is_solved(&self) -> bool {
        self.solved.iter().all(SolveDocument::is_done)
    }

    /// Whether all apps that were tried answered.
    pub fn is_verified(&self) -> bool {
        self.verified.iter().all(VerifyDocument::is_verified)
    }
}

/// The last commit of the repository of a site.
///
/// # Errors
/// When there is no repository or no commit.
pub fn last_commit(site: &Site) -> Result<CommitTree, PathRefusal> {
    let workspace = site.workspace.as_ref().ok_or(PathRefusal::NoRepository)?;
    site.commit_tree(workspace)
}

/// Repairs the tree of the last commit and commits the result on the branch. What is asked of a
/// resolver is said to `say`. Where the apps are started first, one that does not answer keeps the
/// branch from being made.
///
/// # Errors
/// When the branch cannot be made, or an app could not be tried: it was neither made nor moved then.
pub fn migrate<'t>(
    site: &Site,
    tree: &'t CommitTree,
    branch: &BranchChoices,
    more: &MigrateChoices,
    say: &dyn Fn(String),
) -> Result<Migrated<'t>, PathRefusal> {
    let workspace = site.workspace.as_ref().ok_or(PathRefusal::NoRepository)?;
    let repository = site.repository(tree);
    let (mut outcome, solved) = if let Some(choices) = &more.solve {
        fix_and_solve(site, choices, &repository, say)?
    } else {
        let (settings, allowed) = (&site.settings.rules, site.settings.allowed);
        (engine::fix(&repository, settings, allowed), Vec::new())
    };
    if branch.with_plan && !outcome.apps.is_empty() {
        plan::add_to(site, &repository, &mut outcome)?;
    }
    // The plan says what is left, whether a baseline knows it or not.
    baseline::apply(site, tree, &mut outcome)?;
    outcome.join_causes();
    let uncommitted = uncommitted(workspace, &outcome)?;
    let is_nothing = outcome.apps.is_empty() && !outcome.failed();
    let is_nothing = is_nothing || outcome.result.changes().is_empty();
    let verified = match &more.verify {
        Some(choices) if !is_nothing => verify_apps(site, &outcome.result, &outcome, choices, say)?,
        _ => Vec::new(),
    };
    let starts = verified.iter().all(VerifyDocument::is_verified);
    let committed = if is_nothing || !starts {
        None
    } else {
        Some(commit(workspace, site, branch, &outcome, &solved)?)
    };
    let is_as_it_was = committed.as_ref().is_some_and(|(_, before)| *before);
    Ok(Migrated {
        outcome,
        branch: committed.map(|(branch, _)| branch),
        is_as_it_was,
        solved,
        verified,
        uncommitted,
    })
}

/// The branch, and whether it had this commit before.
fn commit(
    workspace: &Workspace,
    site: &Site,
    branch: &BranchChoices,
    outcome: &Outcome,
    solved: &[SolveDocument],
) -> Result<(BranchDocument, bool), PathRefusal> {
    let name = branch.name.as_deref().unwrap_or(&site.settings.branch);
    let mut message = commit_message(outcome, branch.message.as_deref());
    message.extend(solved.iter().filter_map(SolveDocument::message));
    let request = BranchRequest {
        base: workspace.head()?.commit()?,
        branch: name,
        force: branch.force,
        message: &message,
        may_sign: !branch.no_gpg_sign,
        changes: outcome.result.changes(),
    };
    let repository = workspace.repository();
    let before = match site.watch {
        None if !branch.force => git::done_before(repository, &request)?,
        _ => None,
    };
    let commit = match (before, &site.watch) {
        (Some(commit), _) => commit,
        (None, Some(watch)) => watch.commit(repository, &request)?,
        (None, None) => git::commit_on_branch(repository, &request)?,
    };
    let made = BranchDocument {
        name: name.to_owned(),
        commit: commit.to_string(),
        pushed: None,
    };
    Ok((made, before.is_some()))
}

/// Which deployment files have changes that are not committed.
fn uncommitted(workspace: &Workspace, outcome: &Outcome) -> Result<Vec<TreePath>, PathRefusal> {
    if workspace.kind() == WorkspaceKind::Bare {
        return Ok(Vec::new());
    }
    let mut paths: BTreeSet<TreePath> = outcome.result.changes().keys().cloned().collect();
    let findings = outcome.open().chain(outcome.fixed());
    paths.extend(findings.map(|reported| reported.finding.place.path.clone()));
    for app in &outcome.apps {
        paths.extend(MARKERS.iter().chain(LISTS).map(|name| app.root.child(name)));
    }
    let paths: Vec<TreePath> = paths.into_iter().filter(|path| !path.is_root()).collect();
    Ok(git::dirty(workspace.repository(), &paths)?)
}
