//! One file with its requests to keep findings back, and which of them were needed.

use super::directive::{self, Directive, SuppressionRequest};
use crate::app::SourceFile;
use crate::files::comments::Syntax;
use crate::python::{Parse, SourceKind};
use crate::rules::{Code, Finding};
use crate::text::{Span, Text};
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
        (!entries.is_empty()).then(|| Self {
            path: path.clone(),
            text: text.clone(),
            form,
            entries,
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
        let (text, form) = (self.text.as_str(), self.form);
        let mut found = false;
        for entry in &mut self.entries {
            let at = entry.directive.span.start;
            let here = [span.start, end]
                .iter()
                .any(|edge| form.is_one_line(text, *edge, at));
            found |= here && entry.mark(finding.rule.code);
        }
        found
    }
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
    /// Whether two places are on one line, as the format counts lines.
    fn is_one_line(self, text: &str, one: usize, other: usize) -> bool {
        let between = text.get(one.min(other)..one.max(other));
        between.is_some_and(|between| match self {
            Self::Build(syntax) => !is_broken(between, syntax.joins_lines()),
            Self::Python {
                kind: SourceKind::Module,
                ..
            } => !is_broken(between, true),
            Self::Python {
                kind: SourceKind::Notebook,
                ..
            } => !has_escaped_break(between),
        })
    }
}

/// Whether a line ends in the text, other than behind a `\` where that joins lines.
fn is_broken(text: &str, joins: bool) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find(['\n', '\r']) {
        let (line, behind) = rest.split_at(at);
        if !(joins && line.ends_with('\\')) {
            return true;
        }
        rest = behind
            .strip_prefix("\r\n")
            .or_else(|| behind.get(1..))
            .unwrap_or_default();
    }
    false
}

/// Whether a line of code ends in this part of a notebook's JSON.
fn has_escaped_break(json: &str) -> bool {
    let mut characters = json.chars();
    while let Some(character) = characters.next() {
        if character == '\\' && matches!(characters.next(), Some('n' | 'r')) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_as_the_format_does() {
        assert!(is_broken("a\nb", true));
        assert!(is_broken("a\rb", true));
        assert!(!is_broken("a\\\r\nb\\\nc", true));
        assert!(is_broken("a\\\nb", false));
        assert!(!is_broken("ab", false));
        assert!(has_escaped_break("x = 1\\n\",\n\"y"));
        assert!(!has_escaped_break("x = \\\"a\\\\n\\\""));
    }
}
