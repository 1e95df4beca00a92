//! The work on one repository of a batch, by a worker: the same as the command for one does, with
//! the result made ready for the state.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use super::finished::{Finished, Starts, Worked, now};
use super::line::{BatchConnection, say};
use super::watch::Watch;
use crate::children::Limit;
use crate::commands::diff::{diff, repair};
use crate::commands::migrate::{self, BranchChoices, MigrateChoices};
use crate::commands::verify::{VerifyChoices, verify_apps};
use crate::commands::{Choices, PathRefusal, Site, Status, check, document, plan, warnings};
use crate::engine::Outcome;
use crate::fleet::fingerprint;
use crate::fleet::protocol::{Job, Said};
use crate::fleet::state::{Brief, Ending, Record};
use crate::git::{self, GitError, PushRequest, Workspace};
use crate::parallel;
use crate::report::diff::unified;
use crate::report::document::{BranchDocument, PushDocument, RepositoryDocument};
use crate::report::verify::VerifyDocument;
use crate::secrets::masked;
use crate::tree::Tree;

/// So many warnings of one repository are told.
const MOST_WARNINGS: usize = 5;

/// What a repository was like before the work: when all of it is the same, nothing is done again.
struct SeenState {
    commit: Option<String>,
    dirty: bool,
    configuration: String,
}

/// What is done to each repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Its findings.
    Check,
    /// And the patch.
    Diff,
    /// The repairs on a branch.
    Migrate,
}

impl Action {
    /// The command that does it to one.
    pub fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Diff => "diff",
            Self::Migrate => "migrate",
        }
    }
}

/// Where branches are pushed to.
#[derive(Debug, Clone)]
pub struct PushChoices {
    /// The name of the remote in each repository.
    pub remote: String,
    /// The folder that the batch works on.
    pub within: Option<PathBuf>,
    /// Seconds for one push.
    pub seconds: u64,
}

/// What a worker knows.
pub struct Task {
    /// What is done to each repository.
    pub action: Action,
    /// What decides the findings.
    pub rules: Choices,
    /// The branch of a migration.
    pub branch: BranchChoices,
    /// How its apps are started, where they are.
    pub trial: Option<VerifyChoices>,
    /// Where a branch is pushed to, where it is.
    pub push: Option<PushChoices>,
    /// The fingerprint of the command line.
    pub configuration: String,
}

impl Task {
    /// Works on the repository, and keeps everything that goes wrong to it.
    pub fn work(&self, job: &Job, line: &Arc<BatchConnection>) -> Worked {
        let begun = Instant::now();
        parallel::alone(|| {
            let worked = self.try_work(job, line, begun);
            worked
                .unwrap_or_else(|reason| Worked::Done(Box::new(self.refused(job, &reason, begun))))
        })
    }

    fn refused(&self, job: &Job, reason: &PathRefusal, begun: Instant) -> Finished {
        let outcome = match reason {
            // Made on the server and never pushed to: there is nothing to move.
            PathRefusal::Git(GitError::Unborn(_)) => Ending::NoApp,
            _ => Ending::Failed,
        };
        let reason = reason.to_string();
        let seconds = begun.elapsed().as_secs_f64();
        Finished::failed(&job.name, outcome, &reason, &self.configuration, seconds)
    }

    fn try_work(
        &self,
        job: &Job,
        line: &Arc<BatchConnection>,
        begun: Instant,
    ) -> Result<Worked, PathRefusal> {
        let watch = Watch {
            repository: job.name.clone(),
            line: Arc::clone(line),
            unfinished: job.unfinished.clone(),
        };
        let site = Site::of_batch(Path::new(&job.path), &self.rules, watch)?;
        let (commit, dirty) = self.seen(&site)?;
        let configuration = self.configuration(&site);
        if let Some(before) = &job.before {
            if !dirty
                && !before.outcome.is_failure()
                && (before.commit.as_ref(), before.dirty) == (commit.as_ref(), dirty)
                && before.configuration == configuration
            {
                return Ok(Worked::Kept);
            }
            say(&Said::Begun);
        }
        let seen = SeenState {
            commit,
            dirty,
            configuration,
        };
        let finished = self.finish(job, &site, seen, begun)?;
        Ok(Worked::Done(Box::new(finished)))
    }

    /// Does the work, pushes the branch where that is asked for, and says how it ended.
    fn finish(
        &self,
        job: &Job,
        site: &Site,
        seen: SeenState,
        begun: Instant,
    ) -> Result<Finished, PathRefusal> {
        let (mut result, status, warnings) = self.act(site)?;
        let starts = result.verified.as_deref().map(Starts::new);
        let status = match starts {
            Some(starts) if !starts.is_good() && status == Status::Clean => Status::Findings,
            _ => status,
        };
        result.path.clone_from(&job.name);
        let branch = result.branch.as_ref().map(|branch| branch.name.clone());
        let summary = result.summary;
        let pushed = result
            .branch
            .as_mut()
            .and_then(|branch| self.push(site, branch));
        let is_pushed = pushed.as_ref().is_none_or(|pushed| pushed.error.is_none());
        let remote = pushed.as_ref().map(|pushed| pushed.remote.clone());
        let record = Record {
            brief: Brief {
                repository: job.name.clone(),
                commit: seen.commit,
                dirty: seen.dirty,
                configuration: seen.configuration,
                outcome: if is_pushed {
                    ending(status, branch.is_some())
                } else {
                    Ending::Unpushed
                },
                exit_code: status.code(),
                finished: now(),
            },
            error: pushed.and_then(|pushed| pushed.error),
            seconds: begun.elapsed().as_secs_f64(),
            result,
        };
        Ok(Finished {
            pushed: remote.filter(|_| is_pushed),
            starts,
            warnings,
            ..Finished::from_result(&record, branch, summary)
        })
    }

    /// Does what the command for one does; the result has what a report of the fleet needs. What
    /// people must know comes beside it.
    fn act(&self, site: &Site) -> Result<(RepositoryDocument, Status, Vec<String>), PathRefusal> {
        match self.action {
            Action::Check => {
                let tree = site.tree()?;
                let found = check::check(site, &*tree)?;
                let (mut result, status) = document(site, &found, &found);
                if status != Status::NoApp {
                    result.plans = Some(plan::documents(site, &repair(site, &*tree))?);
                    result.verified = self.start(site, &*tree, &found)?;
                }
                Ok((result, status, warnings(site, &*tree)))
            }
            Action::Diff => {
                let tree = site.tree()?;
                let diffed = diff(site, &*tree)?;
                let (mut result, status) = document(site, &diffed.found, &diffed.repaired);
                if status != Status::NoApp {
                    result.plans = Some(plan::documents(site, &diffed.repaired)?);
                    result.diff = Some(mask(&diffed.patch));
                    let repaired = &diffed.repaired;
                    result.verified = self.start(site, &repaired.result, repaired)?;
                }
                Ok((result, status, warnings(site, &*tree)))
            }
            Action::Migrate => {
                let tree = migrate::last_commit(site)?;
                let more = MigrateChoices {
                    solve: None,
                    verify: self.trial.clone(),
                };
                let migrated = migrate::migrate(site, &tree, &self.branch, &more, &|_| ())?;
                let outcome = &migrated.outcome;
                let (mut result, status) = document(site, outcome, outcome);
                add_for_report(site, &tree, outcome, &mut result)?;
                result.branch = migrated.branch;
                result.verified = match &self.trial {
                    Some(_) if !migrated.verified.is_empty() => Some(migrated.verified),
                    // Where nothing changes the branch would be what is committed.
                    _ if status != Status::NoApp => self.start(site, &tree, &migrated.outcome)?,
                    _ => None,
                };
                Ok((result, status, warnings(site, &tree)))
            }
        }
    }

    /// Pushes the branch, where that is asked for.
    fn push(&self, site: &Site, branch: &mut BranchDocument) -> Option<PushDocument> {
        let (choices, workspace) = (self.push.as_ref()?, site.workspace.as_ref()?);
        let request = PushRequest {
            remote: &choices.remote,
            branch: &branch.name,
            commit: &branch.commit,
            within: choices.within.as_deref(),
            limit: Limit::seconds(choices.seconds),
        };
        let pushed = git::push(workspace.repository(), &request);
        let pushed = PushDocument {
            remote: choices.remote.clone(),
            error: pushed.err().map(|error| error.to_string()),
        };
        branch.pushed = Some(pushed.clone());
        Some(pushed)
    }

    /// Starts the apps as they are in a tree, where that is asked for.
    fn start(
        &self,
        site: &Site,
        tree: &dyn Tree,
        outcome: &Outcome,
    ) -> Result<Option<Vec<VerifyDocument>>, PathRefusal> {
        let start = |choices| verify_apps(site, tree, outcome, choices, &|_| ());
        self.trial.as_ref().map(start).transpose()
    }

    /// The last commit, and whether files are looked at that are not in it.
    fn seen(&self, site: &Site) -> Result<(Option<String>, bool), PathRefusal> {
        let Some(workspace) = &site.workspace else {
            return Ok((None, true));
        };
        let commit = match workspace.head()? {
            git::Head::Unborn { .. } => None,
            head => Some(head.commit()?.to_string()),
        };
        let of_files = self.action != Action::Migrate && site.root.is_some();
        let dirty = of_files && !git::is_clean(workspace.repository())?;
        Ok((commit, dirty))
    }

    /// A fingerprint of everything but the files that decides the result.
    fn configuration(&self, site: &Site) -> String {
        let remotes = site.workspace.as_ref().map(Workspace::remotes);
        let BranchChoices {
            name: branch,
            with_plan,
            message,
            force: _,
            no_gpg_sign: _,
        } = &self.branch;
        fingerprint(&format!(
            "{} {} {} {branch:?} {with_plan} {message:?} {:?} {:?} {:?}",
            env!("CARGO_PKG_VERSION"),
            self.action.name(),
            site.settings.describe(),
            self.trial,
            self.push.as_ref().map(|push| &push.remote),
            remotes.map(|remotes| remotes.urls),
        ))
    }
}

/// What an earlier run left, and which files were not read: the first few.
fn warnings(site: &Site, tree: &dyn Tree) -> Vec<String> {
    let mut all = warnings::all(site, tree);
    let more = all.len().saturating_sub(MOST_WARNINGS);
    if more > 0 {
        all.truncate(MOST_WARNINGS);
        all.push(format!("{more} more like this; `dashlift check` names all"));
    }
    all
}

fn ending(status: Status, branch: bool) -> Ending {
    match status {
        Status::ProofFailed => Ending::Unproven,
        Status::NoApp => Ending::NoApp,
        _ if branch => Ending::Converted,
        Status::Clean => Ending::Clean,
        Status::Findings => Ending::Findings,
        Status::Refused | Status::SomeFailed | Status::Interrupted => Ending::Failed,
    }
}

/// What a report of the fleet shows beside the findings.
fn add_for_report(
    site: &Site,
    tree: &dyn Tree,
    outcome: &Outcome,
    result: &mut RepositoryDocument,
) -> Result<(), PathRefusal> {
    result.diff = Some(mask(&unified(tree, outcome.result.changes())?));
    result.plans = Some(plan::documents(site, outcome)?);
    Ok(())
}

/// A patch for a report: text, without secrets.
fn mask(patch: &[u8]) -> String {
    masked(&String::from_utf8_lossy(patch)).into_owned()
}
