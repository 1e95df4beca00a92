//! Python as data: what the code of a `.py` file or notebook says, gathered once and shared by all
//! rules. Bytes and text only: no rules, no app, no disk, and no code is run.

mod facts;
mod gather;
mod json;
mod needles;
mod nesting;
mod notebook;
mod parse;
mod queries;
mod quotes;
mod scan;
mod spans;

use thiserror::Error;

use crate::text::{DecodeError, Position, Span, Text};

pub use facts::*;
pub use needles::Needles;
pub use queries::FARTHEST;

/// The largest module that is read, in bytes; people do not write longer ones.
pub const LARGEST_MODULE: usize = 1024 * 1024;
/// The largest notebook that is read, in bytes: its outputs hold pictures and tables.
pub const LARGEST_NOTEBOOK: usize = 64 * 1024 * 1024;

/// What kind of source a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// A module or script.
    Module,
    /// A Jupyter notebook.
    Notebook,
}

/// A source file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The decoded file; all spans are spans of it.
    pub text: Text,
    /// What kind of source it is.
    pub kind: SourceKind,
    /// What its code says.
    pub facts: Facts,
    /// The code cells of a notebook; empty for a module.
    pub cells: Vec<Cell>,
}

/// One code cell of a notebook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Its number among all cells, from 1, as an editor counts them.
    pub number: usize,
    /// Its `source` in the notebook's JSON: the string, or the list with its brackets.
    pub span: Span,
}

/// Why a source file says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SourceError {
    /// The bytes are not text.
    #[error("{0}")]
    Undecodable(DecodeError),
    /// A NUL byte, which no Python reads; usually a binary file.
    #[error("a NUL byte (byte {offset})")]
    Nul {
        /// Where, in the decoded text.
        offset: usize,
        /// The same, for people.
        position: Position,
    },
    /// More bytes than are read.
    #[error("{size} bytes, more than the {limit} that are read")]
    TooLarge {
        /// The size in bytes.
        size: usize,
        /// The most that is read.
        limit: usize,
    },
    /// Brackets, blocks or operators nested deeper than is read.
    #[error("nested more than {limit} levels deep")]
    TooDeep {
        /// Where the limit is passed, in the decoded text.
        offset: usize,
        /// The same, for people.
        position: Position,
        /// The most levels that are read.
        limit: usize,
    },
    /// The file is not JSON.
    #[error("not JSON (byte {offset})")]
    NotJson {
        /// Where, in the decoded text.
        offset: usize,
        /// The same, for people.
        position: Position,
    },
    /// The file is JSON, and not a notebook.
    #[error("JSON without cells")]
    NotNotebook,
}

impl SourceKind {
    /// The kind of the file of this name, if it is source.
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        match extension {
            "py" | "pyw" => Some(Self::Module),
            "ipynb" => Some(Self::Notebook),
            _ => None,
        }
    }

    const fn largest(self) -> usize {
        match self {
            Self::Module => LARGEST_MODULE,
            Self::Notebook => LARGEST_NOTEBOOK,
        }
    }
}

impl Source {
    /// Reads the bytes of a source file.
    ///
    /// # Errors
    /// When the bytes are no text, or the text is too large, too deep, binary, or no notebook. Code
    /// that is not Python is no error: [`Facts::parse`] tells.
    pub fn read(bytes: &[u8], kind: SourceKind) -> Result<Self, SourceError> {
        check_size(bytes.len(), kind)?;
        let text = Text::decode_declared(bytes).map_err(SourceError::Undecodable)?;
        Self::from_text(text, kind)
    }

    /// Reads a source file that is decoded already.
    ///
    /// # Errors
    /// As [`Source::read`].
    pub fn from_text(text: Text, kind: SourceKind) -> Result<Self, SourceError> {
        let (facts, cells) = match kind {
            SourceKind::Module => (facts(text.as_str())?, Vec::new()),
            SourceKind::Notebook => notebook_facts(&text)?,
        };
        Ok(Self {
            text,
            kind,
            facts,
            cells,
        })
    }

    /// The cell that an offset is in.
    pub fn cell_at(&self, offset: usize) -> Option<&Cell> {
        let mut cells = self.cells.iter();
        cells.find(|cell| cell.span.start <= offset && offset < cell.span.end)
    }

    /// Whether the bytes of a span are code as it stands, so that they may be replaced: always in a
    /// module, in a notebook only within one string of its JSON and without escapes. What is put
    /// there must be spelled by [`Source::spell`].
    pub fn is_editable(&self, span: Span) -> bool {
        let here = span.slice(self.text.as_str());
        match self.kind {
            SourceKind::Module => true,
            SourceKind::Notebook => !here.is_empty() && !here.contains(['"', '\\', '\n', '\r']),
        }
    }

    /// How the file spells code that is put into it.
    pub fn spell(&self, code: &str) -> String {
        match self.kind {
            SourceKind::Module => code.to_owned(),
            SourceKind::Notebook => {
                let quoted = serde_json::Value::from(code).to_string();
                quoted
                    .get(1..quoted.len() - 1)
                    .unwrap_or_default()
                    .to_owned()
            }
        }
    }
}

/// The facts of a module's text.
///
/// # Errors
/// When the text is too large, too deep or has a NUL.
pub fn facts(text: &str) -> Result<Facts, SourceError> {
    check_size(text.len(), SourceKind::Module)?;
    check_nul(text)?;
    parse::module(text).map_err(|parse::TooDeep(offset)| too_deep(text, offset))
}

fn notebook_facts(text: &Text) -> Result<(Facts, Vec<Cell>), SourceError> {
    check_size(text.as_str().len(), SourceKind::Notebook)?;
    check_nul(text.as_str())?;
    let code = notebook::read(text.as_str()).map_err(|error| match error {
        notebook::NotebookError::NotJson(offset) => SourceError::NotJson {
            offset,
            position: text.position(offset),
        },
        notebook::NotebookError::NoCells => SourceError::NotNotebook,
    })?;
    check_size(code.text.len(), SourceKind::Module)?;
    let facts = code.facts().map_err(|parse::TooDeep(offset)| {
        too_deep(text.as_str(), code.in_file(Span::at(offset)).start)
    })?;
    let cells = code.cells.iter().map(|cell| Cell {
        number: cell.number,
        span: cell.source,
    });
    Ok((facts, cells.collect()))
}

fn check_size(size: usize, kind: SourceKind) -> Result<(), SourceError> {
    let limit = kind.largest();
    if size > limit {
        return Err(SourceError::TooLarge { size, limit });
    }
    Ok(())
}

fn check_nul(text: &str) -> Result<(), SourceError> {
    match memchr::memchr(0, text.as_bytes()) {
        Some(offset) => Err(SourceError::Nul {
            offset,
            position: Text::new(text).position(offset),
        }),
        None => Ok(()),
    }
}

fn too_deep(text: &str, offset: usize) -> SourceError {
    SourceError::TooDeep {
        offset,
        position: Text::new(text).position(offset),
        limit: nesting::LIMIT,
    }
}

#[cfg(test)]
mod tests;
