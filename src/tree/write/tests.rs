//! Stops a run before every single step, as a power cut, and lets every single step fail once.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::sync::LazyLock;

use tempfile::TempDir;

use super::*;
use crate::tree::EntryKind;

type Files = BTreeMap<String, String>;

fn app(in_git: bool) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    if in_git {
        fs::create_dir(root.join(".git")).unwrap();
    }
    fs::create_dir_all(root.join("lib")).unwrap();
    fs::create_dir_all(root.join("gone")).unwrap();
    for name in [
        "Procfile",
        "runtime.txt",
        "lib/real.txt",
        "gone/only.txt",
        "same",
    ] {
        fs::write(root.join(name), format!("old {name}")).unwrap();
    }
    symlink("lib/real.txt", root.join("link")).unwrap();
    symlink("nowhere", root.join("dangling")).unwrap();
    folder
}

fn write(contents: &str) -> Change {
    Change::Write {
        contents: contents.as_bytes().into(),
        kind: EntryKind::File,
    }
}

fn changes() -> BTreeMap<TreePath, Change> {
    [
        ("Procfile", write("new Procfile")),
        ("runtime.txt", Change::Remove),
        ("gone/only.txt", Change::Remove),
        ("link", write("new through link")),
        ("dangling", Change::Remove),
        ("project.toml", write("new project.toml")),
        ("made/deep/file", write("new file")),
    ]
    .into_iter()
    .map(|(path, change)| (TreePath::new(path).unwrap(), change))
    .collect()
}

/// All files below `root` but git's own; links as `-> target`.
fn files(root: &Path) -> Files {
    let mut found = Files::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            let kind = entry.file_type().unwrap();
            if name == ".git" {
                let journal = path.join("dashlift-journal");
                found.extend(
                    fs::read_to_string(journal)
                        .ok()
                        .map(|text| ("journal".into(), text)),
                );
            } else if kind.is_dir() {
                found.insert(name + "/", String::new());
                folders.push(path);
            } else if kind.is_symlink() {
                found.insert(
                    name,
                    format!("-> {}", fs::read_link(path).unwrap().display()),
                );
            } else {
                found.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

static BEFORE: LazyLock<Files> = LazyLock::new(|| files(app(true).path()));

static AFTER: LazyLock<Files> = LazyLock::new(|| {
    let folder = app(true);
    write_changes(folder.path(), &changes()).unwrap();
    files(folder.path())
});

/// Lets `count` steps happen; after that none (a power cut), or all but one (a full disk).
fn fail_after(count: usize, once: bool) -> impl Fn() -> io::Result<()> {
    let step = Cell::new(0);
    move || {
        let now = step.replace(step.get() + 1);
        if now == count || (now > count && !once) {
            return Err(io::Error::other("stopped"));
        }
        Ok(())
    }
}

/// Each file of the app, alone, is as before or as after; nothing is half a file.
fn assert_old_or_new(now: &Files, at: usize) {
    let (before, after) = (&*BEFORE, &*AFTER);
    for name in before.keys().chain(after.keys()) {
        let current = now.get(name);
        assert!(
            current == before.get(name) || current == after.get(name),
            "step {at}: {name} is {current:?}"
        );
    }
}

#[test]
fn what_is_written_is_what_was_asked_for() {
    let expected = [
        ("Procfile", "new Procfile"),
        ("lib/", ""),
        ("lib/real.txt", "new through link"),
        ("link", "-> lib/real.txt"),
        ("made/", ""),
        ("made/deep/", ""),
        ("made/deep/file", "new file"),
        ("project.toml", "new project.toml"),
        ("same", "old same"),
    ];
    let expected: Files = expected
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .collect();
    assert_eq!(*AFTER, expected);
}

#[test]
fn a_power_cut_at_any_step_leaves_old_or_new_and_recovers_to_all_or_none() {
    for in_git in [true, false] {
        let mut seen = (0, 0);
        for at in 0.. {
            let folder = app(in_git);
            let stop = fail_after(at, false);
            let done = write_through(&Disk::stopped_by(&stop), folder.path(), &changes());
            assert_old_or_new(&files(folder.path()), at);
            recover(folder.path()).unwrap();
            let now = files(folder.path());
            assert!(now == *BEFORE || now == *AFTER, "step {at}: {now:#?}");
            if now == *BEFORE {
                seen.0 += 1;
            } else {
                seen.1 += 1;
            }
            assert_eq!(recover(folder.path()), Ok(None));
            if done.is_ok() {
                assert!(at > 30);
                break;
            }
        }
        assert!(seen.0 > 10 && seen.1 > 10, "{seen:?}");
    }
}

#[test]
fn a_recovery_may_be_cut_off_too() {
    for at in 0.. {
        let mut done = Ok(Written::default());
        for again in 0.. {
            let folder = app(true);
            let stop = fail_after(at, false);
            done = write_through(&Disk::stopped_by(&stop), folder.path(), &changes());
            let stop = fail_after(again, false);
            let recovered = recover_through(&Disk::stopped_by(&stop), folder.path());
            assert_old_or_new(&files(folder.path()), at);
            recover(folder.path()).unwrap();
            let now = files(folder.path());
            assert!(
                now == *BEFORE || now == *AFTER,
                "steps {at}, {again}: {now:#?}"
            );
            if recovered.is_ok() {
                break;
            }
        }
        if done.is_ok() {
            break;
        }
    }
}

#[test]
fn a_step_that_fails_changes_nothing() {
    for at in 0.. {
        let folder = app(true);
        let stop = fail_after(at, true);
        let done = write_through(&Disk::stopped_by(&stop), folder.path(), &changes());
        let now = files(folder.path());
        match done {
            Ok(_) => {
                assert_eq!(now, *AFTER);
                break;
            }
            Err(WriteError::CleanUp(_)) => {
                recover(folder.path()).unwrap();
                assert_eq!(files(folder.path()), *AFTER, "step {at}");
            }
            Err(_) => assert_eq!(now, *BEFORE, "step {at}"),
        }
    }
}

/// A run that was cut off while it renamed files, after `Procfile` was written.
fn cut_off() -> TempDir {
    for at in 0.. {
        let folder = app(true);
        let stop = fail_after(at, false);
        let _ = write_through(&Disk::stopped_by(&stop), folder.path(), &changes());
        if files(folder.path()).get("Procfile").map(String::as_str) == Some("new Procfile") {
            return folder;
        }
    }
    unreachable!("the run ends")
}

#[test]
fn what_somebody_changed_since_is_left_alone() {
    let folder = cut_off();
    fs::write(folder.path().join("Procfile"), "mine").unwrap();
    let kept = vec![TreePath::new("Procfile").unwrap()];
    assert_eq!(
        recover(folder.path()),
        Ok(Some(Recovery::Finished { kept }))
    );
    let mut expected = AFTER.clone();
    expected.insert("Procfile".to_owned(), "mine".to_owned());
    assert_eq!(files(folder.path()), expected);
}

#[test]
fn an_unfinished_run_must_be_recovered_first() {
    let folder = cut_off();
    let refused = write_changes(folder.path(), &changes());
    assert!(
        matches!(refused, Err(WriteError::Unfinished(_))),
        "{refused:?}"
    );
    recover(folder.path()).unwrap();
    assert!(write_changes(folder.path(), &changes()).is_ok());
}

#[test]
fn a_run_that_lives_is_not_recovered() {
    let folder = app(true);
    let root = folder.path().canonicalize().unwrap();
    let opened = Folder::open(&root).unwrap();
    let planned = PlannedWrite::look_up(&opened, &changes()).unwrap();
    let _journal = Journal::create(&Disk::real(), &opened, &planned.plan).unwrap();
    assert!(matches!(recover(&root), Err(WriteError::Busy(_))));
    let refused = write_changes(&root, &changes());
    assert!(matches!(refused, Err(WriteError::Busy(_))), "{refused:?}");
}

#[test]
fn a_journal_cannot_reach_out_of_the_tree() {
    let other = tempfile::tempdir().unwrap();
    fs::write(other.path().join("victim"), "x").unwrap();
    let folder = app(false);
    symlink(other.path(), folder.path().join("out")).unwrap();
    let number = |path: &Path| fs::metadata(path).unwrap().ino();
    let write_journal = |target: &str, home: &str| {
        let journal = folder.path().join(".dashlift-journal");
        fs::write(&journal, "").unwrap();
        let (root, own) = (number(folder.path()), number(&journal));
        let home = home.replace("ours", &format!("Some({root}) Some({own})"));
        let line = format!(
            r#"{{"home":"{home}","id":"1","folders":[],"operations":[{{"target":"{target}","old":null,"new":null}}]}}"#
        );
        fs::write(journal, format!("{line}\ncommit\n")).unwrap();
    };
    for (target, home) in [
        ("../victim", "ours"),
        ("/victim", "ours"),
        ("out/victim", "ours"),
        (".git/config", "ours"),
        ("", "ours"),
        ("same", "None None"),
    ] {
        write_journal(target, home);
        let refused = recover(folder.path());
        assert!(
            matches!(refused, Err(WriteError::Planted(_))),
            "{target}: {refused:?}"
        );
    }
    // The same journal is followed where it names nothing outside.
    write_journal("nothing", "ours");
    assert!(matches!(recover(folder.path()), Ok(Some(_))));
    assert!(other.path().join("victim").exists());
}

#[test]
fn modes_are_kept_and_told() {
    let folder = app(true);
    let mode = |name: &str| {
        let metadata = fs::metadata(folder.path().join(name)).unwrap();
        metadata.permissions().mode() & 0o7777
    };
    let old = fs::Permissions::from_mode(0o640);
    fs::set_permissions(folder.path().join("Procfile"), old).unwrap();
    let plain = mode("same");
    let run = Change::Write {
        contents: (*b"x").into(),
        kind: EntryKind::Executable,
    };
    let mut changes = changes();
    changes.insert(TreePath::new("run.sh").unwrap(), run.clone());
    changes.insert(TreePath::new("same").unwrap(), run);
    write_changes(folder.path(), &changes).unwrap();
    assert_eq!(mode("Procfile"), 0o640);
    assert_eq!(mode("project.toml"), plain);
    assert_eq!(mode("run.sh"), plain | (plain & 0o444) >> 2);
    assert_eq!(mode("same"), plain | (plain & 0o444) >> 2);
}
