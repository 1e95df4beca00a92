//! Listing and reading a commit.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use dashlift::tree::{CommitTree, EntryKind, OpenError, ReadError, SkipReason, Tree, TreePath};
use git2::{Oid, Repository};

use crate::support::{Scratch, names, path};

fn open(scratch: &Scratch, scope: &TreePath) -> Result<CommitTree, OpenError> {
    let repository = Repository::open(&scratch.path).unwrap();
    let head = Oid::from_str(&scratch.git(&["rev-parse", "HEAD"])).unwrap();
    CommitTree::open(repository, head, scope)
}

fn linked() -> Scratch {
    let scratch = Scratch::with(&[("lib/real.txt", "here"), ("run.sh", "")]);
    let executable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(scratch.path.join("run.sh"), executable).unwrap();
    scratch.link("inside", "lib/real.txt");
    scratch.link("folder", "lib");
    scratch.link("outside", "../secret");
    scratch.link("absolute", "/etc/hostname");
    scratch.link("round", "round");
    scratch.init();
    scratch.git(&["add", "."]);
    scratch.git(&["commit", "--quiet", "--message", "links"]);
    scratch
}

#[test]
fn a_commit_lists_as_its_work_tree_does() {
    let scratch = linked();
    scratch.write("untracked", "");
    let tree = open(&scratch, &TreePath::root()).unwrap();
    assert_eq!(
        names(&tree),
        [
            "absolute",
            "folder",
            "inside",
            "lib/real.txt",
            "outside",
            "round",
            "run.sh"
        ]
    );
    assert_eq!(tree.kind(&path("run.sh")), Some(EntryKind::Executable));
    assert_eq!(tree.kind(&path("folder")), Some(EntryKind::Symlink));
    assert_eq!(tree.kind(&path("lib/real.txt")), Some(EntryKind::File));
}

#[test]
fn links_are_resolved_inside_the_commit_only() {
    let scratch = linked();
    let tree = open(&scratch, &TreePath::root()).unwrap();
    assert_eq!(tree.read(&path("inside")).unwrap(), b"here");
    assert_eq!(tree.read(&path("folder/real.txt")).unwrap(), b"here");
    assert_eq!(
        tree.resolve(&path("folder/real.txt")),
        Ok(path("lib/real.txt"))
    );
    assert_eq!(
        tree.link_target(&path("outside")),
        Some(b"../secret".to_vec())
    );
    assert_eq!(tree.read(&path("outside")), Err(ReadError::OutsideTree));
    assert_eq!(tree.read(&path("absolute")), Err(ReadError::OutsideTree));
    assert!(matches!(tree.read(&path("round")), Err(ReadError::Io(_))));
    assert_eq!(tree.read(&path("folder")), Err(ReadError::NotAFile));
    assert_eq!(tree.read(&path("none")), Err(ReadError::NotFound));
}

#[test]
fn environments_packages_and_submodules_are_left_out() {
    let library = Scratch::repository(&[("lib.py", "")]);
    let scratch = Scratch::repository(&[
        ("a/venv/pyvenv.cfg", ""),
        ("b/conda-meta/history", ""),
        ("c/node_modules/x.js", ""),
        ("d/site-packages/x.py", ""),
        ("app.py", ""),
    ]);
    scratch.git(&[
        "submodule",
        "--quiet",
        "add",
        library.path.to_str().unwrap(),
        "sub",
    ]);
    scratch.git(&["commit", "--quiet", "--message", "sub"]);
    let tree = open(&scratch, &TreePath::root()).unwrap();
    let skipped: Vec<_> = tree
        .skipped()
        .iter()
        .map(|skipped| (skipped.path.as_str(), skipped.reason, skipped.tracked))
        .collect();
    assert_eq!(names(&tree), [".gitmodules", "app.py"]);
    assert_eq!(
        skipped,
        [
            ("a/venv", SkipReason::VirtualEnvironment, true),
            ("b", SkipReason::VirtualEnvironment, true),
            ("c/node_modules", SkipReason::NodeModules, true),
            ("d/site-packages", SkipReason::SitePackages, true),
            ("sub", SkipReason::Submodule, true),
        ]
    );
}

#[test]
fn a_bare_repository_is_read_the_same_way() {
    let scratch = Scratch::repository(&[("apps/one/app.py", "x"), ("common.txt", "y")]);
    let bare = Scratch::new();
    bare.git(&[
        "clone",
        "--quiet",
        "--bare",
        scratch.path.to_str().unwrap(),
        ".",
    ]);
    let tree = open(&bare, &path("apps")).unwrap();
    assert_eq!(names(&tree), ["apps/one/app.py"]);
    assert_eq!(tree.read(&path("common.txt")).unwrap(), b"y");
    assert_eq!(open(&bare, &path("none")).err(), Some(OpenError::NotFound));
    let one = open(&bare, &path("common.txt")).unwrap();
    assert_eq!(names(&one), ["common.txt"]);
}

#[test]
fn large_files_are_listed_and_not_read() {
    let large = "x".repeat(1024 * 1024 + 1);
    let scratch = Scratch::repository(&[("large.csv", &large)]);
    let tree = open(&scratch, &TreePath::root()).unwrap();
    assert_eq!(names(&tree), ["large.csv"]);
    assert_eq!(tree.read(&path("large.csv")), Err(ReadError::TooLarge));
}

#[test]
fn threads_share_a_commit() {
    let scratch = Scratch::repository(&[("a", "1")]);
    let tree = open(&scratch, &TreePath::root()).unwrap();
    std::thread::scope(|scope| {
        let read = || tree.read(&path("a"));
        let both = [scope.spawn(read), scope.spawn(read)];
        for thread in both {
            assert_eq!(thread.join().unwrap(), Ok(b"1".to_vec()));
        }
    });
}

#[test]
fn a_file_that_a_partial_clone_lacks_is_not_taken_for_absent() {
    let scratch = Scratch::repository(&[("app.py", "x")]);
    scratch.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", scratch.path.display());
    let partial = Scratch::new();
    partial.git(&[
        "clone",
        "--quiet",
        "--bare",
        "--filter=blob:none",
        &url,
        ".",
    ]);
    let tree = open(&partial, &TreePath::root()).unwrap();
    assert_eq!(names(&tree), ["app.py"]);
    assert!(matches!(tree.read(&path("app.py")), Err(ReadError::Io(_))));
}
