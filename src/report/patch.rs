//! A patch for eyes: coloured, without secrets and characters that a terminal obeys. It is not
//! for `git apply`, which needs the bytes as they are.

use std::borrow::Cow;
use std::fmt::Write;

use super::helps::helps;
use super::style::{BAD_LINE, CODE, FAINT, GOOD, HEADING, styled};
use super::words::wrapped;
use super::{Shown, concise, diff, safe};
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
    masked(&text).lines().map(line).collect()
}

/// Width (characters) at which the sentences of a proposal are broken.
const WIDTH: usize = 98;

/// A fix that somebody is asked about: the finding, what the fix does, and its patch.
pub fn proposal(proposal: &Proposal, shown: &Shown) -> String {
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
}
