//! A throw-away repository, and the program at work in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// What a run of the program gave back.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A folder with files, and a home of its own, so that nobody's configuration of git matters.
pub(crate) struct Scratch {
    folder: TempDir,
    home: TempDir,
}

/// The files of the smallest app that has something to do: a safe fix.
pub(crate) const APP: &[(&str, &str)] = &[
    ("Procfile", "web: gunicorn app:server\n"),
    ("app.py", "server = None\n"),
    ("requirements.txt", "dash==2.9.0\ngunicorn==20.1.0\n"),
    ("runtime.txt", "python-3.9.6\n"),
];

/// The files of an app that has nothing to do.
pub(crate) const DONE: &[(&str, &str)] = &[
    ("Procfile", "web: gunicorn app:server\n"),
    ("app.py", "server = None\n"),
    (
        "project.toml",
        "[[build.env]]\nname = 'BP_CPYTHON_VERSION'\nvalue = '3.10.*'\n",
    ),
    ("requirements.txt", "dash==2.9.0\ngunicorn==20.1.0\n"),
];

impl Scratch {
    /// A folder without git.
    pub(crate) fn folder(files: &[(&str, &str)]) -> Self {
        let scratch = Self {
            folder: TempDir::new().unwrap(),
            home: TempDir::new().unwrap(),
        };
        for (path, text) in files {
            scratch.write(path, text);
        }
        scratch
    }

    /// A repository with these files committed on `main`.
    pub(crate) fn repository(files: &[(&str, &str)]) -> Self {
        let scratch = Self::folder(files);
        scratch.git(&["init", "-q", "-b", "main"]);
        scratch.git(&["config", "user.name", "Ada"]);
        scratch.git(&["config", "user.email", "ada@example.com"]);
        scratch.commit();
        scratch
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.folder.path().join(path)).unwrap()
    }

    pub(crate) fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "change"]);
    }

    /// Everything below the folder and its bytes, git's own files included.
    pub(crate) fn snapshot(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(self.folder.path(), &mut files);
        files
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.git_in(".", arguments)
    }

    #[track_caller]
    pub(crate) fn git_in(&self, folder: &str, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command
            .current_dir(self.folder.path().join(folder))
            .args(arguments);
        let output = self.isolated(&mut command).output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?}: {err}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The program in the folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_in(".", arguments)
    }

    /// The program in a folder below.
    pub(crate) fn run_in(&self, folder: &str, arguments: &[&str]) -> Ran {
        let mut command = self.program(arguments);
        command.current_dir(self.folder.path().join(folder));
        ran(command)
    }

    /// The program, ready to be started in the folder.
    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dashlift"));
        command.current_dir(self.folder.path()).args(arguments);
        self.isolated(&mut command);
        command
    }

    /// A line that a shell runs in the folder, with the system's own programs and ours. No index
    /// answers uv and pip there, where the system has them.
    pub(crate) fn run_line(&self, line: &str) -> Ran {
        let ours = Path::new(env!("CARGO_BIN_EXE_dashlift")).parent().unwrap();
        let mut command = Command::new("/bin/sh");
        command
            .current_dir(self.folder.path())
            .args(["-c", line])
            .env("UV_OFFLINE", "1")
            .env("PIP_NO_INDEX", "1");
        self.isolated(&mut command)
            .env("PATH", format!("{}:/usr/bin:/bin", ours.display()));
        ran(command)
    }

    fn isolated<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        for name in [
            "NO_COLOR",
            "CLICOLOR",
            "CLICOLOR_FORCE",
            "GIT_DIR",
            "VIRTUAL_ENV",
        ] {
            command.env_remove(name);
        }
        for role in ["AUTHOR", "COMMITTER"] {
            command.env_remove(format!("GIT_{role}_NAME"));
            command.env_remove(format!("GIT_{role}_EMAIL"));
        }
        command
            .env_remove("EMAIL")
            .env("HOME", self.home.path())
            .env("XDG_CONFIG_HOME", self.home.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
    }
}

/// Starts the program and waits for it.
pub(crate) fn ran(command: Command) -> Ran {
    let output = assert_cmd::Command::from_std(command).output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
}
