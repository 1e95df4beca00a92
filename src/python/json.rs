//! Places in JSON that is known to be valid: values without copies, strings with the place of each
//! character. No recursion, so depth costs nothing.

use crate::text::Span;

/// One value of a document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'d> {
    document: &'d str,
    span: Span,
}

impl<'d> Value<'d> {
    /// The value that the whole document is.
    pub(super) fn whole(document: &'d str) -> Self {
        let start = skip_blanks(document.as_bytes(), 0);
        Self::at(document, start)
    }

    fn at(document: &'d str, start: usize) -> Self {
        let end = value_end(document.as_bytes(), start);
        Self {
            document,
            span: Span::new(start, end),
        }
    }

    /// The document that the value is in.
    pub(super) fn document(self) -> &'d str {
        self.document
    }

    /// The value with its quotes or brackets.
    pub(super) fn span(self) -> Span {
        self.span
    }

    fn first(self) -> Option<u8> {
        self.document.as_bytes().get(self.span.start).copied()
    }

    /// Whether it is a list.
    pub(super) fn is_list(self) -> bool {
        self.first() == Some(b'[')
    }

    /// What stands between the quotes of a string.
    pub(super) fn content(self) -> Option<Span> {
        let long = self.span.len() >= 2 && self.first() == Some(b'"');
        long.then(|| Span::new(self.span.start + 1, self.span.end - 1))
    }

    /// The text of a string.
    pub(super) fn text(self) -> Option<String> {
        let mut text = String::new();
        decode(self.document, self.content()?, |part, _| {
            text.push_str(part);
        });
        Some(text)
    }

    /// The value of a key of an object; the last one wins, as in every reader.
    pub(super) fn get(self, key: &str) -> Option<Self> {
        if self.first() != Some(b'{') {
            return None;
        }
        let mut parts = self.parts();
        let mut found = None;
        while let Some(name) = parts.next() {
            let value = parts.next();
            if name.text().as_deref() == Some(key) {
                found = value;
            }
        }
        found
    }

    /// The items of a list; nothing for any other value.
    pub(super) fn items(self) -> impl Iterator<Item = Self> {
        self.parts().filter(move |_| self.is_list())
    }

    /// The values directly inside brackets, keys of an object too.
    fn parts(self) -> impl Iterator<Item = Self> {
        let bytes = self.document.as_bytes();
        let mut at = self.span.start + 1;
        let end = self.span.end.saturating_sub(1);
        std::iter::from_fn(move || {
            at = skip_blanks(bytes, at);
            while matches!(bytes.get(at), Some(b',' | b':')) {
                at = skip_blanks(bytes, at + 1);
            }
            (at < end).then(|| {
                let value = Value::at(self.document, at);
                at = value.span.end.max(at + 1);
                value
            })
        })
    }
}

fn skip_blanks(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count()
}

/// Where the value that begins at `from` ends.
fn value_end(bytes: &[u8], from: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = string_end(bytes, at),
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' | b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' if depth == 0 => break,
            b'}' | b']' => {
                depth -= 1;
                at += 1;
            }
            _ => at += 1,
        }
        let string = bytes.get(from) == Some(&b'"');
        let closed = depth == 0 && matches!(bytes.get(from), Some(b'{' | b'['));
        if string || closed {
            break;
        }
    }
    at.min(bytes.len())
}

fn string_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while let Some(found) = bytes
        .get(at..)
        .and_then(|rest| memchr::memchr2(b'\\', b'"', rest))
    {
        at += found;
        if bytes.get(at) == Some(&b'"') {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

/// Decodes the content of a string: calls `push` with each run of plain characters and each
/// decoded escape, and its place.
pub(super) fn decode(document: &str, content: Span, mut push: impl FnMut(&str, Span)) {
    let mut at = content.start;
    while at < content.end {
        let rest = Span::new(at, content.end).slice(document);
        let plain = memchr::memchr(b'\\', rest.as_bytes()).unwrap_or(rest.len());
        if plain > 0 {
            push(
                rest.get(..plain).unwrap_or_default(),
                Span::new(at, at + plain),
            );
            at += plain;
            continue;
        }
        let (decoded, length) = escape(rest);
        let mut buffer = [0; 4];
        push(decoded.encode_utf8(&mut buffer), Span::new(at, at + length));
        at += length;
    }
}

/// The character that the escape at the beginning of `rest` means, and the escape's length.
fn escape(rest: &str) -> (char, usize) {
    let character = match rest.as_bytes().get(1) {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'u') => return unicode(rest),
        Some(other) => char::from(*other),
        None => char::REPLACEMENT_CHARACTER,
    };
    (character, 2.min(rest.len()))
}

fn unicode(rest: &str) -> (char, usize) {
    let unit = |at: usize| u16::from_str_radix(rest.get(at..at + 4)?, 16).ok();
    let first = unit(2).unwrap_or(0xFFFD);
    let second = rest
        .get(6..8)
        .filter(|mark| *mark == "\\u")
        .and_then(|_| unit(8));
    let pair = [first, second.unwrap_or_default()];
    match char::decode_utf16(pair).next() {
        Some(Ok(character)) if character.len_utf16() == 2 => (character, 12),
        Some(Ok(character)) => (character, 6.min(rest.len())),
        _ => (char::REPLACEMENT_CHARACTER, 6.min(rest.len())),
    }
}
