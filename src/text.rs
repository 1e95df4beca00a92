//! Bytes as text and back: encodings, line ends, spans, positions.
//!
//! Nothing here knows a file format. Every offset is a byte offset into the *decoded* text.

mod encoding;
mod hidden;
mod line_index;
mod shell;

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use thiserror::Error;

use self::line_index::LineIndex;

pub use encoding::{DecodeError, DecodeErrorKind, Encoding};
pub use hidden::is_hidden;
pub use shell::{shell_path, shell_word};

/// A half-open range of byte offsets into a decoded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte; never before `start`.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`; an `end` before `start` gives the empty span at `start`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self {
            start,
            end: if end < start { start } else { end },
        }
    }

    /// The empty span at `offset`: a place to insert.
    pub const fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the span holds no byte.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The same span, `by` bytes later.
    #[must_use]
    pub const fn shift(self, by: usize) -> Self {
        Self::new(self.start + by, self.end + by)
    }

    /// Whether two replacements of these spans would disturb each other. Two insertions at one
    /// place do: their order would be arbitrary.
    pub const fn collides(self, other: Self) -> bool {
        if self.is_empty() && other.is_empty() {
            return self.start == other.start;
        }
        self.start < other.end && other.start < self.end
    }

    /// The span as a range, to index a string with.
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The part of `text` that the span covers; empty when it is out of range or inside a character.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }

    /// The span without the blanks at both ends of it.
    #[must_use]
    pub fn trimmed(self, text: &str) -> Self {
        let content = self.slice(text);
        let start = self.start + content.len() - content.trim_start().len();
        Self::new(start, start + content.trim().len())
    }
}

/// A place as people and editors name it; both numbers start at 1, the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line number, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// The three line ends that occur in real files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnd {
    /// `\n`
    Lf,
    /// `\r\n`
    CrLf,
    /// `\r` alone, from very old editors.
    Cr,
}

impl LineEnd {
    /// The characters of the line end.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
            Self::Cr => "\r",
        }
    }
}

/// A decoded file that remembers how to become exactly its bytes again.
#[derive(Debug, Clone)]
pub struct Text {
    content: Arc<str>,
    encoding: Encoding,
    /// Where the lines start and how they end, from the first time that somebody asks: a file may
    /// have thousands of findings.
    line_index: Arc<OnceLock<LineIndex>>,
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.content == other.content && self.encoding == other.encoding
    }
}

impl Eq for Text {}

impl Text {
    /// Text that this program writes: UTF-8 without a byte order mark.
    pub fn new(content: impl Into<Arc<str>>) -> Self {
        Self {
            content: content.into(),
            encoding: Encoding::Utf8,
            line_index: Arc::default(),
        }
    }

    /// Decodes UTF-8 with or without a byte order mark, or UTF-16 behind one.
    ///
    /// # Errors
    /// Where the bytes stop being text. `decode(bytes)?.encode() == bytes` holds for all others.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let (content, encoding) = encoding::decode(bytes)?;
        Ok(Self {
            content: content.into(),
            encoding,
            line_index: Arc::default(),
        })
    }

    /// As [`Text::decode`], and obeys a PEP 263 coding line in the first two lines, as pip and
    /// Python do.
    ///
    /// # Errors
    /// Where the bytes stop being text in the encoding that they declare.
    pub fn decode_declared(bytes: &[u8]) -> Result<Self, DecodeError> {
        let decoded = Self::decode(bytes);
        let (Err(error), Some(encoding)) = (&decoded, encoding::declared(bytes)) else {
            return decoded;
        };
        let (content, lossy) = encoding.decode_without_bom_handling(bytes);
        let text = Self {
            content: content.as_ref().into(),
            encoding: Encoding::Declared(encoding),
            line_index: Arc::default(),
        };
        if lossy || text.encode() != bytes {
            return Err(DecodeError {
                kind: DecodeErrorKind::NotDeclared,
                ..*error
            });
        }
        Ok(text)
    }

    /// The bytes of the file: the ones that were decoded, for a text that nobody changed.
    pub fn encode(&self) -> Vec<u8> {
        encoding::encode(&self.content, self.encoding)
    }

    /// The decoded characters, without any byte order mark.
    pub fn as_str(&self) -> &str {
        &self.content
    }

    /// The encoding that [`Text::encode`] writes.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Other content, written the way this text was.
    #[must_use]
    pub fn with_content(&self, content: impl Into<Arc<str>>) -> Self {
        Self {
            content: content.into(),
            encoding: self.encoding,
            line_index: Arc::default(),
        }
    }

    /// The line end that most lines have; LF for a text without any.
    pub fn line_end(&self) -> LineEnd {
        self.line_index().line_end()
    }

    /// Where `offset` is, for people; an offset past the end is the place after the last character.
    pub fn position(&self, offset: usize) -> Position {
        self.line_index().position(&self.content, offset)
    }

    /// The number of the line that `offset` is in, from 0; a final line end starts another one.
    pub fn line_number(&self, offset: usize) -> usize {
        self.line_index().line_number(offset)
    }

    /// The line of this number, from 0.
    pub fn line(&self, number: usize) -> Option<Line> {
        self.line_index().line(&self.content, number)
    }

    fn line_index(&self) -> &LineIndex {
        self.line_index
            .get_or_init(|| LineIndex::new(&self.content))
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.content)
    }
}

/// One physical line of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The line without its line end.
    pub span: Span,
    /// Offset after the line end; equal to `span.end` on a last line without one.
    pub end: usize,
}

impl Line {
    /// The span of the line end.
    pub const fn end_span(self) -> Span {
        Span::new(self.span.end, self.end)
    }

    /// The line with its line end: what to replace to remove the line.
    pub const fn full(self) -> Span {
        Span::new(self.span.start, self.end)
    }
}

/// The physical lines of `text`, in order; `\n`, `\r\n` and a lone `\r` end a line. Together they
/// cover every byte; a final line end does not start another line.
pub fn lines(text: &str) -> impl Iterator<Item = Line> + '_ {
    let bytes = text.as_bytes();
    let mut start = 0;
    std::iter::from_fn(move || {
        if start >= bytes.len() {
            return None;
        }
        let stop = memchr::memchr2(b'\n', b'\r', bytes.get(start..).unwrap_or_default())
            .map_or(bytes.len(), |found| start + found);
        let end = match (bytes.get(stop), bytes.get(stop + 1)) {
            (Some(b'\r'), Some(b'\n')) => stop + 2,
            (Some(_), _) => stop + 1,
            (None, _) => stop,
        };
        let line = Line {
            span: Span::new(start, stop),
            end,
        };
        start = end;
        Some(line)
    })
}

/// Why a set of replacements cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SpliceError {
    /// A span reaches past the text or cuts a character in two.
    #[error("the span {}..{} is not in the text", .0.start, .0.end)]
    OutOfRange(Span),
    /// Two spans overlap, or two insertions share a place.
    #[error("the spans {}..{} and {}..{} overlap", .0.start, .0.end, .1.start, .1.end)]
    Overlap(Span, Span),
}

/// Replaces each span of `text` with its string. The order of `replacements` does not matter.
///
/// # Errors
/// When a span is not in the text, or two of them collide; nothing is replaced then.
pub fn splice(text: &str, replacements: &[(Span, impl AsRef<str>)]) -> Result<String, SpliceError> {
    let mut ordered: Vec<_> = replacements.iter().collect();
    ordered.sort_by_key(|(span, _)| *span);
    let mut result = String::with_capacity(text.len());
    let mut last: Option<Span> = None;
    let mut done = 0;
    for (span, new) in ordered {
        if text.get(span.range()).is_none() {
            return Err(SpliceError::OutOfRange(*span));
        }
        if let Some(last) = last.filter(|last| span.start < last.end || span.collides(*last)) {
            return Err(SpliceError::Overlap(last, *span));
        }
        result.push_str(Span::new(done, span.start).slice(text));
        result.push_str(new.as_ref());
        done = span.end;
        last = Some(*span);
    }
    result.push_str(Span::new(done, text.len()).slice(text));
    Ok(result)
}

/// The smallest single replacement that turns `old` into `new`; `None` when they are equal. It
/// lets a library that prints whole documents make an edit that touches its own bytes only.
pub fn difference(old: &str, new: &str) -> Option<(Span, String)> {
    if old == new {
        return None;
    }
    let mut start = old
        .bytes()
        .zip(new.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    while !(old.is_char_boundary(start) && new.is_char_boundary(start)) {
        start -= 1;
    }
    let most = (old.len() - start).min(new.len() - start);
    let tails = old.bytes().rev().zip(new.bytes().rev());
    let mut same = tails.take(most).take_while(|(a, b)| a == b).count();
    while !(old.is_char_boundary(old.len() - same) && new.is_char_boundary(new.len() - same)) {
        same -= 1;
    }
    let replacement = Span::new(start, new.len() - same).slice(new).to_owned();
    Some((Span::new(start, old.len() - same), replacement))
}

#[cfg(test)]
mod tests;
