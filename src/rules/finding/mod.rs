//! What a rule says: a fact about an app, the place that shows it, and its repair.

mod cause;
mod change;
mod consequence;
mod identity;

use serde::{Deserialize, Serialize};

use std::fmt;

use super::Rule;
use crate::text::{Position, Span};
use crate::tree::TreePath;

pub use crate::tree::Edit;
pub use cause::{Bond, FindingCause};
pub use change::Fix;
pub use consequence::{Consequence, ServerSetting, Stage};
pub use identity::{Case, Identity, Subject};

/// The number of a rule, printed as `DL101`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub u16);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DL{:03}", self.0)
    }
}

/// How much a finding matters on DE5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// DE5 breaks without it.
    Must,
    /// It works by luck.
    Should,
    /// Advice.
    May,
}

/// How sure a fix is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// The app means the same on DE5.
    Safe,
    /// Right in most cases; made only when asked for.
    Unsafe,
}

/// How long a person needs for what the program leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effort {
    /// Nothing is left.
    None,
    /// A click or a line.
    Minutes,
    /// Something to look up or to try.
    Hours,
    /// Something to build.
    Days,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file; or a folder, for what is about all of it.
    pub path: TreePath,
    /// The characters, in the decoded text of the file; `None` for the file as a whole.
    pub span: Option<Span>,
    /// Line and column, only where the file has no text to find a span in.
    pub position: Option<Position>,
}

impl Place {
    /// The whole file or folder.
    pub fn file(path: TreePath) -> Self {
        Self {
            path,
            span: None,
            position: None,
        }
    }

    /// A part of a file's text.
    pub fn span(path: TreePath, span: Span) -> Self {
        Self {
            path,
            span: Some(span),
            position: None,
        }
    }
}

/// Where a step happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StepSite {
    /// In the repository: a commit holds it afterwards.
    Repository,
    /// On a Dash Enterprise server.
    Server,
    /// In each clone of the repository: no commit holds it.
    Clone,
}

/// Something that only a person can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What to do, a sentence.
    pub text: String,
    /// The command that does it, with `APP` for the app's name.
    pub command: Option<String>,
    /// Where it happens.
    pub site: StepSite,
    /// Whether it only says what the finding's consequences say: who lists those leaves it out.
    pub restates: bool,
}

impl Step {
    /// A step in the repository.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            command: None,
            site: StepSite::Repository,
            restates: false,
        }
    }

    /// With the command that does it.
    #[must_use]
    pub fn command(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }

    /// Somewhere else than in the repository.
    #[must_use]
    pub fn at(mut self, site: StepSite) -> Self {
        self.site = site;
        self
    }

    /// Saying only what the consequences say.
    #[must_use]
    pub fn restating(mut self) -> Self {
        self.restates = true;
        self
    }
}

/// Another place that shows the fact, and what it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Where.
    pub place: Place,
    /// What is seen there, half a sentence.
    pub note: String,
}

/// A fact about an app, with its repair or the steps that a person takes.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that says it.
    pub rule: &'static Rule,
    /// Which of the things that the rule says.
    pub case: Case,
    /// What it is about.
    pub subject: Subject,
    /// How much it matters.
    pub category: Category,
    /// Where it shows.
    pub place: Place,
    /// The fact, a sentence without a full stop.
    pub message: String,
    /// More places that show it.
    pub evidence: Vec<Evidence>,
    /// The repair, where the program knows one.
    pub fix: Option<Fix>,
    /// What a person does: instead of the fix where there is none, after it where there is one.
    pub steps: Vec<Step>,
    /// What more is known of the fact, sentences that ask for nothing.
    pub notes: Vec<String>,
    /// Other ways than the fix and the steps: whoever takes one leaves those out.
    pub alternatives: Vec<String>,
    /// How long the steps take.
    pub effort: Effort,
    /// What it means for the move, beside the change of files.
    pub consequences: Vec<Consequence>,
    /// What it shares with other findings that are told with it as one.
    pub cause: Option<FindingCause>,
}

impl Rule {
    /// Starts a finding about a file; [`Draft::fix`] or [`Draft::guide`] ends it, so that there is
    /// none without a repair or a step. The message is for people: nothing compares it.
    pub fn report(
        &'static self,
        case: Case,
        subject: Subject,
        path: &TreePath,
        message: impl Into<String>,
    ) -> Draft {
        debug_assert!(self.cases.contains(&case), "{case:?} of {}", self.stem);
        Draft(Finding {
            rule: self,
            case,
            subject,
            category: self.category,
            place: Place::file(path.clone()),
            message: message.into(),
            evidence: Vec::new(),
            fix: None,
            steps: Vec::new(),
            notes: Vec::new(),
            alternatives: Vec::new(),
            effort: Effort::None,
            consequences: Vec::new(),
            cause: None,
        })
    }
}

impl Finding {
    /// What makes it the same finding elsewhere and later.
    pub fn identity(&self) -> Identity {
        Identity {
            code: self.rule.code,
            case: self.case,
            subject: self.subject.clone(),
        }
    }

    /// The fact, a sentence without a full stop, for people.
    pub fn sentence(&self) -> &str {
        &self.message
    }

    /// Whether no change of the repository can answer it: everything that it asks for happens on
    /// the server or in a clone. The plan says it; a check does not fail for it.
    pub fn is_outside(&self) -> bool {
        self.fix.is_none()
            && !self.steps.is_empty()
            && self
                .steps
                .iter()
                .all(|step| step.site != StepSite::Repository)
    }
}

/// A finding that does not say yet what to do.
#[derive(Debug, Clone)]
pub struct Draft(Finding);

impl Draft {
    /// The characters that show the fact.
    #[must_use]
    pub fn span(mut self, span: Span) -> Self {
        self.0.place.span = Some(span);
        self
    }

    /// The line and column in a file that is not text.
    #[must_use]
    pub fn position(mut self, position: Position) -> Self {
        self.0.place.position = Some(position);
        self
    }

    /// Another category than the rule's own.
    #[must_use]
    pub fn category(mut self, category: Category) -> Self {
        self.0.category = category;
        self
    }

    /// Others with the same rule, case and cause are told with it as one finding.
    #[must_use]
    pub fn because(mut self, cause: FindingCause) -> Self {
        self.0.cause = Some(cause);
        self
    }

    /// What the fact means for the move, beside the change of files.
    #[must_use]
    pub fn means(mut self, consequence: Consequence) -> Self {
        self.0.consequences.push(consequence);
        self
    }

    /// The app does not come so far, if the fact `is_sure` to keep it from there.
    #[must_use]
    pub fn stops(self, is_sure: bool, stage: Stage) -> Self {
        self.means_all(is_sure.then_some(Consequence::Stops(stage)))
    }

    /// As [`Draft::means`], for several.
    #[must_use]
    pub fn means_all(mut self, consequences: impl IntoIterator<Item = Consequence>) -> Self {
        self.0.consequences.extend(consequences);
        self
    }

    /// Another place that shows the fact.
    #[must_use]
    pub fn evidence(mut self, path: &TreePath, span: Span, note: impl Into<String>) -> Self {
        self.0.evidence.push(Evidence {
            place: Place::span(path.clone(), span),
            note: note.into(),
        });
        self
    }

    /// What more is known of the fact: nobody has to do anything about it.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.0.notes.push(text.into());
        self
    }

    /// Another way than the fix and the steps: an option of the same decision.
    #[must_use]
    pub fn alternative(mut self, text: impl Into<String>) -> Self {
        self.0.alternatives.push(text.into());
        self
    }

    /// Something for a person to do; with a fix, something that is left after it.
    #[must_use]
    pub fn step(self, text: impl Into<String>) -> Self {
        self.take(Step::new(text))
    }

    /// As [`Draft::step`], with all that is known of it.
    #[must_use]
    pub fn take(mut self, step: Step) -> Self {
        self.0.steps.push(step);
        self.0.effort = self.0.effort.max(Effort::Minutes);
        self
    }

    /// As [`Draft::step`], with the command that does it.
    #[must_use]
    pub fn command(self, text: impl Into<String>, command: impl Into<String>) -> Self {
        self.take(Step::new(text).command(command))
    }

    /// How long the steps take, where it is not minutes.
    #[must_use]
    pub fn effort(mut self, effort: Effort) -> Self {
        self.0.effort = effort;
        self
    }

    /// Ends with the repair.
    pub fn fix(mut self, fix: Fix) -> Finding {
        self.0.fix = Some(fix);
        self.0
    }

    /// Ends with the last thing for a person to do.
    pub fn guide(self, text: impl Into<String>) -> Finding {
        self.step(text).0
    }

    /// Ends with what a person does, for findings whose steps were all added with
    /// [`Draft::step`] or [`Draft::command`]. A finding without any is a defect that the tests'
    /// harness reports.
    pub fn done(self) -> Finding {
        self.0
    }
}
