//! `apt-packages`: Debian packages of DE4, several to a line. Its companion, the lists of package
//! sources, is in [`sources`]; what DE5 reads instead is [`super::aptfile`].

pub mod sources;

use thiserror::Error;

use super::{Model, Problem};
use crate::text::{self, Span, Text};

/// The Debian packages that DE4 installs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AptPackages {
    lines: Vec<PackageLine>,
}

/// One line of package names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageLine {
    /// The line without its line end.
    pub span: Span,
    /// The line with its line end.
    pub full: Span,
    /// The names, versions (`curl=7.68.0`) and globs (`openjdk-8*`) included.
    pub names: Vec<Span>,
    /// From the first word that begins with `#` to the last character that is no blank.
    pub comment: Option<Span>,
}

/// Why a word is no package that an `Aptfile` can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NameProblem {
    /// `-t`, `--no-install-recommends`.
    #[error("is an option of apt-get, not a package")]
    Option,
    /// The DE5 buildpack fetches every word that ends in `deb` from the network.
    #[error("ends in `deb`, so Dash Enterprise 5 fetches it as a URL, which it is not")]
    Archive,
    /// Debian's names have lower-case letters only.
    #[error("has upper-case letters, which no Debian package name has")]
    UpperCase,
    /// Anything else that apt does not know as a name.
    #[error("is not the name of a Debian package")]
    NotAName,
}

impl AptPackages {
    /// The lines, in order; together they cover every byte.
    pub fn lines(&self) -> &[PackageLine] {
        &self.lines
    }

    /// All names, in order, duplicates included.
    pub fn names(&self) -> impl Iterator<Item = Span> + '_ {
        self.lines
            .iter()
            .flat_map(|line| line.names.iter().copied())
    }
}

impl Model for AptPackages {
    fn parse(text: &Text) -> Result<Self, Problem> {
        let content = text.as_str();
        let lines = text::lines(content).map(|line| PackageLine::parse(content, line));
        Ok(Self {
            lines: lines.collect(),
        })
    }
}

impl PackageLine {
    /// Reads a line of `text`.
    pub(super) fn parse(text: &str, line: text::Line) -> Self {
        let (names, comment) = words_and_comment(text, line.span);
        Self {
            span: line.span,
            full: line.full(),
            names,
            comment,
        }
    }
}

/// The words of a part of `text` before the first one that begins with `#`, and the rest from there.
fn words_and_comment(text: &str, span: Span) -> (Vec<Span>, Option<Span>) {
    let mut words = words(text, span);
    let hash = words
        .iter()
        .position(|word| word.slice(text).starts_with('#'));
    let comment = hash.and_then(|at| {
        let rest = words.split_off(at);
        Some(Span::new(rest.first()?.start, rest.last()?.end))
    });
    (words, comment)
}

/// The words of a part of `text`: what a shell splits at blanks, tabs and line ends.
fn words(text: &str, span: Span) -> Vec<Span> {
    let part = span.slice(text);
    let mut words = Vec::new();
    let mut start = None;
    for (at, byte) in part.bytes().enumerate() {
        match (start, matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
            (None, false) => start = Some(at),
            (Some(from), true) => {
                words.push(Span::new(from, at).shift(span.start));
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        words.push(Span::new(from, part.len()).shift(span.start));
    }
    words
}

/// The name alone, of a word that may carry a version (`=1.0`), an architecture (`:amd64`) or a
/// release (`/jammy`).
pub fn bare_name(word: &str) -> &str {
    word.split(['=', ':', '/']).next().unwrap_or_default()
}

/// What is wrong with a word of an `Aptfile`, if anything is. URLs of `.deb` files are right.
pub fn name_problem(word: &str) -> Option<NameProblem> {
    if word.starts_with('-') {
        return Some(NameProblem::Option);
    }
    if word.ends_with("deb") {
        return (!word.contains("://")).then_some(NameProblem::Archive);
    }
    let name = bare_name(word);
    let sound = |c: char| c.is_ascii_alphanumeric() || "+.-*?[]^$".contains(c);
    let rest = word.get(name.len()..).unwrap_or_default();
    let rest_is_sound = rest
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "=:/+.-~*_".contains(c));
    let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric() || "*?[^".contains(c));
    if !begins || !name.chars().all(sound) || !rest_is_sound || rest.contains("//") {
        Some(NameProblem::NotAName)
    } else if name.ends_with('-') {
        Some(NameProblem::Option)
    } else if name.contains(|c: char| c.is_ascii_uppercase()) {
        Some(NameProblem::UpperCase)
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
