//! What a batch finds, does, keeps and prints.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{APP, BRANCH, Fleet};

/// An app that has nothing to do.
const DONE: &[(&str, &str)] = &[
    ("Procfile", "web: gunicorn app:server\n"),
    ("app.py", "server = None\n"),
    ("requirements.txt", "dash==2.9.0\ngunicorn==20.1.0\n"),
];

/// Four repositories, one of each kind.
fn small() -> Fleet {
    let fleet = Fleet::empty();
    fleet.repository("fleet/a/clean", DONE);
    fleet.repository("fleet/app", APP);
    fleet.repository("fleet/other", &[("notes.txt", "nothing here\n")]);
    fleet.repository("work", APP);
    fleet.git(".", &["clone", "-q", "--bare", "work", "fleet/mirror.git"]);
    fleet
}

/// The lines in the order of the names: repositories end when they end.
fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

#[test]
fn a_check_writes_nothing_but_its_state() {
    let fleet = small();
    let ran = fleet.run(&["batch", "fleet", "--state", "s.jsonl"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert_eq!(
        sorted(&ran.out),
        [
            "a/clean     clean",
            "app         1 finding",
            "mirror.git  1 finding",
            "other       no app"
        ]
    );
    assert!(
        ran.err.ends_with(
            "\n4 repositories: 1 clean, 2 with findings, 1 without an app\nSee it all with \
             `dashlift report s.jsonl --output fleet.html`.\n"
        ),
        "{}",
        ran.err
    );
    let records = fleet.records("s.jsonl");
    let app = &records["app"][0];
    let commit = fleet.git("fleet/app", &["rev-parse", "HEAD"]);
    assert_eq!(app["commit"], commit.trim());
    assert_eq!(
        (&app["dirty"], &app["exit_code"]),
        (&json!(false), &json!(1))
    );
    assert_eq!(app["result"]["path"], "app");
    assert_eq!(app["result"]["apps"][0]["findings"][0]["code"], "DL101");
    assert_eq!(app["result"]["plans"][0]["readiness"], "ready-after-branch");
    assert_eq!(app["result"]["diff"], Value::Null);
    assert_eq!(fleet.git("fleet/app", &["status", "--porcelain"]), "");
    assert!(!fleet.path("fleet/app/.git").join(BRANCH).exists());
}

#[test]
fn a_diff_keeps_patch_and_plan() {
    let fleet = small();
    let ran = fleet.run(&["batch", "fleet", "--diff", "--state", "s.jsonl"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let records = fleet.records("s.jsonl");
    for name in ["app", "mirror.git"] {
        let result = &records[name][0]["result"];
        assert!(
            result["diff"]
                .as_str()
                .unwrap()
                .contains("+++ b/project.toml")
        );
        assert_eq!(result["plans"][0]["readiness"], "ready-after-branch");
    }
    assert_eq!(records["a/clean"][0]["result"]["diff"], "");
}

#[test]
fn a_migration_makes_branches_and_resumes_to_nothing() {
    let fleet = small();
    let command = [
        "batch",
        "fleet",
        "--migrate",
        "--state",
        "s.jsonl",
        "--resume",
    ];
    let ran = fleet.run(&command);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.out
            .contains("mirror.git  converted to dash-enterprise-5\n"),
        "{}",
        ran.out
    );
    for name in ["fleet/app", "fleet/mirror.git"] {
        let files = fleet.git(name, &["ls-tree", "--name-only", "dash-enterprise-5"]);
        assert!(files.contains("project.toml"), "{files}");
    }
    let record = &fleet.records("s.jsonl")["app"][0];
    assert_eq!(record["outcome"], "converted");
    assert!(
        record["result"]["diff"]
            .as_str()
            .unwrap()
            .contains("project.toml")
    );

    let ran = fleet.run(&command);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert!(ran.err.contains("(4 of them done before)"), "{}", ran.err);
}

#[test]
fn what_changed_is_done_again_and_only_force_replaces_a_branch() {
    let fleet = small();
    let command = [
        "batch",
        "fleet",
        "--migrate",
        "--state",
        "s.jsonl",
        "--resume",
    ];
    assert_eq!(fleet.run(&command).code, 0);
    fleet.write(
        "fleet/app/requirements.txt",
        "dash==2.10.0\ngunicorn==20.1.0\n",
    );
    fleet.git("fleet/app", &["commit", "-q", "-a", "-m", "Newer"]);
    let ran = fleet.run(&command);
    assert_eq!(ran.code, 5);
    assert!(
        ran.out
            .contains("the branch dash-enterprise-5 exists already"),
        "{}",
        ran.out
    );
    let ran = fleet.run(&command);
    assert_eq!((ran.code, ran.out.as_str()), (5, ""), "{}", ran.err);
    let again = [
        "batch",
        "fleet",
        "--migrate",
        "--state",
        "s.jsonl",
        "--failed",
        "--force",
    ];
    let ran = fleet.run(&again);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        ran.out.trim_end(),
        "app         converted to dash-enterprise-5"
    );
    assert_eq!(fleet.records("s.jsonl")["app"].len(), 3);
}

#[test]
fn without_a_state_a_second_run_finds_its_own_branches() {
    let fleet = small();
    let first = fleet.run(&["batch", "fleet", "--migrate"]);
    let tip = fleet.git("fleet/app", &["rev-parse", "dash-enterprise-5"]);
    let second = fleet.run(&["batch", "fleet", "--migrate"]);
    assert_eq!((first.code, second.code), (0, 0), "{}", second.err);
    assert_eq!(sorted(&first.out), sorted(&second.out));
    assert_eq!(
        fleet.git("fleet/app", &["rev-parse", "dash-enterprise-5"]),
        tip
    );
    let other = fleet.run(&["batch", "fleet", "--migrate", "-m", "Other words"]);
    assert_eq!(other.code, 5);
}

#[test]
fn other_settings_and_changed_files_are_done_again() {
    let fleet = small();
    let check = |more: &[&str]| {
        let command = ["batch", "fleet", "--state", "s.jsonl", "--resume"];
        fleet.run(&[&command, more].concat())
    };
    assert_eq!(check(&[]).out.lines().count(), 4);
    assert_eq!(check(&[]).out, "");
    assert_eq!(check(&["--ignore", "DL101"]).out.lines().count(), 4);
    fleet.write("dashlift.toml", "strict = true\n");
    assert_eq!(check(&["--ignore", "DL101"]).out.lines().count(), 4);
    fleet.write("fleet/app/new.txt", "not committed\n");
    for _ in 0..2 {
        let ran = check(&["--ignore", "DL101"]);
        assert!(
            ran.out.starts_with("app ") && ran.out.lines().count() == 1,
            "{}",
            ran.out
        );
    }
    assert_eq!(
        fleet.records("s.jsonl")["app"].last().unwrap()["dirty"],
        true
    );
}

#[test]
fn lists_come_from_a_file_or_standard_input() {
    let fleet = small();
    fleet.write(
        "lists/all.txt",
        "# ours\n../fleet/app\n\n../fleet/app/.git\n../fleet/gone\n",
    );
    let ran = fleet.run(&["batch", "lists/all.txt", "-v"]);
    assert_eq!(ran.code, 5);
    assert_eq!(
        sorted(&ran.out),
        [
            "../fleet/app   1 finding",
            "../fleet/gone  failed: there is no such folder"
        ]
    );
    assert!(
        ran.err
            .contains("note: ../fleet/app/.git is a repository that is there already")
    );
    let mut child = fleet.program(&["batch", "-", "--format", "concise"]);
    let mut child = child
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"fleet/app\n")
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "fleet/app: 1 finding\n"
    );
}

#[test]
fn json_is_a_state() {
    let fleet = small();
    let ran = fleet.run(&["batch", "fleet", "--format", "json"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("[4/4] "), "{}", ran.err);
    fleet.write("s.jsonl", &ran.out);
    assert_eq!(fleet.state("s.jsonl")[0]["kind"], "header");
    assert_eq!(fleet.records("s.jsonl").len(), 4);
    let resumed = fleet.run(&["batch", "fleet", "--state", "s.jsonl", "--resume", "-q"]);
    assert_eq!((resumed.out.as_str(), resumed.err.as_str()), ("", ""));
}

#[test]
fn parts_are_the_whole() {
    let fleet = Fleet::of(30);
    let mut seen = Vec::new();
    for part in 1..=3 {
        let shard = format!("{part}/3");
        let state = format!("part-{part}.jsonl");
        let ran = fleet.run(&["batch", "fleet", "--shard", &shard, "--state", &state]);
        assert_eq!(ran.code, 1, "{}", ran.err);
        assert_eq!(fleet.state(&state)[0]["shard"], shard);
        seen.extend(fleet.records(&state).into_keys());
    }
    seen.sort();
    let all = fleet.run(&["batch", "fleet", "--format", "concise"]).out;
    let mut all: Vec<&str> = all
        .lines()
        .map(|line| line.split(':').next().unwrap())
        .collect();
    all.sort_unstable();
    assert_eq!(seen, all);
}

#[test]
fn wrong_usage_says_what_is_right() {
    let fleet = small();
    let says = |arguments: &[&str], code: i32, words: &str| {
        let ran = fleet.run(arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
        assert_eq!(ran.out, "", "{arguments:?}");
    };
    fs::create_dir(fleet.path("empty")).unwrap();
    fleet.write("list", "# nothing\n");
    says(&["batch", "empty"], 3, "no repository found below empty");
    says(&["batch", "list"], 3, "list names none");
    says(
        &["batch", "missing"],
        2,
        "there is no such folder or list: missing",
    );
    says(
        &["batch", "fleet", "--shard", "3/2"],
        2,
        "`3/2` is out of range; the parts of 2 are 1/2 to 2/2",
    );
    says(&["batch", "fleet", "--shard", "0/2"], 2, "out of range");
    says(&["batch", "fleet", "--resume"], 2, "--state");
    says(&["batch", "fleet", "--jobs", "0"], 2, "0");
    says(
        &["batch", "fleet", "--force"],
        2,
        "are options of --migrate",
    );
    says(
        &["batch", "fleet", "--check", "--migrate"],
        2,
        "cannot be used with",
    );
    says(
        &["batch", "fleet", "--format", "sarif"],
        2,
        "`batch` has no format sarif; it has text, concise and json",
    );
    says(
        &["batch", "fleet", "--state", "none/s.jsonl"],
        2,
        "none/s.jsonl cannot be written",
    );
    says(
        &["batch", "fleet", "--state", "s", "--failed"],
        2,
        "nothing that failed",
    );
}

#[test]
fn a_file_that_is_no_state_of_this_version_is_left_alone() {
    let fleet = small();
    let says = |arguments: &[&str], words: &str| {
        let ran = fleet.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
    };
    fleet.write("newer", "{\"kind\":\"header\",\"version\":3}\n");
    says(
        &["batch", "fleet", "--state", "newer", "--resume"],
        "is a state of version 3, and this program reads versions up to 2",
    );
    fleet.write("notes", "buy milk\n");
    says(
        &["batch", "fleet", "--state", "notes", "--resume"],
        "is no state of a batch",
    );
    assert_eq!(fleet.read("notes"), "buy milk\n");
}

#[cfg(target_os = "linux")]
#[test]
fn a_state_that_is_a_device_is_refused() {
    let fleet = small();
    let ran = fleet.run(&["batch", "fleet", "--state", "/dev/full"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(
        ran.err.contains("/dev/full is not a regular file"),
        "{}",
        ran.err
    );
}

#[test]
fn a_damaged_repository_is_not_taken_for_the_one_around_it() {
    let fleet = Fleet::empty();
    fleet.repository("fleet", APP);
    fleet.write("fleet/inner/.git/HEAD", "ref: refs/heads/main\n");
    fleet.write("fleet/lost/.git", "gitdir: ../nowhere\n");
    let ran = fleet.run(&[
        "batch",
        "fleet",
        "--migrate",
        "--state",
        "s t.jsonl",
        "--mapping",
        "/srv/a b:/data",
    ]);
    assert_eq!(ran.code, 5);
    let again = "dashlift batch fleet --migrate --state 's t.jsonl' \
                 --mapping '/srv/a b:/data' --failed";
    let said = format!("Repeat what failed with `{again}`.\n");
    assert!(ran.err.contains(&said), "{}", ran.err);
    let words = shlex::split(again).unwrap();
    let words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
    let repeated = fleet.run(&words);
    assert_eq!(repeated.code, 5, "{}", repeated.err);
    assert!(repeated.err.contains("2 failed"), "{}", repeated.err);
    let lines = sorted(&ran.out);
    assert_eq!(lines[0], ".      converted to dash-enterprise-5");
    assert!(
        lines[1].starts_with("inner  failed: git finds no repository here"),
        "{lines:?}"
    );
    assert!(lines[2].starts_with("lost   failed: "), "{lines:?}");
}

#[cfg(unix)]
#[test]
fn a_repository_that_hangs_is_given_up() {
    let fleet = small();
    let head = fleet.git("fleet/app", &["rev-parse", "HEAD"]);
    // Signing waits for somebody to type a passphrase, for this repository and its mirror.
    let signer = fleet.path("home/sign");
    let script = format!(
        "#!/bin/sh\ncase $(cat) in *{}*) sleep 600 ;; esac\n\
         echo '[GNUPG:] SIG_CREATED ' >&2\n\
         printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'\n",
        head.trim()
    );
    fs::create_dir_all(signer.parent().unwrap()).unwrap();
    fs::write(&signer, script).unwrap();
    fs::set_permissions(&signer, fs::Permissions::from_mode(0o755)).unwrap();
    let settings = format!(
        "[commit]\n\tgpgsign = true\n[gpg]\n\tprogram = {}\n[user]\n\tsigningkey = A1\n",
        signer.display()
    );
    let configuration = fleet.path("home/.gitconfig");
    let before = fs::read_to_string(&configuration).unwrap_or_default();
    fs::write(&configuration, before + &settings).unwrap();
    let begun = Instant::now();
    let command = [
        "batch",
        "fleet",
        "--migrate",
        "--timeout-per-repo",
        "15",
        "--jobs",
        "1",
        "--state",
        "s",
    ];
    let ran = fleet.run(&command);
    assert_eq!(ran.code, 5, "{}", ran.out);
    assert!(
        ran.out.contains("app         given up after 15 seconds\n"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("a/clean     clean\n"), "{}", ran.out);
    assert!(ran.err.contains("2 timed out"), "{}", ran.err);
    assert!(begun.elapsed() < Duration::from_secs(90));
    assert_eq!(fleet.records("s")["app"][0]["outcome"], "timed_out");
}

#[cfg(unix)]
#[test]
fn an_interrupt_finishes_what_is_in_hand() {
    let fleet = Fleet::of(200);
    let command = ["batch", "fleet", "--migrate", "--state", "s", "--resume"];
    let mut child = fleet.program(&command);
    let child = child
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let child = child.spawn().unwrap();
    while fs::read(fleet.path("s")).unwrap_or_default().len() < 10_000 {
        std::thread::sleep(Duration::from_millis(1));
    }
    let id = child.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{err}");
    assert!(
        err.contains("were not begun; go on with `dashlift batch ") && err.contains(" --resume`"),
        "{err}"
    );
    let done = fleet.records("s").len();
    assert_eq!(
        done,
        String::from_utf8(output.stdout).unwrap().lines().count()
    );
    assert!((1..200).contains(&done));
    let ran = fleet.run(&command);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(ran.out.lines().count(), 200 - done);
}

#[test]
fn what_was_not_read_and_what_was_left_is_named() {
    let fleet = Fleet::of(1);
    let odd = "fleet/odd";
    fleet.repository(odd, APP);
    let made = std::process::Command::new("mkfifo")
        .arg(fleet.path(odd).join("pipe.py"))
        .status();
    assert!(made.unwrap().success());
    fleet.write(&format!("{odd}/.dashlift-1.new"), "x");
    let ran = fleet.run(&["batch", "fleet"]);
    for sentence in [
        "warning: odd: pipe.py is not a regular file and was not read\n",
        "warning: odd: .dashlift-1.new was left by a run that was ended before it was done",
    ] {
        assert!(ran.err.contains(sentence), "{}", ran.err);
    }
    let ran = fleet.run(&["baseline", "write", odd]);
    assert!(
        ran.err.contains("pipe.py is not a regular file"),
        "{}",
        ran.err
    );
}
