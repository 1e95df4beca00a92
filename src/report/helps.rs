//! What helps, in words that every document shares.

use super::{markdown, safe};
use crate::rules::{Finding, Safety};

/// One thing that helps.
pub(super) struct Help {
    /// What it is: `Safe fix`, `Then`, `Do`.
    pub(super) kind: &'static str,
    /// What it does, a sentence.
    text: String,
    /// The command that does it.
    command: Option<String>,
}

impl Help {
    /// On one line, as plain text.
    pub(super) fn plain(&self) -> String {
        let command = self.command.as_deref();
        let command = command.map_or(String::new(), |command| format!(" `{}`", safe(command)));
        format!("{}: {}{command}", self.kind, safe(&self.text))
    }

    /// On one line, as Markdown.
    pub(super) fn markdown(&self) -> String {
        let command = self.command.as_deref();
        let command = command.map_or(String::new(), |command| {
            format!(" {}", markdown::code(command))
        });
        format!("{}: {}{command}", self.kind, markdown::sentence(&self.text))
    }
}

/// The fix, then what is left after it; or the steps that take its place.
pub(super) fn helps(finding: &Finding) -> Vec<Help> {
    let fix = finding.fix.as_ref().map(|fix| Help {
        kind: match fix.safety {
            Safety::Safe => "Safe fix",
            Safety::Unsafe => "Unsafe fix",
        },
        text: sentence(&fix.title),
        command: None,
    });
    let kind = if fix.is_some() { "Then" } else { "Do" };
    let steps = finding.steps.iter().map(|step| Help {
        kind,
        text: step.text.clone(),
        command: step.command.clone(),
    });
    fix.into_iter().chain(steps).collect()
}

/// A half sentence with its full stop.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?', ':']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// A sentence that begins with a capital letter.
pub(super) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first: Vec<char> = characters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    first.into_iter().chain(characters).collect()
}
