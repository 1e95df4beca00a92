//! The user's own git as a program, for what libgit2 cannot do: sign a commit, read dates in a
//! dozen forms, push with the user's credentials. It gets a repository of our own with nothing in it but the way to the objects, so
//! that nothing of the other repository's configuration counts; it is found on absolute elements
//! of `PATH` outside that repository; and it sees no more of the environment than that needs.
#![allow(clippy::disallowed_methods, reason = "its folder is of our own making")]

use std::fs;
use std::path::Path;
use std::process::Command;

use git2::Repository;
use tempfile::TempDir;

use crate::children::{Grounds, PassedVariable, Program, scratch};

/// Git, ready to be given arguments. The folder goes away with it.
pub(super) struct Git {
    /// The command, with the repository of our own.
    pub(super) command: Command,
    folder: TempDir,
}

impl Git {
    /// Git for the objects of `repository`.
    ///
    /// # Errors
    /// When there is no git, or no place for a folder.
    pub(super) fn find(repository: &Repository) -> Result<Self, String> {
        Self::for_need(repository, PassedVariable::Signing)
    }

    /// The same with the variables of another need.
    ///
    /// # Errors
    /// As [`Git::find`].
    pub(super) fn for_need(repository: &Repository, need: PassedVariable) -> Result<Self, String> {
        let outside = repository.workdir().unwrap_or(repository.path());
        let grounds = Grounds::new([outside, repository.commondir()]);
        let program = Program::find("git", &grounds).ok_or("no folder of PATH holds a git")?;
        let folder = empty_repository().map_err(|error| error.to_string())?;
        let mut command = program.command(need, folder.path());
        command
            .env("GIT_DIR", folder.path())
            .env(
                "GIT_OBJECT_DIRECTORY",
                repository.commondir().join("objects"),
            )
            .env("GIT_TERMINAL_PROMPT", "0");
        Ok(Self { command, folder })
    }

    /// Puts a file into the repository of our own.
    pub(super) fn put(&self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        fs::write(self.folder.path().join(name), bytes)
    }

    /// The repository of our own.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// An empty bare repository.
fn empty_repository() -> std::io::Result<TempDir> {
    let folder = scratch()?;
    let below = |name: &str| Path::join(folder.path(), name);
    fs::create_dir(below("objects"))?;
    fs::create_dir(below("refs"))?;
    fs::write(below("HEAD"), "ref: refs/heads/main\n")?;
    let config = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n";
    fs::write(below("config"), config)?;
    Ok(folder)
}
