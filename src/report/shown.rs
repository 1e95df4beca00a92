//! The last gate before a text of a user's file is printed: no secrets, nothing that a terminal
//! obeys. Every format passes through here, so that no rule can forget it.

use crate::secrets::masked;
use crate::text::is_hidden;

/// `text` on one line, without secrets and without characters that a terminal obeys.
pub fn safe(text: &str) -> String {
    masked(text)
        .chars()
        .map(|character| match character {
            '\t' | '\n' | '\r' => ' ',
            hidden if is_hidden(hidden) => char::REPLACEMENT_CHARACTER,
            shown => shown,
        })
        .collect()
}

/// `text` with its lines, without characters that hide themselves or turn the direction of writing.
pub(super) fn visible(text: &str) -> String {
    let visible = |character: char| match character {
        '\t' | '\n' => character,
        hidden if is_hidden(hidden) => char::REPLACEMENT_CHARACTER,
        shown => shown,
    };
    text.chars().map(visible).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_is_left() {
        assert_eq!(
            safe("a\tb\u{1b}[31m\u{202e}c\nTOKEN=abc"),
            "a b\u{fffd}[31m\u{fffd}c TOKEN=***"
        );
    }
}
