//! Python as data: what the code of a `.py` file or notebook says, gathered once and shared by all
//! rules. Bytes and text only: no rules, no app, no disk, and no code is run.

mod facts;
mod queries;

use thiserror::Error;

use crate::text::{DecodeError, Position, Span, Text};

pub use facts::*;

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
