//! Reads a state, a line at a time.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::disk::open_named;

use super::record::{Brief, Header, Started, StateLine, Writing};
use super::{StateError, VERSION};

/// How every state begins.
const START: &[u8] = b"{\"kind\":\"header\",\"version\":";

/// A state, read a line at a time: no more than one line of it is in memory.
pub struct Reader {
    path: PathBuf,
    input: BufReader<File>,
    header: Header,
    /// The lines that were read.
    lines: usize,
    /// The bytes of the lines that were read.
    end: u64,
    buffer: Vec<u8>,
}

/// A line of which only what decides is kept.
pub(in crate::fleet) enum Short {
    Header(Header),
    Started(Started),
    Writing(Writing),
    Done(Brief),
}

/// What tells the lines apart.
#[derive(Deserialize)]
struct Tag {
    kind: StateLineKind,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StateLineKind {
    Header,
    Started,
    Writing,
    Done,
}

/// The part of a header that every version has.
#[derive(Deserialize)]
struct Versioned {
    kind: StateLineKind,
    version: u32,
}

impl Reader {
    /// Opens the state and reads its header.
    ///
    /// # Errors
    /// When it cannot be read, is no state, or one of another version.
    pub fn open(path: &Path) -> Result<Self, StateError> {
        let file = open_named(path).map_err(|error| StateError::Unopened {
            path: path.to_owned(),
            error,
        })?;
        Self::from_file(file, path)
    }

    /// Reads the state from an open file that stands at its beginning.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub(in crate::fleet) fn from_file(file: File, path: &Path) -> Result<Self, StateError> {
        let mut reader = Self {
            path: path.to_owned(),
            input: BufReader::new(file),
            header: Header::nothing(),
            lines: 0,
            end: 0,
            buffer: Vec::new(),
        };
        if !reader.advance()? {
            return Err(reader.no_line());
        }
        reader.header = reader.read_header()?;
        Ok(reader)
    }

    fn read_header(&self) -> Result<Header, StateError> {
        let no_header = |_| StateError::NoHeader(self.path.clone());
        let head: Versioned = serde_json::from_slice(&self.buffer).map_err(no_header)?;
        if head.kind != StateLineKind::Header {
            return Err(StateError::NoHeader(self.path.clone()));
        }
        if head.version == 0 || head.version > VERSION {
            return Err(StateError::Version {
                path: self.path.clone(),
                version: head.version,
            });
        }
        self.parse()
    }

    /// What a file without a whole line is.
    fn no_line(&self) -> StateError {
        let path = self.path.clone();
        let shared = self.buffer.len().min(START.len());
        if self.buffer.get(..shared) == START.get(..shared) {
            StateError::Torn(path)
        } else {
            StateError::NoHeader(path)
        }
    }

    /// How long the file is, in bytes.
    pub(in crate::fleet) fn length(&self) -> u64 {
        let metadata = self.input.get_ref().metadata();
        metadata.map_or(0, |metadata| metadata.len())
    }

    /// The first line.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The next line. A last line without its end was cut off when the program was ended: it is
    /// passed over.
    ///
    /// # Errors
    /// When the file cannot be read, or a line is no line of a state.
    pub fn next_line(&mut self) -> Result<Option<StateLine>, StateError> {
        if !self.advance()? {
            return Ok(None);
        }
        let line = match self.kind()? {
            StateLineKind::Header => StateLine::Header(self.parse()?),
            StateLineKind::Started => StateLine::Started(self.parse()?),
            StateLineKind::Writing => StateLine::Writing(self.parse()?),
            StateLineKind::Done => StateLine::Done(Box::new(self.parse()?)),
        };
        Ok(Some(line))
    }

    /// The next line without the results, as [`Reader::next_line`].
    pub(in crate::fleet) fn next_short(&mut self) -> Result<Option<Short>, StateError> {
        if !self.advance()? {
            return Ok(None);
        }
        let line = match self.kind()? {
            StateLineKind::Header => Short::Header(self.parse()?),
            StateLineKind::Started => Short::Started(self.parse()?),
            StateLineKind::Writing => Short::Writing(self.parse()?),
            StateLineKind::Done => Short::Done(self.parse()?),
        };
        Ok(Some(line))
    }

    /// Where the lines that were read end, in bytes.
    pub(in crate::fleet) fn end(&self) -> u64 {
        self.end
    }

    /// Reads a whole line into the buffer; false at the end.
    fn advance(&mut self) -> Result<bool, StateError> {
        self.buffer.clear();
        let read = self.input.read_until(b'\n', &mut self.buffer);
        let read = read.map_err(|error| StateError::Unreadable {
            path: self.path.clone(),
            error,
        })?;
        let whole = self.buffer.last() == Some(&b'\n');
        if whole {
            self.lines += 1;
            self.end += u64::try_from(read).unwrap_or(u64::MAX);
        }
        Ok(whole)
    }

    fn kind(&self) -> Result<StateLineKind, StateError> {
        self.parse::<Tag>().map(|tag| tag.kind)
    }

    fn parse<T: DeserializeOwned>(&self) -> Result<T, StateError> {
        serde_json::from_slice(&self.buffer).map_err(|error| StateError::Damaged {
            path: self.path.clone(),
            line: self.lines,
            reason: error.to_string(),
        })
    }
}
