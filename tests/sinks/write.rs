//! Writing into a folder on disk. What interruptions do is tested beside the writer itself.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use dashlift::tree::{
    Change, Overlay, Tree, TreePath, WorkTree, WriteError, Written, write_changes,
};

use crate::support::{Scratch, changes, names, path, written};

#[test]
fn an_overlay_becomes_real() {
    let scratch = Scratch::repository(&[("runtime.txt", "python-3.9\n"), ("app.py", "x\n")]);
    scratch.link("link.py", "app.py");
    let tree = WorkTree::open(&scratch.path, &TreePath::root()).unwrap();
    let mut overlay = Overlay::new(&tree);
    overlay
        .write(&path("project.toml"), b"[x]\n".to_vec())
        .unwrap();
    overlay.write(&path("link.py"), b"y\n".to_vec()).unwrap();
    overlay.remove(&path("runtime.txt"));
    let done = write_changes(&scratch.path, overlay.changes()).unwrap();
    assert_eq!(done, Written::default());
    let now = WorkTree::open(&scratch.path, &TreePath::root()).unwrap();
    assert_eq!(names(&now), names(&overlay));
    for entry in overlay.entries() {
        assert_eq!(now.read(&entry.path), overlay.read(&entry.path));
    }
    assert!(
        fs::symlink_metadata(scratch.path.join("link.py"))
            .unwrap()
            .is_symlink()
    );
    assert_eq!(
        scratch.git(&["status", "--porcelain"]),
        " M app.py\n D runtime.txt\n?? link.py\n?? project.toml"
    );
    assert!(!scratch.path.join(".git/dashlift-journal").exists());
}

#[test]
fn nothing_is_written_out_of_the_tree() {
    let other = Scratch::with(&[("secret", "x"), ("folder/secret", "x")]);
    let scratch = Scratch::repository(&[("app.py", "old")]);
    scratch.link("link", other.path.join("secret"));
    scratch.link("folder", other.path.join("folder"));
    scratch.link("dangling", "nowhere");
    scratch.write("real/x", "");
    let refused = |name: &str, change: Change| {
        let all = changes(&[("app.py", written("new")), (name, change)]);
        let error = write_changes(&scratch.path, &all).unwrap_err();
        assert_eq!(scratch.read("app.py"), "old");
        error
    };
    let outside = |name: &str| WriteError::OutsideTree(path(name));
    assert_eq!(refused("link", written("y")), outside("link"));
    assert_eq!(
        refused("folder/secret", written("y")),
        outside("folder/secret")
    );
    assert_eq!(refused("folder/new", written("y")), outside("folder/new"));
    assert_eq!(
        refused("folder/secret", Change::Remove),
        outside("folder/secret")
    );
    assert_eq!(refused(".git/config", written("y")), outside(".git/config"));
    assert_eq!(
        refused("dangling", written("y")),
        WriteError::DanglingLink(path("dangling"))
    );
    assert_eq!(
        refused("real", written("y")),
        WriteError::NotAFile(path("real"))
    );
    assert_eq!(
        refused("real", Change::Remove),
        WriteError::NotAFile(path("real"))
    );
    assert!(
        matches!(refused("app.py/x", written("y")), WriteError::Io { path: at, .. } if at == path("app.py/x"))
    );
    assert_eq!(other.read("secret") + &other.read("folder/secret"), "xx");
    write_changes(&scratch.path, &changes(&[("link", Change::Remove)])).unwrap();
    assert_eq!(other.read("secret"), "x");
}

#[test]
fn a_file_with_several_names_is_told() {
    let scratch = Scratch::with(&[("one", "old"), ("plain", "old")]);
    fs::hard_link(scratch.path.join("one"), scratch.path.join("two")).unwrap();
    let all = changes(&[("one", written("new")), ("plain", written("new"))]);
    let done = write_changes(&scratch.path, &all).unwrap();
    assert_eq!(done.hard_linked, [path("one")]);
    assert_eq!(
        (scratch.read("one"), scratch.read("two")),
        ("new".into(), "old".into())
    );
    assert_eq!(fs::metadata(scratch.path.join("plain")).unwrap().nlink(), 1);
}

#[test]
fn an_error_names_the_file_and_changes_nothing() {
    let long = "x".repeat(300);
    let scratch = Scratch::with(&[("a", "old"), ("folder/b", "old")]);
    let all = changes(&[("a", written("new")), (&long, written("new"))]);
    let error = write_changes(&scratch.path, &all).unwrap_err();
    assert!(error.to_string().contains(&long), "{error}");
    assert_eq!(scratch.read("a"), "old");

    let folder = scratch.path.join("folder");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(folder.join("probe"), "").is_ok() {
        // The superuser may write anywhere.
        return;
    }
    let all = changes(&[("a", written("new")), ("folder/b", written("new"))]);
    let error = write_changes(&scratch.path, &all).unwrap_err();
    assert!(matches!(&error, WriteError::Io { path: at, .. } if *at == path("folder/b")));
    assert_eq!(
        (scratch.read("a"), scratch.read("folder/b")),
        ("old".into(), "old".into())
    );
    assert_eq!(fs::read_dir(&scratch.path).unwrap().count(), 2);
}

#[test]
fn a_linked_work_tree_keeps_its_journal_in_its_own_git_folder() {
    let scratch = Scratch::repository(&[("app.py", "old")]);
    let other = Scratch::new();
    let place = other.path.join("linked");
    scratch.git(&["worktree", "add", "--quiet", place.to_str().unwrap()]);
    let journal = scratch.path.join(".git/worktrees/linked/dashlift-journal");
    fs::write(&journal, "").unwrap();
    let all = changes(&[("app.py", written("new"))]);
    assert_eq!(
        write_changes(&place, &all),
        Err(WriteError::Unfinished(journal))
    );
    dashlift::tree::recover(&place).unwrap();
    write_changes(&place, &all).unwrap();
    assert_eq!(fs::read_to_string(place.join("app.py")).unwrap(), "new");
}

#[test]
fn no_change_needs_no_journal() {
    let scratch = Scratch::with(&[]);
    let none = changes(&[("not-there", Change::Remove)]);
    fs::set_permissions(&scratch.path, fs::Permissions::from_mode(0o555)).unwrap();
    assert_eq!(write_changes(&scratch.path, &none), Ok(Written::default()));
}

#[test]
fn threads_write_one_tree_in_turns() {
    let scratch = Scratch::repository(&[]);
    std::thread::scope(|scope| {
        for number in 0..8 {
            let scratch = &scratch;
            scope.spawn(move || {
                let name = format!("app{number}/project.toml");
                write_changes(&scratch.path, &changes(&[(&name, written("x"))])).unwrap();
            });
        }
    });
    let tree = WorkTree::open(&scratch.path, &TreePath::root()).unwrap();
    assert_eq!(names(&tree).len(), 8);
}
