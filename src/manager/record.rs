//! What is written down while a server is being read: one line of JSON for each step, so that a run
//! that ends early goes on where it was. The last line may be cut off and does not count then.

use std::io;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::wire;

/// The version of the lines.
const VERSION: u32 = 1;

/// What a run was told; another run goes on with it only when it was told the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    version: u32,
    /// The server.
    pub host: Option<String>,
    /// Whether values of variables are asked for.
    pub with_values: bool,
    /// The day, as in `2026-11-30`.
    pub read_on: String,
}

impl Begun {
    /// What a run is told.
    pub fn new(host: Option<String>, with_values: bool, read_on: String) -> Self {
        Self {
            version: VERSION,
            host,
            with_values,
            read_on,
        }
    }
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum JournalRecord {
    /// What the run was told; the first line.
    Begun(Begun),
    /// The server does not know a field.
    Dropped {
        /// The type that does not have it.
        parent: String,
        /// The field.
        field: String,
    },
    /// How many apps there are.
    Counted {
        /// By the server's own count; none when it does not tell.
        apps: Option<u64>,
    },
    /// A page of apps.
    Page {
        /// Its number.
        page: i64,
        /// What is on it.
        apps: Vec<wire::AppAnswer>,
        /// The page that follows, as the server says.
        next: Option<i64>,
        /// What was not told: field, and the server's sentence.
        gaps: Vec<(String, String)>,
    },
    /// The first page was refused: some servers count from 1.
    NoPage {
        /// Its number.
        page: i64,
    },
    /// The slow part of an app.
    Analytics {
        /// The app.
        app: String,
        /// What is known; none when the server knows no such app any more.
        analytics: Option<wire::Analytics>,
        /// What was not told.
        gaps: Vec<(String, String)>,
    },
}

/// Where the steps are written.
pub trait Keep {
    /// Writes a line, which ends with a line break.
    ///
    /// # Errors
    /// When it cannot be written.
    fn keep(&mut self, line: &[u8]) -> io::Result<()>;
}

/// Why the lines of an earlier run cannot be gone on with.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RecordError {
    /// Something else is in it.
    #[error("is not what an earlier run left (line {0}); remove it to begin anew")]
    Unreadable(usize),
    /// It was told something else.
    #[error("was begun {0}; remove it to begin anew")]
    Other(&'static str),
}

impl JournalRecord {
    /// The line, with its end.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn line(&self) -> io::Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        Ok(line)
    }
}

/// The steps of an earlier run that was told `begun` (the day aside), the first among them, and how
/// many bytes of them are whole; none when it did not come so far as to write one.
///
/// # Errors
/// When the lines are something else.
pub fn read_records(
    bytes: &[u8],
    begun: &Begun,
) -> Result<(Vec<JournalRecord>, usize), RecordError> {
    let end = memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1);
    let whole = bytes.get(..end).unwrap_or_default();
    let mut records: Vec<JournalRecord> = Vec::new();
    for (index, line) in whole.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let record = serde_json::from_slice(line);
        records.push(record.map_err(|_| RecordError::Unreadable(index + 1))?);
    }
    match records.first() {
        None => Ok((records, 0)),
        Some(JournalRecord::Begun(earlier)) if earlier.version != VERSION => {
            Err(RecordError::Other("by another version of dashlift"))
        }
        Some(JournalRecord::Begun(earlier)) if earlier.host != begun.host => {
            Err(RecordError::Other("for another server"))
        }
        Some(JournalRecord::Begun(earlier)) if earlier.with_values != begun.with_values => {
            Err(RecordError::Other(if earlier.with_values {
                "with --with-values"
            } else {
                "without --with-values"
            }))
        }
        Some(JournalRecord::Begun(_)) => Ok((records, end)),
        Some(_) => Err(RecordError::Unreadable(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(host: &str, with_values: bool) -> Begun {
        Begun::new(Some(host.to_owned()), with_values, "2026-11-30".to_owned())
    }

    #[test]
    fn the_last_line_may_be_cut_off() {
        let first = JournalRecord::Begun(begun("a", false));
        let second = JournalRecord::Counted { apps: Some(3) };
        let mut bytes = first.line().unwrap();
        let one = bytes.len();
        bytes.extend(second.line().unwrap());
        for end in 0..=bytes.len() {
            let (records, whole) = read_records(&bytes[..end], &begun("a", false)).unwrap();
            let expected = if end < one {
                0
            } else if end < bytes.len() {
                1
            } else {
                2
            };
            assert_eq!(records.len(), expected, "{end}");
            assert_eq!(whole, [0, one, bytes.len()][expected]);
        }
    }

    #[test]
    fn the_lines_of_another_run_are_refused() {
        let bytes = JournalRecord::Begun(begun("a", true)).line().unwrap();
        for (other, said) in [
            (begun("b", true), "another server"),
            (begun("a", false), "with --with-values"),
        ] {
            let error = read_records(&bytes, &other).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
        let strange = read_records(b"{\"is\":\"counted\",\"apps\":1}\n", &begun("a", true));
        assert_eq!(strange.unwrap_err(), RecordError::Unreadable(1));
        assert!(read_records(b"hello\n", &begun("a", true)).is_err());
    }
}
