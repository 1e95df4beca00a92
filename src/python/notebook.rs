//! Notebooks: which strings of the JSON are code, and which byte of the JSON each byte of the code
//! comes from. Reads every format since 2 (`worksheets` before 4) and more than the schema allows.

use serde::de::IgnoredAny;

use super::facts::{Escape, Facts};
use super::json::{Value, decode};
use super::parse::{self, TooDeep};
use crate::text::Span;

/// The code of a notebook.
#[derive(Debug, Default)]
pub(super) struct Code<'f> {
    /// The code cells, one behind the other, each followed by a line end that is not in the file.
    pub(super) text: String,
    /// The cells.
    pub(super) cells: Vec<CodeCell>,
    /// The notebook.
    file: &'f str,
    /// Where the code comes from, in order.
    segments: Vec<Segment>,
}

/// One code cell.
#[derive(Debug)]
pub(super) struct CodeCell {
    /// Its number among all cells, from 1.
    pub(super) number: usize,
    /// Its `source` in the file.
    pub(super) source: Span,
    /// Its code in [`Code::text`].
    pub(super) code: Span,
    /// The magic that makes it something else than Python (`bash` of `%%bash`).
    pub(super) foreign: bool,
}

/// Bytes of code that come from neighbouring bytes of the file: a run of plain characters, or one
/// escape.
#[derive(Debug, Clone, Copy)]
struct Segment {
    code: usize,
    code_len: usize,
    file: usize,
    file_len: usize,
}

/// Why a file is no notebook.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NotebookError {
    /// Not JSON, from this offset on.
    NotJson(usize),
    /// JSON without cells.
    NoCells,
}

/// Reads the code of a notebook.
pub(super) fn read(file: &str) -> Result<Code<'_>, NotebookError> {
    if let Err(error) = serde_json::from_str::<IgnoredAny>(file) {
        return Err(NotebookError::NotJson(offset(
            file,
            error.line(),
            error.column(),
        )));
    }
    let notebook = Value::whole(file);
    let mut code = Code {
        file,
        ..Code::default()
    };
    if !speaks_python(notebook) {
        return Ok(code);
    }
    let mut lists: Vec<Value<'_>> = notebook.get("cells").into_iter().collect();
    let sheets = notebook.get("worksheets").map(Value::items);
    lists.extend(
        sheets
            .into_iter()
            .flatten()
            .filter_map(|sheet| sheet.get("cells")),
    );
    if lists.is_empty() {
        return Err(NotebookError::NoCells);
    }
    let cells = lists.into_iter().flat_map(Value::items);
    for (number, cell) in cells.enumerate() {
        let kind = cell.get("cell_type").and_then(Value::text);
        let source = cell.get("source").or_else(|| cell.get("input"));
        if let Some(source) = source.filter(|_| kind.as_deref() == Some("code")) {
            code.add(number + 1, source);
        }
    }
    Ok(code)
}

/// The offset of a place that `serde_json` names: lines from 1, columns in bytes from 1.
fn offset(file: &str, line: usize, column: usize) -> usize {
    let start = match line.checked_sub(2) {
        Some(before) => memchr::memchr_iter(b'\n', file.as_bytes())
            .nth(before)
            .map(|end| end + 1),
        None => Some(0),
    };
    let mut offset = (start.unwrap_or(file.len()) + column.saturating_sub(1)).min(file.len());
    while !file.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Whether the notebook's kernel is Python; one that does not say is.
fn speaks_python(notebook: Value<'_>) -> bool {
    let Some(metadata) = notebook.get("metadata") else {
        return true;
    };
    let language = metadata
        .get("language_info")
        .and_then(|info| info.get("name"));
    let kernel = || {
        metadata
            .get("kernelspec")
            .and_then(|kernel| kernel.get("language"))
    };
    let language = language.or_else(kernel).and_then(Value::text);
    language.is_none_or(|language| language.to_ascii_lowercase().contains("python"))
}

/// Magics whose cell is Python all the same.
const PYTHON_MAGICS: [&str; 8] = [
    "time", "timeit", "capture", "prun", "python", "python3", "pyspark", "memit",
];

/// What stands behind the `%%` of a cell.
fn magic(code: &str) -> &str {
    let code = code.trim_start();
    code.strip_prefix("%%").unwrap_or(code)
}

fn is_foreign(code: &str) -> bool {
    let Some(magic) = code.trim_start().strip_prefix("%%") else {
        return false;
    };
    let name = magic
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    !PYTHON_MAGICS.contains(&name)
}

impl Code<'_> {
    /// The facts of the code, with places in the file.
    pub(super) fn facts(&self) -> Result<Facts, TooDeep> {
        let python = self.cells.iter().filter(|cell| !cell.foreign);
        let python: Vec<Span> = python.map(|cell| cell.code).collect();
        let mut facts = parse::cells(&self.text, &python)?;
        for cell in self.cells.iter().filter(|cell| cell.foreign) {
            facts.escapes.push(Escape {
                span: cell.code,
                kind: "%%".to_owned(),
                command: magic(cell.code.slice(&self.text)).to_owned(),
            });
        }
        facts.escapes.sort_by_key(|escape| escape.span);
        facts.each_span(|span| *span = self.in_file(*span));
        for literal in &mut facts.literals {
            literal.verbatim &= literal.content.slice(self.file) == literal.value;
        }
        Ok(facts)
    }

    fn add(&mut self, number: usize, source: Value<'_>) {
        let start = self.text.len();
        let strings = if source.is_list() {
            source.items().collect()
        } else {
            vec![source]
        };
        for string in strings {
            self.add_string(string);
        }
        let code = Span::new(start, self.text.len());
        self.push("\n", Span::at(source.span().end));
        self.cells.push(CodeCell {
            number,
            source: source.span(),
            code,
            foreign: is_foreign(code.slice(&self.text)),
        });
    }

    fn add_string(&mut self, string: Value<'_>) {
        if let Some(content) = string.content() {
            decode(string.document(), content, |text, place| {
                self.push(text, place);
            });
        }
    }

    fn push(&mut self, text: &str, place: Span) {
        self.segments.push(Segment {
            code: self.text.len(),
            code_len: text.len(),
            file: place.start,
            file_len: place.len(),
        });
        self.text.push_str(text);
    }

    /// The place in the file that a part of the code comes from.
    pub(super) fn in_file(&self, span: Span) -> Span {
        if span.is_empty() {
            return Span::at(self.start_in_file(span.start));
        }
        Span::new(self.start_in_file(span.start), self.end_in_file(span.end))
    }

    fn start_in_file(&self, offset: usize) -> usize {
        let behind = self
            .segments
            .partition_point(|segment| segment.code <= offset);
        let segment = behind.checked_sub(1).and_then(|at| self.segments.get(at));
        segment.map_or(0, |segment| segment.at(offset))
    }

    fn end_in_file(&self, offset: usize) -> usize {
        let behind = self
            .segments
            .partition_point(|segment| segment.code < offset);
        let segment = behind.checked_sub(1).and_then(|at| self.segments.get(at));
        segment.map_or(0, |segment| segment.at(offset))
    }
}

impl Segment {
    /// The file's offset of a code offset in or at the end of this segment; an escape is never cut.
    fn at(&self, offset: usize) -> usize {
        let inside = offset - self.code;
        if inside >= self.code_len {
            self.file + self.file_len
        } else if self.code_len == self.file_len {
            self.file + inside
        } else {
            self.file
        }
    }
}
