//! Pushes a branch with the user's own git and credentials, never by force. Git gets a repository of
//! our own with nothing in it but the way to the objects and the address of the remote, so that no
//! hook, helper or command of the repository's own configuration is run.

use std::path::{Path, PathBuf};

use git2::{Config, Repository};
use thiserror::Error;

use super::program::Git;
use super::trusted;
use crate::children::{Grounds, Limit, PassedVariable, Stopped, is_variable_set, run};
use crate::disk::{FileKind, Folder};
use crate::secrets::redacted;

/// The ways to a remote that git may take (`git help git`, `GIT_ALLOW_PROTOCOL`): none of them
/// starts a program that an address names.
const PROTOCOLS: &str = "file:git:http:https:ssh";

/// What is pushed.
#[derive(Debug, Clone, Copy)]
pub struct PushRequest<'a> {
    /// The name of the remote in the repository.
    pub remote: &'a str,
    /// The branch, here and there.
    pub branch: &'a str,
    /// Its commit.
    pub commit: &'a str,
    /// A folder that is worked on: a remote in it is no server, and its hooks are not run.
    pub within: Option<&'a Path>,
    /// When it has to be done.
    pub limit: Limit,
}

/// Why a branch was not pushed. Nothing was changed here.
#[derive(Debug, Error)]
pub enum PushError {
    /// The repository does not know it.
    #[error("it has no remote `{0}`")]
    NoRemote(String),
    /// No git that could push.
    #[error("no git was found that could push: {0}")]
    NoGit(String),
    /// `ext::…` and the like.
    #[error("the address of `{0}` is of a kind that dashlift does not push to")]
    Address(String),
    /// Not a place of its own.
    #[error("`{remote}` is {}, in a folder that is being worked on", .path.display())]
    Within {
        /// The remote.
        remote: String,
        /// Where it is.
        path: PathBuf,
    },
    /// The remote has something else there.
    #[error(
        "`{remote}` has a branch {branch} with other commits, which is not replaced; look at it, and \
         remove it there, or name another with --branch"
    )]
    Diverged {
        /// The remote.
        remote: String,
        /// The branch.
        branch: String,
    },
    /// The remote or git refused; what it said.
    #[error("`{remote}` did not take it: {said}")]
    Refused {
        /// The remote.
        remote: String,
        /// What was said.
        said: String,
    },
    /// It took too long, or git could not be started.
    #[error("`{remote}`: {stopped}")]
    Stopped {
        /// The remote.
        remote: String,
        /// Why.
        stopped: Stopped,
    },
}

/// Pushes the branch. One that is there with the same commit is as it should be; one that the commit
/// comes after is moved on.
///
/// # Errors
/// See [`PushError`].
pub fn push(repository: &Repository, request: &PushRequest) -> Result<(), PushError> {
    let remote = request.remote;
    let address = find_address(repository, request)?;
    let mut git = Git::for_need(repository, PassedVariable::Pushing).map_err(PushError::NoGit)?;
    copy_shallow(repository, &git).map_err(|error| PushError::NoGit(error.to_string()))?;
    tell_address(git.folder(), remote, &address)
        .map_err(|error| PushError::NoGit(error.message().to_owned()))?;
    if !is_variable_set("GIT_SSH_COMMAND") && !is_variable_set("GIT_SSH") {
        let config = repository.config().ok();
        let told = config.and_then(|config| trusted::value(&config, "core.sshCommand"));
        git.command.arg("-c").arg(format!(
            "core.sshCommand={}",
            never_asking(told.as_deref().unwrap_or("ssh"))
        ));
    }
    git.command
        .env("GIT_ALLOW_PROTOCOL", PROTOCOLS)
        // Its words are read.
        .env("LC_ALL", "C")
        .args(["push", "--porcelain", "--no-follow-tags", remote])
        .arg(format!("{}:refs/heads/{}", request.commit, request.branch));
    let ran = run(&mut git.command, "", request.limit).map_err(|stopped| PushError::Stopped {
        remote: remote.to_owned(),
        stopped,
    })?;
    if ran.is_good {
        return Ok(());
    }
    Err(explain(request, &ran.out, &ran.err))
}

/// A command of ssh that asks nobody: there may be many at the same time.
fn never_asking(command: &str) -> String {
    let is_ssh = command
        .split_whitespace()
        .next()
        .is_some_and(|program| Path::new(program).file_stem().is_some_and(|it| it == "ssh"));
    if is_ssh {
        format!("{command} -o BatchMode=yes")
    } else {
        command.to_owned()
    }
}

/// Where the remote is. A path is an absolute one.
fn find_address(repository: &Repository, request: &PushRequest) -> Result<String, PushError> {
    let name = request.remote;
    let told = Config::open(&repository.commondir().join("config")).ok();
    let value = |key: &str| {
        told.as_ref()?
            .get_string(&format!("remote.{name}.{key}"))
            .ok()
    };
    let address = value("pushurl").or_else(|| value("url"));
    let address = address.ok_or_else(|| PushError::NoRemote(name.to_owned()))?;
    let path = match classify(&address) {
        AddressKind::Server => return Ok(address),
        AddressKind::Unknown => return Err(PushError::Address(name.to_owned())),
        AddressKind::Path(path) => path,
    };
    let base = repository.workdir().unwrap_or(repository.path());
    let path = base.join(path);
    let path = path.canonicalize().unwrap_or(path);
    let folders = [Some(base), Some(repository.commondir()), request.within];
    if Grounds::new(folders.into_iter().flatten()).hold(&path) {
        return Err(PushError::Within {
            remote: name.to_owned(),
            path,
        });
    }
    Ok(path.to_string_lossy().into_owned())
}

/// What an address leads to.
#[derive(Debug, PartialEq, Eq)]
enum AddressKind<'a> {
    Server,
    Path(&'a Path),
    Unknown,
}

fn classify(address: &str) -> AddressKind<'_> {
    if let Some((scheme, rest)) = address.split_once("://") {
        return match scheme {
            "https" | "http" | "ssh" | "git" => AddressKind::Server,
            "file" => AddressKind::Path(Path::new(rest)),
            _ => AddressKind::Unknown,
        };
    }
    let before_folder = address.split('/').next().unwrap_or_default();
    if Path::new(address).is_absolute() || !before_folder.contains(':') {
        return AddressKind::Path(Path::new(address));
    }
    // `user@host:path`, as scp has it; `helper::address` starts a program.
    if before_folder.contains("::") || address.starts_with('-') {
        AddressKind::Unknown
    } else {
        AddressKind::Server
    }
}

/// Commits that a shallow clone does not have the parents of.
fn copy_shallow(repository: &Repository, git: &Git) -> std::io::Result<()> {
    let folder = Folder::open(repository.commondir());
    match folder.and_then(|folder| folder.read("shallow", FileKind::Git)) {
        Ok(commits) => git.put("shallow", &commits),
        // A whole clone has no such file.
        Err(_) => Ok(()),
    }
}

fn tell_address(folder: &Path, remote: &str, address: &str) -> Result<(), git2::Error> {
    let mut config = Config::open(&folder.join("config"))?;
    config.set_str(&format!("remote.{remote}.url"), address)
}

/// The reason, out of what `git push --porcelain` printed.
fn explain(request: &PushRequest, out: &str, err: &str) -> PushError {
    let remote = request.remote.to_owned();
    let refused = out.lines().find_map(|line| line.strip_prefix("!\t"));
    let reason = refused.and_then(|line| line.split('\t').nth(1));
    let is_behind = |reason: &str| {
        ["(fetch first)", "(non-fast-forward)", "(needs force)"]
            .iter()
            .any(|it| reason.contains(it))
    };
    if reason.is_some_and(is_behind) {
        return PushError::Diverged {
            remote,
            branch: request.branch.to_owned(),
        };
    }
    let words: Vec<&str> = err
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("error: failed to push"))
        .collect();
    let said = match (words.is_empty(), reason) {
        (false, _) => words.join("; "),
        (true, Some(reason)) => reason.to_owned(),
        (true, None) => "git did not say why".to_owned(),
    };
    PushError::Refused {
        remote,
        said: redacted(&said),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_a_server_or_a_folder() {
        for address in [
            "https://git.example.com/a.git",
            "ssh://git@git.example.com:22/a",
            "git@git.example.com:team/a.git",
            "host:a",
        ] {
            assert_eq!(classify(address), AddressKind::Server, "{address}");
        }
        for (address, path) in [
            ("../a.git", "../a.git"),
            ("/srv/a", "/srv/a"),
            ("file:///srv/a", "/srv/a"),
            ("./a:b", "./a:b"),
        ] {
            let path = Path::new(path);
            assert_eq!(classify(address), AddressKind::Path(path), "{address}");
        }
        for address in ["ext::sh -c id", "ext://sh", "-oProxyCommand=id:x", "fd::3"] {
            assert_eq!(classify(address), AddressKind::Unknown, "{address}");
        }
    }

    #[test]
    fn ssh_asks_nobody() {
        assert_eq!(never_asking("ssh -i key"), "ssh -i key -o BatchMode=yes");
        assert_eq!(never_asking("plink"), "plink");
    }
}
