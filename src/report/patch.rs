//! A patch for eyes: coloured, without secrets and characters that a terminal obeys. It is not
//! for `git apply`, which needs the bytes as they are.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write;

use super::helps::helps;
use super::style::{BAD_LINE, CODE, FAINT, GOOD, HEADING, styled};
use super::words::wrapped;
use super::{PathPrefix, concise, diff, safe};
use crate::engine::Proposal;
use crate::secrets::masked;

/// The patch, line by line in colour.
pub fn coloured(patch: &[u8]) -> String {
    let text = String::from_utf8_lossy(patch);
    let line = |line: &str| {
        let style = match line.as_bytes() {
            [b'+', b'+', b'+', b' ', ..]
            | [b'-', b'-', b'-', b' ', ..]
            | [b'd', b'i', b'f', b'f', b' ', ..] => HEADING,
            [b'+', ..] => GOOD,
            [b'-', ..] => BAD_LINE,
            [b' ', ..] => return safe(line) + "\n",
            [b'@', ..] => CODE,
            _ => FAINT,
        };
        styled(style, safe(line)) + "\n"
    };
    let covered = masked(&text);
    let changed = find_hidden_changes(&text, &covered);
    let shown = covered.lines().enumerate().map(|(number, text)| {
        let mut shown = line(text);
        if changed.contains(&number) {
            shown.push_str(&styled(FAINT, "  (what the stars hide changes, too)"));
            shown.push('\n');
        }
        shown
    });
    shown.collect()
}

/// The numbers, from 0, of added lines of which people would not see what changes: a line with
/// stars that is shown as one that goes, and is another.
fn find_hidden_changes(text: &str, covered: &str) -> BTreeSet<usize> {
    let pairs = || text.lines().zip(covered.lines());
    let hides = |(plain, shown): &(&str, &str)| plain != shown;
    let gone = pairs()
        .filter(hides)
        .filter(|(plain, _)| plain.starts_with('-'));
    let gone: Vec<(&str, &str)> = gone.collect();
    let hidden = pairs().enumerate().filter(|(_, (plain, shown))| {
        let added = plain.strip_prefix('+').filter(|_| plain != shown);
        added.is_some_and(|added| {
            let secret = |it: &(&str, &str)| it.0.get(1..) != Some(added);
            let is_alike = |it: &&(&str, &str)| it.1.get(1..) == shown.get(1..);
            let mut alike = gone.iter().filter(is_alike).peekable();
            alike.peek().is_some() && alike.all(secret)
        })
    });
    hidden.map(|(number, _)| number).collect()
}

/// Width (characters) at which the sentences of a proposal are broken.
const WIDTH: usize = 98;

/// A fix that somebody is asked about: the finding, what the fix does, and its patch.
pub fn proposal(proposal: &Proposal, shown: &PathPrefix) -> String {
    let finding = &proposal.reported.finding;
    let line = concise::shown_line(proposal.reported, shown);
    let mut text = format!("\n{}\n", styled(HEADING, line));
    for help in helps(finding) {
        for line in wrapped(&help.plain(), WIDTH) {
            let _ = writeln!(text, "  {line}");
        }
    }
    // A patch that cannot be made is one that cannot be shown; the question stays.
    let patch = diff::unified(proposal.before, &proposal.changes);
    text + &coloured(&patch.unwrap_or_default())
}

/// Whether the patch, as it is, tells secrets.
pub fn holds_secrets(patch: &[u8]) -> bool {
    matches!(masked(&String::from_utf8_lossy(patch)), Cow::Owned(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_hide_nothing_but_secrets() {
        let patch = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-https://me:pw@example.com\n+b\u{1b}\n c\n";
        let shown = anstream::adapter::strip_str(&coloured(patch.as_bytes())).to_string();
        let expected = patch
            .replace("me:pw", "*****")
            .replace('\u{1b}', "\u{fffd}");
        assert_eq!(shown, expected);
        assert!(holds_secrets(patch.as_bytes()));
        assert!(!holds_secrets(b"+x"));
    }

    #[test]
    fn a_change_that_the_stars_hide_is_said() {
        let patch = "@@ -1 +1 @@\n-https://me:pw@example.com\n+https://me:px@example.com\n";
        let shown = anstream::adapter::strip_str(&coloured(patch.as_bytes())).to_string();
        assert!(
            shown.ends_with("\n  (what the stars hide changes, too)\n"),
            "{shown}"
        );
        assert!(!shown.contains("px"), "{shown}");
        let patch = "@@ -1 +1 @@\n-https://me:pw@example.com/\n+https://me:pw@example.com\n";
        let shown = anstream::adapter::strip_str(&coloured(patch.as_bytes())).to_string();
        assert!(!shown.contains("stars"), "{shown}");
    }
}
