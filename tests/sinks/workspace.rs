//! Finding repositories, and what is said of those that cannot be opened.

use std::fs;

use dashlift::git::{GitError, Head, WorkspaceKind, dirty, discover};
use dashlift::tree::TreePath;

use crate::support::{Scratch, path};

#[test]
fn a_work_tree_is_found_from_anywhere_in_it() {
    let scratch = Scratch::repository(&[("apps/one/app.py", "")]);
    for inside in ["", "apps/one", "apps/one/app.py"] {
        let place = scratch.path.join(inside);
        let found = discover(&place).unwrap().unwrap();
        assert_eq!(found.kind(), WorkspaceKind::WorkTree);
        assert_eq!(found.root(), Some(scratch.path.as_path()));
        assert_eq!(found.path_inside(&place), Some(path(inside)));
    }
    let found = discover(&scratch.path).unwrap().unwrap();
    assert_eq!(found.path_inside(&scratch.path.join(".git/config")), None);
    assert_eq!(found.path_inside("/".as_ref()), None);
    let Head::Branch { name, commit } = found.head().unwrap() else {
        panic!("a branch");
    };
    assert_eq!(name, "main");
    assert_eq!(commit.to_string(), scratch.git(&["rev-parse", "HEAD"]));
}

#[test]
fn no_repository_is_no_error() {
    let scratch = Scratch::with(&[("app.py", "")]);
    assert!(discover(&scratch.path).unwrap().is_none());
    let missing = scratch.path.join("missing");
    assert_eq!(discover(&missing).err(), Some(GitError::NotFound(missing)));
}

#[test]
fn every_kind_of_repository_is_told() {
    let scratch = Scratch::repository(&[("app.py", "")]);
    let other = Scratch::new();
    let url = scratch.path.to_str().unwrap();
    let place = |name: &str| other.path.join(name);
    other.git(&["clone", "--quiet", "--bare", url, "bare.git"]);
    let bare = discover(&place("bare.git")).unwrap().unwrap();
    assert_eq!((bare.kind(), bare.root()), (WorkspaceKind::Bare, None));
    assert_eq!(bare.path_inside(&place("bare.git")), Some(TreePath::root()));

    let linked = place("linked");
    scratch.git(&["worktree", "add", "--quiet", linked.to_str().unwrap()]);
    let linked = discover(&linked).unwrap().unwrap();
    assert_eq!(linked.kind(), WorkspaceKind::LinkedWorkTree);
    assert_eq!(linked.root(), Some(place("linked").as_path()));

    let around = Scratch::repository(&[("x", "")]);
    around.git(&["submodule", "--quiet", "add", url, "sub"]);
    let sub = discover(&around.path.join("sub/app.py")).unwrap().unwrap();
    assert_eq!(sub.kind(), WorkspaceKind::Submodule);

    let shallow = format!("file://{url}");
    other.git(&["clone", "--quiet", "--depth", "1", &shallow, "shallow"]);
    let shallow = discover(&place("shallow")).unwrap().unwrap();
    assert!(shallow.head().unwrap().commit().is_ok());
}

#[test]
fn heads_without_a_branch_or_commit_are_told() {
    let scratch = Scratch::repository(&[("app.py", "")]);
    scratch.git(&["checkout", "--quiet", "--detach"]);
    let head = discover(&scratch.path).unwrap().unwrap().head().unwrap();
    assert!(matches!(head, Head::Detached { .. }));

    let unborn = Scratch::new();
    unborn.init();
    let head = discover(&unborn.path).unwrap().unwrap().head().unwrap();
    assert_eq!(head.commit(), Err(GitError::Unborn("main".to_owned())));
}

/// An empty repository with one of git's extensions, written by hand: many a git that is in use
/// cannot make it (`git help repository-layout`, "repository format version 1").
fn write_repository(scratch: &Scratch, name: &str, extension: &str) {
    let git = format!("{name}/.git");
    let config = format!("[core]\n\trepositoryFormatVersion = 1\n[extensions]\n\t{extension}\n");
    scratch.write(&format!("{git}/config"), config);
    scratch.write(&format!("{git}/HEAD"), "ref: refs/heads/main\n");
    for folder in ["objects", "refs"] {
        fs::create_dir_all(scratch.path.join(&git).join(folder)).unwrap();
    }
}

#[test]
fn repositories_that_cannot_be_opened_say_why() {
    let scratch = Scratch::new();
    write_repository(&scratch, "sha256", "objectFormat = sha256");
    write_repository(&scratch, "reftable", "refStorage = reftable");
    scratch.git(&["init", "--quiet", "corrupt"]);
    fs::write(scratch.path.join("corrupt/.git/config"), "[core").unwrap();
    write_repository(&scratch, "future", "partialClone = origin");
    let error = |name: &str| discover(&scratch.path.join(name)).err();
    let extension = "partialclone".to_owned();
    assert_eq!(error("future"), Some(GitError::Extension(extension)));
    assert_eq!(error("sha256"), Some(GitError::Sha256));
    assert_eq!(error("reftable"), Some(GitError::Reftable));
    assert!(matches!(error("corrupt"), Some(GitError::Damaged(_))));
}

#[test]
fn a_repository_of_somebody_else_is_not_opened() {
    let scratch = Scratch::repository(&[("folder/app.py", "")]);
    let owned = [".git", "."]
        .iter()
        .all(|name| std::os::unix::fs::chown(scratch.path.join(name), Some(12345), None).is_ok());
    if !owned {
        // Only the superuser can give files away.
        return;
    }
    let error = discover(&scratch.path.join("folder")).err();
    assert_eq!(error, Some(GitError::Ownership(scratch.path.clone())));
}

#[test]
fn remotes_are_those_of_the_repository() {
    let scratch = Scratch::repository(&[("app.py", "")]);
    scratch.git(&["remote", "add", "plotly", "https://de4.example.com/GIT/app"]);
    scratch.git(&[
        "remote",
        "set-url",
        "--add",
        "--push",
        "plotly",
        "git@example.com:app",
    ]);
    let remotes = discover(&scratch.path).unwrap().unwrap().remotes();
    assert_eq!(remotes.path, ".git/config");
    assert_eq!(
        remotes.urls,
        [
            ("plotly", "https://de4.example.com/GIT/app"),
            ("plotly", "git@example.com:app"),
        ]
        .map(|(name, url)| (name.to_owned(), url.to_owned()))
    );
    assert_eq!(remotes.text, scratch.read(".git/config"));
}

#[test]
fn files_with_uncommitted_changes_are_dirty() {
    let scratch = Scratch::repository(&[
        (".gitignore", "*.log\nbuild/\n"),
        ("clean", "1"),
        ("changed", "1"),
        ("staged", "1"),
        ("staged-back", "1"),
        ("gone", "1"),
        ("odd[1]*", "1"),
        ("folder/deep/clean", "1"),
    ]);
    scratch.write("changed", "2");
    scratch.write("staged", "2");
    scratch.write("staged-back", "2");
    scratch.git(&["add", "staged", "staged-back"]);
    scratch.write("staged-back", "1");
    scratch.write("new", "1");
    scratch.write("x.log", "1");
    scratch.write("build/deep/x", "1");
    scratch.write("folder/new/x", "1");
    scratch.write("odd[1]*", "2");
    fs::remove_file(scratch.path.join("gone")).unwrap();
    let asked = [
        "clean",
        "changed",
        "staged",
        "staged-back",
        "gone",
        "new",
        "x.log",
        "build/deep/x",
        "folder/new/x",
        "odd[1]*",
        "missing",
        "folder/deep/clean",
        "folder/missing",
    ];
    let asked: Vec<TreePath> = asked.into_iter().map(path).collect();
    let before = fs::metadata(scratch.path.join(".git/index"))
        .unwrap()
        .modified();
    let workspace = discover(&scratch.path).unwrap().unwrap();
    let found = dirty(workspace.repository(), &asked).unwrap();
    let found: Vec<&str> = found.iter().map(TreePath::as_str).collect();
    assert_eq!(
        found,
        [
            "build/deep/x",
            "changed",
            "folder/new/x",
            "new",
            "odd[1]*",
            "staged",
            "staged-back",
            "x.log"
        ]
    );
    let after = fs::metadata(scratch.path.join(".git/index"))
        .unwrap()
        .modified();
    assert_eq!(before.unwrap(), after.unwrap());
}

#[test]
fn before_the_first_commit_everything_is_dirty() {
    let scratch = Scratch::with(&[("app.py", "")]);
    scratch.init();
    let workspace = discover(&scratch.path).unwrap().unwrap();
    let found = dirty(workspace.repository(), &[path("app.py"), path("none")]).unwrap();
    assert_eq!(found, [path("app.py")]);
}
