//! How often each rule found something.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::words::counted;
use crate::engine::Outcome;
use crate::rules::{Code, Rule};

/// A line for each rule that found something, the most frequent first, with how many of its
/// findings have a fix.
pub fn statistics(outcome: &Outcome) -> String {
    let mut rules: BTreeMap<Code, (&Rule, usize, usize)> = BTreeMap::new();
    for reported in outcome.open() {
        let rule = reported.finding.rule;
        let (_, found, fixes) = rules.entry(rule.code).or_insert((rule, 0, 0));
        *found += 1;
        *fixes += usize::from(reported.finding.fix.is_some());
    }
    let mut rows: Vec<(&Rule, usize, usize)> = rules.into_values().collect();
    rows.sort_by_key(|(_, found, _)| usize::MAX - found);
    let mut text = String::new();
    for (rule, found, fixes) in rows {
        let fixes = match fixes {
            0 => String::new(),
            count => format!(" ({})", counted(count, "fix")),
        };
        let _ = writeln!(text, "{found:>5}  {} {}{fixes}", rule.code, rule.stem);
    }
    text
}
