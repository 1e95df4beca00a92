//! How a run ended, as the shell sees it.

use crate::engine::Outcome;
use crate::report::Tally;
use crate::rules::Category;

/// The end of a run, from the best to the worst: of several paths, the worst one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Nothing to do.
    Clean,
    /// Findings remain.
    Findings,
    /// There is no app.
    NoApp,
    /// The result of a fix could not be proven.
    ProofFailed,
    /// Wrong usage or configuration, or something that was refused.
    Refused,
    /// Some repositories of a batch could not be worked on.
    SomeFailed,
    /// Somebody asked the program to stop before it was done.
    Interrupted,
}

impl Status {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Refused => 2,
            Self::NoApp => 3,
            Self::ProofFailed => 4,
            Self::SomeFailed => 5,
            Self::Interrupted => 130,
        }
    }

    /// How a run over a repository ended: by what was `found` of the weight `fail_on` and above, and
    /// whether all proofs of `result` held.
    pub fn new(found: &Outcome, result: &Outcome, fail_on: Category) -> Self {
        if result.failed() {
            Self::ProofFailed
        } else if found.apps.is_empty() {
            Self::NoApp
        } else if Tally::of(found.open()).counting(fail_on) > 0 {
            Self::Findings
        } else {
            Self::Clean
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{AppOutcome, Baselined, FailedProof, ProofFailure, Reported};
    use crate::rules::Subject;
    use crate::tree::{MemoryTree, Overlay, TreePath};

    fn reported(category: Category) -> Reported {
        let rule = crate::rules::find("DL101").unwrap();
        let case = *rule.cases.first().unwrap();
        let draft = rule
            .report(case, Subject::Whole, &TreePath::root(), "a fact")
            .category(category);
        Reported {
            finding: draft.guide("Do it."),
            text: None,
            evidence: Vec::new(),
        }
    }

    fn status(apps: usize, open: &[Category], failed: bool, fail_on: Category) -> u8 {
        let tree = MemoryTree::default();
        let failure = || FailedProof {
            failure: ProofFailure::NotRepaired("DL101".to_owned()),
            rejected: std::collections::BTreeMap::new(),
        };
        let app = |_| AppOutcome {
            root: TreePath::root(),
            fixed: Vec::new(),
            open: open.iter().map(|category| reported(*category)).collect(),
            suppressed: Vec::new(),
            failed: failed.then(|| Box::new(failure())),
            skipped: Vec::new(),
        };
        let outcome = Outcome {
            apps: (0..apps).map(app).collect(),
            repository: Vec::new(),
            suppressed: Vec::new(),
            baselined: Baselined::default(),
            result: Overlay::new(&tree),
        };
        Status::new(&outcome, &outcome, fail_on).code()
    }

    #[test]
    fn the_outcome_decides_the_exit_code() {
        use Category::{May, Must, Should};
        assert_eq!(status(1, &[], false, Should), 0);
        assert_eq!(status(1, &[Must], false, Should), 1);
        assert_eq!(status(1, &[Should], false, Should), 1);
        assert_eq!(status(1, &[Should], false, Must), 0);
        assert_eq!(status(1, &[May], false, Should), 0);
        assert_eq!(status(1, &[May], false, May), 1);
        assert_eq!(status(0, &[], false, Should), 3);
        assert_eq!(status(2, &[Must], true, Should), 4);
    }

    #[test]
    fn the_worst_of_several_counts() {
        let all = [
            Status::Clean,
            Status::Findings,
            Status::NoApp,
            Status::ProofFailed,
            Status::Refused,
            Status::SomeFailed,
            Status::Interrupted,
        ];
        let codes: Vec<u8> = all.into_iter().map(Status::code).collect();
        assert_eq!(codes, [0, 1, 3, 4, 2, 5, 130]);
        assert_eq!(all.into_iter().max(), Some(Status::Interrupted));
    }
}
