//! The last gate before a text of a user's file is printed: no secrets, nothing that a terminal
//! obeys. Every format passes through here, so that no rule can forget it.

use crate::secrets::masked;
use crate::text::{is_hidden, shell_word};

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

/// The name of a file or folder on one line, as [`safe`]. One with characters that cannot be seen is
/// quoted as for a shell, so that no two names look alike.
pub(super) fn safe_name(name: &str) -> String {
    if name.contains(is_hidden) {
        safe(&shell_word(name))
    } else {
        safe(name)
    }
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
    fn a_name_that_breaks_the_line_is_quoted() {
        assert_eq!(safe_name("a b.py"), "a b.py");
        assert_eq!(safe_name("a\nb: DL101 x.py"), r"$'a\nb: DL101 x.py'");
        assert_ne!(safe_name("a\u{200b}b"), safe_name("a\u{200c}b"));
    }

    #[test]
    fn nothing_that_a_terminal_obeys_is_left() {
        assert_eq!(
            safe("a\tb\u{1b}[31m\u{202e}c\nTOKEN=abc"),
            "a b\u{fffd}[31m\u{fffd}c TOKEN=***"
        );
    }
}
