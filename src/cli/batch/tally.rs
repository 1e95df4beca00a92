//! The words of a batch: what became of a repository on one line, and the counts at the end. All
//! that is kept of a repository is a count.

use std::fmt::Write as _;

use crate::commands::batch::finished::{Finished, Starts};
use crate::commands::batch::task::Action;
use crate::commands::status::Status;
use crate::fleet::state::{Brief, Ending};
use crate::report::document::Summary;
use crate::report::{Tone, toned};

/// What became of a repository, in a few words.
pub(super) fn words(done: &Finished) -> String {
    let error = done.error.as_deref().unwrap_or_default();
    let left = findings(&done.summary);
    let words = match (done.outcome, &done.branch) {
        (Ending::Clean, _) => "clean".to_owned(),
        (Ending::Findings, _) => left,
        (Ending::Converted, branch) => {
            let name = branch.as_deref().unwrap_or_default();
            let rest = match open(&done.summary) {
                0 => String::new(),
                _ => format!(", {left} left"),
            };
            let pushed = done.pushed.as_ref();
            let pushed = pushed.map(|remote| format!(", pushed to {remote}"));
            format!("converted to {name}{}{rest}", pushed.unwrap_or_default())
        }
        (Ending::Unpushed, branch) => {
            let name = branch.as_deref().unwrap_or_default();
            format!("converted to {name}, and not pushed: {error}")
        }
        (Ending::NoApp, _) if error.is_empty() => "no app".to_owned(),
        (Ending::NoApp, _) => format!("no app: {error}"),
        (Ending::Unproven, Some(branch)) => {
            format!("converted to {branch} but for an app whose fixes could not be proven")
        }
        (Ending::Unproven, None) => "fixes could not be proven, so none was made".to_owned(),
        (Ending::TimedOut, _) => error.to_owned(),
        (Ending::Failed | Ending::Crashed, _) => format!("failed: {error}"),
    };
    let started = done.starts.map(started).unwrap_or_default();
    words + &started
}

/// What came of the start of the apps, behind what else became of the repository.
fn started(starts: Starts) -> String {
    match (starts.tried, starts.tried - starts.answered) {
        (0, _) => String::new(),
        (1, 0) => ", answers".to_owned(),
        (1, _) => ", does not answer".to_owned(),
        (_, 0) => ", all answer".to_owned(),
        (tried, 1) => format!(", 1 of {tried} apps does not answer"),
        (tried, silent) => format!(", {silent} of {tried} apps do not answer"),
    }
}

/// How they are meant.
pub(super) fn tone(outcome: Ending) -> Tone {
    match outcome {
        Ending::Clean | Ending::Converted => Tone::Good,
        Ending::Findings => Tone::Unsure,
        Ending::NoApp => Tone::Faint,
        Ending::Unpushed
        | Ending::Unproven
        | Ending::Failed
        | Ending::TimedOut
        | Ending::Crashed => Tone::Bad,
    }
}

fn open(summary: &Summary) -> usize {
    summary.must + summary.should + summary.may
}

fn findings(summary: &Summary) -> String {
    match open(summary) {
        1 => "1 finding".to_owned(),
        count => format!("{count} findings"),
    }
}

/// Counts of what became of the repositories.
#[derive(Debug, Default)]
pub(super) struct Tally {
    counts: [usize; Ending::ALL.len()],
    /// Those of them that an earlier run did.
    kept: usize,
    /// Those that have findings that count.
    with_findings: usize,
}

impl Tally {
    pub(super) fn add(&mut self, outcome: Ending, exit_code: u8) {
        let place = Ending::ALL.iter().position(|known| *known == outcome);
        if let Some(count) = place.and_then(|place| self.counts.get_mut(place)) {
            *count += 1;
        }
        self.with_findings += usize::from(exit_code == Status::Findings.code());
    }

    pub(super) fn keep(&mut self, brief: &Brief) {
        self.kept += 1;
        self.add(brief.outcome, brief.exit_code);
    }

    pub(super) fn total(&self) -> usize {
        self.counts.iter().sum()
    }

    pub(super) fn failed(&self) -> usize {
        self.each()
            .filter(|(ending, _)| ending.is_failure())
            .map(|(_, count)| count)
            .sum()
    }

    fn each(&self) -> impl Iterator<Item = (Ending, usize)> {
        Ending::ALL.into_iter().zip(self.counts)
    }

    fn count(&self, ending: Ending) -> usize {
        self.each()
            .find(|(known, _)| *known == ending)
            .map_or(0, |(_, count)| count)
    }

    /// The exit code that all of them have together.
    pub(super) fn status(&self) -> Status {
        if self.failed() > 0 {
            Status::SomeFailed
        } else if self.count(Ending::Unproven) > 0 {
            Status::ProofFailed
        } else if self.with_findings > 0 {
            Status::Findings
        } else if self.total() > 0 && self.count(Ending::NoApp) == self.total() {
            Status::NoApp
        } else {
            Status::Clean
        }
    }

    /// The counts as a sentence.
    pub(super) fn sentence(&self) -> String {
        let total = self.total();
        let noun = if total == 1 {
            "repository"
        } else {
            "repositories"
        };
        let parts = self.each().filter(|(_, count)| *count > 0);
        let parts: Vec<String> = parts
            .map(|(ending, count)| toned(tone(ending), &counted(ending, count)))
            .collect();
        let mut text = format!("{total} {noun}");
        if !parts.is_empty() {
            let _ = write!(text, ": {}", parts.join(", "));
        }
        if self.kept > 0 {
            let _ = write!(text, " ({} of them done before)", self.kept);
        }
        text + "\n"
    }
}

fn counted(ending: Ending, count: usize) -> String {
    let words = match ending {
        Ending::Clean => "clean",
        Ending::Findings => "with findings",
        Ending::Converted => "converted",
        Ending::Unpushed => "converted and not pushed",
        Ending::NoApp => "without an app",
        Ending::Unproven => "with fixes that could not be proven",
        Ending::Failed => "failed",
        Ending::TimedOut => "timed out",
        Ending::Crashed => "on which dashlift itself failed",
    };
    format!("{count} {words}")
}

/// What to do next.
pub(super) fn next(tally: &Tally, action: Action, failed: &str, state: Option<&str>) -> String {
    let Some(state) = state else {
        let patches = match action {
            Action::Diff => " and the patches",
            Action::Check | Action::Migrate => "",
        };
        return format!("Use --state FILE to keep the results{patches} for `dashlift report`.\n");
    };
    let mut text = String::new();
    if tally.failed() > 0 {
        let command = toned(Tone::Code, &format!("`{failed}`"));
        let _ = writeln!(text, "Repeat what failed with {command}.");
    }
    let command = format!("`dashlift report {state} --output fleet.html`");
    let _ = writeln!(text, "See it all with {}.", toned(Tone::Code, &command));
    text
}
