//! What findings have in common that are told as one. Each rule says what it finds place by place, so
//! that a comment or a baseline can keep back one of them, and each place is repaired by itself;
//! people and programs are told the cause once, with the further places as evidence.

use super::{Case, Category, Code, Evidence, Finding, Safety, Step, Subject};

/// What findings share that have one cause, and what they say together.
#[derive(Debug, Clone)]
pub struct FindingCause {
    /// What the finding is about that stands for all.
    pub subject: Subject,
    /// What several say, behind their number: "statements import packages of Dash 1".
    pub several: &'static str,
    /// What the fix of several does, as a command.
    pub title: &'static str,
    /// What a person does about several; `None` where each has the same steps.
    pub step: Option<&'static str>,
    /// What is seen at the place of this one, half a sentence.
    pub note: String,
}

/// What is equal in findings that are told as one.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bond(Code, Case, Subject, Category, Option<Safety>);

impl Finding {
    /// What it has in common with those that are told with it as one; `None` where it stands alone.
    pub fn bond(&self) -> Option<Bond> {
        let cause = self.cause.as_ref()?;
        Some(Bond(
            self.rule.code,
            self.case,
            cause.subject.clone(),
            self.category,
            self.fix.as_ref().map(|fix| fix.safety),
        ))
    }

    /// Takes the places, the repair and the steps of another one in: first its place, then its
    /// evidence.
    pub fn take_in(&mut self, other: Self) {
        let note = other.cause.map(|cause| cause.note).unwrap_or_default();
        self.evidence.push(Evidence {
            place: other.place,
            note,
        });
        self.evidence.extend(other.evidence);
        if let (Some(fix), Some(more)) = (&mut self.fix, other.fix) {
            fix.edits.extend(more.edits);
            fix.reads.extend(more.reads);
        }
        for step in other.steps {
            if !self.steps.contains(&step) {
                self.steps.push(step);
            }
        }
        for consequence in other.consequences {
            if !self.consequences.contains(&consequence) {
                self.consequences.push(consequence);
            }
        }
        self.effort = self.effort.max(other.effort);
    }

    /// Says what holds for all places of the cause, of which there are `count`.
    pub fn speak_for_all(&mut self, count: usize) {
        let Some(cause) = &self.cause else {
            return;
        };
        self.message = format!("{count} {}", cause.several);
        self.subject = cause.subject.clone();
        if let Some(fix) = &mut self.fix {
            cause.title.clone_into(&mut fix.title);
        }
        if let Some(step) = cause.step {
            self.steps = vec![Step::new(step)];
        }
    }
}
