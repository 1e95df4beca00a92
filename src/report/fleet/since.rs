//! What moved since an earlier report: the same apps, by repository and folder, and how ready each was
//! and is.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::super::safe;
use super::super::words::counted;
use super::{App, Fleet, Readiness, VERSION, join_place};

/// Why a file is no earlier report.
#[derive(Debug, Error)]
pub enum EarlierError {
    /// Something else.
    #[error("is no fleet report in JSON (`dashlift report STATE --output FILE.json`): {0}")]
    Form(#[from] serde_json::Error),
    /// One of another program.
    #[error("is a fleet report of version {0}, and this program reads version {VERSION}")]
    Version(u32),
}

/// An earlier report, as far as it is compared.
#[derive(Debug, Deserialize)]
pub struct EarlierReport {
    version: u32,
    apps: Vec<EarlierApp>,
}

#[derive(Debug, Deserialize)]
struct EarlierApp {
    repository: String,
    root: String,
    readiness: Readiness,
    plan: EarlierPlan,
}

#[derive(Debug, Deserialize)]
struct EarlierPlan {
    person: Vec<IgnoredAny>,
}

impl EarlierReport {
    /// Reads the JSON of a fleet report.
    ///
    /// # Errors
    /// When it is none, or one of another version.
    pub fn read(bytes: &[u8]) -> Result<Self, EarlierError> {
        let report: Self = serde_json::from_slice(bytes)?;
        match report.version {
            VERSION => Ok(report),
            other => Err(EarlierError::Version(other)),
        }
    }
}

/// What moved.
#[derive(Debug, Serialize)]
pub(super) struct Comparison {
    /// The earlier report, as it was named.
    file: String,
    /// Apps that are readier than they were.
    closer: usize,
    /// Apps that are less ready.
    back: usize,
    /// Apps that are as ready as they were.
    same: usize,
    /// Steps for people, then and now.
    steps_before: usize,
    steps: usize,
    /// The apps that moved.
    moved: Vec<Move>,
    /// Apps that the earlier report does not have.
    new: Vec<String>,
    /// Apps that this report does not have.
    gone: Vec<String>,
}

/// An app that moved.
#[derive(Debug, Serialize)]
struct Move {
    app: String,
    from: Readiness,
    to: Readiness,
}

impl Fleet {
    /// Takes in what an earlier report said. `file` is its name.
    pub fn compare(&mut self, earlier: &EarlierReport, file: String) {
        type Place<'a> = (&'a str, &'a str);
        let place = |app: &EarlierApp| join_place(&app.repository, &app.root);
        let mut before: BTreeMap<Place, &EarlierApp> = earlier
            .apps
            .iter()
            .map(|app| ((app.repository.as_str(), app.root.as_str()), app))
            .collect();
        let mut comparison = Comparison {
            file,
            closer: 0,
            back: 0,
            same: 0,
            steps_before: earlier.apps.iter().map(|app| app.plan.person.len()).sum(),
            steps: self.summary.steps,
            moved: Vec::new(),
            new: Vec::new(),
            gone: Vec::new(),
        };
        for app in &self.apps {
            match before.remove(&(app.repository.as_str(), app.root.as_str())) {
                None => comparison.new.push(app.place()),
                Some(was) => comparison.add(app, was.readiness),
            }
        }
        comparison.gone = before.into_values().map(place).collect();
        self.since = Some(comparison);
    }
}

impl Comparison {
    fn add(&mut self, app: &App, was: Readiness) {
        if app.readiness == was {
            self.same += 1;
            return;
        }
        if app.readiness > was {
            self.closer += 1;
        } else {
            self.back += 1;
        }
        self.moved.push(Move {
            app: app.place(),
            from: was,
            to: app.readiness,
        });
    }

    /// The counts, a sentence.
    pub(super) fn sentence(&self) -> String {
        format!(
            "{} readier than then, {} less ready, {} as ready; {} new, {} gone; {} for people then, {} now.",
            counted(self.closer, "app"),
            self.back,
            self.same,
            self.new.len(),
            self.gone.len(),
            counted(self.steps_before, "step"),
            self.steps
        )
    }

    /// The earlier report.
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// A line for each app that moved, came or went: its name, and what it did.
    pub(super) fn lines(&self) -> Vec<(String, String)> {
        let moved = self.moved.iter().map(|moved| {
            let words = format!("{} before, now {}", moved.from.words(), moved.to.words());
            (moved.app.clone(), words)
        });
        let new = self.new.iter().map(|app| (app.clone(), "new".to_owned()));
        let gone = self.gone.iter().map(|app| (app.clone(), "gone".to_owned()));
        moved.chain(new).chain(gone).collect()
    }

    /// The section for a terminal, without its heading.
    pub(super) fn text(&self) -> String {
        let mut text = format!("  {}\n", self.sentence());
        for (app, words) in self.lines() {
            let _ = writeln!(text, "  {}: {words}", safe(&app));
        }
        text
    }
}
