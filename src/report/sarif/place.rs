//! Places as SARIF names them: relative URIs, and regions whose columns count UTF-16 code units.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::report::collected::Collected;
use crate::rules::Place;
use crate::text::{Position, Span, Text};
use crate::tree::TreePath;

/// What relative URIs are relative to.
pub(super) const ROOT: &str = "SRCROOT";

/// A file.
pub(super) fn artifact(path: &TreePath, folder: bool) -> Value {
    json!({ "uri": uri(path, folder), "uriBaseId": ROOT })
}

/// A place in a file. The file as a whole is its first line: code scanning refuses a place without a
/// line.
pub(super) fn physical(one: &Collected, place: &Place, text: Option<&Text>) -> Value {
    let region = match (place.span, place.position, text) {
        (Some(span), None, Some(text)) => region(text, span),
        (_, Some(position), _) => json!({
            "startLine": position.line,
            "startColumn": column_of(text, position),
        }),
        _ => json!({ "startLine": 1 }),
    };
    let folder = one.folders.contains(&place.path);
    json!({
        "artifactLocation": artifact(&place.path, folder),
        "region": region,
    })
}

/// From the first character to the one after the last.
pub(super) fn region(text: &Text, span: Span) -> Value {
    let (start, end) = (text.position(span.start), text.position(span.end));
    json!({
        "startLine": start.line,
        "startColumn": column(text, span.start, start),
        "endLine": end.line,
        "endColumn": column(text, span.end, end),
    })
}

/// The column of an offset in UTF-16 code units: a character beyond the basic plane is two.
fn column(text: &Text, offset: usize, position: Position) -> usize {
    let before = Span::new(0, offset.min(text.as_str().len())).slice(text.as_str());
    let line = before.chars().rev().take(position.column - 1);
    1 + line.map(char::len_utf16).sum::<usize>()
}

/// The column of a position in a file that has no spans.
fn column_of(text: Option<&Text>, position: Position) -> usize {
    let line = text.and_then(|text| {
        let line = text.line(position.line.checked_sub(1)?)?;
        Some(line.span.slice(text.as_str()))
    });
    let Some(line) = line else {
        return position.column;
    };
    let before = position.column.saturating_sub(1);
    let units: usize = line.chars().take(before).map(char::len_utf16).sum();
    1 + units + before.saturating_sub(line.chars().count())
}

/// A relative URI; a folder ends with a slash.
fn uri(path: &TreePath, folder: bool) -> String {
    if path.is_root() {
        return "./".to_owned();
    }
    let mut uri = String::with_capacity(path.as_str().len());
    for byte in path.as_str().bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            other => {
                let _ = write!(uri, "%{other:02X}");
            }
        }
    }
    if folder {
        uri.push('/');
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_are_encoded() {
        let path = |path: &str| TreePath::new(path).unwrap();
        assert_eq!(uri(&path("a b/ä:%.txt"), false), "a%20b/%C3%A4%3A%25.txt");
        assert_eq!(uri(&path("apps/one"), true), "apps/one/");
        assert_eq!(uri(&TreePath::root(), true), "./");
    }

    #[test]
    fn columns_count_code_units() {
        let text = Text::new("x\r\né😀 = '/data'\n");
        let start = text.as_str().find('/').unwrap();
        let region = region(&text, Span::new(start, start + 5));
        assert_eq!(
            region,
            json!({ "startLine": 2, "startColumn": 8, "endLine": 2, "endColumn": 13 })
        );
        assert_eq!(text.position(start).column, 7);
    }

    #[test]
    fn a_line_with_its_end_reaches_to_the_next() {
        let text = Text::new("one\r\ntwo\r\n");
        assert_eq!(
            region(&text, Span::new(5, 10)),
            json!({ "startLine": 2, "startColumn": 1, "endLine": 3, "endColumn": 1 })
        );
    }

    #[test]
    fn positions_without_a_text_stay() {
        let at = Position { line: 1, column: 4 };
        assert_eq!(column_of(None, at), 4);
        assert_eq!(column_of(Some(&Text::new("😀bcdef")), at), 5);
        assert_eq!(column_of(Some(&Text::new("😀")), at), 5);
    }
}
