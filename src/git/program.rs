//! The user's own git as a program, for what libgit2 cannot do: sign a commit, read dates in a
//! dozen forms. It gets a repository of our own with nothing in it but the way to the objects, so
//! that nothing of the other repository's configuration counts; it is found on absolute elements
//! of `PATH` outside that repository; and it sees no more of the environment than signing needs.
#![allow(
    clippy::disallowed_methods,
    reason = "the door to git as a program; its folder is of our own making"
)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use git2::Repository;
use tempfile::TempDir;

/// What git, gpg, ssh and their agents need to know.
const VARIABLES: &[&str] = &[
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_SYSTEM",
    "GNUPGHOME",
    "GPG_AGENT_INFO",
    "GPG_TTY",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LOGNAME",
    "SSH_AGENT_PID",
    "SSH_ASKPASS",
    "SSH_AUTH_SOCK",
    "SYSTEMROOT",
    "TERM",
    "TMPDIR",
    "USER",
    "USERPROFILE",
    "WAYLAND_DISPLAY",
    "XDG_CONFIG_HOME",
    "XDG_RUNTIME_DIR",
];

/// Git, ready to be given arguments. The folder goes away with it.
pub(super) struct Git {
    /// The command, with the repository of our own.
    pub(super) command: Command,
    _folder: TempDir,
}

impl Git {
    /// Git for the objects of `repository`.
    ///
    /// # Errors
    /// When there is no git, or no place for a folder.
    pub(super) fn of(repository: &Repository) -> Result<Self, String> {
        let outside = repository.workdir().unwrap_or(repository.path());
        let outside = [outside, repository.commondir()];
        let places = places(&outside);
        let program = places
            .iter()
            .map(|folder| folder.join(format!("git{}", env::consts::EXE_SUFFIX)))
            .find(|program| is_program(program, &outside))
            .ok_or("no folder of PATH holds a git")?;
        let folder = scratch().map_err(|error| error.to_string())?;
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(
                VARIABLES
                    .iter()
                    .filter_map(|name| Some((name, env::var_os(name)?))),
            )
            .env("PATH", env::join_paths(&places).unwrap_or_default())
            .env("GIT_DIR", folder.path())
            .env(
                "GIT_OBJECT_DIRECTORY",
                repository.commondir().join("objects"),
            )
            .env("GIT_TERMINAL_PROMPT", "0")
            .current_dir(folder.path());
        Ok(Self {
            command,
            _folder: folder,
        })
    }
}

/// An empty bare repository.
fn scratch() -> std::io::Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("dashlift-git-").tempdir()?;
    fs::create_dir(folder.path().join("objects"))?;
    fs::create_dir(folder.path().join("refs"))?;
    fs::write(folder.path().join("HEAD"), "ref: refs/heads/main\n")?;
    let config = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n";
    fs::write(folder.path().join("config"), config)?;
    Ok(folder)
}

/// The absolute folders of `PATH` that lie in none of `outside`.
fn places(outside: &[&Path]) -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .filter(|folder| !lies_in(folder, outside))
        .collect()
}

fn is_program(path: &Path, outside: &[&Path]) -> bool {
    path.is_file() && !lies_in(path, outside)
}

/// Whether a path, wherever its links lead, lies in one of the folders.
fn lies_in(path: &Path, folders: &[&Path]) -> bool {
    let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let path = whole(path);
    folders.iter().any(|folder| path.starts_with(whole(folder)))
}
