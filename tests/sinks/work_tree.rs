//! Listing and reading a folder on disk.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use dashlift::tree::{EntryKind, OpenError, ReadError, SkipReason, Tree, TreePath, WorkTree};

use crate::support::{Scratch, git_in, names, path};

fn open(scratch: &Scratch) -> WorkTree {
    WorkTree::open(&scratch.path, &TreePath::root()).unwrap()
}

fn skipped(tree: &WorkTree) -> Vec<(&str, SkipReason, bool)> {
    tree.skipped()
        .iter()
        .map(|skipped| (skipped.path.as_str(), skipped.reason, skipped.tracked))
        .collect()
}

#[test]
fn ignored_files_are_listed_only_if_git_tracks_them() {
    let scratch = Scratch::repository(&[
        (".gitignore", "*.log\nbuild/\n"),
        ("app.py", ""),
        ("kept.log", ""),
        ("build/kept.txt", ""),
        (".condarc", ""),
    ]);
    scratch.write("new.py", "");
    scratch.write("new.log", "");
    scratch.write("build/new.txt", "");
    scratch.write(".git/info/exclude", "private.txt\n");
    scratch.write("private.txt", "");
    let tree = open(&scratch);
    assert_eq!(
        names(&tree),
        [
            ".condarc",
            ".gitignore",
            "app.py",
            "build/kept.txt",
            "kept.log",
            "new.py"
        ]
    );
}

#[test]
fn a_deleted_file_is_not_listed_although_git_tracks_it() {
    let scratch = Scratch::repository(&[("a", ""), ("b", "")]);
    fs::remove_file(scratch.path.join("a")).unwrap();
    assert_eq!(names(&open(&scratch)), ["b"]);
}

#[test]
fn environments_and_packages_are_left_out_and_said() {
    let scratch = Scratch::repository(&[
        ("app.py", ""),
        ("venv/pyvenv.cfg", ""),
        ("venv/lib/x.py", ""),
        ("lib/site-packages/y.py", ""),
        ("web/node_modules/z/requirements.txt", ""),
        (".gitignore", "venv/\n"),
    ]);
    scratch.write("conda/conda-meta/history", "");
    assert_eq!(names(&open(&scratch)), [".gitignore", "app.py"]);
    assert_eq!(
        skipped(&open(&scratch)),
        [
            ("conda", SkipReason::VirtualEnvironment, false),
            ("lib/site-packages", SkipReason::SitePackages, true),
            ("venv", SkipReason::VirtualEnvironment, true),
            ("web/node_modules", SkipReason::NodeModules, true),
        ]
    );
}

#[test]
fn a_listing_may_be_of_one_folder_and_reads_beside_it() {
    let scratch = Scratch::repository(&[
        (".gitignore", "*.tmp\n"),
        ("common.txt", "dash\n"),
        ("apps/one/app.py", ""),
        ("apps/one/x.tmp", ""),
        ("apps/one-two/app.py", ""),
    ]);
    scratch.write("apps/one/y.tmp", "");
    let tree = WorkTree::open(&scratch.path, &path("apps/one")).unwrap();
    assert_eq!(names(&tree), ["apps/one/app.py", "apps/one/x.tmp"]);
    assert_eq!(tree.read(&path("common.txt")).unwrap(), b"dash\n");
}

#[test]
fn a_plain_folder_obeys_its_own_ignore_files() {
    let above = Scratch::with(&[(".gitignore", "*\n"), ("in/.gitignore", "*.log\n")]);
    above.write("in/app.py", "");
    above.write("in/app.log", "");
    let tree = WorkTree::open(&above.path.join("in"), &TreePath::root()).unwrap();
    assert_eq!(names(&tree), [".gitignore", "app.py"]);
}

#[test]
fn other_repositories_are_left_out() {
    let library = Scratch::repository(&[("lib.py", "")]);
    let scratch = Scratch::repository(&[("app.py", "")]);
    let url = library.path.to_str().unwrap();
    scratch.git(&["submodule", "--quiet", "add", url, "sub"]);
    scratch.git(&["commit", "--quiet", "--message", "sub"]);
    scratch.write("nested/x.py", "");
    git_in(&scratch.path.join("nested"), &["init", "--quiet"]);
    let expected = [
        ("nested", SkipReason::Submodule, false),
        ("sub", SkipReason::Submodule, true),
    ];
    assert_eq!(names(&open(&scratch)), [".gitmodules", "app.py"]);
    assert_eq!(skipped(&open(&scratch)), expected);

    scratch.git(&["submodule", "--quiet", "deinit", "--force", "sub"]);
    assert_eq!(skipped(&open(&scratch)), expected);

    let inside = Scratch::new();
    inside.git(&[
        "clone",
        "--quiet",
        "--recurse-submodules",
        scratch.path.to_str().unwrap(),
        ".",
    ]);
    let tree = WorkTree::open(&inside.path.join("sub"), &TreePath::root()).unwrap();
    assert_eq!(names(&tree), ["lib.py"]);
}

#[test]
fn a_linked_work_tree_is_a_tree() {
    let scratch = Scratch::repository(&[("app.py", ""), (".gitignore", "*.log\n")]);
    let other = Scratch::new();
    let place = other.path.join("linked");
    scratch.git(&["worktree", "add", "--quiet", place.to_str().unwrap()]);
    fs::write(place.join("x.log"), "").unwrap();
    scratch.write(".git/info/exclude", "private\n");
    fs::write(place.join("private"), "").unwrap();
    let tree = WorkTree::open(&place, &TreePath::root()).unwrap();
    assert_eq!(names(&tree), [".gitignore", "app.py"]);
}

#[test]
fn kinds_are_told() {
    let scratch = Scratch::with(&[("run.sh", ""), ("app.py", ""), ("folder/x", "")]);
    let executable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(scratch.path.join("run.sh"), executable).unwrap();
    scratch.link("link", "app.py");
    scratch.link("folder-link", "folder");
    let tree = open(&scratch);
    assert_eq!(tree.kind(&path("run.sh")), Some(EntryKind::Executable));
    assert_eq!(tree.kind(&path("app.py")), Some(EntryKind::File));
    assert_eq!(tree.kind(&path("link")), Some(EntryKind::Symlink));
    assert_eq!(tree.kind(&path("folder-link")), Some(EntryKind::Symlink));
    assert_eq!(tree.kind(&path("folder-link/x")), None);
    assert_eq!(tree.link_target(&path("link")), Some(b"app.py".to_vec()));
    assert_eq!(tree.resolve(&path("folder-link/x")), Ok(path("folder/x")));
}

#[test]
fn links_out_of_the_tree_are_not_read() {
    let secret = Scratch::with(&[("secret.txt", "SECRET"), ("folder/secret.txt", "SECRET")]);
    let scratch = Scratch::repository(&[("real.txt", "here")]);
    scratch.link("absolute.txt", secret.path.join("secret.txt"));
    let name = secret.path.file_name().unwrap().to_str().unwrap();
    scratch.link("relative.txt", format!("../{name}/secret.txt"));
    scratch.link("folder", secret.path.join("folder"));
    scratch.link("twice.txt", "absolute.txt");
    scratch.link("config", ".git/config");
    scratch.link("inside.txt", scratch.path.join("real.txt"));
    scratch.link("round", "round");
    scratch.link("nowhere", "missing");
    let tree = open(&scratch);
    for outside in [
        "absolute.txt",
        "relative.txt",
        "folder/secret.txt",
        "twice.txt",
        "config",
    ] {
        assert_eq!(
            tree.read(&path(outside)),
            Err(ReadError::OutsideTree),
            "{outside}"
        );
        assert_eq!(tree.resolve(&path(outside)), Err(ReadError::OutsideTree));
    }
    assert!(!names(&tree).contains(&"folder/secret.txt"));
    assert_eq!(tree.read(&path("inside.txt")).unwrap(), b"here");
    assert_eq!(tree.resolve(&path("inside.txt")), Ok(path("real.txt")));
    assert!(matches!(tree.read(&path("round")), Err(ReadError::Io(_))));
    assert_eq!(tree.read(&path("nowhere")), Err(ReadError::NotFound));
}

#[test]
fn only_plain_files_of_sensible_size_are_read() {
    let scratch = Scratch::with(&[("folder/x", "")]);
    scratch.write("large.csv", vec![b'x'; 1024 * 1024 + 1]);
    scratch.write("fits.csv", vec![b'x'; 1024 * 1024]);
    let made = Command::new("mkfifo")
        .arg(scratch.path.join("pipe"))
        .status();
    assert!(made.unwrap().success());
    let tree = open(&scratch);
    assert_eq!(names(&tree), ["fits.csv", "folder/x", "large.csv"]);
    assert_eq!(tree.read(&path("large.csv")), Err(ReadError::TooLarge));
    assert!(tree.read(&path("fits.csv")).is_ok());
    assert_eq!(tree.read(&path("folder")), Err(ReadError::NotAFile));
    // Git does not know pipes; it is said that one is there, and nobody waits for its end.
    assert_eq!(skipped(&tree), [("pipe", SkipReason::NotAFile, false)]);
    assert_eq!(tree.read(&path("pipe")), Err(ReadError::NotAFile));
    assert_eq!(tree.read(&path("folder/x/y")), Err(ReadError::NotFound));
}

#[test]
fn names_that_are_not_utf_8_are_said() {
    use std::os::unix::ffi::OsStrExt;
    let scratch = Scratch::with(&[("app.py", "")]);
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.txt");
    fs::write(scratch.path.join(name), "").unwrap();
    let tree = open(&scratch);
    assert_eq!(names(&tree), ["app.py"]);
    assert_eq!(
        skipped(&tree),
        [("caf\u{fffd}.txt", SkipReason::NotUtf8, false)]
    );
}

#[test]
fn what_is_no_tree_is_said() {
    let scratch = Scratch::with(&[("file", ""), ("folder/x", "")]);
    scratch.link("link", "folder");
    let root = TreePath::root();
    let error = |root: &std::path::Path, scope: &TreePath| WorkTree::open(root, scope).err();
    assert_eq!(
        error(&scratch.path.join("none"), &root),
        Some(OpenError::NotFound)
    );
    assert_eq!(
        error(&scratch.path.join("file"), &root),
        Some(OpenError::NotAFolder)
    );
    assert_eq!(
        error(&scratch.path, &path("none")),
        Some(OpenError::NotFound)
    );
    assert_eq!(error(&scratch.path, &path("link")), Some(OpenError::Link));
    let one = WorkTree::open(&scratch.path, &path("file")).unwrap();
    assert_eq!(names(&one), ["file"]);
}

#[test]
fn threads_share_a_tree() {
    fn shared<T: Sync + Send>(_: &T) {}
    shared(&open(&Scratch::with(&[("a", "")])));
}
