//! `--inventory`: what the old server says, where the repositories are worked on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

struct Ground {
    folder: TempDir,
}

const FILES: &[(&str, &str)] = &[
    (
        "Procfile",
        "web: gunicorn app:server\nworker: python work.py\n",
    ),
    (
        "app.py",
        "import pandas as pd\nserver = None\ntable = pd.read_csv(\"/data/sales.csv\")\n",
    ),
    ("work.py", "print(1)\n"),
    (
        "requirements.txt",
        "dash==2.9.0\ngunicorn==20.1.0\npandas==1.5.0\n",
    ),
];

impl Ground {
    fn new(inventory: &Value) -> Self {
        let ground = Self {
            folder: TempDir::new().unwrap(),
        };
        ground.repository("sales");
        fs::write(ground.path("inventory.json"), inventory.to_string()).unwrap();
        ground
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn repository(&self, name: &str) {
        let folder = self.path("clones").join(name);
        fs::create_dir_all(&folder).unwrap();
        for (path, text) in FILES {
            fs::write(folder.join(path), text).unwrap();
        }
        for arguments in [
            vec!["init", "-q", "-b", "main"],
            vec!["config", "user.name", "Ada"],
            vec!["config", "user.email", "ada@example.com"],
            vec!["add", "-A"],
            vec!["commit", "-q", "-m", "first"],
        ] {
            git(&folder, &arguments);
        }
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dashlift"));
        command
            .current_dir(self.folder.path())
            .args(arguments)
            .env("HOME", self.folder.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env_remove("VIRTUAL_ENV");
        let output = assert_cmd::Command::from_std(command).output().unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    }
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(folder)
        .args(arguments)
        .env("HOME", folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn sales() -> Value {
    json!({
        "name": "sales", "owner": "ana", "access": "restricted",
        "viewers": {"users": ["vera"], "teams": ["finance"]},
        "mappings": [{"host": "/srv/data", "app": "/data"}],
        "processes": [{"type": "web", "replicas": 2}, {"type": "worker", "replicas": 1}],
        "services": [{"name": "sales-redis", "type": "redis"}],
        "variables": [{"name": "API_TOKEN", "readonly": false, "value": "canary-61"},
            {"name": "REDIS_URL", "readonly": false, "value": "canary-62"}],
        "created": "2019-01-01T00:00:00", "visited": "2026-11-01T00:00:00",
        "commit": "0123456789012345678901234567890123456789"
    })
}

fn other(name: &str, owner: &str) -> Value {
    json!({
        "name": name, "owner": owner, "created": "2019-01-01T00:00:00",
        "visited": "2026-11-01T00:00:00"
    })
}

fn inventory(apps: &[Value]) -> Value {
    json!({
        "version": 1, "tool": "dashlift 0.0.0", "host": "https://old.example.com",
        "read_on": "2026-11-30", "complete": true, "counted": apps.len(), "with_values": true,
        "notes": [], "apps": apps
    })
}

#[test]
fn mappings_are_told_of_their_app_alone() {
    let ground = Ground::new(&inventory(&[sales()]));
    ground.repository("costs");
    let with = ["--inventory", "inventory.json", "--unsafe-fixes", "-q"];
    let diff = |clone: &str| ground.run(&[&["diff", clone][..], &with].concat()).1;
    assert!(
        diff("clones/sales").contains("+table = pd.read_csv(\"../mount/"),
        "{}",
        diff("clones/sales")
    );
    assert!(!diff("clones/costs").contains("../mount"));
    let (_, without, _) = ground.run(&["diff", "clones/sales", "--unsafe-fixes", "-q"]);
    assert!(!without.contains("../mount"), "{without}");
}

#[test]
fn the_plan_says_what_the_code_does_not_show() {
    let ground = Ground::new(&inventory(&[sales()]));
    let (code, plan, err) = ground.run(&["plan", "clones/sales", "--inventory", "inventory.json"]);
    assert_eq!(code, 0, "{err}");
    for words in [
        "The name sales",
        "de services create --app-name sales --type redis",
        "- [ ] `API_TOKEN` (set on Dash Enterprise 4)",
        "| `web` | 2 | 2 |",
        "- owner: `ana`",
        "- viewers: `vera`",
        "- teams: `finance`",
        "- last visited: `2026-11-01T00:00:00`",
    ] {
        assert!(
            plan.contains(words) || plan.contains(&words.replace("sales", "`sales`")),
            "{words}\n{plan}"
        );
    }
    assert!(
        !plan.contains("`worker` |") && !plan.contains("`REDIS_URL` ("),
        "{plan}"
    );
    assert!(!(plan + &err).contains("canary"));
}

#[test]
fn the_configuration_may_name_the_inventory() {
    let ground = Ground::new(&inventory(&[sales()]));
    fs::write(
        ground.path("clones/dashlift.toml"),
        "inventory = \"../inventory.json\"\n",
    )
    .unwrap();
    let (_, plan, _) = ground.run(&["plan", "clones/sales"]);
    assert!(plan.contains("- owner: `ana`"), "{plan}");
}

#[test]
fn what_is_no_inventory_is_refused() {
    let ground = Ground::new(&json!({"version": 7}));
    for arguments in [
        vec!["check", "clones/sales", "--inventory", "inventory.json"],
        vec!["report", "clones/sales", "--inventory", "nothing.json"],
    ] {
        let (code, _, err) = ground.run(&arguments);
        assert_eq!(code, 2, "{err}");
    }
    let (_, _, err) = ground.run(&["check", "clones/sales", "--inventory", "inventory.json"]);
    assert!(
        err.contains("inventory.json is an inventory of version 7"),
        "{err}"
    );
}

/// A fleet of two clones beside a server of four apps, divided into two waves.
fn divided() -> (Ground, Vec<&'static str>) {
    let mut old = other("old", "otto");
    old["visited"] = Value::Null;
    let apps = [sales(), other("costs", "mia"), old, other("lost", "mia")];
    let ground = Ground::new(&inventory(&apps));
    ground.repository("costs");
    let batch = "batch clones --inventory inventory.json --diff --state s.jsonl -q";
    let (code, _, err) = ground.run(&batch.split(' ').collect::<Vec<&str>>());
    assert!(code <= 1, "{code} {err}");
    let report =
        "report s.jsonl --inventory inventory.json --waves 2 --output fleet.json --hand-out people";
    let report: Vec<&str> = report.split(' ').collect();
    let (code, _, err) = ground.run(&report);
    assert_eq!(code, 0, "{err}");
    (ground, report)
}

fn text(ground: &Ground, name: &str) -> String {
    fs::read_to_string(ground.path(name)).unwrap()
}

#[test]
fn the_report_knows_owners_and_waves() {
    let (ground, _) = divided();
    let fleet: Value = serde_json::from_str(&text(&ground, "fleet.json")).unwrap();
    let found = fleet["apps"].as_array().unwrap();
    let sales = found.iter().find(|app| app["name"] == "sales").unwrap();
    let facts = (&sales["owner"], &sales["visited"]);
    assert_eq!(facts, (&json!("ana"), &json!("2026-11-01T00:00:00")));
    assert!(sales["wave"].is_number());
    let note = fleet["notes"].to_string();
    assert!(note.contains("`lost`") && note.contains("`old`"), "{note}");
    let page = "report s.jsonl --inventory inventory.json --waves 2 --output fleet.html";
    let (code, _, err) = ground.run(&page.split(' ').collect::<Vec<&str>>());
    assert_eq!(code, 0, "{err}");
    assert!(text(&ground, "fleet.html").contains("data-sort=\"wave\""));
}

#[test]
fn people_get_their_files() {
    let (ground, report) = divided();
    let waves: Value = serde_json::from_str(&text(&ground, "people/waves.json")).unwrap();
    assert_eq!(waves["waves"].as_array().unwrap().len(), 2);
    assert_eq!(waves["retire"][0]["app"], "old");
    assert!(text(&ground, "people/retire.md").contains("it was never visited"));
    assert!(text(&ground, "people/notices/ana.md").contains("## Wave"));
    assert!(text(&ground, "people/notices/otto.md").contains("Do you still need these?"));
    assert!(text(&ground, "people/waves.md").contains("no repository"));
    let (code, _, err) = ground.run(&report);
    assert_eq!(code, 2);
    assert!(err.contains("people is not empty"), "{err}");
}

#[test]
fn a_wave_is_handed_over() {
    let (ground, _) = divided();
    let waves: Value = serde_json::from_str(&text(&ground, "people/waves.json")).unwrap();
    let handover = |wave: &'static str| {
        let words = "handover --inventory inventory.json --de5-host new.example.com --output out --waves people/waves.json --wave";
        let words: Vec<&str> = words.split(' ').chain([wave]).collect();
        ground.run(&words)
    };
    let (code, _, err) = handover("9");
    assert_eq!(code, 2);
    assert!(err.contains("there are 2 waves"), "{err}");
    let (code, _, err) = handover("2");
    assert_eq!(code, 0, "{err}");
    let script = text(&ground, "out/handover.sh");
    let second = waves["waves"][1][0]["app"].as_str().unwrap();
    assert!(script.contains(&format!("app='{second}'")) && !script.contains("app='old'"));
}

/// `sales` with what it ran with, and a list without versions.
fn with_pins(list: &str) -> Ground {
    let mut app = sales();
    app["pins"] = json!([
        "dash==2.9.0",
        "Flask==2.2.3",
        "Werkzeug==2.2.3",
        "numpy==1.24.2",
        "pandas==1.5.3",
        "gunicorn==20.1.0",
        "-e git+https://git.example.com/own.git@abc#egg=own"
    ]);
    let ground = Ground::new(&inventory(&[app]));
    fs::write(ground.path("clones/sales/requirements.txt"), list).unwrap();
    ground
}

#[test]
fn lists_are_solved_from_what_ran() {
    let ground = with_pins("dash\ngunicorn\npandas\n");
    let solve = |more: &[&str]| {
        let words = ["solve", "clones/sales", "--offline", "--python", "3.10"];
        ground.run(&[&words[..], more].concat())
    };
    let (_, _, alone) = solve(&[]);
    assert!(!alone.contains("what ran on"), "{alone}");
    let (_, patch, people) = solve(&["--inventory", "inventory.json"]);
    let told = patch + &people;
    for words in [
        "the newest of what ran on the old",
        "+dash==2.9.0",
        "+pandas==1.5.3",
        "+werkzeug==2.2.3",
    ] {
        assert!(told.contains(words), "{words}\n{told}");
    }
    let (_, patch, people) = solve(&["--inventory", "inventory.json", "--as-of", "2021-06-01"]);
    let asked = patch + &people;
    assert!(
        asked.contains("asked for") && !asked.contains("2.9.0"),
        "{asked}"
    );
    let (code, _, err) = solve(&["--inventory", "inventory.json", "--write", "--allow-dirty"]);
    assert_eq!(code, 0, "{err}");
    let written = text(&ground, "clones/sales/constraints.txt");
    assert!(written.contains("dash==2.9.0"), "{written}");
    let (code, again, _) = solve(&["--inventory", "inventory.json"]);
    assert_eq!(code, 0, "{again}");
}

#[test]
fn lists_are_minimised_from_what_ran() {
    let ground = with_pins("dash\nflask\ngunicorn\npandas\nnumpy\n");
    let words = ["minimise", "clones/sales", "--python", "3.10"];
    let (_, alone, _) = ground.run(&words);
    assert!(!alone.contains("ran on the old server"), "{alone}");
    let told = [&words[..], &["--inventory", "inventory.json"]].concat();
    let (code, out, err) = ground.run(&told);
    assert_eq!(code, 1, "{out}{err}");
    assert!(
        out.contains("taken as it ran on the old server") && out.contains("dash 2.9.0"),
        "{out}"
    );
    let (code, _, err) = ground.run(&[&told[..], &["--write", "--allow-dirty"]].concat());
    assert_eq!(code, 0, "{err}");
    let list = text(&ground, "clones/sales/requirements.txt");
    assert_eq!(list, "-c constraints.txt\ndash\ngunicorn\npandas\n");
    let limits = text(&ground, "clones/sales/constraints.txt");
    assert!(
        limits.contains("dash==2.9.0") && limits.contains("pandas==1.5.3"),
        "{limits}"
    );
}

#[test]
fn a_configuration_names_the_app() {
    let ground = Ground::new(&inventory(&[sales(), other("costs", "mia")]));
    ground.repository("clone-7");
    let configuration = ground.path("clones/clone-7/dashlift.toml");
    let with = ["--inventory", "inventory.json"];
    let run = |words: &[&str]| ground.run(&[words, &with].concat());
    let (_, out, _) = run(&["check", "clones/clone-7"]);
    assert!(out.contains("DL405") && out.contains("app-name"), "{out}");
    fs::write(&configuration, "app-name = \"sales\"\n").unwrap();
    let (_, out, _) = run(&["check", "clones/clone-7"]);
    assert!(!out.contains("DL405"), "{out}");
    let (_, plan, _) = run(&["plan", "clones/clone-7"]);
    assert!(
        plan.contains("- owner: `ana`") && plan.contains("create -n sales"),
        "{plan}"
    );
    // What is told now counts for more, for mappings and plan alike.
    let (_, plan, _) = run(&["plan", "clones/clone-7", "--app-name", "costs"]);
    assert!(
        plan.contains("- owner: `mia`") && plan.contains("whether /data is a directory mapping"),
        "{plan}"
    );
    fs::write(&configuration, "app-name = \"Sales; rm\"\n").unwrap();
    let (code, _, err) = run(&["check", "clones/clone-7"]);
    assert_eq!(code, 2);
    assert!(
        err.contains("dashlift.toml:1:12: `app-name`: must be the name of an app"),
        "{err}"
    );
}

#[test]
fn a_name_without_its_app_is_refused() {
    let ground = Ground::new(&inventory(&[sales()]));
    let above = ground.path("clones/dashlift.toml");
    fs::write(&above, "app-name = \"sales\"\n").unwrap();
    let (code, _, err) = ground.run(&["check", "clones/sales"]);
    assert_eq!(code, 2);
    assert!(err.contains("in no folder of the repository"), "{err}");
    fs::remove_file(&above).unwrap();
    let inner = ground.path("clones/sales/apps/one");
    fs::create_dir_all(&inner).unwrap();
    for (path, _) in FILES {
        fs::rename(ground.path("clones/sales").join(path), inner.join(path)).unwrap();
    }
    fs::write(
        ground.path("clones/sales/dashlift.toml"),
        "app-name = \"sales\"\n",
    )
    .unwrap();
    for command in ["check", "minimise"] {
        let (code, _, err) = ground.run(&[command, "clones/sales"]);
        assert_eq!(code, 2, "{err}");
        assert!(
            err.contains("there is none in the root of the repository"),
            "{err}"
        );
    }
}
