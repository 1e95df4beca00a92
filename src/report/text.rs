//! Findings for people, the way compilers print them: the line of the source, what is wrong with
//! it, and what helps.

use std::fmt::Write;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::style::{BAD, CODE, GOOD, HEADING, UNSURE, styled};
use super::words::wrapped;
use super::{PathPrefix, safe};
use crate::engine::{AppOutcome, Outcome, Reported};
use crate::rules::{Category, Place, Safety, Step};
use crate::secrets::masked_part;
use crate::text::{Line, Position, Span, Text};
use crate::tree::TreePath;

/// The longest line (bytes) that is shown. People write none that is longer, and each finding of a
/// notebook that is one line of megabytes would go through all of it.
const LONGEST_LINE: usize = 4_000;

/// Width (characters) at which the sentences of a help line are broken.
const HELP_WIDTH: usize = 88;

/// All findings that are open at the end of a run, app by app.
pub fn findings(outcome: &Outcome, shown: &PathPrefix) -> String {
    let several = outcome.apps.len() > 1;
    let mut text = String::new();
    for app in outcome.apps.iter().filter(|app| !app.open.is_empty()) {
        if several {
            text.push_str(&heading(app, shown));
        }
        text.extend(app.open.iter().map(|reported| finding(reported, shown)));
    }
    if several && !outcome.repository.is_empty() {
        text.push_str(&styled(HEADING, "── the repository"));
        text.push_str("\n\n");
    }
    let repository = outcome.repository.iter();
    text.extend(repository.map(|reported| finding(reported, shown)));
    text
}

/// What stands before the findings of one of several repositories.
pub fn repository_heading(path: &str) -> String {
    format!("{}\n\n", styled(HEADING, format!("══ {}", safe(path))))
}

/// Something that kept the program from its work. Further lines of the text are indented.
pub fn error(message: &str) -> String {
    let mut lines = message.lines().map(safe);
    let first = lines.next().unwrap_or_default();
    let mut text = format!("{}: {first}\n", styled(BAD, "error"));
    for line in lines {
        for part in wrapped(&line, HELP_WIDTH) {
            let _ = writeln!(text, "  {part}");
        }
    }
    text
}

/// Something that went wrong beside the work, on one line.
pub fn warning(message: &str) -> String {
    format!("{}: {}\n", styled(UNSURE, "warning"), safe(message))
}

fn heading(app: &AppOutcome, shown: &PathPrefix) -> String {
    let name = format!("── app {}", shown.path(&app.root));
    format!("{}\n\n", styled(HEADING, name))
}

/// One finding with its source, and an empty line after it.
pub fn finding(reported: &Reported, shown: &PathPrefix) -> String {
    let level = match reported.finding.category {
        Category::Must => Level::ERROR,
        Category::Should => Level::WARNING,
        Category::May => Level::NOTE,
    };
    let title = level
        .primary_title(safe(&reported.finding.message))
        .id(reported.finding.rule.code.to_string());
    let group = sources(Group::with_title(title), reported, shown);
    let group = helps(rest(group, reported), reported);
    format!("{}\n\n", Renderer::styled().render(&[group]))
}

/// The most places beside the first that people are shown; documents for programs hold all.
const MOST_PLACES: usize = 24;

/// How many places are not shown.
fn rest<'a>(group: Group<'a>, reported: &Reported) -> Group<'a> {
    match reported.finding.evidence.len().saturating_sub(MOST_PLACES) {
        0 => group,
        1 => group.element(Level::NOTE.message("1 more place is not shown")),
        more => group.element(Level::NOTE.message(format!("{more} more places are not shown"))),
    }
}

/// The place of the finding and its evidence: one snippet for each file.
fn sources<'a>(group: Group<'a>, reported: &Reported, shown: &PathPrefix) -> Group<'a> {
    let place = &reported.finding.place;
    let known = place.span.is_some() || place.position.is_some();
    let files = marked_files(reported).into_iter().enumerate();
    files.fold(group, |group, (index, file)| {
        let path = shown.path(file.path);
        let snippet = file
            .text
            .and_then(|text| snippet(text, &file.marks, path.clone()));
        match snippet {
            Some(snippet) => group.element(snippet),
            None if index == 0 && known => group.element(origin(path, Some(reported.position()))),
            None => group.element(origin(path, None)),
        }
    })
}

/// A file with places to show.
struct MarkedFile<'r> {
    path: &'r TreePath,
    text: Option<&'r Text>,
    marks: Vec<Mark>,
}

/// More lines between two marks are no context: they would be read again for each finding.
const FAR: usize = 100;

impl MarkedFile<'_> {
    /// Whether the mark can stand in one snippet with those that are there.
    fn is_near(&self, mark: &Mark, text: Option<&Text>) -> bool {
        let first = self.marks.first().and_then(|first| first.span);
        match (first, mark.span, text) {
            (Some(first), Some(span), Some(text)) => {
                let (one, other) = (text.line_number(first.start), text.line_number(span.start));
                one.abs_diff(other) <= FAR
            }
            _ => true,
        }
    }
}

/// The file of the finding first, then those of its evidence; what is far away in a file stands by
/// itself.
fn marked_files(reported: &Reported) -> Vec<MarkedFile<'_>> {
    let finding = &reported.finding;
    let text = reported.text.as_ref();
    let main = Mark::new(&finding.place, text, String::new(), AnnotationKind::Primary);
    let mut files = vec![MarkedFile {
        path: &finding.place.path,
        text,
        marks: vec![main],
    }];
    for (index, evidence) in finding.evidence.iter().enumerate().take(MOST_PLACES) {
        let path = &evidence.place.path;
        let text = reported.evidence.get(index).and_then(Option::as_ref);
        let note = safe(&evidence.note);
        let mark = Mark::new(&evidence.place, text, note, AnnotationKind::Context);
        let near = |file: &&mut MarkedFile| file.path == path && file.is_near(&mark, text);
        if let Some(file) = files.iter_mut().find(near) {
            file.text = file.text.or(text);
            file.marks.push(mark);
        } else {
            let marks = vec![mark];
            files.push(MarkedFile { path, text, marks });
        }
    }
    files
}

fn origin<'a>(path: String, position: Option<Position>) -> Origin<'a> {
    match position {
        Some(position) => Origin::path(path)
            .line(position.line)
            .char_column(position.column),
        None => Origin::path(path),
    }
}

/// What more is known, and what helps: the fix, then what is left after it; or the steps that take
/// its place; and the other ways.
fn helps<'a>(mut group: Group<'a>, reported: &Reported) -> Group<'a> {
    let finding = &reported.finding;
    for note in &finding.notes {
        group = group.element(Level::NOTE.message(broken(&safe(note))));
    }
    if let Some(fix) = &finding.fix {
        let (style, kind) = match fix.safety {
            Safety::Safe => (GOOD, "[safe fix]"),
            Safety::Unsafe => (UNSURE, "[unsafe fix]"),
        };
        // The words are broken before they are coloured: colours have no width.
        let help = broken(&format!("{kind} {}", safe(&fix.title)));
        let help = help.replacen(kind, &styled(style, kind), 1);
        group = group.element(Level::HELP.message(help));
    }
    for step in &finding.steps {
        let level = match finding.fix {
            Some(_) => Level::NOTE.with_name("then"),
            None => Level::HELP,
        };
        group = group.element(level.message(step_text(step)));
    }
    for other in &finding.alternatives {
        let level = Level::HELP.with_name("or");
        group = group.element(level.message(broken(&safe(other))));
    }
    group
}

/// A step with its command on a line of its own.
fn step_text(step: &Step) -> String {
    let text = broken(&safe(&step.text));
    match &step.command {
        Some(command) => format!("{text}\n  {}", styled(CODE, safe(command))),
        None => text,
    }
}

fn broken(text: &str) -> String {
    wrapped(text, HELP_WIDTH).join("\n")
}

/// Characters to point at.
struct Mark {
    span: Option<Span>,
    note: String,
    kind: AnnotationKind,
}

impl Mark {
    fn new(place: &Place, text: Option<&Text>, note: String, kind: AnnotationKind) -> Self {
        let at = place.position.zip(text);
        let position = at.and_then(|(position, text)| span_at(text, position));
        Self {
            span: place.span.or(position),
            note,
            kind,
        }
    }
}

/// The empty span at a line and column.
fn span_at(text: &Text, position: Position) -> Option<Span> {
    let line = text.line(position.line.checked_sub(1)?)?;
    let before = line
        .span
        .slice(text.as_str())
        .chars()
        .take(position.column.checked_sub(1)?);
    Some(Span::at(
        line.span.start + before.map(char::len_utf8).sum::<usize>(),
    ))
}

/// The lines that the marks point at; `None` when none of them points anywhere.
fn snippet<'a>(
    text: &Text,
    marks: &[Mark],
    path: String,
) -> Option<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let spans: Vec<Span> = marks.iter().filter_map(|mark| mark.span).collect();
    let window = Window::around(text, &spans)?;
    let marked = marks.iter().filter(|mark| mark.span.is_some());
    let annotations: Vec<_> = marked
        .zip(window.ranges)
        .map(|(mark, range)| {
            let annotation = mark.kind.span(range);
            if mark.note.is_empty() {
                annotation
            } else {
                annotation.label(mark.note.clone())
            }
        })
        .collect();
    let snippet = Snippet::source(window.source)
        .path(path)
        .line_start(window.first_line);
    Some(snippet.annotations(annotations))
}

/// Some lines of a text, ready to be shown: without secrets, each ended by a plain LF.
struct Window {
    source: String,
    /// Number of the first line, from 1.
    first_line: usize,
    /// For each span, the bytes of `source` that it covers: on its first line only, and never out
    /// of the source.
    ranges: Vec<Range<usize>>,
}

impl Window {
    fn around(text: &Text, spans: &[Span]) -> Option<Self> {
        let line_of = |span: &Span| text.line_number(span.start);
        let marked: Vec<usize> = spans.iter().map(line_of).collect();
        let (first, last) = (*marked.iter().min()?, *marked.iter().max()?);
        let lines: Vec<Line> = (first..=last).filter_map(|it| text.line(it)).collect();
        if lines.iter().any(|line| line.span.len() > LONGEST_LINE) {
            return None;
        }
        let text = text.as_str();
        let mut source = String::new();
        let mut starts = Vec::new();
        for line in &lines {
            starts.push(source.len());
            source.push_str(&masked_part(text, line.span));
            source.push('\n');
        }
        let ranges = spans.iter().zip(&marked).filter_map(|(span, index)| {
            let start = *starts.get(index - first)?;
            let line = lines.get(index - first)?;
            let shown = source.get(start..)?.split('\n').next()?;
            let from = start + moved(line.span.slice(text), shown, span.start, line.span.start);
            let to = start + moved(line.span.slice(text), shown, span.end, line.span.start);
            Some(from..to.max(from))
        });
        Some(Self {
            ranges: ranges.collect(),
            source,
            first_line: first + 1,
        })
    }
}

/// The byte of `shown` at the character where `offset` (into the text) is in `line`: masking keeps
/// the number of characters, not of bytes.
fn moved(line: &str, shown: &str, offset: usize, line_start: usize) -> usize {
    let offset = offset.saturating_sub(line_start);
    let characters = line.char_indices().take_while(|(at, _)| *at < offset);
    let mut places = shown.char_indices().map(|(at, _)| at);
    places.nth(characters.count()).unwrap_or(shown.len())
}

#[cfg(test)]
mod tests;
