//! Secrets that go in and must not come out: one move of a fleet, with every command that is given a
//! secret or a file with secrets in it, and a look through all that was written and printed.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tempfile::TempDir;

use crate::de4::De4;
use crate::fake::{Fake, Reply};
use crate::keycloak::{Fault, PASSWORD, start};

const KEY: &str = "canary-key-of-the-old-server";
/// A value for the script that the client is given as an argument.
const VALUE: &str = "canary-value-of-the-environment";
/// In the address of a package index, in a list of every app.
const INDEX: &str = "canary-of-an-index";
/// In the address of a git remote of every clone.
const REMOTE: &str = "canary-of-a-remote";

/// The files that are meant to hold secrets: the inventory with values, and the first passwords.
const PRIVATE: [&str; 2] = ["values.json", "first.csv"];

/// A client that makes everything and repeats what it is told wherever a log could catch it; it fails
/// for variables and services.
const DE: &str = r#"#!/bin/sh
echo "told $*"; echo "told $*" >&2
case "$1 $2" in
"apps exists") echo "App [$4] does not exist on [new.example.com]." ;;
"services exists") echo False ;;
"services create") exit 3 ;;
"apps update") case "$*" in *--add-environment-variable*) exit 4 ;; esac ;;
esac
"#;

struct Ground {
    folder: TempDir,
    printed: String,
}

impl Ground {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        for name in ["home", "tmp", "clones", "bin"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let client = folder.path().join("bin/de");
        fs::write(&client, DE).unwrap();
        fs::set_permissions(&client, fs::Permissions::from_mode(0o755)).unwrap();
        let ground = Self {
            folder,
            printed: String::new(),
        };
        for number in 0..3 {
            ground.clone_of(&format!("app-{number:05}"));
        }
        ground
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A clone whose list and remote have passwords in their addresses.
    fn clone_of(&self, name: &str) {
        let folder = self.path("clones").join(name);
        fs::create_dir(&folder).unwrap();
        let list = format!(
            "--extra-index-url https://ana:{INDEX}@old.example.com/Docs/packages\ndash==2.9.0\n\
             gunicorn==20.1.0\n"
        );
        for (path, text) in [
            ("Procfile", "web: gunicorn app:server\n"),
            (
                "app.py",
                "import dash\nserver = dash.Dash().server\nopen('/data/x.csv')\n",
            ),
            ("apt-packages", "curl\n"),
            ("requirements.txt", list.as_str()),
        ] {
            fs::write(folder.join(path), text).unwrap();
        }
        let remote = format!("https://ana:{REMOTE}@dash.example.com/GIT/{name}");
        for arguments in [
            vec!["init", "-q", "-b", "main"],
            vec!["remote", "add", "plotly", &remote],
            vec!["config", "user.name", "Ada"],
            vec!["config", "user.email", "ada@example.com"],
            vec!["add", "-A"],
            vec!["commit", "-q", "-m", "first"],
        ] {
            let mut git = Command::new("git");
            let git = git.current_dir(&folder).args(&arguments);
            let ended = git.env("HOME", &folder).status().unwrap();
            assert!(ended.success(), "{arguments:?}");
        }
    }

    /// Everything that may write below the folder does.
    fn run(&mut self, mut command: Command, codes: &[i32]) {
        let shown: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
        command
            .current_dir(self.folder.path())
            .env("HOME", self.path("home"))
            .env("TMPDIR", self.path("tmp"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("DASHLIFT_DE4_USER", "ana")
            .env("DASHLIFT_DE4_KEY", KEY)
            .env("DASHLIFT_KEYCLOAK_USER", "admin")
            .env_remove("VIRTUAL_ENV");
        for name in ["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"] {
            command.env(name, self.path("home"));
        }
        let output = assert_cmd::Command::from_std(command).output().unwrap();
        let code = output.status.code().unwrap();
        let printed = [output.stdout, output.stderr].concat();
        let printed = String::from_utf8_lossy(&printed);
        assert!(codes.contains(&code), "{shown:?}\n{code}\n{printed}");
        self.printed.push_str(&printed);
        self.printed.push('\n');
    }

    /// The program with these words, separated by spaces.
    fn dashlift(&mut self, words: &str, codes: &[i32]) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dashlift"));
        command.args(words.split(' '));
        self.run(command, codes);
    }

    fn keycloak(&mut self, words: &str, fake: &Fake, password: &str, codes: &[i32]) {
        let url = format!("{}/auth", fake.url());
        let mut command = Command::new(env!("CARGO_BIN_EXE_dashlift"));
        command
            .args(["users", "apply", "users.csv", "--keycloak-url", &url])
            .args(words.split(' ').filter(|word| !word.is_empty()))
            .env("DASHLIFT_KEYCLOAK_PASSWORD", password);
        self.run(command, codes);
    }

    fn script(&mut self, more: &[(&str, &str)], codes: &[i32]) {
        let path = std::env::var("PATH").unwrap();
        let mut command = Command::new(self.path("out/handover.sh"));
        command
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .env("DASHLIFT_VALUE_API_TOKEN", VALUE)
            .envs(more.iter().copied());
        self.run(command, codes);
    }

    /// Reads the old server, whole, with and without values, and stopped in the middle.
    fn read_the_old_server(&mut self) {
        let fake = De4::of(3).start();
        let host = format!("inventory --de4-host {} --output", fake.url());
        self.dashlift(&format!("{host} inventory.json"), &[0]);
        self.dashlift(&format!("{host} values.json --with-values"), &[0]);
        assert!(fake.asked()[0].header("authorization").is_some());
        let count = std::sync::atomic::AtomicUsize::new(0);
        let stopped = De4::of(3).start_with(move |_| {
            let before = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let said = format!("no {KEY} here");
            (before == 3).then(|| Reply::of(403, "text/plain", said))
        });
        let host = format!("inventory --de4-host {} --output", stopped.url());
        self.dashlift(&format!("{host} stopped.json"), &[2]);
        assert!(self.path("stopped.json.part").exists());
        let away = Fake::start(|_| {
            let to = format!("https://sso.example.com/?key={KEY}");
            Reply::of(302, "text/html", "").with("Location", &to)
        });
        let host = format!("inventory --de4-host {} --output", away.url());
        self.dashlift(&format!("{host} away.json"), &[2]);
    }

    /// Works on the clones with the inventory that has values.
    fn work_on_the_clones(&mut self) {
        let with = "--inventory values.json";
        self.dashlift(
            &format!("batch clones --diff {with} --state diff.jsonl"),
            &[0, 1],
        );
        self.dashlift(
            &format!("batch clones --migrate {with} --state migrate.jsonl"),
            &[0, 1],
        );
        for format in ["md", "json", "html"] {
            let out = format!("--waves 2 --output fleet.{format}");
            self.dashlift(&format!("report diff.jsonl {with} {out}"), &[0]);
        }
        let out = "--waves 2 --hand-out people --output again.html";
        self.dashlift(&format!("report migrate.jsonl {with} {out}"), &[0]);
        for command in [
            "check",
            "plan",
            "minimise",
            "solve --offline",
            "check --format json",
        ] {
            self.dashlift(&format!("{command} clones/app-00000 {with}"), &[0, 1]);
        }
    }

    fn hand_over(&mut self) {
        self.dashlift(
            "handover --inventory values.json --de5-host new.example.com --output out",
            &[0],
        );
        self.script(&[("DRY", "1")], &[0]);
        self.script(&[], &[1]);
        let log = fs::read_to_string(self.path("handover.log")).unwrap();
        assert!(
            log.contains("FAILED app-00001: the variable API_TOKEN"),
            "{log}"
        );
    }

    fn bring_people(&mut self) {
        self.dashlift(
            "users draft --inventory values.json --output users.csv",
            &[0],
        );
        let random = "--apply --first-password random --passwords first.csv";
        let (fake, _) = start(Vec::new(), Box::new(|_, _| None));
        self.keycloak("", &fake, PASSWORD, &[1]);
        self.keycloak(random, &fake, PASSWORD, &[0]);
        self.keycloak("--apply", &fake, PASSWORD, &[0]);
        let wrong = "canary-of-a-wrong-password";
        self.keycloak("--apply", &fake, wrong, &[2]);
        for fault in [
            Fault::Expired,
            Fault::Half,
            Fault::Status(500),
            Fault::Status(409),
        ] {
            let faults = move |number: usize, _: &_| (number > 6).then_some(fault);
            let (fake, _) = start(Vec::new(), Box::new(faults));
            self.keycloak("--apply --timeout 2", &fake, PASSWORD, &[1, 2]);
        }
    }
}

/// All files below a folder, but those of the clones: they are the user's own.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The first passwords of the private file.
fn first_passwords(ground: &Ground) -> Vec<String> {
    let mut reader = csv::Reader::from_path(ground.path("first.csv")).unwrap();
    let records = reader.records().map(|record| record.unwrap());
    records.map(|record| record[1].to_owned()).collect()
}

#[test]
fn no_secret_comes_out() {
    let mut ground = Ground::new();
    ground.read_the_old_server();
    ground.work_on_the_clones();
    ground.hand_over();
    ground.bring_people();

    let passwords = first_passwords(&ground);
    assert!(passwords.len() > 1, "nobody got a password");
    // Each of these begins all secrets of its kind.
    let mut secrets: Vec<String> = ["canary-key", "canary-value-", "canary-of-"]
        .map(str::to_owned)
        .to_vec();
    let basic = STANDARD.encode(format!("ana:{KEY}"));
    secrets.push(basic);
    secrets.extend(passwords);

    let mut all = Vec::new();
    files(ground.folder.path(), &mut all);
    all.retain(|path| !path.starts_with(ground.path("clones")));
    assert!(all.len() > 15, "{all:?}");
    let shown = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
    for path in all {
        let text = fs::read(&path).unwrap();
        if PRIVATE.iter().any(|name| path == ground.path(name)) {
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", path.display());
            let holds = secrets.iter().any(|secret| shown(&text).contains(secret));
            assert!(holds, "{} was asked for", path.display());
            continue;
        }
        let path = path.display();
        for secret in &secrets {
            assert!(
                !shown(&text).contains(secret),
                "{path}: {secret}\n{}",
                shown(&text)
            );
        }
    }
    // A patch has lines of the files as they are, and then it is said that it is not for everybody.
    let is_of_a_patch = |line: &&str| line.starts_with([' ', '+', '-']) && line.contains(INDEX);
    assert!(
        ground
            .printed
            .contains("the patch holds secrets that stand in your files")
    );
    for secret in &secrets {
        let mut lines = ground.printed.lines().filter(|line| !is_of_a_patch(line));
        let at = lines.find(|line| line.contains(secret));
        assert!(at.is_none(), "{secret}: {at:?}");
    }
}
