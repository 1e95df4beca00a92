//! What a worker gives back of a repository.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::commands::Status;
use crate::fleet::state::{Brief, Ending, Record};
use crate::report::document::{RepositoryDocument, Summary};
use crate::report::json;
use crate::report::verify::VerifyDocument;
use crate::secrets::redacted;

/// What a worker gives back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Worked {
    /// An earlier run did it, and nothing changed.
    Kept,
    /// It is done.
    Done(Box<Finished>),
}

/// A repository that is done: its line for the state, and what of it is printed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Finished {
    /// Its line for the state.
    pub line: String,
    /// How the work on it ended.
    pub outcome: Ending,
    /// The exit code that the command for one has.
    pub exit_code: u8,
    /// Why nothing could be done, a sentence on one line.
    pub error: Option<String>,
    /// The branch that was made.
    pub branch: Option<String>,
    /// The remote that it was pushed to.
    pub pushed: Option<String>,
    /// The counts.
    pub summary: Summary,
    /// What came of the start of its apps, where they were started.
    pub starts: Option<Starts>,
    /// What people must know beside the result: files that were not read, what an earlier run left.
    pub warnings: Vec<String>,
}

/// What came of the start of the apps of a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Starts {
    /// How many were started.
    pub tried: usize,
    /// How many of them answered.
    pub answered: usize,
}

impl Starts {
    /// The counts of what came of each app.
    pub fn new(documents: &[VerifyDocument]) -> Self {
        let answered = documents.iter().filter(|it| it.is_verified()).count();
        Self {
            tried: documents.len(),
            answered,
        }
    }

    /// Whether all answered.
    pub fn is_good(self) -> bool {
        self.tried == self.answered
    }
}

impl Finished {
    /// Writes the record out.
    pub fn from_result<R: Serialize>(
        record: &Record<R>,
        branch: Option<String>,
        summary: Summary,
    ) -> Self {
        // A record is made of texts, numbers and lists: it can always be written.
        let line = serde_json::to_string(record).unwrap_or_default();
        let line = json::escaped(&line) + "\n";
        Self {
            line,
            outcome: record.brief.outcome,
            exit_code: record.brief.exit_code,
            error: record.error.clone(),
            branch,
            pushed: None,
            summary,
            starts: None,
            warnings: Vec::new(),
        }
    }

    /// A repository that nothing could be done with, and why.
    pub fn failed(
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
            result: RepositoryDocument::refused(name.to_owned(), &error),
            error: Some(error),
            seconds,
        };
        Self::from_result(&record, None, Summary::default())
    }
}

/// Seconds since 1970, by the clock of this machine.
pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

/// Reasons may have several lines; a table has one for each repository.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
