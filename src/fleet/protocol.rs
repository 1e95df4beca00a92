//! What a batch and its workers say to each other: a line of JSON each. The batch says [`Order`],
//! on the worker's standard input; the worker says [`Said`], on its standard output. A worker ends
//! when its input does.

use std::ffi::OsString;

use serde::{Deserialize, Serialize};

use super::find::FoundRepository;
use super::state::{Brief, Writing};

/// One repository to work on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its name, as in [`FoundRepository::name`].
    pub name: String,
    /// Where it is.
    pub path: OsString,
    /// Why it cannot be worked on, a sentence.
    pub problem: Option<String>,
    /// What an earlier run made of it.
    pub before: Option<Brief>,
    /// What a run that ended suddenly was about to write there.
    pub unfinished: Option<Writing>,
}

impl Job {
    /// The work on a place that no run knows.
    pub fn new(place: FoundRepository) -> Self {
        Self {
            name: place.name,
            path: place.path.into_os_string(),
            problem: place.problem,
            before: None,
            unfinished: None,
        }
    }
}

/// What a worker is to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Work on this.
    Work(Box<Job>),
    /// Yes, make the branch.
    Write,
    /// No, do not make it.
    Stop,
}

/// What a worker says. `R` is the result of the work on one repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said<R> {
    /// What an earlier run did has to be done again.
    Begun,
    /// May this branch be made?
    Writing(Writing),
    /// The work is done.
    Ended(R),
    /// The work ended in a panic; what it said, and where. The worker ends, too: nobody knows what
    /// the panic left behind in it.
    Panicked(String),
}
