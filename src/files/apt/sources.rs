//! `apt-repositories` and `apt-sources-list`: where DE4 gets packages from. The lines behind
//! `:repo:` in an `Aptfile` are of the same form.

use thiserror::Error;

use super::words_and_comment;
use crate::files::{Model, Problem};
use crate::text::{self, Span, Text};

/// Code names of Ubuntu releases and of Debian, for which packages of Ubuntu 22.04 (`jammy`) are
/// not built. Suites without any of them (`stable`, `./`) say nothing about the system.
const OTHER_SYSTEMS: &[&str] = &[
    "precise", "trusty", "xenial", "artful", "bionic", "cosmic", "disco", "eoan", "focal",
    "groovy", "hirsute", "impish", "kinetic", "lunar", "mantic", "noble", "wheezy", "jessie",
    "stretch", "buster", "bullseye", "bookworm", "trixie", "sid",
];

/// A list of package sources.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AptSources {
    lines: Vec<SourceLine>,
}

/// One line of a list of package sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLine {
    /// The line without its line end.
    pub span: Span,
    /// The line with its line end.
    pub full: Span,
    /// What it says.
    pub content: SourceContent,
    /// The comment at its end, from the `#`.
    pub comment: Option<Span>,
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceContent {
    /// Nothing, or a comment only.
    Blank,
    /// `deb [options] url suite components`.
    Source(AptSource),
    /// `ppa:team/name`.
    Ppa(Span),
    /// Anything else.
    Unreadable(Problem),
}

/// A package source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AptSource {
    /// From `deb` to the last component.
    pub span: Span,
    /// The options, without their brackets.
    pub options: Option<Span>,
    /// The URL.
    pub url: Span,
    /// The suite: `jammy`, `stable`, `./`.
    pub suite: Span,
    /// The components: `main`, `universe`.
    pub components: Vec<Span>,
}

/// Why a line is no package source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
enum SourceProblem {
    #[error("no `deb` at its beginning")]
    NoType,
    #[error("a `[` that is not closed")]
    OpenOptions,
    #[error("no URL")]
    NoUrl,
    #[error("no suite behind the URL")]
    NoSuite,
}

impl AptSources {
    /// The lines, in order; together they cover every byte.
    pub fn lines(&self) -> &[SourceLine] {
        &self.lines
    }
}

impl Model for AptSources {
    fn parse(text: &Text) -> Result<Self, Problem> {
        let content = text.as_str();
        let lines = text::lines(content).map(|line| SourceLine::parse(content, line));
        Ok(Self {
            lines: lines.collect(),
        })
    }
}

impl SourceLine {
    fn parse(text: &str, line: text::Line) -> Self {
        let (content, comment) = read(text, line.span);
        Self {
            span: line.span,
            full: line.full(),
            content,
            comment,
        }
    }
}

impl AptSource {
    /// The code name in the suite, where it is another system's than that of DE5 (Ubuntu 22.04).
    pub fn other_system<'t>(&self, text: &'t str) -> Option<&'t str> {
        let mut parts = self.suite.slice(text).split(['-', '/', '_']);
        parts.find(|part| OTHER_SYSTEMS.contains(part))
    }

    /// Whether the options hold `name`, as in `signed-by=/usr/share/keyrings/a.gpg`.
    pub fn has_option(&self, text: &str, name: &str) -> bool {
        let options = self.options.map_or("", |options| options.slice(text));
        let mut options = options.split_ascii_whitespace();
        options.any(|option| option.split('=').next() == Some(name))
    }

    /// Whether apt takes packages from here without knowing a key.
    pub fn is_trusted(&self, text: &str) -> bool {
        let options = self.options.map_or("", |options| options.slice(text));
        let mut options = options.split_ascii_whitespace();
        options.any(|option| option == "trusted=yes")
    }
}

/// Reads one source, and the comment behind it, from a part of a line.
pub fn read(text: &str, span: Span) -> (SourceContent, Option<Span>) {
    let (parts, comment) = words_and_comment(text, span);
    let (Some(first), Some(last)) = (parts.first().copied(), parts.last().copied()) else {
        return (SourceContent::Blank, comment);
    };
    let all = Span::new(first.start, last.end);
    let content = if first.slice(text).starts_with("ppa:") {
        SourceContent::Ppa(all)
    } else {
        match source(text, all, &parts) {
            Ok(source) => SourceContent::Source(source),
            Err(problem) => SourceContent::Unreadable(Problem::new(all, problem)),
        }
    };
    (content, comment)
}

fn source(text: &str, span: Span, parts: &[Span]) -> Result<AptSource, SourceProblem> {
    let mut parts = parts.iter().copied().peekable();
    let kind = parts.next().map_or("", |word| word.slice(text));
    if !matches!(kind, "deb" | "deb-src") {
        return Err(SourceProblem::NoType);
    }
    let options = options(text, &mut parts)?;
    let url = parts.next().ok_or(SourceProblem::NoUrl)?;
    if !url.slice(text).contains(':') {
        return Err(SourceProblem::NoUrl);
    }
    Ok(AptSource {
        span,
        options,
        url,
        suite: parts.next().ok_or(SourceProblem::NoSuite)?,
        components: parts.collect(),
    })
}

/// The words from one that begins with `[` to one that ends with `]`.
fn options(
    text: &str,
    parts: &mut std::iter::Peekable<impl Iterator<Item = Span>>,
) -> Result<Option<Span>, SourceProblem> {
    let Some(first) = parts.next_if(|word| word.slice(text).starts_with('[')) else {
        return Ok(None);
    };
    let mut last = first;
    while !last.slice(text).ends_with(']') {
        last = parts.next().ok_or(SourceProblem::OpenOptions)?;
    }
    Ok(Some(Span::new(first.start + 1, last.end - 1)))
}
