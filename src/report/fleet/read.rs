//! The part of a repository's JSON (`docs/output.md`) that the report shows, read back.

use serde::{Deserialize, Serialize};

use super::trial::FleetTrial;

/// What became of a repository.
#[derive(Debug, Deserialize)]
pub(super) struct Result {
    pub(super) apps: Vec<App>,
    pub(super) findings: Vec<Finding>,
    #[serde(default)]
    pub(super) diff: Option<String>,
    #[serde(default)]
    pub(super) branch: Option<Branch>,
    pub(super) plans: Vec<Plan>,
    /// What came of the start of each app; of none where they were not started.
    #[serde(default)]
    pub(super) verified: Vec<FleetTrial>,
}

/// The branch that was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Branch {
    pub(super) name: String,
    pub(super) commit: String,
}

/// An app.
#[derive(Debug, Deserialize)]
pub(super) struct App {
    pub(super) root: String,
    pub(super) findings: Vec<Finding>,
    pub(super) failure: Option<Failure>,
}

/// A failed proof.
#[derive(Debug, Deserialize)]
pub(super) struct Failure {
    pub(super) message: String,
}

/// A finding.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Finding {
    pub(super) code: String,
    pub(super) stem: String,
    pub(super) category: Category,
    pub(super) message: String,
    pub(super) path: String,
    pub(super) line: Option<usize>,
    pub(super) fix: Option<Fix>,
    pub(super) steps: Vec<FindingStep>,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Category {
    /// DE5 breaks without it.
    Must,
    /// It works by luck.
    Should,
    /// Advice.
    May,
}

/// What repairs a finding.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Fix {
    pub(super) safety: String,
    pub(super) title: String,
}

/// What a person does about a finding.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FindingStep {
    pub(super) text: String,
    pub(super) command: Option<String>,
}

/// How long something takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Effort {
    /// No time.
    None,
    Minutes,
    Hours,
    Days,
}

impl Effort {
    /// The word for it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
        }
    }
}

/// The plan of an app, as far as the report shows it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Plan {
    pub(super) name: String,
    pub(super) repairs: Vec<Repair>,
    pub(super) person: Vec<Step>,
    pub(super) set_up: Vec<Step>,
    pub(super) services: Vec<Service>,
    pub(super) variables: Vec<Variable>,
    pub(super) scale: Vec<Process>,
    pub(super) python: Python,
    pub(super) filesystem: Filesystem,
    pub(super) commands: Vec<Command>,
    /// What decides and is not known; states of older versions do not say.
    #[serde(default)]
    pub(super) unknown: Vec<UnknownThing>,
    #[serde(default)]
    pub(super) server: Option<Server>,
}

/// Something that decides whether an app starts, and that is not known.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct UnknownThing {
    pub(super) kind: String,
    pub(super) name: Option<String>,
}

/// What the old server says of an app.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Server {
    pub(super) owner: Option<String>,
    pub(super) visited: Option<String>,
}

/// A repair that is made or ready.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Repair {
    pub(super) code: String,
    pub(super) path: String,
    pub(super) title: String,
    pub(super) safety: String,
}

/// A step for a person.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Step {
    pub(super) text: String,
    pub(super) command: Option<String>,
    pub(super) effort: Effort,
    pub(super) asked_by: Vec<Asker>,
}

/// A finding that asks for a step.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Asker {
    pub(super) code: String,
    pub(super) path: String,
    pub(super) line: Option<usize>,
    pub(super) message: String,
}

/// A service that the app uses.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Service {
    #[serde(rename = "service")]
    pub(super) kind: String,
    pub(super) certain: bool,
}

/// An environment variable to set.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) has_default: bool,
}

/// A process type that does not simply run once.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Process {
    #[serde(rename = "process")]
    pub(super) name: String,
    pub(super) had: Option<u32>,
    pub(super) set: Option<u32>,
}

/// The Python after the repairs.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Python {
    pub(super) minor: Option<String>,
    pub(super) from: String,
}

/// Whether the persistent filesystem is needed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Filesystem {
    pub(super) needed: String,
}

/// A command for the server.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Command {
    pub(super) purpose: String,
    #[serde(rename = "command")]
    pub(super) line: String,
    pub(super) certainty: String,
    pub(super) condition: Option<String>,
}
