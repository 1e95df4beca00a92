//! Where the lines of a text start and how many characters stand before a place: found once, so that
//! thousands of positions in one file, or in one line, cost a look each.

use super::{Line, LineEnd, Position, Span, lines};

/// So many bytes lie between two places at which the characters were counted.
const BLOCK: usize = 1024;

#[derive(Debug)]
pub(super) struct LineIndex {
    /// The offset of each line's first character; a final line end starts another, empty one.
    starts: Vec<usize>,
    /// The characters that begin before each block.
    counts: Vec<usize>,
    /// The line end that most lines have.
    line_end: LineEnd,
}

impl LineIndex {
    pub(super) fn new(text: &str) -> Self {
        let behind = lines(text).filter(|line| line.end > line.span.end);
        let starts = std::iter::once(0)
            .chain(behind.map(|line| line.end))
            .collect();
        let mut counts = vec![0];
        let mut count = 0;
        for block in text.as_bytes().chunks(BLOCK) {
            count += characters(block);
            counts.push(count);
        }
        Self {
            starts,
            counts,
            line_end: most_frequent_end(text),
        }
    }

    pub(super) const fn line_end(&self) -> LineEnd {
        self.line_end
    }

    pub(super) fn line_number(&self, offset: usize) -> usize {
        let after = self.starts.partition_point(|start| *start <= offset);
        after.saturating_sub(1)
    }

    pub(super) fn line(&self, text: &str, number: usize) -> Option<Line> {
        let start = *self.starts.get(number)?;
        let end = self.starts.get(number + 1).copied();
        let end = end.unwrap_or(text.len());
        let whole = Span::new(start, end);
        let content = whole.slice(text);
        let bare = content
            .strip_suffix("\r\n")
            .or_else(|| content.strip_suffix(['\n', '\r']));
        let length = bare.unwrap_or(content).len();
        let span = Span::new(start, start + length);
        Some(Line { span, end })
    }

    pub(super) fn position(&self, text: &str, offset: usize) -> Position {
        let number = self.line_number(offset.min(text.len()));
        let line = self.line(text, number);
        let span = line.map_or(Span::at(0), |line| line.span);
        let mut end = offset.min(span.end);
        while !text.is_char_boundary(end) {
            end += 1;
        }
        Position {
            line: number + 1,
            column: 1 + self
                .before(text, end)
                .saturating_sub(self.before(text, span.start)),
        }
    }

    /// How many characters begin before `offset`.
    fn before(&self, text: &str, offset: usize) -> usize {
        let block = offset / BLOCK;
        let counted = self.counts.get(block).copied().unwrap_or_default();
        let rest = text.as_bytes().get(block * BLOCK..offset);
        counted + rest.map_or(0, characters)
    }
}

/// The line end that most lines have; LF for a text without any.
fn most_frequent_end(text: &str) -> LineEnd {
    let (mut lf, mut crlf, mut cr) = (0_usize, 0_usize, 0_usize);
    for line in lines(text) {
        match line.end_span().slice(text) {
            "\n" => lf += 1,
            "\r\n" => crlf += 1,
            "\r" => cr += 1,
            _ => {}
        }
    }
    if crlf > lf && crlf >= cr {
        LineEnd::CrLf
    } else if cr > lf {
        LineEnd::Cr
    } else {
        LineEnd::Lf
    }
}

/// The characters that begin in a part of UTF-8.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0xC0) != 0x80).count()
}
