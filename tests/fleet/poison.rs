//! A fleet with every poison in it: whatever a hostile clone holds, all good repositories are
//! converted, nothing of a clone runs, nothing outside changes, and a run that is killed goes on.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use git2::Repository;

use crate::support::{APP, BRANCH, Fleet, git_folder};

const GOOD: usize = 40;

/// A repository beside the good ones, with an app that has something to repair.
fn hostile(fleet: &Fleet, name: &str, files: &[(&str, &str)]) -> String {
    let folder = format!("fleet/{name}");
    fleet.repository(&folder, &[APP, files].concat());
    folder
}

fn pipe(fleet: &Fleet, path: &str) {
    let _ = fs::remove_file(fleet.path(path));
    let made = Command::new("mkfifo").arg(fleet.path(path)).status();
    assert!(made.unwrap().success());
}

fn link(fleet: &Fleet, target: &str, path: &str) {
    let _ = fs::remove_file(fleet.path(path));
    symlink(target, fleet.path(path)).unwrap();
}

fn program(fleet: &Fleet, path: &str) {
    let canary = fleet.path("canary");
    fleet.write(
        path,
        &format!("#!/bin/sh\ntouch '{}'\nexit 1\n", canary.display()),
    );
    let executable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(fleet.path(path), executable).unwrap();
}

/// Files that are no files: whoever reads them waits for ever or never comes to an end.
fn endless_files(fleet: &Fleet) {
    for file in [".gitignore", "dashlift.toml", ".dashliftignore"] {
        let name = file.trim_start_matches('.').replace('.', "-");
        let folder = hostile(fleet, &format!("0-pipe-{name}"), &[]);
        pipe(fleet, &format!("{folder}/{file}"));
        let folder = hostile(fleet, &format!("0-zero-{name}"), &[]);
        link(fleet, "/dev/zero", &format!("{folder}/{file}"));
    }
    let folder = hostile(fleet, "0-pipe-exclude", &[]);
    fs::create_dir_all(fleet.path(&folder).join(".git/info")).unwrap();
    pipe(fleet, &format!("{folder}/.git/info/exclude"));
    let folder = hostile(fleet, "0-pipe-git-config", &[]);
    pipe(fleet, &format!("{folder}/.git/config"));
    let folder = hostile(fleet, "0-huge-configuration", &[]);
    let huge = fs::File::create(fleet.path(&folder).join("dashlift.toml")).unwrap();
    huge.set_len(1 << 30).unwrap();
    hostile(
        fleet,
        "0-baseline-outside",
        &[("dashlift.toml", "baseline = \"../../outside\"\n")],
    );
}

/// Contents that libraries do not stand, or that name more than anybody can hold.
fn endless_contents(fleet: &Fleet) {
    let marker = "dash==2.9 ; 'linux' ~= sys_platform\nsix ; python_version ~= 'x'\n";
    hostile(fleet, "1-marker", &[("requirements.txt", marker)]);
    let deep = format!("server = {}1{}\n", "(".repeat(200_000), ")".repeat(200_000));
    hostile(fleet, "1-deep-python", &[("app.py", &deep)]);
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    hostile(fleet, "1-deep-json", &[("app.json", &deep)]);
    let deep = format!(
        "dependencies: {}{}\n",
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    hostile(fleet, "1-deep-yaml", &[("environment.yml", &deep)]);
    let name = "a\n::error title=x::y\u{1b}[2J\u{9b}2J.py";
    hostile(fleet, "1-names", &[(name, "x = '/Docs/packages'\n")]);

    let folder = hostile(fleet, "1-forged-tree", &[]);
    let repository = Repository::open(fleet.path(&folder)).unwrap();
    let blob = repository.blob(b"x").unwrap();
    let mut tree = None;
    for _ in 0..30 {
        let mut builder = repository.treebuilder(None).unwrap();
        for name in ["a", "b"] {
            match tree {
                Some(below) => builder.insert(name, below, 0o040_000).unwrap(),
                None => builder.insert(name, blob, 0o100_644).unwrap(),
            };
        }
        tree = Some(builder.write().unwrap());
    }
    let tree = repository.find_tree(tree.unwrap()).unwrap();
    let head = repository.head().unwrap().peel_to_commit().unwrap();
    let author = head.author();
    let forged = repository.commit(Some("HEAD"), &author, &author, "x", &tree, &[&head]);
    forged.unwrap();
}

/// Programs, and configuration of git that names some.
fn programs(fleet: &Fleet) {
    let folder = hostile(fleet, "2-programs", &[]);
    for name in ["git", "gpg", "uv", "python3", "sh"] {
        program(fleet, &format!("{folder}/bin/{name}"));
    }
    let module = format!("open({:?}, 'w')\n", fleet.path("canary"));
    let modules = [
        ("pip.py", &*module),
        ("typing.py", &module),
        ("sitecustomize.py", &module),
    ];
    hostile(fleet, "2-modules", &modules);

    let signer = fleet.path("signer");
    program(fleet, "signer");
    let signing = format!(
        "[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tfsmonitor = {0}\n\
         [commit]\n\tgpgsign = true\n[gpg]\n\tprogram = {0}\n[user]\n\tname = x\n\temail = x@example.com\n",
        signer.display()
    );
    let folder = hostile(fleet, "2-committed-bare", &[]);
    let inside = format!("{folder}/nested");
    fleet.copy("fleet/0-baseline-outside/.git", &inside);
    fleet.write(&format!("{inside}/config"), &signing);
    fleet.git(&folder, &["add", "-A"]);
    fleet.git(&folder, &["commit", "-q", "-m", "Nested"]);

    let folder = hostile(fleet, "2-signing", &[]);
    let own = signing.replace("bare = true", "bare = false");
    fleet.write(&format!("{folder}/.git/config"), &own);
}

/// Ways out of the clone.
fn ways_out(fleet: &Fleet) {
    fleet.repository("outside", APP);
    let folder = hostile(fleet, "3-work-tree", &[]);
    let outside = fleet.path("outside");
    fleet.git(
        &folder,
        &["config", "core.worktree", &outside.to_string_lossy()],
    );
    for file in ["requirements.txt", "Procfile"] {
        let name = file.to_ascii_lowercase().replace('.', "-");
        let folder = hostile(fleet, &format!("3-link-{name}"), &[]);
        link(
            fleet,
            &format!("../../outside/{file}"),
            &format!("{folder}/{file}"),
        );
    }
    fs::create_dir(fleet.path("fleet/3-git-file")).unwrap();
    fleet.write("fleet/3-git-file/.git", "gitdir: ../../outside/.git\n");
    fs::create_dir(fleet.path("fleet/3-git-link")).unwrap();
    link(fleet, "../../outside/.git", "fleet/3-git-link/.git");
}

fn poisoned() -> Fleet {
    let fleet = Fleet::of(GOOD);
    endless_files(&fleet);
    endless_contents(&fleet);
    programs(&fleet);
    ways_out(&fleet);
    fleet
}

fn batch(fleet: &Fleet) -> Command {
    let mut command = fleet.program(&[
        "batch",
        "fleet",
        "--migrate",
        "--state",
        "s",
        "--resume",
        "--jobs",
        "2",
        "--timeout-per-repo",
        "30",
        "--memory-per-repo",
        "512M",
    ]);
    // A folder of a clone, relative, before those of the machine; and a date that git is asked for.
    command.env("PATH", "fleet/2-programs/bin:/usr/bin:/bin");
    command.env("GIT_COMMITTER_DATE", "Thu, 07 Apr 2022 22:13:13 +0200");
    command.stdin(Stdio::null());
    command
}

fn outside(fleet: &Fleet) -> String {
    let references = fleet.git("outside", &["for-each-ref"]);
    let status = fleet.git("outside", &["status", "--porcelain"]);
    references + &status
}

#[test]
fn all_good_repositories_are_converted_beside_every_poison() {
    let fleet = poisoned();
    let before = outside(&fleet);
    for lines in [12, 40] {
        let mut command = batch(&fleet);
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let count = || {
            fs::read_to_string(fleet.path("s"))
                .unwrap_or_default()
                .lines()
                .count()
        };
        while count() < lines && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_millis(5));
        }
        assert!(
            child.try_wait().unwrap().is_none(),
            "it was done before it was killed"
        );
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let output = batch(&fleet).output().unwrap();
    let printed = [&*output.stdout, &*output.stderr].concat();
    let printed = String::from_utf8(printed).unwrap();
    assert_eq!(output.status.code(), Some(5), "{printed}");

    let records = fleet.records("s");
    let good: Vec<&String> = records
        .keys()
        .filter(|it| it.starts_with("group-"))
        .collect();
    assert_eq!(good.len(), GOOD);
    for name in good {
        let [record] = records[name].as_slice() else {
            panic!("{name} was done more than once");
        };
        assert_eq!(record["outcome"], "converted", "{name}: {record}");
        fleet.git(&git_folder(name), &["rev-parse", "--verify", "-q", BRANCH]);
    }
    for (name, records) in &records {
        let last = records.last().unwrap();
        println!("{name}: {} {}", last["outcome"], last["error"]);
        assert_ne!(last["outcome"], "timed_out", "{name}");
        let is_explained = !last["outcome"].is_string() || last["outcome"] != "failed";
        assert!(
            is_explained || last["error"].as_str().is_some_and(|it| it.len() > 10),
            "{name}"
        );
    }
    assert!(!fleet.path("canary").exists(), "a program of a clone ran");
    assert_eq!(outside(&fleet), before);
    let is_odd = |c: char| c.is_control() && c != '\n';
    assert!(!printed.contains(is_odd), "{printed:?}");
    assert!(
        !printed.lines().any(|line| line.starts_with("::")),
        "{printed}"
    );
    assert!(!fleet.path("outside").join("dashlift-journal").exists());
}
