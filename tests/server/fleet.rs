//! The move of a fleet, from its inventory to the last wave: plans, waves, and scripts that are run
//! against a client that fails on demand. `DASHLIFT_APPS` says how many apps there are.
#![cfg(unix)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::handover::{DE, has_shellcheck, lint};

const WAVES: usize = 4;

/// An app of each kind: one that is easy, one with a mapping, a frozen list, conda.
const KINDS: [&[(&str, &str)]; 4] = [
    &[
        ("app.py", "import dash\nserver = dash.Dash().server\n"),
        ("requirements.txt", "dash==2.9.0\ngunicorn==20.1.0\n"),
        ("runtime.txt", "python-3.9.6\n"),
    ],
    &[
        (
            "app.py",
            "import pandas as pd\nserver = None\npd.read_csv('/data/x.csv')\n",
        ),
        ("requirements.txt", "dash\npandas\ngunicorn\n"),
        ("apt-packages", "libpq-dev curl\n"),
    ],
    &[
        ("app.py", "import dash\nimport redis\nserver = None\n"),
        (
            "requirements.txt",
            "click==8.1.3\ndash==2.9.0\nFlask==2.2.3\ngunicorn==20.1.0\nredis==4.5.1\n",
        ),
        (
            "app.json",
            "{\"scripts\":{\"dokku\":{\"predeploy\":\"python make.py\"}}}\n",
        ),
        ("make.py", "print(1)\n"),
    ],
    &[
        ("app.py", "import dash\nserver = None\n"),
        ("conda-requirements.txt", "numpy=1.19\n"),
        ("conda-runtime.txt", "Miniconda3-4.5.12\n"),
        ("requirements.txt", "dash==1.20.0\ngunicorn==20.0.4\n"),
    ],
];

struct Ground {
    folder: TempDir,
    count: usize,
}

/// The name of an app.
fn name(number: usize) -> String {
    format!("app-{number:03}")
}

/// What the old server says of it. Every seventh was never visited; numbers 10 and 11, 20 and 21 and
/// so on have one folder.
fn told(number: usize) -> Value {
    let visited = (number % 7 != 6).then_some("2026-11-01T00:00:00");
    let mappings = match number % 10 {
        0 | 1 => json!([{"host": format!("/srv/shared-{}", number / 10), "app": "/data"}]),
        2 => json!([{"host": format!("/srv/{number}"), "app": "/data"}]),
        _ => json!([]),
    };
    let services = if number.is_multiple_of(3) {
        json!([{"name": format!("{}-redis", name(number)), "type": "redis"}])
    } else {
        json!([])
    };
    json!({
        "name": name(number), "owner": format!("owner-{}", number % 9), "access": "restricted",
        "viewers": {"users": ["vera"], "teams": []},
        "mappings": mappings, "services": services,
        "processes": [{"type": "web", "replicas": 1 + number % 3}],
        "variables": [{"name": "API_TOKEN", "readonly": false}],
        "running": true, "created": "2019-01-01T00:00:00", "visited": visited,
        "pins": ["dash==2.9.0", "Flask==2.2.3", "pandas==1.5.3", "numpy==1.24.2"]
    })
}

impl Ground {
    fn new() -> Self {
        let count = std::env::var("DASHLIFT_APPS").map_or(24, |count| count.parse().unwrap());
        let folder = TempDir::new().unwrap();
        let ground = Self { folder, count };
        for name in ["clones", "templates", "bin", "state", "home"] {
            fs::create_dir(ground.path(name)).unwrap();
        }
        fs::write(ground.path("bin/de"), DE).unwrap();
        fs::set_permissions(ground.path("bin/de"), fs::Permissions::from_mode(0o755)).unwrap();
        for (kind, files) in KINDS.iter().enumerate() {
            ground.template(kind, files);
        }
        for number in 0..count {
            let template = ground
                .path("templates")
                .join((number % KINDS.len()).to_string());
            let clone = ground.path("clones").join(name(number));
            let copied = Command::new("cp")
                .arg("-r")
                .args([template, clone])
                .status();
            assert!(copied.unwrap().success());
        }
        let inventory = json!({
            "version": 1, "tool": "dashlift 0.0.0", "host": "https://old.example.com",
            "read_on": "2026-11-30", "complete": true, "counted": count, "with_values": false,
            "notes": [], "apps": (0..count).map(told).collect::<Vec<_>>()
        });
        fs::write(ground.path("inventory.json"), inventory.to_string()).unwrap();
        ground
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn template(&self, kind: usize, files: &[(&str, &str)]) {
        let folder = self.path("templates").join(kind.to_string());
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("Procfile"), "web: gunicorn app:server\n").unwrap();
        for (path, text) in files {
            fs::write(folder.join(path), text).unwrap();
        }
        for words in [
            "init -q -b main",
            "config user.name Ada",
            "config user.email ada@example.com",
            "add -A",
            "commit -q -m first",
        ] {
            let mut git = Command::new("git");
            git.current_dir(&folder)
                .args(words.split(' '))
                .env("HOME", &folder);
            assert!(git.status().unwrap().success(), "{words}");
        }
    }

    fn dashlift(&self, words: &str, codes: &[i32]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dashlift"));
        command
            .current_dir(self.folder.path())
            .args(words.split(' '))
            .env("HOME", self.path("home"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env_remove("VIRTUAL_ENV");
        let output = command.output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        let code = output.status.code().unwrap();
        assert!(codes.contains(&code), "{words}: {code}\n{err}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs the script of a wave; its exit code and its last line.
    fn script(&self, wave: usize, fail: &str) -> (i32, String) {
        let path = std::env::var("PATH").unwrap();
        let output = Command::new(self.path(&format!("wave-{wave}/handover.sh")))
            .current_dir(self.folder.path())
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .env("STATE", self.path("state"))
            .env("SERVER", "new.example.com")
            .env("FAIL", fail)
            .env("DASHLIFT_VALUE_API_TOKEN", "x")
            .output()
            .unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        let last = out.lines().last().unwrap_or_default().to_owned();
        (output.status.code().unwrap(), last)
    }

    /// The apps that the client made.
    fn made(&self) -> BTreeSet<String> {
        let entries = fs::read_dir(self.path("state")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names
            .filter_map(|name| name.strip_prefix("app-").map(str::to_owned))
            .collect()
    }
}

/// Each app of the waves, with its wave from 1.
fn placed(waves: &Value) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for (index, wave) in waves["waves"].as_array().unwrap().iter().enumerate() {
        for app in wave.as_array().unwrap() {
            let name = app["app"].as_str().unwrap().to_owned();
            assert_eq!(
                found.insert(name, index + 1),
                None,
                "an app is in two waves"
            );
        }
    }
    found
}

#[test]
fn a_fleet_moves_in_waves() {
    let ground = Ground::new();
    let with = "--inventory inventory.json";
    ground.dashlift(
        &format!("batch clones --migrate {with} --state s.jsonl -q"),
        &[0, 1],
    );
    let people = format!("--waves {WAVES} --hand-out people --output fleet.html");
    ground.dashlift(&format!("report s.jsonl {with} {people}"), &[0]);
    let waves = fs::read_to_string(ground.path("people/waves.json")).unwrap();
    let waves: Value = serde_json::from_str(&waves).unwrap();
    let placed = placed(&waves);
    let retired: BTreeSet<&str> = waves["retire"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["app"].as_str().unwrap())
        .collect();
    assert_eq!(placed.len() + retired.len(), ground.count);
    for number in 0..ground.count {
        let app = name(number);
        let mate = name(number / 10 * 10 + 1);
        if number % 10 == 0 && placed.contains_key(&app) && placed.contains_key(&mate) {
            assert_eq!(
                placed[&app], placed[&mate],
                "{app} and {mate} have one folder"
            );
        }
        // What nobody visits is asked about, but not where something that moves needs it.
        let is_alone = number % 10 > 1 && number % 7 == 6;
        let is_visited = number % 7 != 6;
        if is_alone || is_visited {
            assert_eq!(retired.contains(app.as_str()), is_alone, "{app}");
        }
    }
    let plan = ground.dashlift(&format!("plan clones/{} {with}", name(1)), &[0]);
    assert!(
        plan.contains("Moving app-001") && plan.contains("- owner: `owner-1`"),
        "{plan}"
    );

    for wave in 1..=WAVES {
        let out = format!("--waves people/waves.json --wave {wave} --output wave-{wave}");
        ground.dashlift(
            &format!("handover {with} --de5-host new.example.com {out}"),
            &[0],
        );
        let (code, last) = ground.script(wave, "create*1");
        assert!(code <= 1 && last.contains("Commands that failed"), "{last}");
        let (code, last) = ground.script(wave, "nothing-fails");
        assert_eq!(code, 0, "{last}");
        // Nothing is made twice: the third time nothing is left to make.
        fs::write(ground.path("state/calls"), "").unwrap();
        assert_eq!(ground.script(wave, "create").0, 0);
        if has_shellcheck() {
            lint(&ground.path(&format!("wave-{wave}/handover.sh")));
        }
        let so_far: BTreeSet<String> = placed
            .iter()
            .filter(|(_, of)| **of <= wave)
            .map(|(name, _)| name.clone())
            .collect();
        assert_eq!(ground.made(), so_far, "after wave {wave}");
    }
}
