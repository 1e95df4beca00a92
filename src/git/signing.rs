//! Signed commits: libgit2 cannot make them, so git does, with the user's own key and program.

use std::io::Write;
use std::process::{Child, Stdio};

use git2::{Oid, Repository};

use super::GitError;
use super::identity::{Identity, date_of};
use super::program::Git;
use super::trusted;

/// What decides how a commit is signed, and by which program (`git help config`).
const KEYS: &[&str] = &[
    "gpg.format",
    "gpg.minTrustLevel",
    "gpg.openpgp.program",
    "gpg.program",
    "gpg.ssh.allowedSignersFile",
    "gpg.ssh.defaultKeyCommand",
    "gpg.ssh.program",
    "gpg.x509.program",
    "user.signingKey",
];

/// Makes a signed commit object with `git commit-tree`, which runs no hooks and moves no branch.
///
/// # Errors
/// When there is no git, or it cannot sign.
pub(super) fn commit_signed(
    repository: &Repository,
    identity: &Identity,
    tree: Oid,
    base: Oid,
    message: &str,
) -> Result<Oid, GitError> {
    let mut git = Git::find(repository).map_err(GitError::NoSigner)?;
    tell(&mut git, repository, identity)?;
    git.command
        .args(["commit-tree", "-S", "-p", &base.to_string(), "-F", "-"])
        .arg(tree.to_string());
    let mut child = git
        .command
        .spawn()
        .map_err(|error| GitError::NoSigner(error.to_string()))?;
    // A child that ends early says itself why; a broken pipe says less.
    let _ = give_message(&mut child, message);
    let output = child
        .wait_with_output()
        .map_err(|error| GitError::Signing(error.to_string()))?;
    let printed = String::from_utf8_lossy(&output.stdout);
    match Oid::from_str(printed.trim()) {
        Ok(commit) if output.status.success() => Ok(commit),
        _ => {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(GitError::Signing(said.trim().to_owned()))
        }
    }
}

fn give_message(child: &mut Child, message: &str) -> std::io::Result<()> {
    match child.stdin.take() {
        Some(mut input) => input.write_all(message.as_bytes()),
        None => Ok(()),
    }
}

/// Tells git who signs, and how: by the user's own configuration. That is read here, because the
/// parts of it that hold for some folders only (`includeIf "gitdir:…"`) depend on the repository.
fn tell(git: &mut Git, repository: &Repository, identity: &Identity) -> Result<(), GitError> {
    let config = repository.config()?;
    for key in KEYS {
        if let Some(value) = trusted::value(&config, key) {
            git.command.arg("-c").arg(format!("{key}={value}"));
        }
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (author, committer) = (&identity.author, &identity.committer);
    git.command
        .env("GIT_AUTHOR_NAME", text(author.name_bytes()))
        .env("GIT_AUTHOR_EMAIL", text(author.email_bytes()))
        .env("GIT_AUTHOR_DATE", date_of(author))
        .env("GIT_COMMITTER_NAME", text(committer.name_bytes()))
        .env("GIT_COMMITTER_EMAIL", text(committer.email_bytes()))
        .env("GIT_COMMITTER_DATE", date_of(committer))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    Ok(())
}
