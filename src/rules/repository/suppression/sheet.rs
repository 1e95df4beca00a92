//! One file with its requests to keep findings back, and which of them were needed.

use std::collections::{BTreeMap, BTreeSet};

use super::directive::{self, Directive, SuppressionRequest};
use crate::app::SourceFile;
use crate::files::comments::Syntax;
use crate::python::{Parse, SourceKind};
use crate::rules::{Code, Finding};
use crate::text::{self, Span, Text};
use crate::tree::{Tree, TreePath};

/// A file that holds requests.
pub(super) struct Sheet {
    /// The file.
    pub(super) path: TreePath,
    /// Its text.
    pub(super) text: Text,
    /// What it is written in.
    pub(super) form: Form,
    /// The requests, in order.
    pub(super) entries: Vec<PlacedDirective>,
    /// Where lines end, as the format counts them, in order.
    breaks: Vec<usize>,
    /// The entries of each line that has some, by the number of the line.
    by_line: BTreeMap<usize, Vec<usize>>,
}

/// What a file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A build file.
    Build(Syntax),
    /// Python; `complete` when all of it was understood.
    Python { kind: SourceKind, complete: bool },
}

/// One request.
pub(super) struct PlacedDirective {
    /// The comment that it stands in.
    pub(super) comment: Span,
    /// What it says.
    pub(super) directive: Directive,
    /// Whether it kept something back: of a list one for each code.
    pub(super) used: Vec<bool>,
}

impl Sheet {
    /// The sheet of a build file; none without a request.
    pub(super) fn of_build_file(tree: &dyn Tree, path: &TreePath, syntax: Syntax) -> Option<Self> {
        let bytes = tree.read(path).ok()?;
        if !directive::may_be_in(&bytes) {
            return None;
        }
        let text = Text::decode_declared(&bytes).ok()?;
        let comments = syntax.comments(&text, directive::begins);
        Self::read(path, &text, Form::Build(syntax), comments)
    }

    /// The sheet of a source; none without a request, or when it is no text.
    pub(super) fn of_source(source: &SourceFile) -> Option<Self> {
        if !directive::may_be_in(source.bytes()?) {
            return None;
        }
        let (text, facts) = source.facts()?;
        let form = Form::Python {
            kind: source.kind(),
            complete: facts.parse == Parse::Parsed,
        };
        let comments = facts.comments.iter().map(|comment| comment.span);
        Self::read(source.path(), text, form, comments.collect())
    }

    fn read(path: &TreePath, text: &Text, form: Form, comments: Vec<Span>) -> Option<Self> {
        let entries: Vec<PlacedDirective> = comments
            .into_iter()
            .flat_map(|comment| {
                let directives = directive::read(text.as_str(), comment);
                directives
                    .into_iter()
                    .map(move |directive| PlacedDirective::new(comment, directive))
            })
            .collect();
        if entries.is_empty() {
            return None;
        }
        let breaks = form.breaks(text.as_str());
        let mut by_line: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (index, entry) in entries.iter().enumerate() {
            let line = line_of(&breaks, entry.directive.span.start);
            by_line.entry(line).or_default().push(index);
        }
        Some(Self {
            path: path.clone(),
            text: text.clone(),
            form,
            entries,
            breaks,
            by_line,
        })
    }

    /// Whether a request keeps the finding back. A finding about a file as a whole stands on its
    /// first line, where it is printed.
    pub(super) fn suppresses(&mut self, finding: &Finding) -> bool {
        let place = &finding.place;
        let span = match (place.span, place.position) {
            (Some(span), _) => span,
            (None, None) => Span::at(0),
            (None, Some(_)) => return false,
        };
        let end = span.start + span.slice(self.text.as_str()).trim_end().len();
        let edges = [span.start, end].map(|edge| line_of(&self.breaks, edge));
        let mut found = false;
        for line in BTreeSet::from(edges) {
            for index in self.by_line.get(&line).into_iter().flatten() {
                if let Some(entry) = self.entries.get_mut(*index) {
                    found |= entry.mark(finding.rule.code);
                }
            }
        }
        found
    }
}

/// The number of the line, from 0, that a place is on.
fn line_of(breaks: &[usize], at: usize) -> usize {
    breaks.partition_point(|end| *end < at)
}

impl PlacedDirective {
    fn new(comment: Span, directive: Directive) -> Self {
        let count = match &directive.request {
            SuppressionRequest::All => 1,
            SuppressionRequest::Rules(named) => named.len(),
        };
        Self {
            comment,
            directive,
            used: vec![false; count],
        }
    }

    /// Notes that a finding of the rule is on the line; false when it may be told.
    fn mark(&mut self, code: Code) -> bool {
        match &self.directive.request {
            SuppressionRequest::All => self.used.iter_mut().for_each(|used| *used = true),
            SuppressionRequest::Rules(named) => {
                for (used, named) in self.used.iter_mut().zip(named) {
                    *used |= named.selector.covers(code);
                }
            }
        }
        self.directive.covers(code)
    }
}

impl Form {
    /// Where lines end, as the format counts lines.
    fn breaks(self, text: &str) -> Vec<usize> {
        match self {
            Self::Build(syntax) => breaks(text, syntax.joins_lines()),
            Self::Python {
                kind: SourceKind::Module,
                ..
            } => breaks(text, true),
            Self::Python {
                kind: SourceKind::Notebook,
                ..
            } => escaped_breaks(text),
        }
    }
}

/// Where the lines of a text end, other than behind a `\` where that joins lines.
fn breaks(text: &str, joins: bool) -> Vec<usize> {
    let ended = text::lines(text).filter(|line| !line.end_span().is_empty());
    let parting = ended.filter(|line| !(joins && line.span.slice(text).ends_with('\\')));
    parting.map(|line| line.span.end).collect()
}

/// Where lines of code end in a notebook's JSON.
fn escaped_breaks(json: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut characters = json.char_indices();
    while let Some((at, character)) = characters.next() {
        if character == '\\' && matches!(characters.next(), Some((_, 'n' | 'r'))) {
            found.push(at);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_as_the_format_does() {
        assert_eq!(breaks("a\nb", true), [1]);
        assert_eq!(breaks("a\rb\r\n", true), [1, 3]);
        assert!(breaks("a\\\r\nb\\\nc", true).is_empty());
        assert_eq!(breaks("a\\\nb", false), [2]);
        assert!(breaks("ab", false).is_empty());
        assert_eq!(escaped_breaks("x = 1\\n\",\n\"y"), [5]);
        assert!(escaped_breaks("x = \\\"a\\\\n\\\"").is_empty());
        assert_eq!(
            [0, 1, 2, 3, 4].map(|at| line_of(&[1, 3], at)),
            [0, 0, 1, 1, 2]
        );
    }
}
