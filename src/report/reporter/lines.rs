//! The formats that are printed path by path, for people and for editors.

use super::{BatchLine, Reporter};
use crate::engine::Outcome;
use crate::plan::Plan;
use crate::report::fleet::{self, Fleet};
use crate::report::plan as page;
use crate::report::{PathPrefix, account, concise, text};
use crate::rules::Rule;

/// For people: source lines and help.
#[derive(Debug)]
pub struct Text;

impl Reporter for Text {
    fn is_document(&self, _command: &str) -> bool {
        false
    }

    fn is_for_programs(&self) -> bool {
        false
    }

    fn findings(&self, outcome: &Outcome, shown: &PathPrefix) -> String {
        text::findings(outcome, shown)
    }

    fn account(&self, outcome: &Outcome, shown: &PathPrefix, heading: &str) -> String {
        let left = self.findings(outcome, shown);
        if outcome.result.changes().is_empty() {
            return left;
        }
        let rest = if left.is_empty() {
            String::new()
        } else {
            account::rest_heading()
        };
        account::done(outcome, shown, heading) + &rest + &left
    }

    fn coloured_fleet(&self, fleet: &Fleet) -> Option<String> {
        Some(fleet::text::report(fleet))
    }
}

/// One line for each finding.
#[derive(Debug)]
pub struct Concise;

impl Reporter for Concise {
    fn is_document(&self, _command: &str) -> bool {
        false
    }

    fn is_for_programs(&self) -> bool {
        false
    }

    fn findings(&self, outcome: &Outcome, shown: &PathPrefix) -> String {
        let open = outcome.open();
        open.map(|reported| concise::shown_line(reported, shown) + "\n")
            .collect()
    }

    fn account(&self, outcome: &Outcome, shown: &PathPrefix, _heading: &str) -> String {
        let left = self.findings(outcome, shown);
        if outcome.result.changes().is_empty() {
            return left;
        }
        let line = |reported| concise::fixed_line(reported, shown) + "\n";
        outcome.fixed().map(line).collect::<String>() + &left
    }

    fn plans(&self, plans: &[Plan], _outcome: &Outcome, shown: &PathPrefix) -> String {
        plans.iter().map(|plan| page::line(plan, shown)).collect()
    }

    fn rules(&self, rules: &[&Rule]) -> std::io::Result<String> {
        let line = |rule: &&Rule| format!("{} {}\n", rule.code, rule.stem);
        Ok(rules.iter().map(line).collect())
    }

    fn batch_line(&self, line: &BatchLine) -> String {
        format!("{}: {}\n", line.name, line.words)
    }
}
