//! The folder in which a resolver works: of our own, with the files that it is given and a `uv.toml`,
//! so that uv reads none of the folders above (a shared temporary folder is anybody's) and still
//! the user's own.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::children::{Limit, PassedVariable, Program, Ran, Stopped, run, scratch};
use crate::packages::solve::{SolveFailure, SolveRequest};

/// A folder for one question.
pub(super) struct Workshop(TempDir);

impl Workshop {
    /// A folder with a `uv.toml` of this text.
    ///
    /// # Errors
    /// When no temporary file can be written.
    pub(super) fn new(configuration: &str) -> Result<Self, SolveFailure> {
        let workshop = Self(scratch().map_err(|error| no_scratch(&error))?);
        workshop.write("uv.toml", configuration)?;
        Ok(workshop)
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<(), SolveFailure> {
        fs::write(self.path().join(name), text).map_err(|error| no_scratch(&error))
    }

    /// Writes the constraints of a request, if it has any; says whether it has.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(super) fn write_constraints(&self, request: &SolveRequest) -> Result<bool, SolveFailure> {
        if request.constraints.is_empty() {
            return Ok(false);
        }
        let text = request.constraints.join("\n") + "\n";
        self.write("constraints.txt", &text)?;
        Ok(true)
    }

    /// A command that works here. What it builds and does not finish goes with the folder.
    pub(super) fn command(&self, program: &Program) -> Command {
        let mut command = program.command(PassedVariable::Index, self.path());
        command.env("TMPDIR", self.path());
        command
    }
}

pub(super) fn no_scratch(error: &std::io::Error) -> SolveFailure {
    SolveFailure::Other(format!("a temporary file could not be written: {error}"))
}

/// Runs a command of a resolver to its end.
///
/// # Errors
/// When it takes too long, somebody pressed Ctrl-C, or it cannot be started.
pub(super) fn ask(command: &mut Command, input: &str, limit: Limit) -> Result<Ran, SolveFailure> {
    run(command, input, limit).map_err(|stopped| match stopped {
        Stopped::TimedOut(seconds) => SolveFailure::TimedOut(seconds),
        Stopped::Interrupted => SolveFailure::Interrupted,
        other => SolveFailure::Other(other.to_string()),
    })
}
