//! Physical lines to logical ones, exactly as pip does it: a trailing `\` joins, then the comment
//! is cut. What the line says is not known here.

use crate::text::Span;

/// A logical line, with the way back from its joined text to the file.
#[derive(Debug)]
pub(super) struct Logical {
    /// From the first character to before the last line end.
    pub(super) span: Span,
    /// With the last line end.
    pub(super) full: Span,
    /// The comment, from its `#` to the end of `span`.
    pub(super) comment: Option<Span>,
    /// What pip reads: continuations joined, comment and outer blanks gone.
    pub(super) text: String,
    /// Where the pieces of the joined text come from, in order.
    pieces: Vec<Piece>,
    /// Bytes of the joined text before `text`.
    skipped: usize,
    /// False for a value that was written with escapes: every place in it is all of it.
    verbatim: bool,
}

/// A run of joined text that stands in the file as it is.
#[derive(Debug)]
struct Piece {
    joined: usize,
    source: usize,
}

/// One line as Python's `splitlines` sees it.
#[derive(Clone, Copy)]
struct Physical {
    start: usize,
    stop: usize,
    end: usize,
}

/// The logical lines of `text`; their `full` spans cover every byte.
pub(super) fn logical_lines(text: &str) -> Vec<Logical> {
    let mut done = Vec::new();
    let mut pending: Vec<Physical> = Vec::new();
    for line in physical_lines(text) {
        let content = Span::new(line.start, line.stop).slice(text);
        pending.push(line);
        if !continues(content) {
            done.extend(join(text, &std::mem::take(&mut pending), false));
        }
    }
    done.extend(join(text, &pending, true));
    done
}

/// A value that stands elsewhere as one line, `span` being its place.
pub(super) fn logical_item(value: &str, span: Span, verbatim: bool) -> Logical {
    let pieces = vec![Piece {
        joined: 0,
        source: span.start,
    }];
    finish(value, pieces, span, span, verbatim)
}

impl Logical {
    /// The place in the file of a range of `text`.
    pub(super) fn place(&self, start: usize, end: usize) -> Span {
        if !self.verbatim {
            return self.span;
        }
        let first = self.source(start + self.skipped);
        let last = if end > start {
            self.source(end + self.skipped - 1) + 1
        } else {
            first
        };
        Span::new(first, last)
    }

    /// Whether places in the line are exact.
    pub(super) fn is_verbatim(&self) -> bool {
        self.verbatim
    }

    fn source(&self, joined: usize) -> usize {
        let piece = self
            .pieces
            .iter()
            .rev()
            .find(|piece| piece.joined <= joined);
        piece.map_or(self.span.start, |piece| {
            piece.source + joined - piece.joined
        })
    }
}

fn physical_lines(text: &str) -> impl Iterator<Item = Physical> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let (stop, end) = match rest.char_indices().find(|(_, c)| ends_line(*c)) {
            None => (text.len(), text.len()),
            Some((at, '\r'))
                if rest
                    .get(at + 1..)
                    .is_some_and(|next| next.starts_with('\n')) =>
            {
                (start + at, start + at + 2)
            }
            Some((at, c)) => (start + at, start + at + c.len_utf8()),
        };
        let line = Physical { start, stop, end };
        start = end;
        Some(line)
    })
}

/// The characters at which Python's `str.splitlines`, which pip uses, ends a line.
fn ends_line(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// A comment line does not continue, whatever its last character is.
fn continues(line: &str) -> bool {
    line.ends_with('\\') && !is_comment_line(line)
}

fn is_comment_line(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// Joins the physical lines of one logical line. `open` says that the file ended behind a `\`.
fn join(text: &str, lines: &[Physical], open: bool) -> Option<Logical> {
    let (first, last) = (lines.first()?, lines.last()?);
    let mut joined = String::new();
    let mut pieces = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let content = Span::new(line.start, line.stop).slice(text);
        let is_last = index + 1 == lines.len() && !open;
        if is_last && is_comment_line(content) && lines.len() > 1 {
            // pip puts a blank here, so that the comment is one after whatever comes before.
            joined.push(' ');
        }
        let kept = if is_last {
            content
        } else {
            content.trim_matches('\\')
        };
        let skipped = if is_last {
            0
        } else {
            content.len() - content.trim_start_matches('\\').len()
        };
        pieces.push(Piece {
            joined: joined.len(),
            source: line.start + skipped.min(content.len()),
        });
        joined.push_str(kept);
    }
    let span = Span::new(first.start, last.stop);
    let full = Span::new(first.start, last.end);
    Some(finish(&joined, pieces, span, full, true))
}

fn finish(joined: &str, pieces: Vec<Piece>, span: Span, full: Span, verbatim: bool) -> Logical {
    let (stop, hash) = comment_in(joined);
    let kept = joined.get(..stop).unwrap_or_default();
    let text = kept.trim();
    let mut line = Logical {
        span,
        full,
        comment: None,
        text: text.to_owned(),
        pieces,
        skipped: kept.len() - kept.trim_start().len(),
        verbatim,
    };
    line.comment = hash.map(|hash| {
        if line.verbatim {
            Span::new(line.source(hash), span.end)
        } else {
            span
        }
    });
    line
}

/// Where pip cuts a line (`(^|\s+)#.*$`), and where the `#` is; the end for a line without comment.
fn comment_in(line: &str) -> (usize, Option<usize>) {
    let mut blanks = Some(0);
    for (at, c) in line.char_indices() {
        if c == '#' {
            if let Some(start) = blanks {
                return (start, Some(at));
            }
        } else if c.is_whitespace() {
            blanks = blanks.or(Some(at));
            continue;
        }
        blanks = None;
    }
    (line.len(), None)
}
