//! What came of the start of an app, as the report shows it.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::super::verify::explain_verdict;

/// What came of the start of an app: the part of its JSON (`docs/output.md`) that is shown.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct FleetTrial {
    /// The app's folder; `.` is the repository itself.
    pub(super) app: String,
    pub(super) python: String,
    pub(super) verdict: String,
    pub(super) verified: bool,
    pub(super) cause: Option<String>,
    pub(super) error: Option<String>,
    pub(super) explanation: Option<String>,
    pub(super) place: Option<TrialPlace>,
    /// What else is worth knowing.
    #[serde(default)]
    pub(super) notes: Vec<String>,
}

/// The line of the app that raised.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct TrialPlace {
    pub(super) path: String,
    pub(super) line: usize,
}

impl FleetTrial {
    /// What it did, in a few words.
    pub(super) fn words(&self) -> &'static str {
        explain_verdict(&self.verdict)
    }

    /// What it did and why, sentences without back ticks of ours.
    pub(super) fn sentence(&self) -> String {
        let mut text = format!("It {} on Python {}", self.words(), self.python);
        let place = self.place.as_ref();
        let place = place.map(|place| format!("{}:{} ", place.path, place.line));
        if let Some(error) = &self.error {
            let _ = write!(text, ": {}{error}", place.unwrap_or_default());
        }
        for more in self.explanation.iter().chain(&self.notes) {
            let _ = write!(text, "; {more}");
        }
        text + "."
    }
}
