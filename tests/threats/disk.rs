//! What is read lies in the repository, is a regular file, and is not endless; what is not read is
//! said.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::support::Fleet;

fn mkfifo(path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// A sparse file of a gigabyte.
fn write_huge(path: &Path) {
    fs::File::create(path).unwrap().set_len(1 << 30).unwrap();
}

#[test]
fn lists_of_ignored_files_stop_nobody() {
    let fleet = Fleet::new();
    for name in ["zero", "pipe", "huge", "link"] {
        fleet.clone_of(name);
    }
    symlink("/dev/zero", fleet.at("zero/.gitignore")).unwrap();
    mkfifo(&fleet.at("pipe/.gitignore"));
    mkfifo(&fleet.at("pipe/sub/requirements.txt"));
    write_huge(&fleet.at("huge/.gitignore"));
    fleet.write("outside/bytes", "as they were");
    symlink(fleet.outside().join("bytes"), fleet.at("link/.gitignore")).unwrap();
    for name in ["zero", "pipe", "huge", "link"] {
        for command in ["check", "diff", "plan"] {
            let ran = fleet.run(&[command, name]);
            assert!(matches!(ran.code, Some(0 | 1)), "{name}: {}", ran.all());
            let what = if name == "huge" {
                "is larger than"
            } else {
                "is not a regular file"
            };
            let sentence = format!("{name}/.gitignore {what}");
            assert!(ran.err.contains(&sentence), "{sentence}: {}", ran.all());
        }
    }
    let ran = fleet.run(&["check", "pipe"]);
    assert!(
        ran.err
            .contains("pipe/sub/requirements.txt is not a regular file"),
        "{}",
        ran.err
    );
    let ran = fleet.run(&["batch", "."]);
    assert!(ran.all().contains("5 repositories"), "{}", ran.all());
    fleet.run(&["batch", ".", "--migrate"]);
    fleet.assert_good_is_converted();
    fleet.assert_unharmed();
}

#[test]
fn what_is_ignored_is_what_git_ignores() {
    let fleet = Fleet::new();
    fleet.write("home/.config/git/ignore", "*.global\n");
    fleet.write(
        "clones/good/.gitignore",
        "*.log\n/top\nfolder/\n!keep.log\n",
    );
    fleet.write(
        "clones/good/sub/.gitignore",
        "!special.log\ndeep/*\n!deep/kept\n",
    );
    fleet.write("clones/good/.git/info/exclude", "excluded\n");
    for path in [
        "a.log",
        "keep.log",
        "top",
        "sub/top",
        "folder/x",
        "sub/special.log",
        "sub/other.log",
        "sub/deep/gone",
        "sub/deep/kept",
        "excluded",
        "x.global",
        "sub/folder",
        "plain",
    ] {
        fleet.write(&format!("clones/good/{path}"), "x");
    }
    let listed = fleet.git(
        "good",
        &["ls-files", "--others", "--cached", "--exclude-standard"],
    );
    let mut listed: Vec<&str> = listed.lines().collect();
    listed.sort_unstable();
    // The library finds the home of the user in the environment, so a process of its own looks.
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "disk::child_that_lists",
            "--ignored",
            "--nocapture",
        ])
        .env("HOME", fleet.root().join("home"))
        .env_remove("XDG_CONFIG_HOME")
        .env("DASHLIFT_TEST_PLACE", fleet.at("good"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let ours: Vec<&str> = said
        .lines()
        .filter_map(|line| line.strip_prefix("file "))
        .collect();
    assert_eq!(ours, listed, "{said}");
}

#[test]
#[ignore = "started by what_is_ignored_is_what_git_ignores"]
fn child_that_lists() {
    use dashlift::tree::{Tree, TreePath, WorkTree};
    let place = std::env::var_os("DASHLIFT_TEST_PLACE").unwrap();
    let tree = WorkTree::open(Path::new(&place), &TreePath::root()).unwrap();
    for entry in tree.entries() {
        println!("file {}", entry.path);
    }
}

#[test]
fn settings_of_a_repository_stay_in_it() {
    let fleet = Fleet::new();
    let names = ["pipe", "zero", "huge", "link", "folder"];
    for name in names {
        fleet.clone_of(name);
    }
    let file = |name: &str| fleet.at(name).join("dashlift.toml");
    mkfifo(&file("pipe"));
    symlink("/dev/zero", file("zero")).unwrap();
    write_huge(&file("huge"));
    fleet.write("home/secret.toml", "secret = 'canary'\n");
    symlink(fleet.root().join("home/secret.toml"), file("link")).unwrap();
    fs::create_dir(file("folder")).unwrap();
    for name in names {
        let ran = fleet.run(&["check", name]);
        assert_eq!(ran.code, Some(2), "{name}: {}", ran.all());
        assert!(ran.err.contains("dashlift.toml"), "{}", ran.all());
        assert!(!ran.err.contains("canary"), "{}", ran.all());
    }
    let ran = fleet.run(&["batch", ".", "--migrate"]);
    assert_eq!(ran.code, Some(5), "{}", ran.all());
    fleet.assert_good_is_converted();
}

#[test]
fn baselines_and_environments_of_a_repository_stay_in_it() {
    let fleet = Fleet::new();
    for (at, named) in [
        "../../outside/new.json",
        "out/new.json",
        "pipe",
        "huge",
        "zero",
    ]
    .iter()
    .enumerate()
    {
        let name = format!("evil{at}");
        fleet.clone_of(&name);
        fleet.write(
            &format!("clones/{name}/dashlift.toml"),
            format!("baseline = \"{named}\"\n"),
        );
        symlink(fleet.outside(), fleet.at(&name).join("out")).unwrap();
        symlink("/dev/zero", fleet.at(&name).join("zero")).unwrap();
        mkfifo(&fleet.at(&name).join("pipe"));
        write_huge(&fleet.at(&name).join("huge"));
        for arguments in [&["check", &name][..], &["baseline", "write", &name]] {
            let ran = fleet.run(arguments);
            assert_eq!(ran.code, Some(2), "{named}: {}", ran.all());
        }
        fleet.assert_unharmed();
    }
    // A file that the user named may lie anywhere.
    let ran = fleet.run(&["baseline", "write", "good", "--output", "../new.json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    assert!(fleet.root().join("new.json").exists());
    let ran = fleet.run(&["baseline", "write", "good", "--output", "/dev/null"]);
    assert_eq!(ran.code, Some(2), "{}", ran.all());

    let metadata = "Name: dash\nVersion: 2.9.0\n\n";
    let site = "lib/python3.9/site-packages/dash-2.9.0.dist-info";
    fleet.write(&format!("home/env/{site}/METADATA"), metadata);
    fleet.clone_of("env");
    fleet.write("clones/env/dashlift.toml", "env = \"../../home/env\"\n");
    let ran = fleet.run(&["check", "env"]);
    assert_eq!(ran.code, Some(2), "{}", ran.all());
    fleet.write("clones/env/dashlift.toml", "env = \"own\"\n");
    mkfifo(&fleet.at("env/own").join(site).join("METADATA"));
    let ran = fleet.run(&["check", "env"]);
    assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.all());
    let ran = fleet.run(&["check", "good", "--env", "../home/env"]);
    assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.all());
}

#[test]
fn files_of_an_app_that_lead_out_are_not_read() {
    let fleet = Fleet::new();
    fleet.clone_of("evil");
    fleet.write("home/secret", "canary==1.0\n");
    for target in [
        fleet.root().join("home/secret"),
        "/dev/zero".into(),
        "/proc/self/environ".into(),
    ] {
        let list = fleet.at("evil/requirements.txt");
        fs::remove_file(&list).unwrap();
        symlink(&target, &list).unwrap();
        let ran = fleet.run(&["check", "evil"]);
        assert!(!ran.all().contains("canary"), "{}", ran.all());
        let ran = fleet.run(&["fix", "evil", "--allow-dirty"]);
        assert!(ran.code.is_some(), "{}", ran.all());
    }
    let text = fs::read_to_string(fleet.root().join("home/secret")).unwrap();
    assert_eq!(text, "canary==1.0\n");
}
