//! Findings of one cause, told as one. Each rule says what it finds place by place, so that a
//! comment can keep back one of them; what is left and has the same cause becomes one finding, with
//! the further places as evidence and all repairs in one fix.

use std::collections::BTreeMap;

use super::{Case, Category, Code, Evidence, Finding, Safety, Step, Subject};

/// What findings share that have one cause, and what they say together.
#[derive(Debug, Clone)]
pub struct Cause {
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

/// What has to be equal beside the cause.
type Key = (Code, Case, Subject, Category, Option<Safety>);

fn key(finding: &Finding) -> Option<Key> {
    let cause = finding.cause.as_ref()?;
    Some((
        finding.rule.code,
        finding.case,
        cause.subject.clone(),
        finding.category,
        finding.fix.as_ref().map(|fix| fix.safety),
    ))
}

/// Makes one finding of those that have one cause, at the place of the first.
pub(in crate::rules) fn join(findings: Vec<Finding>) -> Vec<Finding> {
    let mut joined: Vec<Finding> = Vec::new();
    let mut groups: BTreeMap<Key, (usize, usize)> = BTreeMap::new();
    for finding in findings {
        let Some(key) = key(&finding) else {
            joined.push(finding);
            continue;
        };
        let Some((at, count)) = groups.get_mut(&key) else {
            groups.insert(key, (joined.len(), 1));
            joined.push(finding);
            continue;
        };
        *count += 1;
        if let Some(first) = joined.get_mut(*at) {
            add(first, finding);
        }
    }
    for (at, count) in groups.into_values().filter(|(_, count)| *count > 1) {
        if let Some(first) = joined.get_mut(at) {
            speak_for_all(first, count);
        }
    }
    joined
}

/// Takes another place of the same cause in.
fn add(first: &mut Finding, other: Finding) {
    let note = other.cause.map(|cause| cause.note).unwrap_or_default();
    first.evidence.push(Evidence {
        place: other.place,
        note,
    });
    first.evidence.extend(other.evidence);
    if let (Some(fix), Some(more)) = (&mut first.fix, other.fix) {
        fix.edits.extend(more.edits);
        fix.reads.extend(more.reads);
    }
    for step in other.steps {
        if !first.steps.contains(&step) {
            first.steps.push(step);
        }
    }
    for consequence in other.consequences {
        if !first.consequences.contains(&consequence) {
            first.consequences.push(consequence);
        }
    }
    first.effort = first.effort.max(other.effort);
}

/// Says of the finding what holds for all of its places.
fn speak_for_all(first: &mut Finding, count: usize) {
    let Some(cause) = &first.cause else {
        return;
    };
    first.message = format!("{count} {}", cause.several);
    first.subject = cause.subject.clone();
    if let Some(fix) = &mut first.fix {
        cause.title.clone_into(&mut fix.title);
    }
    if let Some(step) = cause.step {
        first.steps = vec![Step::new(step)];
    }
}
