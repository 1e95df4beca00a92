//! How bytes are text: UTF-8 and UTF-16 by their marks, single-byte encodings by a coding line.

use std::borrow::Cow;

use thiserror::Error;

use super::Position;
use super::line_index::LineIndex;

/// How the bytes of a text were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 without a byte order mark.
    Utf8,
    /// UTF-8 behind a byte order mark.
    Utf8Bom,
    /// UTF-16, low byte first, behind a byte order mark.
    Utf16Le,
    /// UTF-16, high byte first, behind a byte order mark.
    Utf16Be,
    /// A single-byte encoding that a coding line (PEP 263) names.
    Declared(&'static encoding_rs::Encoding),
}

impl Encoding {
    /// Whether the file is plain UTF-8, the only form that every tool reads.
    pub fn is_plain_utf8(self) -> bool {
        self == Self::Utf8
    }

    /// The name that people know the encoding by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8Bom => "UTF-8 with a byte order mark",
            Self::Utf16Le => "UTF-16 (little-endian)",
            Self::Utf16Be => "UTF-16 (big-endian)",
            Self::Declared(encoding) => encoding.name(),
        }
    }
}

/// Why bytes are not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DecodeErrorKind {
    /// A byte that no UTF-8 text holds.
    #[error("a byte that is not UTF-8")]
    NotUtf8,
    /// An odd number of bytes behind a UTF-16 mark.
    #[error("half a UTF-16 character at the end")]
    OddLength,
    /// A UTF-16 surrogate without its partner.
    #[error("half of a UTF-16 surrogate pair")]
    LoneSurrogate,
    /// The coding line names an encoding in which the bytes make no sense.
    #[error("a byte that the declared encoding does not know")]
    NotDeclared,
}

/// Bytes that are not text, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{kind} (byte {offset})")]
pub struct DecodeError {
    /// What is wrong.
    pub kind: DecodeErrorKind,
    /// Offset of the first bad byte in the file.
    pub offset: usize,
    /// Line and column of it, as far as the text before it can be read.
    pub position: Position,
}

/// The characters of `bytes` without a byte order mark, and how they were written: UTF-8 with or
/// without a mark, or UTF-16 behind one.
///
/// # Errors
/// Where the bytes stop being text.
pub(super) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), DecodeError> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => Ok((decode_utf8(rest, 3)?, Encoding::Utf8Bom)),
        [0xFF, 0xFE, rest @ ..] => Ok((decode_utf16(rest, u16::from_le_bytes)?, Encoding::Utf16Le)),
        [0xFE, 0xFF, rest @ ..] => Ok((decode_utf16(rest, u16::from_be_bytes)?, Encoding::Utf16Be)),
        _ => Ok((decode_utf8(bytes, 0)?, Encoding::Utf8)),
    }
}

/// The bytes of a file that holds `content`.
pub(super) fn encode(content: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => content.as_bytes().to_vec(),
        Encoding::Utf8Bom => [b"\xEF\xBB\xBF", content.as_bytes()].concat(),
        Encoding::Utf16Le => encode_utf16(content, [0xFF, 0xFE], u16::to_le_bytes),
        Encoding::Utf16Be => encode_utf16(content, [0xFE, 0xFF], u16::to_be_bytes),
        Encoding::Declared(encoding) => encoding.encode(content).0.into_owned(),
    }
}

fn decode_utf8(bytes: &[u8], skipped: usize) -> Result<Cow<'_, str>, DecodeError> {
    std::str::from_utf8(bytes)
        .map(Cow::Borrowed)
        .map_err(|error| {
            let good = error.valid_up_to();
            let before = String::from_utf8_lossy(bytes.get(..good).unwrap_or_default());
            DecodeError {
                kind: DecodeErrorKind::NotUtf8,
                offset: skipped + good,
                position: LineIndex::new(&before).position(&before, good),
            }
        })
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, DecodeError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut content = String::with_capacity(bytes.len());
    let mut offset = 2;
    let fail = |kind, offset, before: &str| DecodeError {
        kind,
        offset,
        position: LineIndex::new(before).position(before, before.len()),
    };
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let Ok(character) = decoded else {
            return Err(fail(DecodeErrorKind::LoneSurrogate, offset, &content));
        };
        content.push(character);
        offset += 2 * character.len_utf16();
    }
    if !rest.is_empty() {
        return Err(fail(DecodeErrorKind::OddLength, offset, &content));
    }
    Ok(Cow::Owned(content))
}

fn encode_utf16(content: &str, mark: [u8; 2], bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let mut out = mark.to_vec();
    out.extend(content.encode_utf16().flat_map(bytes));
    out
}

/// The encoding that a coding line names (PEP 263), where it is a single-byte one.
pub(super) fn declared(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = bytes.get(..bytes.len().min(400)).unwrap_or_default();
    head.split(|byte| *byte == b'\n').take(2).find_map(|line| {
        let line = std::str::from_utf8(line)
            .ok()?
            .trim_start()
            .strip_prefix('#')?;
        let label = line.split_once("coding").map(|(_, rest)| rest)?;
        let label = label.strip_prefix([':', '='])?.trim_start();
        let end = label
            .find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)))
            .unwrap_or(label.len());
        python_encoding(label.get(..end)?)
    })
}

/// Python's name for an encoding, as the WHATWG knows it; Python writes more aliases.
fn python_encoding(label: &str) -> Option<&'static encoding_rs::Encoding> {
    let label = label.to_ascii_lowercase().replace('_', "-");
    let label = match label.as_str() {
        "latin-1" | "latin1" | "l1" | "iso8859-1" | "8859" | "cp819" => "iso-8859-1",
        "iso8859-15" | "latin-9" | "l9" => "iso-8859-15",
        "cp1252" => "windows-1252",
        other => other,
    };
    encoding_rs::Encoding::for_label(label.as_bytes()).filter(|encoding| encoding.is_single_byte())
}
