//! `conda-requirements.txt`: conda specs, one per line; also what `conda list --export` wrote.
//! The forms are those of conda's own reader of such files; where lines of pip's own kind got
//! in, they are told apart. What a platform's packages are called is not known here.

use super::conda_spec::{self, Read, trim};
use super::{Model, Problem};
use crate::text::{self, Span, Text};

pub use super::conda_spec::{Spec, Versions};

/// A list of conda specs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CondaList {
    lines: Vec<CondaLine>,
    platform: Option<Span>,
}

/// One physical line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CondaLine {
    /// Without the line end.
    pub span: Span,
    /// With the line end.
    pub full: Span,
    /// What the line says.
    pub content: CondaContent,
    /// The comment at the end, from its `#`.
    pub comment: Option<Span>,
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CondaContent {
    /// Nothing, or a comment only.
    Blank,
    /// A conda package.
    Spec(Spec),
    /// A requirement or an option that only pip knows: extras, a version control URL, an index.
    Pip(Span),
    /// Something that neither conda's nor pip's lists hold.
    Unreadable(Problem),
}

impl CondaList {
    /// The physical lines, in order; together they cover every byte.
    pub fn lines(&self) -> &[CondaLine] {
        &self.lines
    }

    /// The specs, with the line of each.
    pub fn specs(&self) -> impl Iterator<Item = (&CondaLine, &Spec)> {
        self.lines.iter().filter_map(|line| match &line.content {
            CondaContent::Spec(spec) => Some((line, spec)),
            _ => None,
        })
    }

    /// The first line that is neither conda's nor pip's.
    pub fn problem(&self) -> Option<&Problem> {
        self.lines.iter().find_map(|line| match &line.content {
            CondaContent::Unreadable(problem) => Some(problem),
            _ => None,
        })
    }

    /// The platform that the list was exported on, as `# platform: osx-64` says it.
    pub fn platform(&self) -> Option<Span> {
        self.platform
    }

    /// Whether no line installs anything or is unreadable.
    pub fn is_empty(&self) -> bool {
        let blank = |line: &CondaLine| line.content == CondaContent::Blank;
        self.lines.iter().all(blank)
    }
}

impl Model for CondaList {
    fn parse(text: &Text) -> Result<Self, Problem> {
        let text = text.as_str();
        let lines: Vec<CondaLine> = text::lines(text)
            .map(|line| read_line(text, line))
            .collect();
        let platform = lines
            .iter()
            .find_map(|line| platform_of(text, line.comment?));
        Ok(Self { lines, platform })
    }
}

fn platform_of(text: &str, comment: Span) -> Option<Span> {
    const KEY: &str = "platform:";
    let said = comment.slice(text);
    let at = said.find(KEY)?;
    let before = said.get(..at)?.trim_matches(['#', ' ', '\t']);
    let name = trim(text, Span::new(comment.start + at + KEY.len(), comment.end));
    (before.is_empty() && !name.is_empty()).then_some(name)
}

fn read_line(text: &str, line: text::Line) -> CondaLine {
    let comment = comment_start(line.span.slice(text))
        .map(|at| Span::new(line.span.start + at, line.span.end));
    let said = Span::new(
        line.span.start,
        comment.map_or(line.span.end, |comment| comment.start),
    );
    CondaLine {
        span: line.span,
        full: line.full(),
        content: read_content(text, trim(text, said)),
        comment,
    }
}

/// Conda cuts at every `#`; in a URL it belongs to the URL unless a blank stands before it.
fn comment_start(line: &str) -> Option<usize> {
    let is_url = line.contains("://");
    let mut marks = line.match_indices('#').map(|(at, _)| at);
    marks.find(|at| {
        let before = line.get(..*at).unwrap_or_default();
        !is_url || before.is_empty() || before.ends_with([' ', '\t'])
    })
}

fn read_content(text: &str, said: Span) -> CondaContent {
    let line = said.slice(text);
    if line.is_empty() {
        return CondaContent::Blank;
    }
    let unreadable = |message: &str| CondaContent::Unreadable(Problem::new(said, message));
    if line.eq_ignore_ascii_case("@EXPLICIT") {
        return unreadable("a list of package files (`@EXPLICIT`), which fits one platform only");
    }
    if line.starts_with('-') {
        return read_option(line, said);
    }
    if line.contains("://") && !line.contains("::") {
        return read_url(line, said);
    }
    match conda_spec::read(text, said) {
        Some(Read::Conda(spec)) => CondaContent::Spec(spec),
        Some(Read::Pip) => CondaContent::Pip(said),
        None => unreadable(what_it_looks_like(line)),
    }
}

fn what_it_looks_like(line: &str) -> &'static str {
    if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
        .iter()
        .any(|mark| line.starts_with(mark))
    {
        "a conflict that a merge left behind"
    } else if line.contains(';') {
        "an environment marker, which conda does not have"
    } else if line.ends_with(':') {
        "a key of an `environment.yml`"
    } else {
        "neither a conda package nor a requirement of pip"
    }
}

/// Options of pip that mean the same on a line of a `pip:` list. Files that `-r` names could be
/// conda's or pip's.
fn read_option(line: &str, said: Span) -> CondaContent {
    const OPTIONS: &[&str] = &[
        "-e",
        "--editable",
        "-i",
        "--index-url",
        "--extra-index-url",
        "-f",
        "--find-links",
        "--trusted-host",
        "--no-index",
        "--pre",
        "--prefer-binary",
        "--no-binary",
        "--only-binary",
    ];
    let option = line.split([' ', '=', '\t']).next().unwrap_or_default();
    let message = match option {
        _ if OPTIONS.contains(&option) => return CondaContent::Pip(said),
        "-c" | "--channel" => "an option of conda's command line, which its lists cannot hold",
        "-r" | "--requirement" | "--constraint" => {
            "a list that includes another one, which conda's lists cannot"
        }
        "-" => "an item of an `environment.yml`",
        _ => "an option that neither conda's nor pip's lists have",
    };
    CondaContent::Unreadable(Problem::new(said, message))
}

fn read_url(line: &str, said: Span) -> CondaContent {
    let scheme = line.split("://").next().unwrap_or_default();
    let path = line.split('#').next().unwrap_or_default();
    let is_control = ["git+", "hg+", "svn+", "bzr+"]
        .iter()
        .any(|kind| scheme.starts_with(kind));
    if is_control || scheme.contains('@') || is_wheel(path) {
        return CondaContent::Pip(said);
    }
    let is_package = [".tar.bz2", ".conda"].iter().any(|end| path.ends_with(end));
    let message = if is_package {
        "the URL of a package file, which fits one platform only"
    } else {
        "a URL, which conda's lists cannot hold"
    };
    CondaContent::Unreadable(Problem::new(said, message))
}

fn is_wheel(path: &str) -> bool {
    path.rsplit('.').next() == Some("whl")
}

#[cfg(test)]
mod tests;
