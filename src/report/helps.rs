//! What helps, in words that every document shares.

use super::{markdown, safe};
use crate::rules::{Finding, Safety};

/// One thing that helps.
pub(super) struct Help {
    /// What it is: `Note`, `Safe fix`, `Then`, `Do`, `Or`.
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

/// What more is known; the fix, then what is left after it, or the steps that take its place; other
/// ways.
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
    let plain = |kind: &'static str, texts: &[String]| {
        let helps = texts.iter().map(move |text| Help {
            kind,
            text: text.clone(),
            command: None,
        });
        helps.collect::<Vec<_>>()
    };
    let notes = plain("Note", &finding.notes).into_iter();
    let alternatives = plain("Or", &finding.alternatives);
    notes.chain(fix).chain(steps).chain(alternatives).collect()
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
