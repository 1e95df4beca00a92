//! The findings of a day, written down so that only new ones are reported: what the file holds, and
//! which findings are in it. Where the file lies is not known here.

mod fingerprint;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::engine::{Baselined, Outcome, Reported};
use crate::rules::{self, Rule};
use crate::tree::TreePath;

use fingerprint::OldFingerprints;
pub use fingerprint::{Fingerprint, Fingerprints};

/// The version of the file that this program writes.
pub const VERSION: u64 = 2;

/// The version before it, which is still read: it knew a finding by the text of its lines.
const OLD_VERSION: u64 = 1;

/// The findings of a day, by file, rule and content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Whether the file was of the version before.
    is_old: bool,
    entries: BTreeSet<Entry>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    path: TreePath,
    rule: String,
    fingerprint: Fingerprint,
}

/// Why a file is no baseline.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum BaselineError {
    /// Something else, or a broken file.
    #[error("is no baseline of dashlift ({0})")]
    Foreign(String),
    /// Of the version before, with findings of what was not looked at.
    #[error(
        "is a baseline of version {OLD_VERSION} with findings that this run did not look for; \
         write it anew for all of the repository, with all of its rules"
    )]
    OldRest,
    /// Written by a newer program.
    #[error("is a baseline of version {0}; this dashlift knows none above {VERSION}")]
    Version(u64),
}

/// The file.
#[derive(Serialize, Deserialize)]
struct Document {
    #[serde(rename = "dashlift-baseline")]
    version: u64,
    #[serde(default)]
    findings: Vec<Row>,
}

/// One line of the file.
#[derive(Serialize, Deserialize)]
struct Row {
    path: String,
    rule: String,
    fingerprint: String,
}

/// What a run looked at.
#[derive(Debug, Clone, Copy)]
pub struct Looked<'a> {
    /// The folder.
    pub scope: &'a TreePath,
    /// The rules.
    pub rules: &'a [&'static Rule],
}

impl Looked<'_> {
    /// Whether a finding of the entry would have been found.
    fn covers(&self, entry: &Entry) -> bool {
        // The file that lists the remotes is looked at with every folder.
        let inside = entry.path.is_in(self.scope) || entry.path.as_str().starts_with(".git/");
        let mut codes = self.rules.iter().map(|rule| rule.code.to_string());
        inside && codes.any(|code| code == entry.rule)
    }
}

impl Baseline {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is something else, or of another version.
    pub fn parse(bytes: &[u8]) -> Result<Self, BaselineError> {
        let foreign = |error: &dyn ToString| BaselineError::Foreign(error.to_string());
        let value: serde_json::Value =
            serde_json::from_slice(bytes).map_err(|error| foreign(&error))?;
        let version = value
            .get("dashlift-baseline")
            .and_then(serde_json::Value::as_u64);
        match version {
            None => return Err(foreign(&"it does not say its version")),
            Some(VERSION | OLD_VERSION) => {}
            Some(other) => return Err(BaselineError::Version(other)),
        }
        let document: Document = serde_json::from_value(value).map_err(|error| foreign(&error))?;
        let entries = document.findings.into_iter().map(Entry::read);
        let entries: Option<BTreeSet<Entry>> = entries.collect();
        let entries = entries.ok_or_else(|| foreign(&"one of its findings cannot be read"))?;
        Ok(Self {
            is_old: version == Some(OLD_VERSION),
            entries,
        })
    }

    /// The file: one line for each finding, in order, so that git can merge it.
    ///
    /// # Errors
    /// Never for texts; serde's own signature.
    pub fn print(&self) -> serde_json::Result<String> {
        let rows: Result<Vec<String>, _> = self.entries.iter().map(Entry::line).collect();
        let rows = rows?.join(",\n    ");
        let findings = if rows.is_empty() {
            "[]".to_owned()
        } else {
            format!("[\n    {rows}\n  ]")
        };
        Ok(format!(
            "{{\n  \"dashlift-baseline\": {VERSION},\n  \"findings\": {findings}\n}}\n"
        ))
    }

    /// The findings that are open.
    pub fn new(outcome: &Outcome) -> Self {
        let mut fingerprints = Fingerprints::default();
        let entries = outcome.open().map(|reported| Entry {
            path: reported.finding.place.path.clone(),
            rule: reported.finding.rule.code.to_string(),
            fingerprint: fingerprints.next(reported),
        });
        Self {
            is_old: false,
            entries: entries.collect(),
        }
    }

    /// How many findings there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds what an earlier baseline says of what was not looked at this time. Rules that there are
    /// no more are forgotten.
    ///
    /// # Errors
    /// When the earlier one is of another version and says something of that: it cannot be told in
    /// this one.
    pub fn with_rest_of(mut self, earlier: Self, looked: Looked) -> Result<Self, BaselineError> {
        let mut rest = earlier
            .entries
            .into_iter()
            .filter(|entry| !looked.covers(entry) && rules::find(&entry.rule).is_some())
            .peekable();
        if earlier.is_old && rest.peek().is_some() {
            return Err(BaselineError::OldRest);
        }
        self.entries.extend(rest);
        Ok(self)
    }

    /// Takes the findings that are in the baseline out of those that are open, and counts those of
    /// the baseline that are there no more.
    pub fn apply(&self, outcome: &mut Outcome, looked: Looked) {
        let mut left = self.entries.clone();
        let mut fingerprints = Fingerprints::default();
        let mut old_fingerprints = OldFingerprints::default();
        let mut found = Vec::new();
        let mut is_new = |reported: &mut Reported| {
            let entry = Entry {
                path: reported.finding.place.path.clone(),
                rule: reported.finding.rule.code.to_string(),
                fingerprint: if self.is_old {
                    old_fingerprints.next(reported)
                } else {
                    fingerprints.next(reported)
                },
            };
            !left.remove(&entry)
        };
        let mut divide = |open: &mut Vec<Reported>| {
            found.extend(open.extract_if(.., |reported| !is_new(reported)));
        };
        for app in &mut outcome.apps {
            divide(&mut app.open);
        }
        divide(&mut outcome.repository);
        outcome.baselined = Baselined {
            findings: found,
            is_old: self.is_old,
            gone: left.iter().filter(|entry| looked.covers(entry)).count(),
        };
    }
}

impl Entry {
    fn read(row: Row) -> Option<Self> {
        Some(Self {
            path: TreePath::new(&row.path).ok()?,
            rule: row.rule,
            fingerprint: Fingerprint::parse(&row.fingerprint)?,
        })
    }

    fn line(&self) -> serde_json::Result<String> {
        serde_json::to_string(&Row {
            path: self.path.to_string(),
            rule: self.rule.clone(),
            fingerprint: self.fingerprint.to_string(),
        })
    }
}

#[cfg(test)]
mod tests;
