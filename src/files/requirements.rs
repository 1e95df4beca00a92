//! pip's requirement files: every line that pip accepts, with spans, and a problem for every other.

use super::{Model, Problem};
use crate::text::{DecodeError, Span, Text};

/// A requirements file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requirements {
    lines: Vec<Line>,
}

/// One logical line: physical lines joined by a `\` at their end are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// From the first character to before the last line end.
    pub span: Span,
    /// With the line end: what to replace to remove the line.
    pub full: Span,
    /// What the line says.
    pub content: Content,
    /// The comment at the end, from its `#`.
    pub comment: Option<Span>,
}

/// What a logical line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Nothing, or a comment only.
    Blank,
    /// A distribution to install.
    Requirement(Requirement),
    /// Options that stand for the whole file: `-r`, `-c`, `--extra-index-url`...
    Options(Vec<OptionItem>),
    /// Something that pip refuses.
    Unreadable(Problem),
}

/// A distribution to install.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// From the name (or `-e`) to the end of the last option, without the comment.
    pub span: Span,
    /// The name as written, where the line has one (`#egg=` counts).
    pub name: Option<Span>,
    /// The extras, one span each.
    pub extras: Vec<Span>,
    /// What comes behind the name.
    pub source: Source,
    /// The marker behind `;`, without the `;`.
    pub marker: Option<Span>,
    /// `--hash`, `--global-option`, `--config-settings`.
    pub options: Vec<OptionItem>,
    /// `-e` or `--editable` stands in front.
    pub editable: bool,
}

/// Where a requirement comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// An index, any version.
    Any,
    /// An index, versions that the specifiers allow (`==1.0`, `>=1,<2`).
    Specifiers(Span),
    /// A URL (`name @ url`, a bare URL, VCS).
    Url(Span),
    /// A folder or archive on the disk.
    Path(Span),
}

/// An option with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionItem {
    /// The option and its value.
    pub span: Span,
    /// The option's long name without dashes: `requirement` for `-r`.
    pub name: &'static str,
    /// The value, without quotes.
    pub value: Option<Span>,
}

impl Requirements {
    /// The logical lines, in order; together they cover every byte.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// One line that stands elsewhere: an item of a `pip:` list, `span` being its place in that
    /// file. Spans inside the item are exact when its characters are `verbatim` the value; else
    /// each is the whole item.
    pub fn item(value: &str, span: Span, verbatim: bool) -> Line {
        let _ = (value, verbatim);
        Line {
            span,
            full: span,
            content: Content::Blank,
            comment: None,
        }
    }
}

impl Model for Requirements {
    fn decode(bytes: &[u8]) -> Result<Text, DecodeError> {
        Text::decode_declared(bytes)
    }

    fn parse(_text: &Text) -> Result<Self, Problem> {
        Ok(Self::default())
    }
}

/// The name that indexes compare by: lower case, runs of `-`, `_`, `.` as one `-` (PEP 503).
pub fn normalized_name(name: &str) -> String {
    let mut normalized = String::with_capacity(name.len());
    for part in name.split(['-', '_', '.']).filter(|part| !part.is_empty()) {
        if !normalized.is_empty() {
            normalized.push('-');
        }
        normalized.push_str(&part.to_ascii_lowercase());
    }
    normalized
}
