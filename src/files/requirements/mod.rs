//! pip's requirement files: every line that pip accepts, with spans, and a refusal for every other.
//! What a line means to Dash Enterprise is not known here, nor whether a path is there.

mod archive;
mod diagnose;
mod logical;
mod marker;
mod options;
mod refused;
mod requirement;
mod specifiers;
mod url;

use pep440_rs::VersionSpecifiers;

use super::{Model, Problem};
use crate::secrets::redacted;
use crate::text::{DecodeError, Span, Text};
use logical::Logical;
use options::{Fault, FoundOption, Range};
use requirement::Part;

pub use archive::{is_archive, strip_archive};
pub use marker::{Marker, is_false_on, never_on_linux};
pub use refused::{Refusal, RefusalKind};
pub use requirement::is_name;
pub use url::Url;

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
    /// The line as pip reads it: continuations joined, comment and outer blanks gone.
    pub text: String,
    /// Whether spans inside the line are exact. Else each is the whole line, and no edit may use
    /// them.
    pub verbatim: bool,
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
    /// Something that pip refuses, or passes over in silence although it says something.
    Unreadable(Refusal),
}

/// A distribution to install.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// From the name (or `-e`) to the end of the last option, without the comment.
    pub span: Span,
    /// The name as written, where the line has one (`#egg=` and the names of wheels count).
    pub name: Option<Span>,
    /// The name as indexes compare it; see [`normalized_name`].
    pub key: Option<String>,
    /// The extras, one span each.
    pub extras: Vec<Span>,
    /// What comes behind the name.
    pub source: RequirementSource,
    /// The specifiers, read; none where there are none, or where only the platform's environment
    /// variables tell, or where `===` names something that is no version.
    pub versions: Option<VersionSpecifiers>,
    /// The URL or path as pip reads it, for sources that have one. It may hold credentials: show
    /// it only through [`redacted`].
    pub location: Option<String>,
    /// The marker behind `;`, without the `;`.
    pub marker: Option<Span>,
    /// `--hash`, `--global-option`, `--config-settings`, and what pip ignores here.
    pub options: Vec<OptionItem>,
    /// `-e` or `--editable` stands in front.
    pub editable: bool,
}

/// Where a requirement comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequirementSource {
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
    /// The value as pip reads it: quotes and backslashes resolved. It may hold credentials: show
    /// it only through [`redacted`].
    pub text: String,
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
        read_line(logical::logical_item(value, span, verbatim), Reader::Pip)
    }

    /// A value of `Requires-Dist`, read as a line. A marker at which pip would stop does not make
    /// it unreadable: what it asks for stays known.
    pub fn stated(value: &str) -> Line {
        let whole = Span::new(0, value.len());
        read_line(logical::logical_item(value, whole, true), Reader::Metadata)
    }
}

/// Who says what a line means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// pip, which judges the markers of a list.
    Pip,
    /// Whoever reads the metadata of a distribution.
    Metadata,
}

impl Model for Requirements {
    fn decode(bytes: &[u8]) -> Result<Text, DecodeError> {
        Text::decode_declared(bytes)
    }

    fn parse(text: &Text) -> Result<Self, Problem> {
        let logical = logical::logical_lines(text.as_str());
        Ok(Self {
            lines: logical
                .into_iter()
                .map(|logical| read_line(logical, Reader::Pip))
                .collect(),
        })
    }
}

impl Requirement {
    /// The `--hash` options.
    pub fn hashes(&self) -> impl Iterator<Item = &OptionItem> {
        self.options.iter().filter(|option| option.name == "hash")
    }
}

impl Refusal {
    /// The refusal as the other models say their problems.
    pub fn problem(&self) -> Problem {
        Problem::new(self.span, &self.kind)
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

/// A piece of a file with the `\` and line ends of its continuations taken out: what a span that
/// crosses one means.
pub fn unfolded(piece: &str) -> String {
    let mut joined = String::with_capacity(piece.len());
    for line in crate::text::lines(piece) {
        let content = line.span.slice(piece);
        let folds = !line.end_span().is_empty();
        joined.push_str(if folds {
            content.trim_end_matches('\\')
        } else {
            content
        });
    }
    joined
}

fn read_line(logical: Logical, reader: Reader) -> Line {
    let content = match read_content(&logical, reader) {
        Ok(content) => content,
        Err((range, kind)) => Content::Unreadable(Refusal {
            span: logical.place(range.0, range.1),
            instead: diagnose::instead(&logical.text, &kind)
                .iter()
                .map(|line| redacted(line))
                .collect(),
            kind,
        }),
    };
    Line {
        span: logical.span,
        full: logical.full,
        content,
        comment: logical.comment,
        verbatim: logical.is_verbatim(),
        text: logical.text,
    }
}

fn read_content(logical: &Logical, reader: Reader) -> Result<Content, Fault> {
    let text = logical.text.as_str();
    if text.is_empty() {
        return Ok(Content::Blank);
    }
    refuse_foreign(text)?;
    let begin = options::begin(text);
    let options = options::read(text, begin).map_err(|fault| explain_option(text, fault))?;
    let head = Part::new(text.get(..begin).unwrap_or_default()).trim();
    check_hashes(&options.found)?;
    if !head.text.is_empty() {
        let parsed = requirement::parse(head)?;
        refuse_left(text, &options.left)?;
        if reader == Reader::Pip {
            requirement::check_comparisons(&parsed, text)?;
        }
        return Ok(Content::Requirement(assemble(
            logical,
            parsed,
            &options.found,
            false,
        )));
    }
    if options.found.iter().any(|found| found.name == "editable") {
        return read_editable(logical, &options);
    }
    refuse_left(text, &options.left)?;
    let items = options.found.iter().map(|found| item(logical, found));
    Ok(Content::Options(items.collect()))
}

/// `-e value`, perhaps with a marker behind it, which pip ignores.
fn read_editable(logical: &Logical, options: &options::Options) -> Result<Content, Fault> {
    let text = logical.text.as_str();
    let mut editables = options
        .found
        .iter()
        .filter(|found| found.name == "editable");
    let first = editables.next().and_then(|found| found.value.as_ref());
    if let Some(second) = editables.next() {
        return Err((second.range, RefusalKind::SecondEditable));
    }
    let Some(((start, end), _)) = first else {
        return Ok(Content::Blank);
    };
    let value = Part {
        text: text.get(*start..*end).unwrap_or_default(),
        at: *start,
    };
    let mut parsed = requirement::parse_editable(value)?;
    match options.left.as_slice() {
        [(at, _), ..] if text.get(*at..).is_some_and(|rest| rest.starts_with(';')) => {
            parsed.marker = Some((at + 1, text.len()));
        }
        left => refuse_left(text, left)?,
    }
    Ok(Content::Requirement(assemble(
        logical,
        parsed,
        &options.found,
        true,
    )))
}

/// What is no requirement file at all, told by its first characters.
fn refuse_foreign(text: &str) -> Result<(), Fault> {
    let whole = (0, text.len());
    if let Some(at) = text.find('\0') {
        return Err(((at, at + 1), RefusalKind::Nul));
    }
    let marks = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"];
    if marks
        .iter()
        .any(|mark| text == *mark || text.starts_with(&format!("{mark} ")))
    {
        return Err((whole, RefusalKind::ConflictMarker));
    }
    let tag = |c: char| c.is_ascii_alphabetic() || c == '!' || c == '/';
    if text
        .strip_prefix('<')
        .is_some_and(|rest| rest.starts_with(tag))
    {
        return Err((whole, RefusalKind::Html));
    }
    if text.len() > 2 && text.bytes().all(|byte| byte == b'-' || byte == b' ') {
        return Err((whole, RefusalKind::PipList));
    }
    if text.starts_with("- ") || text == "-" {
        return Err((whole, RefusalKind::ListItem));
    }
    Ok(())
}

/// A fault in the options, unless what stands before them is the greater one.
fn explain_option(text: &str, fault: Fault) -> Fault {
    let head = Part::new(text.get(..options::begin(text)).unwrap_or_default()).trim();
    if text.ends_with('\\') {
        return ((text.len() - 1, text.len()), RefusalKind::Backslash);
    }
    if head.text.is_empty() {
        return fault;
    }
    match requirement::parse(head) {
        Err(first) => first,
        Ok(_) => fault,
    }
}

fn refuse_left(text: &str, left: &[Range]) -> Result<(), Fault> {
    let (Some(first), Some(last)) = (left.first(), left.last()) else {
        return Ok(());
    };
    let range = (first.0, last.1);
    let words = text.get(range.0..range.1).unwrap_or_default();
    Err((range, RefusalKind::Ignored(refused::shorten(words))))
}

fn check_hashes(found: &[FoundOption]) -> Result<(), Fault> {
    let wrong = found.iter().find(|found| {
        let value = found.value.as_ref().map_or("", |(_, value)| value.as_str());
        let algorithm = value.split_once(':').map_or("", |(algorithm, _)| algorithm);
        found.name == "hash" && !["sha256", "sha384", "sha512"].contains(&algorithm)
    });
    wrong.map_or(Ok(()), |found| Err((found.range, RefusalKind::HashValue)))
}

/// Turns places in the line's text into places in the file.
fn assemble(
    logical: &Logical,
    parsed: requirement::ParsedRequirement,
    found: &[FoundOption],
    editable: bool,
) -> Requirement {
    let place = |(start, end): Range| logical.place(start, end);
    let of = |(start, end): Range| logical.text.get(start..end).unwrap_or_default();
    let (source, location) = match parsed.source {
        requirement::From::Any => (RequirementSource::Any, None),
        requirement::From::Specifiers(range) => (RequirementSource::Specifiers(place(range)), None),
        requirement::From::Url(range) => (RequirementSource::Url(place(range)), Some(of(range))),
        requirement::From::Path(range) => (RequirementSource::Path(place(range)), Some(of(range))),
    };
    let options = found.iter().filter(|found| found.name != "editable");
    Requirement {
        span: logical.place(0, logical.text.len()),
        name: parsed.name.map(place),
        key: parsed.name.map(|name| normalized_name(of(name))),
        extras: parsed.extras.into_iter().map(place).collect(),
        source,
        versions: parsed.versions,
        location: location.map(str::to_owned),
        marker: parsed.marker.map(place),
        options: options.map(|found| item(logical, found)).collect(),
        editable,
    }
}

fn item(logical: &Logical, found: &FoundOption) -> OptionItem {
    let place = |(start, end): Range| logical.place(start, end);
    let (value, text) = match &found.value {
        Some((range, text)) => (Some(place(*range)), text.clone()),
        None => (None, String::new()),
    };
    OptionItem {
        span: place(found.range),
        name: found.name,
        value,
        text,
    }
}

#[cfg(test)]
mod tests;
