//! Why nothing could be done with a path, in words that say what helps.

use std::path::PathBuf;

use thiserror::Error;

use super::baseline::BaselineRefusal;
use super::config::ConfigError;
use super::known::KnownError;
use super::options::HostError;
use crate::children::Stopped;
use crate::fleet::LedgerError;
use crate::git::GitError;
use crate::installed;
use crate::packages::solve::SolveFailure;
use crate::report::diff::DiffError;
use crate::tree::{OpenError, ReadError, WriteError};
use crate::verify::Untried;

/// Why a path was refused. Nothing was written then, but where [`WriteError`] says otherwise.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the sentence of each says what it is")]
pub enum PathRefusal {
    #[error("there is no such folder")]
    NotFound,
    #[error("is a file; name the folder of the app, or its repository")]
    File,
    #[error("cannot be opened: {0}")]
    Unreadable(std::io::Error),
    #[error("lies in git's own folder; name the repository's work tree")]
    InsideGit,
    #[error("{0}")]
    Git(#[from] GitError),
    #[error("{path} {error}")]
    Open { path: String, error: OpenError },
    #[error("{path} is not in the last commit; `migrate` works on what is committed")]
    NotCommitted { path: String },
    #[error("the last commit cannot be read: {0}; `git fsck` says what is damaged")]
    LastCommit(String),
    #[error("{0}")]
    Config(#[from] ConfigError),
    #[error("--de5-host {0}")]
    Host(HostError),
    #[error("{path} {error}")]
    Environment {
        path: String,
        error: installed::OpenError,
    },
    #[error("{0}")]
    Known(#[from] KnownError),
    #[error("the name of the current folder cannot be found: {0}")]
    CurrentFolder(std::io::Error),
    #[error(
        "this is no git repository, so there is no place for a branch; `dashlift fix` writes the \
         files themselves"
    )]
    NoRepository,
    #[error("this is a bare repository and has no files to write; use `dashlift migrate`")]
    BareFix,
    #[error(
        "is in the same repository as a path before it, and a branch holds one run; name the \
         folder above both"
    )]
    SameRepository,
    #[error(
        "these files have uncommitted changes, which git could not bring back:\n{}\ncommit or \
         stash them, or use --allow-dirty",
        .0.iter().map(|path| format!("  {path}")).collect::<Vec<_>>().join("\n")
    )]
    Dirty(Vec<String>),
    #[error("{0} is there and dashlift did not write it; rename it, or leave --with-plan away")]
    ForeignPlan(String),
    #[error(
        "--app-name is the name of one app, and {0} were found; name the folder of one of them"
    )]
    AppName(usize),
    #[error(
        "{0}: `app-name` names the app in the folder of its file, and this file is in no folder of \
         the repository; put it into the `dashlift.toml` of the app"
    )]
    AppNameOutside(String),
    #[error(
        "{file}: `app-name` names the app in the folder of its file, and there is none in {folder}; \
         put it into the `dashlift.toml` of the app"
    )]
    AppNameNowhere { file: String, folder: String },
    #[error("the shorter list could not be written: {0}")]
    Unwritten(String),
    #[error(
        "- is standard input, which only `check` reads, and only when it knows which file it is: \
         `dashlift check --stdin-filename FILE -`"
    )]
    StandardInput,
    #[error(
        "--stdin-filename names what comes from standard input; write - in the place of PATH: \
         `dashlift check --stdin-filename FILE -`"
    )]
    BufferPaths,
    #[error("{0} is a folder; --stdin-filename names a file")]
    BufferFolder(String),
    #[error("{0} {1}")]
    Buffer(String, ReadError),
    #[error(
        "--interactive asks questions, and nobody can answer here; run it in a terminal, or leave \
         it away"
    )]
    NoTerminal,
    #[error("--interactive prints for people: it has the formats text and concise only")]
    InteractiveFormat,
    /// The work on a repository of a batch was given up before it wrote anything.
    #[error("it took too long")]
    GivenUp,
    #[error("{0}")]
    Ledger(#[from] LedgerError),
    #[error("{0}")]
    Resolver(#[from] SolveFailure),
    #[error("{0}")]
    Verify(Untried),
    #[error("{0}; nothing was written")]
    NotEditable(String),
    #[error("the changed list does not resolve, so nothing was written: {0}")]
    NotProven(String),
    #[error("{0}")]
    Baseline(BaselineRefusal),
    #[error("{0}")]
    Write(#[from] WriteError),
    #[error("{0}")]
    Diff(#[from] DiffError),
}

impl PathRefusal {
    /// Whether somebody pressed Ctrl-C.
    pub fn is_interrupt(&self) -> bool {
        matches!(
            self,
            Self::Resolver(SolveFailure::Interrupted)
                | Self::Verify(
                    Untried::Failed(SolveFailure::Interrupted)
                        | Untried::Stopped(Stopped::Interrupted)
                )
        )
    }
}

/// A path that was refused.
#[derive(Debug, Error)]
#[error("{}", sentence(.path.as_ref(), .reason))]
pub struct RefusedPath {
    /// The path as it was given; none for the current folder.
    pub path: Option<PathBuf>,
    /// Why.
    pub reason: PathRefusal,
}

/// The path comes first where the reason does not name one itself.
fn sentence(path: Option<&PathBuf>, reason: &PathRefusal) -> String {
    match (path, reason) {
        (
            _,
            PathRefusal::Config(_)
            | PathRefusal::Baseline(_)
            | PathRefusal::StandardInput
            | PathRefusal::BufferPaths
            | PathRefusal::NoTerminal
            | PathRefusal::InteractiveFormat
            | PathRefusal::BufferFolder(_)
            | PathRefusal::Buffer(..)
            | PathRefusal::Host(_)
            | PathRefusal::Known(_)
            | PathRefusal::Environment { .. }
            | PathRefusal::Open { .. }
            | PathRefusal::ForeignPlan(_)
            | PathRefusal::NotCommitted { .. },
        )
        | (None, _) => reason.to_string(),
        (Some(path), PathRefusal::File | PathRefusal::InsideGit | PathRefusal::SameRepository) => {
            format!("{} {reason}", path.display())
        }
        (Some(path), _) => format!("{}: {reason}", path.display()),
    }
}
