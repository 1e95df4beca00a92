//! The work on one repository of a batch, by a worker: the same as the command for one does, with
//! the result made ready for the state.

use std::path::Path;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::line::{Line, say};
use super::watch::Watch;
use crate::cli::args::{BranchArgs, CommonArgs, OutputArgs, RuleArgs};
use crate::cli::done::Done;
use crate::cli::refusal::Refusal;
use crate::cli::run::Run;
use crate::cli::site::Site;
use crate::cli::status::Status;
use crate::cli::{check, diff, migrate};
use crate::fleet::fingerprint;
use crate::fleet::protocol::{Job, Said};
use crate::fleet::state::{Brief, Ending, Record};
use crate::git::{self, GitError, Workspace};
use crate::parallel;
use crate::report::json;
use crate::secrets::redacted;

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

/// What a worker gives back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Worked {
    /// An earlier run did it, and nothing changed.
    Kept,
    /// It is done.
    Done(Box<Finished>),
}

/// A repository that is done: its line for the state, and what of it is printed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Finished {
    pub(super) line: String,
    pub(super) outcome: Ending,
    pub(super) exit_code: u8,
    pub(super) error: Option<String>,
    pub(super) branch: Option<String>,
    pub(super) summary: json::Summary,
}

impl Finished {
    /// Writes the record out.
    pub(super) fn of<R: Serialize>(
        record: &Record<R>,
        branch: Option<String>,
        summary: json::Summary,
    ) -> Self {
        // A record is made of texts, numbers and lists: it can always be written.
        let mut line = serde_json::to_string(record).unwrap_or_default();
        line.push('\n');
        Self {
            line,
            outcome: record.brief.outcome,
            exit_code: record.brief.exit_code,
            error: record.error.clone(),
            branch,
            summary,
        }
    }

    /// A repository that nothing could be done with, and why.
    pub(super) fn failed(
        name: &str,
        outcome: Ending,
        error: &str,
        configuration: &str,
        seconds: f64,
    ) -> Self {
        let error = one_line(&redacted(error));
        let record = Record {
            brief: Brief {
                repository: name.to_owned(),
                commit: None,
                dirty: false,
                configuration: configuration.to_owned(),
                outcome,
                exit_code: match outcome {
                    Ending::NoApp => Status::NoApp.code(),
                    _ => Status::Refused.code(),
                },
                finished: now(),
            },
            result: json::Repository::refused(name.to_owned(), &error),
            error: Some(error),
            seconds,
        };
        Self::of(&record, None, json::Summary::default())
    }
}

/// Seconds since 1970, by the clock of this machine.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

/// Reasons may have several lines; a table has one for each repository.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
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
