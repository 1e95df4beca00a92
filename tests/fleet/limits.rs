//! Repositories that ask for more than any is worth, or for what a library cannot stand: each is
//! settled by itself, and the good one beside it is converted.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::support::{APP, BRANCH, Fleet};

/// Markers over which the library stumbled that was used before, and one that it multiplied out.
fn markers() -> String {
    let mut list = "dash==2.9.0 ; 'linux' ~= sys_platform\n\
                    gunicorn==20.1.0 ; python_version ~= 'three' or '' === platform_version\n"
        .to_owned();
    for name in ["flask", "numpy"] {
        let pair = |n: usize| format!("'{name}{n}' in os_name and 'b{n}' in sys_platform");
        let pairs: Vec<String> = (0..2000).map(pair).collect();
        list.push_str(&format!("{name}==1.0 ; {}\n", pairs.join(" or ")));
    }
    list
}

#[test]
fn hostile_markers_fail_nobody() {
    let fleet = Fleet::empty();
    let poison = markers();
    let hostile = [
        ("Procfile", "web: gunicorn app:server\n"),
        ("app.py", "server = None\n"),
        ("requirements.txt", poison.as_str()),
        ("runtime.txt", "python-3.9.6\n"),
    ];
    for name in ["fleet/a", "fleet/b"] {
        fleet.repository(name, &hostile);
    }
    fleet.repository("fleet/good", APP);
    let ran = fleet.run(&["batch", "--migrate", "fleet", "--state", "s.jsonl"]);
    for (name, records) in fleet.records("s.jsonl") {
        assert_eq!(records[0]["outcome"], "converted", "{name}: {}", ran.err);
        fleet.git(&format!("fleet/{name}"), &["rev-parse", BRANCH]);
    }
    // What asks for a platform that nobody can name is left as it is.
    let list = fleet.git("fleet/a", &["show", &format!("{BRANCH}:requirements.txt")]);
    assert!(list.contains("'linux' ~= sys_platform"), "{list}");
}

#[test]
fn a_commit_that_names_a_thousand_million_paths_is_refused() {
    let fleet = Fleet::empty();
    fleet.repository("fleet/forged", APP);
    fleet.repository("fleet/good", APP);
    let blob = fleet.git("fleet/forged", &["rev-parse", "HEAD:app.py"]);
    let mut entry = format!("100644 blob {}", blob.trim());
    for _ in 0..9 {
        let lines: String = (0..10).map(|n| format!("{entry}\t{n}\n")).collect();
        let tree = make_tree(&fleet, "fleet/forged", &lines);
        entry = format!("040000 tree {tree}");
    }
    let tree = entry.rsplit(' ').next().unwrap().to_owned();
    let commit = fleet.git("fleet/forged", &["commit-tree", "-m", "All of it", &tree]);
    fleet.git(
        "fleet/forged",
        &["update-ref", "refs/heads/main", commit.trim()],
    );
    let ran = fleet.run(&["batch", "--migrate", "fleet", "--state", "s.jsonl"]);
    let records = fleet.records("s.jsonl");
    assert_eq!(records["good"][0]["outcome"], "converted", "{}", ran.err);
    assert_eq!(records["forged"][0]["outcome"], "failed");
    let said = records["forged"][0].to_string();
    assert!(said.contains("holds more than 500,000 files"), "{said}");
}

fn make_tree(fleet: &Fleet, repository: &str, lines: &str) -> String {
    let mut command = Command::new("git");
    command.current_dir(fleet.path(repository)).arg("mktree");
    let mut child = fleet
        .isolated(&mut command)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(lines.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
