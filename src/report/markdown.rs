//! Texts as Markdown: what a user's file holds must not become a heading, a link or HTML.

use super::safe;

/// A sentence of a rule: its code between single backticks stays code, everything else is text.
pub(crate) fn sentence(text: &str) -> String {
    let text = safe(text);
    let is_paired = text.matches('`').count().is_multiple_of(2) && !text.contains("``");
    if !is_paired {
        return escaped(&text);
    }
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(index, part)| {
        if index % 2 == 1 {
            code(part)
        } else {
            escaped(part)
        }
    });
    parts.collect()
}

/// A user's word as code, whatever it holds.
pub(crate) fn code(text: &str) -> String {
    let text = safe(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 || text.trim().is_empty() {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// The cell of a table: a `|` in it is no border.
pub(super) fn cell(markdown: &str) -> String {
    markdown.replace('|', "\\|")
}

/// A text without any meaning for Markdown or HTML. What means nothing where it stands stays as it
/// is: people read the source, too.
fn escaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut before = None;
    let tildes = text.matches('~').count();
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let has_meaning = match character {
            '\\' | '`' | '*' | '[' | ']' => true,
            // Between letters it is part of a word.
            '_' => !(is_word(before) && is_word(rest.peek().copied())),
            '~' => tildes > 1,
            // At the beginning of a line only.
            '#' | '-' | '+' | '>' => before.is_none(),
            _ => false,
        };
        match character {
            '<' => result.push_str("&lt;"),
            '&' => result.push_str("&amp;"),
            other if has_meaning => result.extend(['\\', other]),
            other => result.push(other),
        }
        before = Some(character);
    }
    result
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn code_stays_and_the_rest_is_text() {
        assert_eq!(
            sentence("`web=3` in DOKKU_SCALE <b> [x](y) 3.9.*"),
            "`web=3` in DOKKU_SCALE &lt;b> \\[x\\](y) 3.9.\\*"
        );
        assert_eq!(sentence("one ` only *"), "one \\` only \\*");
        assert_eq!(sentence("``a`` `b"), "\\`\\`a\\`\\` \\`b");
        assert_eq!(
            sentence("# no heading\n- no list"),
            "\\# no heading - no list"
        );
    }

    #[test]
    fn code_is_fenced_by_more_backticks_than_it_holds() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(code("```"), "```` ``` ````");
        assert_eq!(code(""), "`  `");
        assert_eq!(cell(&code("a|b")), "`a\\|b`");
    }

    proptest! {
        #[test]
        fn no_html_and_no_second_line(text in ".{0,60}") {
            let shown = sentence(&text);
            prop_assert!(!shown.contains('\n'));
            let outside: String = shown.split('`').step_by(2).collect();
            prop_assume!(!text.contains('`'));
            prop_assert!(!outside.contains('<'));
        }
    }
}
