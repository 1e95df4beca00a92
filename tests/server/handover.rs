//! `dashlift handover`: the script is run against a client that fails on demand.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

/// A client that knows what it made, and fails where `$FAIL` matches what it is told.
pub(crate) const DE: &str = r#"#!/bin/sh
echo "de $*" >>"$STATE/calls"
case "$*" in *$FAIL*) echo "it failed for $*" >&2; exit 7 ;; esac
case "$1 $2" in
"apps exists")
  if [ -e "$STATE/app-$4" ]; then echo "App [$4] exists on [$SERVER]."
  else echo "App [$4] does not exist on [$SERVER]."; fi ;;
"apps create") : >"$STATE/app-$4" ;;
"services exists")
  if [ -e "$STATE/service-$4-$6" ]; then echo True; else echo False; fi ;;
"services create") : >"$STATE/service-$4-$6" ;;
esac
"#;

struct Ground {
    folder: TempDir,
}

impl Ground {
    fn new(inventory: &Value, arguments: &[&str]) -> Self {
        let ground = Self {
            folder: TempDir::new().unwrap(),
        };
        let bin = ground.path("bin");
        fs::create_dir(&bin).unwrap();
        fs::create_dir(ground.path("state")).unwrap();
        fs::write(bin.join("de"), DE).unwrap();
        fs::set_permissions(bin.join("de"), fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(ground.path("inventory.json"), inventory.to_string()).unwrap();
        let (code, err) = ground.write(arguments);
        assert_eq!(code, 0, "{err}");
        ground
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, arguments: &[&str]) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dashlift"));
        command
            .current_dir(self.folder.path())
            .args(["handover", "--inventory", "inventory.json"])
            .args(["--de5-host", "https://new.example.com", "--output", "out"])
            .args(arguments);
        let output = assert_cmd::Command::from_std(command).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap(), err)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// Runs the script; its exit code and what it printed.
    fn run(&self, fail: &str, apps: &[&str], more: &[(&str, &str)]) -> (i32, String) {
        let _ = fs::remove_file(self.path("state/calls"));
        let path = std::env::var("PATH").unwrap();
        let mut command = Command::new(self.path("out/handover.sh"));
        command
            .current_dir(self.folder.path())
            .args(apps)
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .env("STATE", self.path("state"))
            .env("SERVER", "new.example.com")
            .env(
                "FAIL",
                if fail.is_empty() {
                    "nothing-fails"
                } else {
                    fail
                },
            )
            .envs(more.iter().copied());
        let output = command.output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(err, "", "{out}");
        (output.status.code().unwrap(), out)
    }

    fn calls(&self) -> Vec<String> {
        self.read("state/calls")
            .lines()
            .map(str::to_owned)
            .collect()
    }

    /// What was made, by name.
    fn made(&self) -> BTreeSet<String> {
        let entries = fs::read_dir(self.path("state")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name != "calls").collect()
    }
}

fn inventory(apps: &[Value]) -> Value {
    json!({
        "version": 1, "tool": "dashlift 0.0.0", "host": "https://old.example.com",
        "read_on": "2026-11-30", "complete": true, "counted": apps.len(), "with_values": false,
        "notes": [], "apps": apps
    })
}

fn sales() -> Value {
    json!({
        "name": "sales", "owner": "ana", "access": "restricted",
        "viewers": {"users": ["vera"], "teams": ["finance"]},
        "mappings": [{"host": "/srv/data", "app": "/data"}],
        "processes": [{"type": "web", "replicas": 1}, {"type": "worker", "replicas": 3}],
        "services": [{"name": "sales-redis", "type": "redis"}, {"name": "shared-db", "type": "postgres"}],
        "variables": [{"name": "API_TOKEN", "readonly": false}, {"name": "DASH_APP_NAME", "readonly": true}]
    })
}

fn costs() -> Value {
    json!({
        "name": "costs", "mappings": [{"host": "/srv/data", "app": "/d"}], "processes": [],
        "services": [{"name": "shared-db", "type": "postgres"}], "variables": [],
        "viewers": {"users": [], "teams": []}
    })
}

#[test]
fn the_script_makes_what_is_missing_and_nothing_twice() {
    let ground = Ground::new(&inventory(&[sales(), costs()]), &[]);
    let values = [("DASHLIFT_VALUE_API_TOKEN", "canary-31")];
    let (code, out) = ground.run("", &[], &values);
    assert_eq!(code, 0, "{out}");
    let calls = ground.calls();
    assert_eq!(
        calls
            .iter()
            .filter(|call| !call.contains("exists"))
            .collect::<Vec<_>>(),
        [
            "de apps create -n sales",
            "de services create --app-name sales --type redis",
            "de services create --app-name sales --type postgres",
            "de apps update -n sales --persistent-filesystem",
            "de apps update --name sales --add-environment-variable API_TOKEN=canary-31",
            "de apps update --name sales --add-group-viewer finance",
            "de apps create -n costs",
            "de services create --app-name costs --type postgres",
            "de apps update -n costs --persistent-filesystem",
        ]
    );
    assert!(
        out.ends_with("Apps: 2. Commands that failed: 0. Left undone: 0.\n"),
        "{out}"
    );
    let log = ground.read("handover.log");
    assert!(log.contains("sales: de apps create -n sales"), "{log}");
    assert!(
        !log.contains("canary") && !out.contains("canary"),
        "{log}{out}"
    );
    let (code, out) = ground.run("", &[], &values);
    assert_eq!(code, 0, "{out}");
    let again = ground.calls();
    assert!(
        !again.iter().any(|call| call.contains("create")),
        "{again:?}"
    );
}

#[test]
fn a_failure_is_counted_and_the_next_is_run() {
    let ground = Ground::new(&inventory(&[sales(), costs()]), &[]);
    let (code, out) = ground.run("services create", &[], &[]);
    assert_eq!(code, 1);
    assert!(
        out.contains("FAILED sales: de services create --app-name sales --type redis (status 7)"),
        "{out}"
    );
    assert!(
        out.contains("LEFT sales: no value for API_TOKEN in the environment"),
        "{out}"
    );
    assert!(
        out.ends_with("Apps: 2. Commands that failed: 3. Left undone: 1.\n"),
        "{out}"
    );
    assert!(ground.made().contains("app-costs"));
    let (code, out) = ground.run("", &[], &[]);
    assert_eq!(code, 0, "{out}");
    assert!(ground.made().contains("service-sales-redis"));
}

#[test]
fn an_app_that_cannot_be_looked_for_is_left() {
    let ground = Ground::new(&inventory(&[sales(), costs()]), &[]);
    let (code, out) = ground.run("apps exists -n sales", &[], &[]);
    assert_eq!(code, 1);
    assert!(out.contains("Commands that failed: 1."), "{out}");
    assert!(!ground.made().contains("app-sales") && ground.made().contains("app-costs"));
}

#[test]
fn another_server_is_left_alone() {
    let ground = Ground::new(&inventory(&[sales()]), &[]);
    let (code, out) = ground.run("", &[], &[("SERVER", "old.example.com")]);
    assert_eq!(code, 2);
    assert!(out.contains("logged in to another server"), "{out}");
    assert_eq!(ground.calls().len(), 1);
}

#[test]
fn it_can_be_read_first_and_run_in_parts() {
    let ground = Ground::new(&inventory(&[sales(), costs()]), &[]);
    let values = [
        ("DRY", "1"),
        ("DASHLIFT_VALUE_SALES_API_TOKEN", "canary-32"),
    ];
    let (code, out) = ground.run("", &[], &values);
    assert_eq!(code, 0);
    assert!(out.contains("sales: de apps create -n sales\n"), "{out}");
    assert!(!out.contains("canary"), "{out}");
    assert!(ground.calls().is_empty() && !ground.path("handover.log").exists());
    let (code, _) = ground.run("", &["costs"], &[]);
    assert_eq!(code, 0);
    assert!(ground.made().contains("app-costs") && !ground.made().contains("app-sales"));
    let (code, out) = ground.run("", &["nobody"], &[]);
    assert_eq!(code, 1);
    assert!(
        out.contains("FAILED nobody: it is not in this script"),
        "{out}"
    );
}

#[test]
fn clones_are_deployed_where_they_are() {
    let ground = Ground::new(&inventory(&[sales(), costs()]), &[]);
    fs::create_dir_all(ground.path("clones/sales")).unwrap();
    let clones = ground.path("clones").display().to_string();
    let (_, out) = ground.run("", &[], &[("DEPLOY", &clones)]);
    let deploys: Vec<String> = ground
        .calls()
        .into_iter()
        .filter(|it| it.starts_with("de deploy"))
        .collect();
    assert_eq!(deploys.len(), 1);
    assert!(deploys[0].ends_with("/sales --name sales --message Move to Dash Enterprise 5 -y"));
    assert!(out.contains("LEFT costs: no clone in"), "{out}");
}

#[test]
fn the_checklist_has_what_no_option_is_known_for() {
    let ground = Ground::new(&inventory(&[sales(), costs()]), &[]);
    let list = ground.read("out/checklist.md");
    for item in [
        "- [ ] Its owner is `ana`.",
        "- [ ] Its viewers are `vera`.",
        "- [ ] Copy the data of `/srv/data`, which the app saw as `/data`, into its persistent filesystem (`../mount`). `costs` had the same folder: persistent filesystems are not shared.",
        "- [ ] Move the data of the database `shared-db`.",
        "- [ ] `shared-db` was shared with `sales`; on Dash Enterprise 5 a service belongs to one app.",
        "- [ ] Scale tab: 3 replicas of `worker`.",
        "- [ ] The old server did not tell its owner: look there.",
    ] {
        assert!(list.contains(item), "{item}\n{list}");
    }
    assert!(!list.contains("`web`"), "{list}");
}

#[test]
fn hostile_names_reach_no_shell() {
    let mut app = sales();
    app["variables"] = json!([{"name": "A\"; touch canary; \""}, {"name": "$(touch canary)"}]);
    app["viewers"]["teams"] = json!(["x; touch canary", "--all", "$(touch canary)"]);
    app["services"] = json!([{"name": "a`touch canary`", "type": "redis; touch canary"}]);
    let mut other = sales();
    other["name"] = json!("x; touch canary");
    let mut third = costs();
    third["name"] = json!("line\nbreak");
    let ground = Ground::new(&inventory(&[app, other, third]), &[]);
    let (code, out) = ground.run("", &[], &[]);
    assert_eq!(code, 0, "{out}");
    assert!(!ground.read("out/handover.sh").contains("canary"));
    assert!(
        ground
            .read("out/checklist.md")
            .contains("`x; touch canary`")
    );
    assert!(!ground.path("canary").exists());
}

#[test]
fn what_cannot_be_done_is_said() {
    let ground = Ground::new(&inventory(&[sales()]), &["--app", "sales"]);
    let (code, err) = ground.write(&[]);
    assert_eq!(code, 2);
    assert!(err.contains("out is not empty"), "{err}");
    let (code, err) = ground.write(&["--app", "nobody,sales"]);
    assert_eq!(code, 2);
    assert!(err.contains("has no app nobody"), "{err}");
    fs::write(ground.path("inventory.json"), "{\"version\": 2}").unwrap();
    let (code, err) = ground.write(&[]);
    assert_eq!(code, 2);
    assert!(
        err.contains("inventory.json is an inventory of version 2"),
        "{err}"
    );
}

/// The fleet: as many apps as `DASHLIFT_APPS` says, and a client that fails for some of them.
#[test]
fn a_fleet_is_handed_over_in_two_runs() {
    let count: usize = std::env::var("DASHLIFT_APPS").map_or(40, |count| count.parse().unwrap());
    let apps: Vec<Value> = (0..count)
        .map(|number| {
            let mut app = if number % 2 == 0 { sales() } else { costs() };
            app["name"] = json!(format!("app-{number}"));
            app
        })
        .collect();
    let ground = Ground::new(&inventory(&apps), &[]);
    let (code, out) = ground.run("create*7", &[], &[]);
    assert_eq!(code, 1, "{out}");
    let services = count.div_ceil(2) * 2 + count / 2;
    assert!(ground.made().len() < count + services);
    let (code, out) = ground.run("", &[], &[]);
    assert_eq!(code, 0, "{out}");
    assert_eq!(ground.made().len(), count + services);
    if has_shellcheck() {
        lint(&ground.path("out/handover.sh"));
    }
}

pub(crate) fn has_shellcheck() -> bool {
    Command::new("shellcheck").arg("--version").output().is_ok()
}

pub(crate) fn lint(script: &Path) {
    let output = Command::new("shellcheck").arg(script).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}
