//! Branches that are pushed, requests that are written for them, and what moved since an earlier
//! report.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use serde_json::Value;

use crate::support::{APP, BRANCH, Fleet};

/// `fleet/NAME`, with a remote `origin` outside.
fn cloned(fleet: &Fleet, name: &str) {
    let (origin, clone) = (format!("remotes/{name}.git"), format!("fleet/{name}"));
    fleet.repository(&format!("work-{name}"), APP);
    fs::create_dir_all(fleet.path("remotes")).unwrap();
    fleet.git(
        ".",
        &["clone", "-q", "--bare", &format!("work-{name}"), &origin],
    );
    let absolute = fleet.path(&origin);
    fleet.git(".", &["clone", "-q", absolute.to_str().unwrap(), &clone]);
}

fn commit(fleet: &Fleet, repository: &str) -> Option<String> {
    let ran = fleet.git(
        repository,
        &["for-each-ref", "--format=%(objectname)", BRANCH],
    );
    (!ran.is_empty()).then(|| ran.trim().to_owned())
}

fn pushed(fleet: &Fleet, state: &str, repository: &str) -> Value {
    let records = fleet.records(state);
    let record = records[repository].last().unwrap();
    record["result"]["branch"]["pushed"].clone()
}

#[test]
fn branches_are_pushed_and_nothing_is_replaced() {
    let fleet = Fleet::empty();
    cloned(&fleet, "one");
    cloned(&fleet, "two");
    cloned(&fleet, "other");
    fleet.repository("fleet/alone", APP);
    // Somebody has made that branch at one of them.
    fleet.git("work-two", &["checkout", "-q", "-b", "dash-enterprise-5"]);
    fleet.git("work-two", &["commit", "-q", "--allow-empty", "-m", "mine"]);
    fleet.git(
        "work-two",
        &["push", "-q", "../remotes/two.git", "dash-enterprise-5"],
    );
    let theirs = commit(&fleet, "remotes/two.git");
    let command = [
        "batch",
        "fleet",
        "--migrate",
        "--push",
        "origin",
        "--state",
        "s.jsonl",
    ];
    let ran = fleet.run(&command);
    assert_eq!(ran.code, 5, "{}{}", ran.out, ran.err);
    assert!(
        ran.out
            .contains("converted to dash-enterprise-5, pushed to origin"),
        "{}",
        ran.out
    );
    assert!(
        ran.out
            .contains("and not pushed: it has no remote `origin`"),
        "{}",
        ran.out
    );
    assert!(
        ran.out
            .contains("with other commits, which is not replaced"),
        "{}",
        ran.out
    );
    assert!(
        ran.err.contains("2 converted, 2 converted and not pushed"),
        "{}",
        ran.err
    );
    for name in ["one", "other"] {
        let made = commit(&fleet, &format!("fleet/{name}"));
        assert!(made.is_some() && made == commit(&fleet, &format!("remotes/{name}.git")));
        let told = pushed(&fleet, "s.jsonl", name);
        assert_eq!(
            (&told["remote"], &told["error"]),
            (&"origin".into(), &Value::Null)
        );
    }
    assert_eq!(commit(&fleet, "remotes/two.git"), theirs);
    let report = fleet.run(&["report", "s.jsonl"]);
    assert!(
        report.out.contains("4 apps in 4 repositories\n"),
        "{}",
        report.out
    );
    assert!(
        report.out.contains("On a branch, and not pushed:\n"),
        "{}",
        report.out
    );

    // What is there is not pushed again, what failed is.
    fleet.git("remotes/two.git", &["update-ref", "-d", BRANCH]);
    let before = commit(&fleet, "fleet/two");
    let ran = fleet.run(&[&command[..], &["--failed"]].concat());
    assert_eq!(ran.code, 5, "{}{}", ran.out, ran.err);
    assert_eq!(ran.out.lines().count(), 2, "{}", ran.out);
    assert_eq!(commit(&fleet, "remotes/two.git"), before);
    let ran = fleet.run(&["batch", "fleet/one", "--migrate", "--push", "origin"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
}

#[test]
fn a_push_runs_nothing_that_a_repository_names() {
    let fleet = Fleet::empty();
    let mark = fleet.path("mark");
    let touch = format!("touch {}", mark.display());
    let hook = |path: &str| {
        fleet.write(path, &format!("#!/bin/sh\n{touch}\n"));
        fs::set_permissions(fleet.path(path), fs::Permissions::from_mode(0o755)).unwrap();
    };
    for name in ["helper", "ssh", "inside", "hooks"] {
        cloned(&fleet, name);
        hook(&format!("fleet/{name}/.git/hooks/pre-push"));
        let folder = format!("fleet/{name}");
        for key in [
            "core.sshCommand",
            "credential.helper",
            "core.askPass",
            "core.fsmonitor",
        ] {
            fleet.git(&folder, &["config", key, &format!("!{touch}; {touch}")]);
        }
    }
    let url = |name: &str, url: &str| {
        fleet.git(
            &format!("fleet/{name}"),
            &["config", "remote.origin.url", url],
        );
    };
    url("helper", &format!("ext::sh -c '{touch}'"));
    url("ssh", "ssh://nobody@localhost:1/a.git");
    fleet.git(
        ".",
        &[
            "clone",
            "-q",
            "--bare",
            "work-inside",
            "fleet/hooks/bare.git",
        ],
    );
    hook("fleet/hooks/bare.git/hooks/pre-receive");
    url("inside", "../hooks/bare.git");
    let ran = fleet.run(&["batch", "fleet", "--migrate", "--push", "origin"]);
    assert_eq!(ran.code, 5, "{}{}", ran.out, ran.err);
    assert!(!mark.exists(), "{}", ran.out);
    let said = |name: &str, words: &str| {
        let mut lines = ran.out.lines();
        let line = lines.find(|line| line.starts_with(name)).unwrap();
        assert!(line.contains(words), "{line}");
    };
    said("helper", "of a kind that dashlift does not push to");
    said("inside", "in a folder that is being worked on");
    said("ssh", "and not pushed: `origin` did not take it");
    said("hooks ", "pushed to origin");
}

#[test]
fn a_clone_that_was_cut_off_is_pushed_too() {
    let fleet = Fleet::empty();
    cloned(&fleet, "app");
    fleet.git("work-app", &["commit", "-q", "--allow-empty", "-m", "more"]);
    fleet.git("work-app", &["push", "-q", "../remotes/app.git", "main"]);
    let address = format!("file://{}", fleet.path("remotes/app.git").display());
    fleet.git(".", &["clone", "-q", "--depth", "1", &address, "fleet/cut"]);
    fs::remove_dir_all(fleet.path("fleet/app")).unwrap();
    let ran = fleet.run(&["batch", "fleet", "--migrate", "--push", "origin"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_eq!(
        commit(&fleet, "remotes/app.git"),
        commit(&fleet, "fleet/cut")
    );
}

#[test]
fn push_goes_with_migrate_only() {
    let fleet = Fleet::empty();
    let ran = fleet.run(&["batch", "fleet", "--push", "origin"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err
            .contains("--push pushes the branches that --migrate makes"),
        "{}",
        ran.err
    );
}

#[test]
fn a_request_is_written_for_each_branch() {
    let fleet = Fleet::empty();
    cloned(&fleet, "sales");
    fleet.repository("fleet/it's here; $(touch x)", APP);
    fleet.repository("fleet/none", &[("notes.txt", "")]);
    fleet.run(&["batch", "fleet", "--migrate", "--state", "s.jsonl"]);
    let ran = fleet.run(&["report", "s.jsonl", "--pull-requests", "requests"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err.contains("2 pull requests written to requests"),
        "{}",
        ran.err
    );
    let title = fleet.read("requests/sales.title");
    assert_eq!(title, "Move sales to Dash Enterprise 5\n");
    let body = fleet.read("requests/sales.md");
    for words in [
        "made the branch `dash-enterprise-5`",
        "**What dashlift repairs**",
        "DL101",
        "de apps create",
    ] {
        assert!(body.contains(words), "{body}");
    }
    // What a program in the place of gh is given.
    fleet.write(
        "bin/gh",
        "#!/bin/sh\npwd\nprintf '%s\\n' \"$@\"\ncase $PWD in *sales) exit 1 ;; esac\n",
    );
    fs::copy(fleet.path("bin/gh"), fleet.path("bin/glab")).unwrap();
    for name in ["gh", "glab"] {
        let permissions = fs::Permissions::from_mode(0o755);
        fs::set_permissions(fleet.path(&format!("bin/{name}")), permissions).unwrap();
        let mut command = Command::new("bash");
        command
            .arg(fleet.path(&format!("requests/{name}.sh")))
            .current_dir(fleet.path("fleet"))
            .env(
                "PATH",
                format!("{}:/usr/bin:/bin", fleet.path("bin").display()),
            );
        let output = command.output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{out}");
        assert!(out.contains("/it's here; $(touch x)\n"), "{out}");
        assert!(
            out.contains("\ndash-enterprise-5\n--title\nMove sales to Dash Enterprise 5\n"),
            "{out}"
        );
        assert!(out.ends_with("Requests that were not opened: 1\n"), "{out}");
    }
    assert!(!fleet.path("fleet/x").exists());
    let lint = Command::new("shellcheck")
        .args(["--severity=warning", "gh.sh", "glab.sh"])
        .current_dir(fleet.path("requests"))
        .output();
    if let Ok(lint) = lint {
        assert!(
            lint.status.success(),
            "{}",
            String::from_utf8_lossy(&lint.stdout)
        );
    }
    let again = fleet.run(&["report", "s.jsonl", "--pull-requests", "requests"]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("is not empty"), "{}", again.err);
}

#[test]
fn two_reports_are_compared() {
    let fleet = Fleet::empty();
    fleet.repository("fleet/changed", APP);
    fleet.repository("fleet/gone", APP);
    fleet.repository("fleet/same", APP);
    fleet.run(&["batch", "fleet", "--diff", "--state", "old.jsonl"]);
    let ran = fleet.run(&["report", "old.jsonl", "--output", "old.json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    fs::remove_dir_all(fleet.path("fleet/gone")).unwrap();
    fleet.repository("fleet/new", APP);
    fs::remove_file(fleet.path("fleet/changed/runtime.txt")).unwrap();
    fleet.run(&["batch", "fleet", "--diff", "--state", "new.jsonl"]);
    let ran = fleet.run(&["report", "new.jsonl", "--since", "old.json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let section = ran.out.split("Since old.json:\n").nth(1).unwrap();
    assert!(
        section
            .starts_with("  0 apps readier than then, 1 less ready, 1 as ready; 1 new, 1 gone; "),
        "{section}"
    );
    for line in [
        "  new: new\n",
        "  gone: gone\n",
        "  changed: fixes prepared before, now not sure\n",
    ] {
        assert!(section.contains(line), "{section}");
    }
    let ran = fleet.run(&[
        "report",
        "new.jsonl",
        "--since",
        "old.json",
        "--format",
        "json",
    ]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["since"]["back"], 1);
    assert_eq!(report["since"]["new"][0], "new");
    for (file, said) in [
        ("old.jsonl", "is no fleet report in JSON"),
        ("nowhere.json", "is not there"),
    ] {
        let ran = fleet.run(&["report", "new.jsonl", "--since", file]);
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(said), "{}", ran.err);
    }
}
