//! What is written lies in the repository, and a signal or a kill leaves order.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::support::Fleet;

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// All files below `root` but git's own.
fn files(root: &Path) -> Files {
    let mut found = Files::new();
    for entry in walkdir::WalkDir::new(root).into_iter().flatten() {
        let below = entry.path().strip_prefix(root).unwrap().to_owned();
        if entry.file_type().is_file() && !below.starts_with(".git") {
            found.insert(below, fs::read(entry.path()).unwrap());
        }
    }
    found
}

fn names_of_ours(root: &Path) -> Vec<PathBuf> {
    let all = walkdir::WalkDir::new(root).into_iter().flatten();
    all.map(|entry| entry.path().to_owned())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(".dashlift-") || name.starts_with("dashlift-")
        })
        .collect()
}

/// A run that found no folder under a name at that moment may have made one, and may still be
/// writing into it.
fn move_away(from: &Path, to: &Path) {
    while fs::rename(from, to).is_err() {
        drop(fs::remove_dir_all(to));
    }
}

#[test]
fn a_folder_that_is_swapped_for_a_link_lets_nothing_out() {
    let fleet = Fleet::new();
    fleet.clone_of("evil");
    fleet.app("clones/evil/app");
    fleet.commit("evil");
    fleet.app("home/other");
    let (app, aside) = (fleet.at("evil/app"), fleet.at("evil/aside"));
    let other = fleet.root().join("home/other");
    let before = files(&other);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::SeqCst) {
                move_away(&app, &aside);
                symlink(&other, &app).unwrap();
                std::thread::sleep(Duration::from_micros(300));
                fs::remove_file(&app).unwrap();
                move_away(&aside, &app);
                std::thread::sleep(Duration::from_micros(300));
            }
        });
        for _ in 0..40 {
            fleet.run(&["fix", "evil", "--allow-dirty"]);
            assert_eq!(files(&other), before);
            fleet.app("clones/evil");
        }
        over.store(true, Ordering::SeqCst);
    });
    assert_eq!(files(&other), before);
}

#[test]
fn a_planted_journal_is_refused() {
    let fleet = Fleet::new();
    fleet.clone_of("evil");
    fleet.app("clones/plain");
    let line = "{\"home\":\"Some(1) Some(2)\",\"id\":\"1\",\"folders\":[],\"operations\":\
                [{\"target\":\"app.py\",\"old\":null,\"new\":null}]}\ncommit\n";
    for (name, journal) in [
        ("evil", ".git/dashlift-journal"),
        ("plain", ".dashlift-journal"),
    ] {
        for text in [line, "{}\ncommit\n", "anything", "\u{0}\n"] {
            fleet.write(&format!("clones/{name}/{journal}"), text);
            let before = files(&fleet.at(name));
            let ran = fleet.run(&["fix", name]);
            assert_eq!(ran.code, Some(2), "{text}: {}", ran.all());
            assert!(ran.err.contains("no run wrote it here"), "{}", ran.all());
            assert_eq!(files(&fleet.at(name)), before);
        }
        fs::remove_file(fleet.at(name).join(journal)).unwrap();
        symlink(fleet.outside().join("bytes"), fleet.at(name).join(journal)).unwrap();
        let ran = fleet.run(&["fix", name]);
        assert_eq!(ran.code, Some(2), "{}", ran.all());
        fs::remove_file(fleet.at(name).join(journal)).unwrap();
        let ran = fleet.run(&["fix", name]);
        assert_eq!(ran.code, Some(0), "{}", ran.all());
    }
    fleet.assert_unharmed();
}

/// A repository with so many apps that writing them takes a while.
fn large(fleet: &Fleet) {
    fleet.clone_of("large");
    for at in 0..40 {
        fleet.app(&format!("clones/large/apps/{at}"));
    }
    fleet.commit("large");
}

fn start(fleet: &Fleet, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_dashlift"))
        .args(arguments)
        .current_dir(fleet.at(""))
        .env("HOME", fleet.root().join("home"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn restore(fleet: &Fleet) {
    fleet.git("large", &["reset", "--quiet", "--hard"]);
    fleet.git("large", &["clean", "--quiet", "-fdx"]);
}

#[test]
fn a_signal_leaves_old_or_new_and_nothing_else() {
    let fleet = Fleet::new();
    large(&fleet);
    let root = fleet.at("large");
    let before = files(&root);
    assert!(matches!(fleet.run(&["fix", "large"]).code, Some(0 | 1)));
    let after = files(&root);
    assert_ne!(before, after);
    let mut seen = (0, 0);
    for at in 0..45 {
        restore(&fleet);
        let mut child = start(&fleet, &["fix", "large"]);
        // The later ones find it writing.
        std::thread::sleep(Duration::from_millis(at * 12));
        let signal = ["-INT", "-TERM", "-HUP"][usize::try_from(at).unwrap() % 3];
        let id = child.id().to_string();
        let _ = Command::new("kill")
            .args([signal, &id])
            .stderr(Stdio::null())
            .status();
        child.wait().unwrap();
        let now = files(&root);
        assert!(
            now == before || now == after,
            "{signal} after {at}: half done"
        );
        assert_eq!(
            names_of_ours(&root),
            Vec::<PathBuf>::new(),
            "{signal} after {at}"
        );
        if now == before {
            seen.0 += 1;
        } else {
            seen.1 += 1;
        }
    }
    assert!(seen.0 > 0, "{seen:?}");
}

#[test]
fn what_a_kill_leaves_is_named_by_every_command_and_settled() {
    let fleet = Fleet::new();
    large(&fleet);
    let root = fleet.at("large");
    let mut left = 0;
    for at in 0..60_u64 {
        restore(&fleet);
        let mut child = start(&fleet, &["fix", "large"]);
        std::thread::sleep(Duration::from_millis(at * 8));
        child.kill().unwrap();
        child.wait().unwrap();
        if root.join(".git/dashlift-journal").exists() {
            left += 1;
            for command in ["check", "diff", "plan", "migrate --force"] {
                let mut arguments: Vec<&str> = command.split(' ').collect();
                arguments.push("large");
                let ran = fleet.run(&arguments);
                assert!(
                    ran.err.contains("dashlift-journal"),
                    "{command}: {}",
                    ran.all()
                );
                assert!(
                    ran.err.contains("dashlift fix large"),
                    "{command}: {}",
                    ran.all()
                );
            }
            fleet.run(&["fix", "large", "--allow-dirty"]);
        }
        assert_eq!(names_of_ours(&root), Vec::<PathBuf>::new(), "after {at}");
        if left == 2 {
            return;
        }
    }
    // A machine on which no kill met the writing has shown nothing: then it is made by hand.
    fleet.write("clones/large/.git/dashlift-journal", "");
    for command in ["check", "diff", "plan", "migrate"] {
        let ran = fleet.run(&[command, "large"]);
        assert!(
            ran.err.contains("dashlift-journal"),
            "{command}: {}",
            ran.all()
        );
    }
}

#[test]
fn temporary_files_that_were_left_are_named() {
    let fleet = Fleet::new();
    fleet.write("clones/good/.dashlift-1x2-0.new", "x");
    for command in ["check", "diff", "plan"] {
        let ran = fleet.run(&[command, "good"]);
        assert!(
            ran.err.contains("good/.dashlift-1x2-0.new"),
            "{}",
            ran.all()
        );
    }
}

#[test]
fn the_lock_of_a_killed_migrate_blocks_nobody() {
    let fleet = Fleet::new();
    fleet.clone_of("somebody");
    let commit = "0123456789012345678901234567890123456789";
    let lock = ".git/refs/heads/dash-enterprise-5.lock";
    for held in ["", commit] {
        fleet.write(
            "clones/good/.git/dashlift-branch",
            format!("refs/heads/dash-enterprise-5 {commit}\n"),
        );
        fleet.write(&format!("clones/good/{lock}"), held);
        let ran = fleet.run(&["migrate", "good", "--force"]);
        assert_eq!(ran.code, Some(0), "{}", ran.all());
        assert!(!fleet.at("good").join(lock).exists());
        assert!(!fleet.at("good/.git/dashlift-branch").exists());
    }
    fleet.assert_good_is_converted();
    // That of somebody else stays.
    fleet.write(&format!("clones/somebody/{lock}"), "");
    let ran = fleet.run(&["migrate", "somebody"]);
    assert_eq!(ran.code, Some(2), "{}", ran.all());
    assert!(fleet.at("somebody").join(lock).exists());
}

#[test]
fn a_killed_migrate_can_be_run_again() {
    let fleet = Fleet::new();
    large(&fleet);
    for at in 0..25_u64 {
        let mut child = start(&fleet, &["migrate", "large", "--force"]);
        std::thread::sleep(Duration::from_millis(at * 10));
        child.kill().unwrap();
        child.wait().unwrap();
        let ran = fleet.run(&["migrate", "large", "--force"]);
        assert!(matches!(ran.code, Some(0 | 1)), "after {at}: {}", ran.all());
    }
}
