//! The real uv and pip: `cargo test --test network -- --ignored`. Those that need a package index
//! use the one that the machine is configured for; the others bring a server of their own, which
//! answers badly.
#![allow(clippy::disallowed_methods, reason = "it is no part of the program")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that fails panics, and one that cannot run says so"
)]

mod index;
mod minimise;
mod solve;
mod verify;

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// What a run of the program gave back.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

/// An app in a folder of its own.
struct Scratch(TempDir);

impl Scratch {
    fn new(files: &[(&str, &str)]) -> Self {
        let scratch = Self(TempDir::new().unwrap());
        scratch.write("Procfile", "web: gunicorn app:server\n");
        for (path, text) in files {
            scratch.write(path, text);
        }
        scratch
    }

    fn list(list: &str) -> Self {
        Self::new(&[("app.py", "server = None\n"), ("requirements.txt", list)])
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.path().join(path), text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).unwrap();
        let names = entries.map(|it| it.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dashlift"));
        command.current_dir(self.path()).args(arguments);
        // A server that answers badly is not asked again and again.
        command.env("UV_HTTP_RETRIES", "0").env("PIP_RETRIES", "0");
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let output = self.program(arguments).output().unwrap();
        Ran {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Whether a tool is there; says so when it is not.
fn has(tool: &str, arguments: &[&str]) -> bool {
    let ran = Command::new(tool).args(arguments).output();
    let has = ran.is_ok_and(|output| output.status.success());
    if !has {
        eprintln!("skipped: {tool} {} does not run here", arguments.join(" "));
    }
    has
}

fn has_uv() -> bool {
    has("uv", &["--version"])
}

fn has_pip() -> bool {
    has("python3", &["-m", "pip", "--version"])
}

/// The Python of pip, as in `3.11`.
fn pip_python() -> Option<String> {
    if !has_pip() {
        return None;
    }
    let mut command = Command::new("python3");
    command.args(["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]);
    let output = command.output().ok()?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}
