//! Which of the fixes that could be made are made: all of them, or those that somebody takes when
//! asked one by one.

use std::collections::BTreeMap;

use super::apply::Batch;
use super::proof::changes_between;
use super::{ProofFailure, Reported};
use crate::rules::{Finding, Fix, Identity};
use crate::tree::{Change, Overlay, TreePath};

/// One fix, before it is made.
pub struct Proposal<'a> {
    /// The finding that it repairs.
    pub reported: &'a Reported,
    /// The files as they are, with all that was done before.
    pub before: &'a Overlay<'a>,
    /// What it would change in them.
    pub changes: BTreeMap<TreePath, Change>,
}

/// What makes two findings of different rounds the same: their places move with the text.
type Key = (Identity, TreePath);

/// Findings whose repair was offered and declined.
#[derive(Default)]
pub(super) struct Declined(BTreeMap<Key, usize>);

impl Declined {
    /// Whether the repair of a finding like this was declined.
    pub(super) fn contains(&self, finding: &Finding) -> bool {
        self.0.contains_key(&key(finding))
    }

    fn count(&self, key: &Key) -> usize {
        self.0.get(key).copied().unwrap_or(0)
    }

    fn add(&mut self, key: Key) {
        *self.0.entry(key).or_default() += 1;
    }
}

/// Who decides, and what was decided.
pub(super) struct Choice<'c> {
    /// Nobody, when all fixes are made.
    choose: Option<&'c mut dyn FnMut(&Proposal) -> bool>,
    declined: Declined,
    /// Those of the declined that came by in this round.
    passed: Declined,
}

impl<'c> Choice<'c> {
    /// All fixes.
    pub(super) fn all() -> Self {
        Self {
            choose: None,
            declined: Declined::default(),
            passed: Declined::default(),
        }
    }

    /// Those that `choose` takes.
    pub(super) fn new(choose: &'c mut dyn FnMut(&Proposal) -> bool) -> Self {
        Self {
            choose: Some(choose),
            ..Self::all()
        }
    }

    /// Whether somebody is asked.
    pub(super) fn asks(&self) -> bool {
        self.choose.is_some()
    }

    /// What was declined so far.
    pub(super) fn declined(&self) -> &Declined {
        &self.declined
    }

    /// The findings come by again, from the first one.
    pub(super) fn next_round(&mut self) {
        self.passed = Declined::default();
    }

    /// Whether the fix is to be made. Of findings that look alike, as many are passed over as were
    /// declined in earlier rounds; only the others are asked for.
    ///
    /// # Errors
    /// When the fix does not fit the files.
    pub(super) fn takes(
        &mut self,
        tree: &Overlay,
        reported: &Reported,
        fix: &Fix,
    ) -> Result<bool, ProofFailure> {
        let Some(choose) = &mut self.choose else {
            return Ok(true);
        };
        let key = key(&reported.finding);
        if self.passed.count(&key) < self.declined.count(&key) {
            self.passed.add(key);
            return Ok(false);
        }
        let mut after = tree.clone();
        let mut alone = Batch::default();
        alone.take(tree, reported.finding.rule.code, fix);
        alone.apply(&mut after)?;
        let taken = choose(&Proposal {
            reported,
            before: tree,
            changes: changes_between(tree, &after),
        });
        if !taken {
            self.declined.add(key.clone());
            self.passed.add(key);
        }
        Ok(taken)
    }
}

fn key(finding: &Finding) -> Key {
    (finding.identity(), finding.place.path.clone())
}

#[cfg(test)]
mod tests {
    use super::super::{Outcome, fix, fix_chosen};
    use super::*;
    use crate::rules::{Repository, Safety, Settings};
    use crate::tree::{MemoryTree, Tree};

    const CODE: &str = "from dash import Dash\n\napp = Dash(__name__)\nserver = app.server\n\n\
        app.run_server()\napp.run_server()\n";

    fn tree() -> MemoryTree {
        MemoryTree::new([
            ("Procfile", "web: gunicorn app:server\n"),
            ("app.py", CODE),
            ("requirements.txt", "dash>=3\ngunicorn\n"),
            ("runtime.txt", "python-3.9.6\n"),
        ])
    }

    fn repository(tree: &MemoryTree) -> Repository<'_> {
        Repository {
            tree,
            scope: TreePath::root(),
            remotes: None,
        }
    }

    /// The outcome with these answers, and what was asked.
    fn chosen<'t>(tree: &'t MemoryTree, answers: &[bool]) -> (Outcome<'t>, Vec<String>) {
        let mut asked = Vec::new();
        let mut answers = answers.iter();
        let mut choose = |proposal: &Proposal| {
            let finding = &proposal.reported.finding;
            let at = proposal.reported.position();
            asked.push(format!("{} {at}", finding.rule.code));
            assert!(!proposal.changes.is_empty());
            *answers.next().expect("asked too often")
        };
        let repository = repository(tree);
        let outcome = fix_chosen(&repository, &Settings::default(), Safety::Safe, &mut choose);
        (outcome, asked)
    }

    fn codes<'a>(findings: impl Iterator<Item = &'a Reported>) -> Vec<String> {
        let code = |it: &Reported| format!("{} {}", it.finding.rule.code, it.position());
        findings.map(code).collect()
    }

    #[test]
    fn each_fix_is_asked_for_once() {
        let tree = tree();
        let (outcome, asked) = chosen(&tree, &[false, true, false]);
        assert_eq!(asked, ["DL308 6:1", "DL308 7:1", "DL101 1:1"]);
        assert!(!outcome.failed());
        assert_eq!(codes(outcome.fixed()), ["DL308 7:1"]);
        assert_eq!(codes(outcome.open()), ["DL308 6:1", "DL101 1:1"]);
        let text = outcome
            .result
            .read(&TreePath::new("app.py").unwrap())
            .unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(text.ends_with("app.run_server()\napp.run()\n"), "{text}");
    }

    #[test]
    fn all_taken_is_all_fixed_and_none_is_none() {
        let tree = tree();
        let all = fix(&repository(&tree), &Settings::default(), Safety::Safe);
        let (outcome, _) = chosen(&tree, &[true; 9]);
        assert_eq!(outcome.result.changes(), all.result.changes());
        let (outcome, asked) = chosen(&tree, &[false; 3]);
        assert_eq!(asked.len(), 3);
        assert!(outcome.result.changes().is_empty());
        assert_eq!(outcome.open().count(), 3);
    }
}
