//! The lines of a state. Each is one JSON object, told apart by its `kind`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::fleet::fingerprint;

/// A line of a state, read.
#[derive(Debug, Clone, PartialEq)]
pub enum StateLine {
    /// The first line; one more stands before the lines of a later run.
    Header(Header),
    /// A repository that somebody began to work on.
    Started(Started),
    /// A repository in which a branch was about to be written.
    Writing(Writing),
    /// A repository that is done. The last one of a repository counts.
    Done(Box<Record>),
}

/// What a run was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename = "header")]
pub struct Header {
    /// The version of the lines, [`super::VERSION`].
    pub version: u32,
    /// The version of the program.
    pub tool: String,
    /// What is done to each repository: `check`, `diff`, `migrate`.
    pub command: String,
    /// A fingerprint of the options of the command line that decide the result.
    pub configuration: String,
    /// The folder or list that names the repositories, as it was given.
    pub source: String,
    /// The part of the repositories that this state is of; all when none.
    pub shard: Option<Shard>,
}

impl Header {
    /// What stands for a header until it is read.
    pub(super) fn nothing() -> Self {
        Self {
            version: super::VERSION,
            tool: String::new(),
            command: String::new(),
            configuration: String::new(),
            source: String::new(),
            shard: None,
        }
    }
}

/// The note that the work on a repository begins. Where nothing follows, the whole run ended while
/// it was being worked on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename = "started")]
pub struct Started {
    /// The repository, as in [`Brief::repository`].
    pub repository: String,
}

/// The note that a branch is about to be written: whoever resumes after a sudden end knows that
/// a lock in that repository may be left from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename = "writing")]
pub struct Writing {
    /// The repository, as in [`Brief::repository`].
    pub repository: String,
    /// The branch.
    pub branch: String,
    /// The commit that it was to lead to.
    pub commit: String,
}

/// What became of one repository. `R` is the result as data; read back it is any JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename = "done")]
pub struct Record<R = Value> {
    /// What decides whether it is done again.
    #[serde(flatten)]
    pub brief: Brief,
    /// Why nothing could be done, a sentence: where [`Ending::is_failure`], and for a repository
    /// without a commit.
    pub error: Option<String>,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// One of `repositories` of the JSON output (`docs/output.md`), with `plans` and, but for
    /// `check`, `diff`; null where the work was cut short.
    pub result: R,
}

/// What of a record decides whether the repository is done again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// The repository: its path from the folder that was given (`.` for that folder itself), or
    /// as the list names it.
    pub repository: String,
    /// The commit that `HEAD` led to; none where that could not be found out.
    pub commit: Option<String>,
    /// Whether files were looked at that no commit holds.
    pub dirty: bool,
    /// A fingerprint of the program's version and of everything that it was told for this
    /// repository.
    pub configuration: String,
    /// How it ended.
    pub outcome: Ending,
    /// The exit code that the command for this repository alone would have had.
    pub exit_code: u8,
    /// When it was done, in seconds since 1970: where several states have the repository, the
    /// newest record counts.
    pub finished: u64,
}

/// How the work on a repository ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Nothing to do.
    Clean,
    /// Findings, and no branch was made.
    Findings,
    /// The branch was made, and pushed where that was asked for.
    Converted,
    /// The branch was made, and could not be pushed; the branch says why.
    Unpushed,
    /// There is no app in it.
    NoApp,
    /// The result of a fix could not be proven, and was taken back.
    Unproven,
    /// It was refused or could not be worked on; the error says why.
    Failed,
    /// It took longer than it may.
    TimedOut,
    /// The program itself failed on it.
    Crashed,
}

impl Ending {
    /// All, in the order in which they are listed.
    pub const ALL: [Self; 9] = [
        Self::Clean,
        Self::Findings,
        Self::Converted,
        Self::Unpushed,
        Self::NoApp,
        Self::Unproven,
        Self::Failed,
        Self::TimedOut,
        Self::Crashed,
    ];

    /// Whether it is one that `--failed` does again.
    pub fn is_failure(self) -> bool {
        self == Self::Unpushed || self.is_unknown()
    }

    /// Whether nothing is known of the repository.
    pub fn is_unknown(self) -> bool {
        matches!(self, Self::Failed | Self::TimedOut | Self::Crashed)
    }

    /// The word for it, as in the state.
    pub fn word(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Findings => "findings",
            Self::Converted => "converted",
            Self::Unpushed => "unpushed",
            Self::NoApp => "no_app",
            Self::Unproven => "unproven",
            Self::Failed => "failed",
            Self::TimedOut => "timed_out",
            Self::Crashed => "crashed",
        }
    }
}

/// A part of the repositories: `number` of `of`, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shard {
    number: u32,
    of: u32,
}

/// A text that is no part of a whole.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ShardError {
    /// Not two numbers.
    #[error("`{0}` is no part; write NUMBER/OF, as in 1/4")]
    Form(String),
    /// `5/4`, `0/4`
    #[error("`{text}` is out of range; the parts of {of} are 1/{of} to {of}/{of}")]
    Range {
        /// What was written.
        text: String,
        /// The number of parts.
        of: u32,
    },
}

impl Shard {
    /// Which part it is, from 1.
    pub fn number(self) -> u32 {
        self.number
    }

    /// How many parts there are.
    pub fn count_parts(self) -> u32 {
        self.of
    }

    /// Whether the repository of this name is in this part. Only its name and the number of parts
    /// decide (64-bit FNV-1a through the finisher of `SplitMix64`, modulo the number of parts), so that a
    /// repository that is added or goes moves no other.
    pub fn holds(self, repository: &str) -> bool {
        fingerprint::spread(repository) % u64::from(self.of) == u64::from(self.number - 1)
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, ShardError> {
        let numbers = text.split_once('/').and_then(|(number, of)| {
            let number: u32 = number.trim().parse().ok()?;
            Some((number, of.trim().parse().ok()?))
        });
        match numbers {
            Some((_, 0)) | None => Err(ShardError::Form(text.to_owned())),
            Some((number, of)) if number == 0 || number > of => Err(ShardError::Range {
                text: text.to_owned(),
                of,
            }),
            Some((number, of)) => Ok(Self { number, of }),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl TryFrom<String> for Shard {
    type Error = ShardError;

    fn try_from(text: String) -> Result<Self, ShardError> {
        text.parse()
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}
