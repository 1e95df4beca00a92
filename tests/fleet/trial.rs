//! `batch --verify`: the apps of a fleet are started, by a Python that stands in for a real one.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{APP, BRANCH, Fleet, Ran};

/// Makes environments of nothing, installs nothing, and says of each app what its `app.py` says: that
/// it is broken, takes for ever, or else answers.
const PYTHON: &str = r#"#!/bin/sh
PATH=/usr/bin:/bin
case "$*" in
  "-I -c "*) echo 3.10; echo "$0" ;;
  "-I -m venv env") mkdir -p env/bin env/lib/python3.10/site-packages && cp "$0" env/bin/python ;;
  *" list --format json") echo '[]' ;;
  *"trial.py"*)
    if grep -q forever app/app.py; then (sleep 4; touch "$(sed -n 's/# forever, then //p' app/app.py)") & sleep 60; fi
    if grep -q broken app/app.py; then
      printf '%s\n' '{"exit": 1, "port": null, "log": "Traceback (most recent call last):\n  File \"'"$PWD"'/app/app.py\", line 1, in <module>\n    broken\nNameError: name '"'broken'"' is not defined\n"}' > out/told.json
    else
      printf '%s\n' '{"exit": null, "port": 8050, "answers": [{"path": "/", "status": 200, "type": "text/html", "is_json": false}, {"path": "/_dash-layout", "status": 200, "type": "application/json", "is_json": true}]}' > out/told.json
    fi ;;
esac
"#;

/// The files of an app with this source.
fn app(source: &str) -> Vec<(&str, &str)> {
    let others = APP
        .iter()
        .filter(|(path, _)| *path != "app.py" && *path != "runtime.txt");
    others.copied().chain([("app.py", source)]).collect()
}

fn fleet() -> Fleet {
    let fleet = Fleet::empty();
    fleet.write("machine/python3.10", PYTHON);
    let python = fleet.path("machine/python3.10");
    fs::set_permissions(python, fs::Permissions::from_mode(0o755)).unwrap();
    std::os::unix::fs::symlink("/bin/sh", fleet.path("machine/sh")).unwrap();
    fleet
}

/// Runs the program where the Python that stands in is the only one.
fn run(fleet: &Fleet, arguments: &[&str]) -> Ran {
    let machine = fleet.path("machine");
    let mut command = fleet.program(arguments);
    let output = command
        .env("PATH", &machine)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// What came of the app of a repository.
fn verified(fleet: &Fleet, repository: &str) -> Value {
    fleet.records("s.jsonl")[repository][0]["result"]["verified"][0].clone()
}

#[test]
fn each_app_is_started_and_the_report_says_what_came_of_it() {
    let fleet = fleet();
    fleet.repository("fleet/good", &app("server = None\n"));
    fleet.repository("fleet/bad", &app("server = broken\n"));
    let ran = run(
        &fleet,
        &["batch", "fleet", "--verify", "--state", "s.jsonl"],
    );
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    let line = |name: &str| {
        let mut lines = ran.out.lines();
        lines
            .find(|line| line.starts_with(name))
            .unwrap()
            .to_owned()
    };
    assert!(line("good").ends_with(", answers"), "{}", ran.out);
    assert!(line("bad").ends_with(", does not answer"), "{}", ran.out);
    assert_eq!(verified(&fleet, "good")["verdict"], "answers");
    let bad = verified(&fleet, "bad");
    assert_eq!(bad["verdict"], "does-not-import");
    assert_eq!(
        (&bad["place"]["path"], &bad["place"]["line"]),
        (&"app.py".into(), &1.into())
    );

    let told = run(&fleet, &["report", "s.jsonl"]);
    assert!(
        told.out.contains("2 apps were started; 1 answered"),
        "{}",
        told.out
    );
    let report = run(&fleet, &["report", "s.jsonl", "--format", "json"]);
    let report: Value = serde_json::from_str(&report.out).unwrap();
    let of = |name: &str| {
        let mut apps = report["apps"].as_array().unwrap().iter();
        apps.find(|app| app["repository"] == name).unwrap().clone()
    };
    assert_eq!(of("bad")["readiness"], "person");
    assert_ne!(of("good")["readiness"], "person");
    assert_eq!(report["summary"]["started"], 2);
    for format in ["markdown", "html"] {
        let page = run(&fleet, &["report", "s.jsonl", "--format", format]).out;
        let words = "It does not start: its code raises on Python 3.10";
        assert!(page.contains(words), "{format}: {page}");
    }
}

#[test]
fn an_app_that_does_not_answer_gets_no_branch() {
    let fleet = fleet();
    let old = ("runtime.txt", "python-3.10.4\n");
    let with = |source| [app(source), vec![old]].concat();
    fleet.repository("fleet/good", &with("server = None\n"));
    fleet.repository("fleet/bad", &with("server = broken\n"));
    let command = [
        "batch",
        "fleet",
        "--migrate",
        "--verify",
        "--state",
        "s.jsonl",
    ];
    let ran = run(&fleet, &command);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(
        ran.out
            .contains("converted to dash-enterprise-5, answers\n"),
        "{}",
        ran.out
    );
    assert!(fleet.path("fleet/good/.git").join(BRANCH).exists());
    assert!(!fleet.path("fleet/bad/.git").join(BRANCH).exists());
    assert_eq!(verified(&fleet, "good")["verified"], true);
    let resumed = run(&fleet, &[&command[..], &["--resume"]].concat());
    assert_eq!(
        (resumed.code, resumed.out.as_str()),
        (1, ""),
        "{}",
        resumed.err
    );
}

#[test]
fn an_app_that_could_not_be_tried_is_one_that_failed() {
    let fleet = fleet();
    fleet.repository(
        "fleet/app",
        &[
            &app("server = None\n")[..],
            &[("runtime.txt", "python-3.12.1\n")],
        ]
        .concat(),
    );
    let ran = run(&fleet, &["batch", "fleet", "--diff", "--verify"]);
    assert_eq!(ran.code, 5, "{}{}", ran.out, ran.err);
    assert!(
        ran.out.contains("Python 3.12 is not on this machine"),
        "{}",
        ran.out
    );
    let ran = run(&fleet, &["batch", "fleet", "--with-services"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
}

#[test]
fn an_app_that_never_answers_is_given_up_with_all_that_it_started() {
    let fleet = fleet();
    let late = fleet.path("late");
    let source = format!("# forever, then {}\n", late.display());
    fleet.repository("fleet/app", &app(&source));
    let begun = Instant::now();
    let ran = run(
        &fleet,
        &["batch", "fleet", "--verify", "--timeout-per-repo", "7"],
    );
    assert_eq!(ran.code, 5, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("it did not end within"), "{}", ran.out);
    std::thread::sleep(Duration::from_secs(8).saturating_sub(begun.elapsed()));
    assert!(!late.exists(), "it lives on");
}
