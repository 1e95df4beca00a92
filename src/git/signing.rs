//! Signed commits: libgit2 cannot make them, so git does, with the user's own key and program.

use std::io::Write;
use std::process::{Child, Command, Stdio};

use git2::{Oid, Repository};

use super::GitError;
use super::identity::{Identity, date_of};

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
    let mut child = command(repository, identity, tree, base)
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

fn command(repository: &Repository, identity: &Identity, tree: Oid, base: Oid) -> Command {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (author, committer) = (&identity.author, &identity.committer);
    let mut command = Command::new("git");
    command
        .arg("--git-dir")
        .arg(repository.path())
        .args(["commit-tree", "-S", "-p", &base.to_string(), "-F", "-"])
        .arg(tree.to_string())
        .current_dir(repository.path())
        .env("GIT_AUTHOR_NAME", text(author.name_bytes()))
        .env("GIT_AUTHOR_EMAIL", text(author.email_bytes()))
        .env("GIT_AUTHOR_DATE", date_of(author))
        .env("GIT_COMMITTER_NAME", text(committer.name_bytes()))
        .env("GIT_COMMITTER_EMAIL", text(committer.email_bytes()))
        .env("GIT_COMMITTER_DATE", date_of(committer))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}
