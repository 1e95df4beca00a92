//! The report on a fleet: what became of every app of many repositories, as data. One file per
//! form that it is printed in. It takes plain data: where the repositories were worked on, and how
//! what came of each was kept, is not known here.

mod build;
mod diff;
pub mod html;
pub mod markdown;
mod page;
mod pull_request;
mod server;
mod since;
pub mod text;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::document::{BranchDocument, FindingDocument, PlanDocument};
use super::json::Tool;
use super::verify::VerifyDocument;
use crate::rules::Effort;
pub use build::Builder;
pub use server::HandOut;
use since::Comparison;
pub use since::{EarlierError, EarlierReport};

/// The version of the JSON form. A change that takes something away or gives it another meaning
/// makes the next one.
pub const VERSION: u32 = 1;

/// What became of one repository, as it was kept.
#[derive(Debug)]
pub struct FleetEntry {
    /// Its name in the fleet.
    pub repository: String,
    /// The commit that was looked at.
    pub commit: Option<String>,
    /// Whether files were looked at that no commit holds.
    pub dirty: bool,
    /// What was done: `check`, `diff`, `migrate`.
    pub command: String,
    /// How it ended.
    pub end: End,
    /// One of `repositories` of the JSON output, with its plans; null when there is none.
    pub result: Value,
}

/// How the work on a repository ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Its apps were looked at.
    Done,
    /// There is no app in it.
    NoApp,
    /// Nothing is known of it; a sentence says why.
    Failed(String),
}

/// One of the files that the report is made of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct State {
    /// The file, as it was named.
    pub file: String,
    /// What was done to the repositories.
    pub command: String,
    /// The version of the program that did it.
    pub tool: String,
    /// The folder or list that named them.
    pub source: String,
    /// The part of them, as in `2/4`; all when none.
    pub shard: Option<String>,
    /// How many repositories of the report are from this file.
    pub repositories: usize,
}

/// The whole report.
#[derive(Debug, Serialize)]
pub struct Fleet {
    version: u32,
    tool: Tool,
    /// What the report is made of.
    states: Vec<State>,
    /// What a reader must know about them, a sentence each.
    notes: Vec<String>,
    summary: Summary,
    /// What moved since an earlier report, where one was named.
    since: Option<Comparison>,
    /// The rules that found something, those that stop most apps first.
    rules: Vec<RuleCount>,
    /// The apps, those that need most first.
    apps: Vec<App>,
    /// The repositories, by name.
    repositories: Vec<FleetRepository>,
}

/// The counts.
#[derive(Debug, Default, Serialize)]
struct Summary {
    repositories: usize,
    /// Repositories without an app.
    without_app: usize,
    /// Repositories of which nothing is known.
    failed_repositories: usize,
    apps: usize,
    readiness: ByReadiness,
    /// Findings that are there; after `migrate`, those that are left.
    must: usize,
    should: usize,
    may: usize,
    /// Repairs that are made or ready.
    repairs: usize,
    /// Steps for a person.
    steps: usize,
    /// Apps that were started, and those of them that answered.
    started: usize,
    answered: usize,
    by_effort: ByEffort,
}

/// Apps by how ready they are.
#[derive(Debug, Default, Serialize)]
struct ByReadiness {
    ready: usize,
    prepared: usize,
    unsure: usize,
    person: usize,
    blocked: usize,
    failed: usize,
}

/// Steps for a person by how long each takes.
#[derive(Debug, Default, Serialize)]
struct ByEffort {
    minutes: usize,
    hours: usize,
    days: usize,
}

/// How ready an app is, from the one that needs most to the one that needs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Readiness {
    /// The proof of its repairs failed, and it was left as it was.
    Failed,
    /// A finding breaks it on DE5 and only a person can mend it.
    Blocked,
    /// Somebody has to look something up, decide or write something.
    Person,
    /// Nothing known stands in the way, but something that decides is not known.
    Unsure,
    /// The repairs answer every finding that counts.
    Prepared,
    /// Nothing that counts was found.
    Ready,
}

impl Readiness {
    const ALL: [Self; 6] = [
        Self::Failed,
        Self::Blocked,
        Self::Person,
        Self::Unsure,
        Self::Prepared,
        Self::Ready,
    ];

    /// The words for it.
    fn words(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Blocked => "blocked",
            Self::Person => "needs a person",
            Self::Unsure => "not sure",
            Self::Prepared => "fixes prepared",
            Self::Ready => "ready",
        }
    }

    /// What it means, a sentence.
    fn meaning(self) -> &'static str {
        match self {
            Self::Failed => "The proof of the repairs failed, so the app was left as it was.",
            Self::Blocked => {
                "Dash Enterprise 5 breaks the app in a way that no repair mends: a person has to."
            }
            Self::Person => "A person has to decide, look up or write something.",
            Self::Unsure => {
                "Nothing known stands in the way, but something that decides is not known: `dashlift verify` makes sure."
            }
            Self::Prepared => "The repairs answer every finding that counts.",
            Self::Ready => "Nothing that counts was found.",
        }
    }

    /// The name of it in JSON.
    fn key(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Blocked => "blocked",
            Self::Person => "person",
            Self::Unsure => "unsure",
            Self::Prepared => "prepared",
            Self::Ready => "ready",
        }
    }
}

impl ByReadiness {
    fn get(&self, readiness: Readiness) -> usize {
        match readiness {
            Readiness::Failed => self.failed,
            Readiness::Blocked => self.blocked,
            Readiness::Person => self.person,
            Readiness::Unsure => self.unsure,
            Readiness::Prepared => self.prepared,
            Readiness::Ready => self.ready,
        }
    }

    fn count(&mut self, readiness: Readiness) {
        *match readiness {
            Readiness::Failed => &mut self.failed,
            Readiness::Blocked => &mut self.blocked,
            Readiness::Person => &mut self.person,
            Readiness::Unsure => &mut self.unsure,
            Readiness::Prepared => &mut self.prepared,
            Readiness::Ready => &mut self.ready,
        } += 1;
    }
}

/// What one rule found in the fleet.
#[derive(Debug, Serialize)]
struct RuleCount {
    code: String,
    stem: String,
    /// What it finds, half a sentence; empty for a rule that this version does not have.
    summary: String,
    /// Apps and repositories in which it found something.
    apps: usize,
    /// Those of them that it blocks.
    blocks: usize,
    /// Findings that are there.
    findings: usize,
    /// Repairs of its findings that are made or ready.
    repairs: usize,
}

/// One repository.
#[derive(Debug, Serialize)]
struct FleetRepository {
    #[serde(rename = "repository")]
    name: String,
    commit: Option<String>,
    dirty: bool,
    command: String,
    /// Why nothing is known of it.
    error: Option<String>,
    /// How many apps were found in it.
    apps: usize,
    branch: Option<BranchDocument>,
    /// Findings about the repository as a whole.
    findings: Vec<FindingDocument>,
}

/// One app.
#[derive(Debug, Serialize)]
struct App {
    /// A name for it that is different for every app of the report and good in an address.
    id: String,
    repository: String,
    root: String,
    /// Its name on the server, as the plan has it.
    name: String,
    readiness: Readiness,
    /// How long everything takes that a person does.
    effort: Effort,
    must: usize,
    should: usize,
    may: usize,
    /// Findings that break the app on DE5 and that only a person mends.
    blocks: Vec<FindingDocument>,
    /// The other findings.
    findings: Vec<FindingDocument>,
    /// Why the proof failed.
    failure: Option<String>,
    /// What came of its start, where it was started.
    verified: Option<VerifyDocument>,
    /// What has to happen: the plan.
    plan: PlanDocument,
    /// What the repairs change, as a patch to read.
    diff: Option<String>,
    /// Who made it on the old server.
    owner: Option<String>,
    /// When somebody last looked at it there.
    visited: Option<String>,
    /// The wave in which it moves.
    wave: Option<usize>,
}

/// What the report says before it comes to the single apps.
#[derive(Serialize)]
struct DocumentHead<'a> {
    tool: &'a Tool,
    states: &'a [State],
    notes: &'a [String],
    summary: &'a Summary,
    since: Option<&'a Comparison>,
    rules: &'a [RuleCount],
}

impl Fleet {
    fn head(&self) -> DocumentHead<'_> {
        DocumentHead {
            tool: &self.tool,
            states: &self.states,
            notes: &self.notes,
            summary: &self.summary,
            since: self.since.as_ref(),
            rules: &self.rules,
        }
    }

    /// Repositories of which nothing is known.
    fn failed(&self) -> impl Iterator<Item = &FleetRepository> {
        let all = self.repositories.iter();
        all.filter(|repository| repository.error.is_some())
    }

    /// Repositories whose branch was not pushed although that was asked for, and why.
    fn unpushed(&self) -> impl Iterator<Item = (&FleetRepository, &str)> {
        self.repositories.iter().filter_map(|repository| {
            let pushed = repository.branch.as_ref()?.pushed.as_ref()?;
            Some((repository, pushed.error.as_deref()?))
        })
    }

    /// Repositories without an app.
    fn without_app(&self) -> impl Iterator<Item = &FleetRepository> {
        let all = self.repositories.iter();
        all.filter(|repository| repository.error.is_none() && repository.apps == 0)
    }
}

impl App {
    /// The repository, and the app's folder where it is not the repository itself.
    fn place(&self) -> String {
        join_place(&self.repository, &self.root)
    }
}

/// A repository, and the folder of an app in it where that is not the repository itself.
fn join_place(repository: &str, root: &str) -> String {
    match root {
        "." => repository.to_owned(),
        root => format!("{repository}/{root}"),
    }
}

#[cfg(test)]
mod tests;
