//! The message of the commit that `migrate` makes: what was done, by which rule, and what a person
//! has to do. Plain text, without secrets.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::account::steps;
use super::words::wrapped;
use super::{PathPrefix, concise, safe, words};
use crate::engine::{Outcome, Reported};
use crate::rules::Code;

/// Width (characters) of a commit message.
const WIDTH: usize = 72;

/// The first line where the user gives none.
pub const SUBJECT: &str = "Move to Dash Enterprise 5";

/// The message for this outcome.
pub fn commit_message(outcome: &Outcome, subject: Option<&str>) -> String {
    let mut text = format!("{}\n", subject.unwrap_or(SUBJECT));
    let _ = write!(text, "\nMade by dashlift {}.", env!("CARGO_PKG_VERSION"));
    let applied = applied(outcome.fixed());
    if applied.is_empty() {
        text.push_str(" The files needed no repair.\n");
    } else {
        let _ = write!(text, " Rules applied:\n\n{applied}");
    }
    text.push_str(&plans(outcome));
    text.push_str(&by_hand(outcome));
    text.push_str(&open(outcome));
    text
}

/// Where the plans are that the result holds.
fn plans(outcome: &Outcome) -> String {
    let files = outcome.result.changes().keys();
    let plans = files.filter(|path| path.name() == super::plan::FILE);
    let plans: Vec<String> = plans.map(|path| PathPrefix::plain().path(path)).collect();
    if plans.is_empty() {
        return String::new();
    }
    let mut text = "\n".to_owned();
    let sentence = format!("What is left to do, and how: {}", plans.join(", "));
    for line in wrapped(&sentence, WIDTH) {
        let _ = writeln!(text, "{line}");
    }
    text
}

/// The repairs, rule by rule, each title once with the files it was made in.
fn applied<'a>(fixed: impl Iterator<Item = &'a Reported>) -> String {
    let mut by_rule: BTreeMap<Code, (&str, Vec<String>)> = BTreeMap::new();
    for reported in fixed {
        let rule = reported.finding.rule;
        let title = reported.finding.fix.as_ref().map_or("", |fix| &fix.title);
        let path = PathPrefix::plain().path(&reported.finding.place.path);
        let line = format!("{path}: {}", safe(title));
        let (_, lines) = by_rule.entry(rule.code).or_insert((rule.stem, Vec::new()));
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    let mut text = String::new();
    for (code, (stem, lines)) in by_rule {
        let _ = writeln!(text, "{code} {stem}");
        for line in lines {
            push_item(&mut text, &line);
        }
    }
    text
}

/// What a person has to do: after the repairs, and where there is none.
fn by_hand(outcome: &Outcome) -> String {
    let without_fix = outcome
        .open()
        .filter(|reported| reported.finding.fix.is_none());
    let mut text = String::new();
    for left in steps(outcome.fixed().chain(without_fix)) {
        if text.is_empty() {
            text.push_str("\nLeft to do by hand:\n\n");
        }
        let codes: BTreeSet<String> = left
            .asked_by
            .iter()
            .map(|(code, _)| code.to_string())
            .collect();
        let codes: Vec<String> = codes.into_iter().collect();
        let sentence = format!("{} ({})", safe(&left.step.text), codes.join(", "));
        push_item(&mut text, &sentence);
        if let Some(command) = &left.step.command {
            let _ = writeln!(text, "      {}", safe(command));
        }
    }
    text
}

/// The findings that are still there.
fn open(outcome: &Outcome) -> String {
    let mut text = String::new();
    for reported in outcome.open() {
        if text.is_empty() {
            text.push_str("\nStill found:\n\n");
        }
        let mut line = concise::line(reported);
        if let Some(fix) = &reported.finding.fix {
            let kind = words::safety(fix.safety);
            let _ = write!(line, " ({kind} fix, not made: {})", safe(&fix.title));
        }
        push_item(&mut text, &line);
    }
    text
}

fn push_item(text: &mut String, item: &str) {
    for (index, line) in wrapped(item, WIDTH - 2).into_iter().enumerate() {
        let start = if index == 0 { "- " } else { "  " };
        let _ = writeln!(text, "{start}{line}");
    }
}
