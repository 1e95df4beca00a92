//! Git's own files, looked at before libgit2 opens any of them: a pipe would stop it, and a link
//! could lead it to somebody else's repository. A clone cannot bring a `.git`, but an archive, a
//! copied folder or a committed bare repository can.

use std::path::{Path, PathBuf};

use super::GitError;
use crate::disk::{DiskError, FileKind, Folder, Standing};

/// Files that libgit2 reads as soon as it opens a repository, or soon after.
const FILES: &[&str] = &[
    "HEAD",
    "commondir",
    "config",
    "config.worktree",
    "gitdir",
    "index",
    "info/attributes",
    "info/exclude",
    "info/grafts",
    "objects/info/alternates",
    "packed-refs",
    "shallow",
];

/// Folders that something is written into.
const FOLDERS: &[&str] = &["info", "logs", "objects", "objects/pack", "refs"];

/// More branches and tags than any repository has.
const MOST_NAMES: usize = 1_000_000;

/// Folders of branches are not nested deeper.
const DEEPEST: usize = 100;

/// Where git's own folder of a work tree is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GitFolder {
    /// The work tree, or a repository without one: what the search came upon.
    pub(super) top: PathBuf,
    /// Git's own folder, canonical.
    pub(super) git: PathBuf,
    /// Whether `top` itself is laid out as git's own folder, as that of a bare repository is.
    pub(super) by_layout: bool,
}

/// The repository at `top`, if there is anything like one.
///
/// # Errors
/// When its `.git` is a link or file that leads to a repository elsewhere.
pub(super) fn find(top: &Path) -> Result<Option<GitFolder>, GitError> {
    let Ok(folder) = Folder::open(top) else {
        return Ok(None);
    };
    let found = |git: PathBuf, by_layout| {
        Ok(Some(GitFolder {
            top: top.to_owned(),
            git,
            by_layout,
        }))
    };
    match folder.standing(".git") {
        Some(Standing::Folder) => found(top.join(".git"), false),
        Some(Standing::File) => match led_to(top, &folder)? {
            Some(git) => found(git, false),
            None => Ok(None),
        },
        Some(Standing::Link) => match top.join(".git").canonicalize() {
            Ok(git) if git.starts_with(top) => found(git, false),
            _ => Err(GitError::Elsewhere(top.join(".git"))),
        },
        Some(Standing::Other) => Err(own_file(&folder, ".git", DiskError::NotAFile)),
        None if is_git_folder(&folder) => found(top.to_owned(), true),
        None => Ok(None),
    }
}

/// Git's own folders hold these three (`git help repository-layout`).
fn is_git_folder(folder: &Folder) -> bool {
    ["HEAD", "objects", "refs"]
        .into_iter()
        .all(|name| folder.standing(name).is_some())
}

/// Where a `.git` that is a file leads, if that repository knows this folder as a work tree of
/// its own: `None` when it leads nowhere.
fn led_to(top: &Path, folder: &Folder) -> Result<Option<PathBuf>, GitError> {
    let line = read_line(folder, ".git")?.unwrap_or_default();
    let Some(target) = line.strip_prefix("gitdir:") else {
        return Ok(None);
    };
    let Ok(git) = top.join(target.trim()).canonicalize() else {
        return Ok(None);
    };
    if knows(&git, top)? {
        Ok(Some(git))
    } else {
        Err(GitError::Elsewhere(top.join(".git")))
    }
}

/// Whether the repository with the folder `git` knows `top` as its work tree: that is how
/// `git worktree add` and `git submodule` leave it.
pub(super) fn knows(git: &Path, top: &Path) -> Result<bool, GitError> {
    let Ok(folder) = Folder::open(git) else {
        return Ok(false);
    };
    if let Some(link) = read_line(&folder, "gitdir")? {
        let back = git.join(link).parent().map(Path::to_owned);
        let back = back.and_then(|back| back.canonicalize().ok());
        return Ok(back.as_deref() == Some(top) && has_common(git, &folder)?);
    }
    check_files(&folder)?;
    let named = git2::Config::open(&git.join("config"))
        .and_then(|config| config.get_string("core.worktree"));
    let back = named.ok().and_then(|it| git.join(it).canonicalize().ok());
    Ok(back.as_deref() == Some(top))
}

/// Whether a linked work tree's folder lies in `worktrees` of the repository that it shares.
fn has_common(git: &Path, folder: &Folder) -> Result<bool, GitError> {
    let Some(common) = read_line(folder, "commondir")? else {
        return Ok(false);
    };
    let common = git.join(common).canonicalize();
    Ok(common.is_ok_and(|common| git.parent() == Some(&common.join("worktrees"))))
}

/// Checks git's own files: none is a pipe or a device, none a link that leads out, and the small
/// ones are small.
///
/// # Errors
/// When one is.
pub(super) fn check(found: &GitFolder) -> Result<(), GitError> {
    let Ok(folder) = Folder::open(&found.git) else {
        return Ok(());
    };
    check_files(&folder)?;
    let common = match read_line(&folder, "commondir")? {
        None => return check_folders(&folder),
        Some(_) if !has_common(&found.git, &folder)? => {
            return Err(GitError::Elsewhere(found.git.join("commondir")));
        }
        Some(common) => found.git.join(common),
    };
    let Ok(common) = Folder::open(&common) else {
        return Ok(());
    };
    check_files(&common)?;
    check_folders(&common)
}

fn check_files(folder: &Folder) -> Result<(), GitError> {
    for name in FILES {
        match folder.open_file(name) {
            Ok(_) | Err(DiskError::NotFound) => {}
            Err(error) => return Err(own_file(folder, name, error)),
        }
    }
    for name in ["config", "config.worktree"] {
        if let Some(text) = read(folder, name)? {
            check_includes(folder.path(), &folder.path().join(name), &text, 0)?;
        }
    }
    Ok(())
}

fn check_folders(folder: &Folder) -> Result<(), GitError> {
    for name in FOLDERS {
        match folder.open_below(name) {
            Ok(_) | Err(DiskError::NotFound) => {}
            Err(error) => return Err(own_file(folder, name, error)),
        }
    }
    if let Ok(objects) = folder.open_below("objects") {
        check_objects(&objects, 0)?;
    }
    let mut ahead = vec![("refs".to_owned(), 0)];
    let mut seen = 0;
    while let Some((below, depth)) = ahead.pop() {
        let folders = check_names(folder, &below)?;
        seen += folders.len();
        if depth > DEEPEST || seen > MOST_NAMES {
            return Err(GitError::Damaged(format!("too much in {below}")));
        }
        ahead.extend(folders.into_iter().map(|below| (below, depth + 1)));
    }
    Ok(())
}

/// Checks that no object and no pack is a pipe, a device or a link, here and in the folders that
/// lend objects: libgit2 would wait for a pipe for ever.
fn check_objects(objects: &Folder, depth: usize) -> Result<(), GitError> {
    for below in check_names(objects, "")? {
        if below != "info" {
            check_names(objects, &below)?;
        }
    }
    // libgit2 follows no more than five.
    let lent = read(objects, "info/alternates")?.filter(|_| depth < 5);
    for line in lent.iter().flat_map(|text| text.lines()) {
        let named = !line.is_empty() && !line.starts_with('#');
        if let Some(Ok(lender)) = named.then(|| Folder::open(&objects.path().join(line))) {
            check_objects(&lender, depth + 1)?;
        }
    }
    Ok(())
}

/// Checks that nothing in a folder is a pipe, a device or a link; the folders in it.
fn check_names(folder: &Folder, below: &str) -> Result<Vec<String>, GitError> {
    let mut folders = Vec::new();
    for name in folder.names(below).unwrap_or_default() {
        let name_of = name.name.to_string_lossy();
        let path = match below {
            "" => name_of.into_owned(),
            below => format!("{below}/{name_of}"),
        };
        match name.standing {
            Standing::Folder => folders.push(path),
            Standing::File => {}
            Standing::Link => return Err(own_file(folder, &path, DiskError::Outside)),
            Standing::Other => return Err(own_file(folder, &path, DiskError::NotAFile)),
        }
    }
    Ok(folders)
}

/// Checks that nothing on the way to a branch, its log and the objects is a link: something is
/// about to be written there.
///
/// # Errors
/// When something is.
pub(super) fn check_way(common: &Path, reference: &str) -> Result<(), GitError> {
    let Ok(folder) = Folder::open(common) else {
        return Ok(());
    };
    for way in [reference.to_owned(), format!("logs/{reference}")] {
        let parts = way.match_indices('/').map(|(at, _)| at).chain([way.len()]);
        for part in parts.filter_map(|at| way.get(..at)) {
            if matches!(
                folder.standing(part),
                Some(Standing::Link | Standing::Other)
            ) {
                return Err(own_file(&folder, part, DiskError::Outside));
            }
        }
    }
    check_names(&folder, "objects").map(drop)
}

/// Checks the files that a repository's configuration includes: libgit2 reads them. What they say
/// is no more than what the repository itself says.
fn check_includes(base: &Path, file: &Path, text: &str, depth: usize) -> Result<(), GitError> {
    for named in included(text) {
        let place = match named.strip_prefix("~/") {
            Some(below) => std::env::home_dir().unwrap_or_default().join(below),
            None => file.parent().unwrap_or(base).join(&named),
        };
        if depth > 10 {
            return Err(GitError::Damaged(
                "its configuration includes itself".to_owned(),
            ));
        }
        match crate::disk::read_named(&place, FileKind::Git) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                check_includes(base, &place, &text, depth + 1)?;
            }
            Err(DiskError::NotFound) => {}
            Err(reason) => {
                return Err(GitError::OwnFile {
                    path: place,
                    reason,
                });
            }
        }
    }
    Ok(())
}

/// The values of `path` in the sections `include` and `includeIf` (`git help config`, "Includes").
fn included(text: &str) -> Vec<String> {
    let mut is_include = false;
    let mut paths = Vec::new();
    for line in text.lines() {
        let mut line = line.trim();
        if line.starts_with('[') {
            let head = line.get(1..).unwrap_or_default().trim_start();
            is_include = head.to_ascii_lowercase().starts_with("include");
            line = line.rsplit_once(']').map_or("", |(_, rest)| rest.trim());
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        if is_include && key.trim().eq_ignore_ascii_case("path") {
            paths.push(value.trim().trim_matches('"').to_owned());
        }
    }
    paths
}

fn read(folder: &Folder, name: &str) -> Result<Option<String>, GitError> {
    match folder.read(name, FileKind::Git) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(DiskError::NotFound) => Ok(None),
        Err(error) => Err(own_file(folder, name, error)),
    }
}

fn read_line(folder: &Folder, name: &str) -> Result<Option<String>, GitError> {
    Ok(read(folder, name)?.map(|text| text.trim().to_owned()))
}

fn own_file(folder: &Folder, name: &str, reason: DiskError) -> GitError {
    GitError::OwnFile {
        path: folder.path().join(name),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn included_files_are_told_in_every_spelling() {
        let text = "[core]\n\tpath = no\n[include] path = a\n[INCLUDE]\n path=\"b\"\n\
                    [includeIf \"gitdir:x]\"]\n\tpath = c\n[user]\n\tpath = no\n";
        assert_eq!(included(text), ["a", "b", "c"]);
    }
}
