//! A fleet in a temporary folder: a repository is made with git once and copied, which is a
//! hundred times as fast as making each.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// What a run of the program gave back.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A folder `fleet` with repositories, and a home of its own, so that nobody's configuration of
/// git matters.
pub(crate) struct Fleet {
    folder: TempDir,
}

/// The smallest app that has something to do: a safe fix.
pub(crate) const APP: &[(&str, &str)] = &[
    ("Procfile", "web: gunicorn app:server\n"),
    ("app.py", "server = None\n"),
    ("requirements.txt", "dash==2.9.0\ngunicorn==20.1.0\n"),
    ("runtime.txt", "python-3.9.6\n"),
];

/// The branch that `--migrate` makes.
pub(crate) const BRANCH: &str = "refs/heads/dash-enterprise-5";

impl Fleet {
    /// A folder without repositories.
    pub(crate) fn empty() -> Self {
        let fleet = Self {
            folder: TempDir::new().unwrap(),
        };
        fs::create_dir(fleet.path("fleet")).unwrap();
        fs::create_dir(fleet.path("home")).unwrap();
        fleet.write(
            "home/.gitconfig",
            "[user]\nname = Ada\nemail = ada@example.com\n",
        );
        fleet
    }

    /// `count` repositories with an app each, every tenth a bare mirror.
    pub(crate) fn of(count: usize) -> Self {
        let fleet = Self::empty();
        fleet.repository("template", APP);
        fleet.git("template", &["gc", "-q"]);
        for number in 0..count {
            if number % 10 == 9 {
                let mirror = format!("fleet/group-{}/app-{number:03}.git", number % 3);
                fleet.copy("template/.git", &mirror);
                fleet.git_config(
                    &mirror,
                    "[core]\nbare = true\nrepositoryformatversion = 0\n",
                );
            } else {
                let name = format!("fleet/group-{}/app-{number:03}", number % 3);
                fleet.copy("template", &name);
            }
        }
        fleet
    }

    fn git_config(&self, repository: &str, text: &str) {
        self.write(&format!("{repository}/config"), text);
    }

    /// A repository with these files committed on `main`.
    pub(crate) fn repository(&self, name: &str, files: &[(&str, &str)]) {
        fs::create_dir_all(self.path(name)).unwrap();
        // Without a template a repository has ten files less to copy.
        self.git(name, &["init", "-q", "-b", "main", "--template="]);
        for (path, text) in files {
            self.write(&format!("{name}/{path}"), text);
        }
        self.git(name, &["add", "-A"]);
        self.git(name, &["commit", "-q", "--allow-empty", "-m", "An app"]);
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn copy(&self, from: &str, to: &str) {
        copy(&self.path(from), &self.path(to));
    }

    /// What git prints in a folder below.
    #[track_caller]
    pub(crate) fn git(&self, folder: &str, arguments: &[&str]) -> String {
        let output = self.try_git(folder, arguments);
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{folder}: git {arguments:?}: {err}"
        );
        String::from_utf8(output.stdout).unwrap()
    }

    fn try_git(&self, folder: &str, arguments: &[&str]) -> std::process::Output {
        let mut command = Command::new("git");
        command.current_dir(self.path(folder)).args(arguments);
        self.isolated(&mut command).output().unwrap()
    }

    /// The program in the folder above `fleet`.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = self.program(arguments);
        let output = command.stdin(Stdio::null()).output().unwrap();
        Ran {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The program, ready to be started.
    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dashlift"));
        command.current_dir(self.folder.path()).args(arguments);
        self.isolated(&mut command);
        command
    }

    pub(crate) fn isolated<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "GIT_DIR", "EMAIL"] {
            command.env_remove(name);
        }
        for role in ["AUTHOR", "COMMITTER"] {
            command.env_remove(format!("GIT_{role}_NAME"));
            command.env_remove(format!("GIT_{role}_EMAIL"));
        }
        command
            .env("HOME", self.path("home"))
            .env("XDG_CONFIG_HOME", self.path("home"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
    }

    /// Every line of a state.
    pub(crate) fn state(&self, name: &str) -> Vec<Value> {
        let lines = self.read(name);
        let parse = |line: &str| serde_json::from_str(line).unwrap();
        lines.lines().map(parse).collect()
    }

    /// The records of a state for each repository, in their order.
    pub(crate) fn records(&self, name: &str) -> BTreeMap<String, Vec<Value>> {
        let mut records: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for line in self.state(name) {
            if line["kind"] == "done" {
                let repository = line["repository"].as_str().unwrap().to_owned();
                records.entry(repository).or_default().push(line);
            }
        }
        records
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The git folder of a repository of the fleet.
pub(crate) fn git_folder(repository: &str) -> String {
    if Path::new(repository)
        .extension()
        .is_some_and(|end| end == "git")
    {
        format!("fleet/{repository}")
    } else {
        format!("fleet/{repository}/.git")
    }
}
