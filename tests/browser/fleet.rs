//! A fleet of six repositories with an app each and a broken one, and the page of its batch.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::program;

type Files = &'static [(&'static str, &'static str)];

const PREPARED: Files = &[
    ("Procfile", "web: gunicorn app:server\n"),
    ("app.py", "server = None\n"),
    ("requirements.txt", "dash==2.9.0\ngunicorn==20.1.0\n"),
    ("runtime.txt", "python-3.9.6\n"),
];

/// A repository whose name would like to be more than a name.
pub(crate) const EVIL: &str = "evil <img src=x onerror=alert(1)>\"'&";

const APPS: &[(&str, Files)] = &[
    ("ready", &[]),
    ("prepared", &[("runtime.txt", "python-3.9.6\n")]),
    (
        "z-prepared",
        &[
            ("runtime.txt", "python-3.9.6\n"),
            ("DOKKU_SCALE", "web=2\n"),
        ],
    ),
    ("person", &[("runtime.txt", "python-2.7.18\n")]),
    (
        "blocked",
        &[(
            "requirements.txt",
            "dash==2.9.0\ngunicorn\nx @ file:///srv/x.whl\n",
        )],
    ),
    (
        EVIL,
        &[
            ("apt-packages", "</script><svg/onload=alert(2)>\n"),
            ("runtime.txt", "</script><svg/onload=alert(2)>\n"),
        ],
    ),
];

/// The page.
pub(crate) struct Fleet {
    folder: TempDir,
    pub(crate) page: PathBuf,
}

impl Fleet {
    /// Looks at all repositories and reports.
    pub(crate) fn new() -> Self {
        Self::with_copies(0)
    }

    /// The same beside an inventory of the old server, in two waves.
    pub(crate) fn with_inventory() -> Self {
        let fleet = Self::new();
        let apps = ["ready", "prepared", "z-prepared", "person", "blocked"];
        let apps: Vec<Value> = apps
            .iter()
            .enumerate()
            .map(|(number, name)| {
                json!({
                    "name": name, "created": "2019-01-01T00:00:00",
                    "owner": if number == 0 { "ana" } else { "somebody.else@example.com" },
                    "visited": format!("2026-0{}-01T00:00:00", number + 1)
                })
            })
            .collect();
        let inventory = json!({
            "version": 1, "tool": "dashlift 0.0.0", "host": "https://dash.example.com",
            "read_on": "2026-11-30", "complete": true, "counted": apps.len(),
            "with_values": false, "notes": [], "apps": apps
        });
        let file = fleet.folder.path().join("inventory.json");
        fs::write(&file, inventory.to_string()).unwrap();
        let state = fleet.folder.path().join("state.jsonl");
        fs::remove_file(&fleet.page).unwrap();
        fleet.run(&[
            "report".as_ref(),
            state.as_ref(),
            "--inventory".as_ref(),
            file.as_ref(),
            "--waves".as_ref(),
            "2".as_ref(),
            "--output".as_ref(),
            fleet.page.as_ref(),
        ]);
        fleet
    }

    /// The same with more repositories that are like the others.
    pub(crate) fn with_copies(copies: usize) -> Self {
        let folder = TempDir::new().unwrap();
        let root = folder.path().join("fleet");
        for (name, files) in APPS {
            repository(&root.join(name), files);
        }
        let broken = root.join("broken");
        repository(&broken, &[]);
        fs::write(broken.join(".git/HEAD"), "nonsense\n").unwrap();
        let fleet = Self {
            page: folder.path().join("fleet.html"),
            folder,
        };
        let state = fleet.folder.path().join("state.jsonl");
        fleet.run(&[
            "batch".as_ref(),
            root.as_ref(),
            "--diff".as_ref(),
            "--state".as_ref(),
            state.as_ref(),
        ]);
        copy_records(&state, copies);
        fleet.run(&[
            "report".as_ref(),
            state.as_ref(),
            "--output".as_ref(),
            fleet.page.as_ref(),
        ]);
        assert!(fleet.page.is_file());
        fleet
    }

    fn run(&self, arguments: &[&Path]) {
        let mut command = Command::new(program());
        command.args(arguments).current_dir(self.folder.path());
        let output = isolated(&mut command, self.folder.path()).output().unwrap();
        // 5: the broken repository.
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 5)), "{err}");
    }
}

fn isolated<'c>(command: &'c mut Command, home: &Path) -> &'c mut Command {
    command
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home)
        .env("GIT_CONFIG_NOSYSTEM", "1")
}

fn repository(root: &Path, files: Files) {
    fs::create_dir_all(root).unwrap();
    let own = PREPARED.iter().filter(|(name, _)| *name != "runtime.txt");
    for (name, text) in own.chain(files) {
        fs::write(root.join(name), text).unwrap();
    }
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(arguments).current_dir(root);
        assert!(
            isolated(&mut command, root)
                .output()
                .unwrap()
                .status
                .success()
        );
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["config", "user.name", "Ada"]);
    git(&["config", "user.email", "ada@example.com"]);
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "change"]);
}

/// Adds records of other names that are like those that are there.
fn copy_records(state: &Path, copies: usize) {
    let text = fs::read_to_string(state).unwrap();
    let records = text.lines().map(|line| serde_json::from_str(line).unwrap());
    let records: Vec<Value> = records
        .filter(|it: &Value| it["kind"] == "done" && it["result"]["error"].is_null())
        .collect();
    let mut text = text.clone();
    for (number, record) in (0..copies).zip(records.iter().cycle()) {
        let mut record = record.clone();
        record["repository"] = format!("copy-{number:04}").into();
        writeln!(text, "{record}").unwrap();
    }
    fs::write(state, text).unwrap();
}
