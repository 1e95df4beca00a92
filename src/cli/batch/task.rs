//! The work on one repository of a batch, by a worker: the same as the command for one does, with
//! the result made ready for the state.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use crate::cli::args::{BranchArgs, CommonArgs, OutputArgs, RuleArgs};
use crate::cli::done::Done;
use crate::cli::run::Run;
use crate::cli::{check, diff, migrate};
use crate::commands::batch::finished::{Finished, Worked, now};
use crate::commands::batch::line::{Line, say};
use crate::commands::batch::watch::Watch;
use crate::commands::refusal::Refusal;
use crate::commands::site::Site;
use crate::commands::status::Status;
use crate::fleet::fingerprint;
use crate::fleet::protocol::{Job, Said};
use crate::fleet::state::{Brief, Ending, Record};
use crate::git::{self, GitError, Workspace};
use crate::parallel;

/// What is done to each repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Check,
    Diff,
    Migrate,
}

impl Action {
    /// The command that does it to one.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Diff => "diff",
            Self::Migrate => "migrate",
        }
    }
}

/// What a worker knows.
pub(in crate::cli) struct Task {
    pub(super) action: Action,
    pub(super) rules: RuleArgs,
    pub(super) branch: BranchArgs,
    pub(super) output: OutputArgs,
    /// The fingerprint of the command line.
    pub(super) configuration: String,
}

impl Task {
    /// Works on the repository, and keeps everything that goes wrong to it.
    pub(super) fn work(&self, job: &Job, line: &Arc<Line>) -> Worked {
        let begun = Instant::now();
        parallel::alone(|| {
            let worked = self.try_work(job, line, begun);
            worked
                .unwrap_or_else(|reason| Worked::Done(Box::new(self.refused(job, &reason, begun))))
        })
    }

    fn refused(&self, job: &Job, reason: &Refusal, begun: Instant) -> Finished {
        let outcome = match reason {
            // Made on the server and never pushed to: there is nothing to move.
            Refusal::Git(GitError::Unborn(_)) => Ending::NoApp,
            _ => Ending::Failed,
        };
        let reason = reason.to_string();
        let seconds = begun.elapsed().as_secs_f64();
        Finished::failed(&job.name, outcome, &reason, &self.configuration, seconds)
    }

    fn try_work(&self, job: &Job, line: &Arc<Line>, begun: Instant) -> Result<Worked, Refusal> {
        let watch = Watch {
            repository: job.name.clone(),
            line: Arc::clone(line),
            unfinished: job.unfinished.clone(),
        };
        let site = Site::of_batch(Path::new(&job.path), &self.rules.choices(), watch)?;
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
        let done = self.act(&site)?;
        let status = done.status.unwrap_or(Status::Clean);
        let mut result = done.json;
        result.path.clone_from(&job.name);
        let branch = result.branch.as_ref().map(|branch| branch.name.clone());
        let summary = result.summary;
        let record = Record {
            brief: Brief {
                repository: job.name.clone(),
                commit,
                dirty,
                configuration,
                outcome: ending(status, branch.is_some()),
                exit_code: status.code(),
                finished: now(),
            },
            error: None,
            seconds: begun.elapsed().as_secs_f64(),
            result,
        };
        let finished = Finished::of(&record, branch, summary);
        Ok(Worked::Done(Box::new(finished)))
    }

    fn act(&self, site: &Site) -> Result<Done, Refusal> {
        let common = CommonArgs {
            paths: Vec::new(),
            rules: self.rules.clone(),
        };
        let run = Run {
            command: self.action.name(),
            app_name: None,
            common: &common,
            output: &self.output,
            once_per_repository: true,
        };
        match self.action {
            Action::Check => check::check(&run, site),
            Action::Diff => diff::diff(&run, site),
            Action::Migrate => {
                migrate::migrate(&run, site, &self.branch, &migrate::More::default())
            }
        }
    }

    /// The last commit, and whether files are looked at that are not in it.
    fn seen(&self, site: &Site) -> Result<(Option<String>, bool), Refusal> {
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
        let BranchArgs {
            branch,
            with_plan,
            message,
            force: _,
        } = &self.branch;
        fingerprint(&format!(
            "{} {} {} {branch:?} {with_plan} {message:?} {:?}",
            env!("CARGO_PKG_VERSION"),
            self.action.name(),
            site.settings.told(),
            remotes.map(|remotes| remotes.urls),
        ))
    }
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
