//! `verify` with the package index of the machine, on the Python that it has.

use crate::{Scratch, has_uv};

/// The Python of the machine, as uv finds it.
fn python() -> Option<String> {
    if !has_uv() {
        return None;
    }
    let mut command = std::process::Command::new("uv");
    command.args([
        "python",
        "find",
        "--no-python-downloads",
        "--show-version",
        ">=3.8",
    ]);
    let output = command.output().ok()?;
    let version = String::from_utf8(output.stdout).ok()?;
    let mut parts = version.trim().split('.');
    let (major, minor) = (parts.next()?, parts.next()?);
    if major != "3" {
        eprintln!("skipped: uv finds no Python");
        return None;
    }
    Some(format!("3.{minor}"))
}

const APP: &str = "\
import os
import flask

server = flask.Flask(__name__)
open('left-behind.txt', 'w').close()


def database():
    return os.environ['DATABASE_URL']
";

#[test]
#[ignore = "needs the network"]
fn an_app_is_imported() {
    let Some(python) = python() else { return };
    let list = "flask\ngunicorn\n";
    let scratch = Scratch::new(&[("app.py", APP), ("requirements.txt", list)]);
    let names = scratch.names();
    let temporary = tempfile::tempdir().unwrap();
    let mut program = scratch.program(&["verify", "--python", &python]);
    let output = program.env("TMPDIR", temporary.path()).output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{out}{err}");
    assert!(
        out.starts_with("`app:server` was imported on Python "),
        "{out}"
    );
    assert_eq!(scratch.names(), names);
    assert_eq!(temporary.path().read_dir().unwrap().count(), 0);
}

#[test]
#[ignore = "needs the network"]
fn what_fails_is_said_with_its_line() {
    let Some(python) = python() else { return };
    let list = "flask\n";
    let app = format!("{APP}\n\nURL = database()\n");
    let scratch = Scratch::new(&[("app.py", &app), ("requirements.txt", list)]);
    // The variables of whoever runs it are not there.
    let mut program = scratch.program(&["verify", "--python", &python]);
    let output = program.env("DATABASE_URL", "mine").output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{out}");
    assert!(out.contains("app.py:9 KeyError: 'DATABASE_URL'"), "{out}");

    scratch.write("app.py", "while True:\n    pass\n");
    let ran = scratch.run(&["verify", "--python", &python, "--timeout", "20"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(
        ran.out.contains("did not end within the time limit"),
        "{}",
        ran.out
    );
}

#[test]
#[ignore = "needs the network"]
fn a_missing_python_is_said() {
    if !has_uv() {
        return;
    }
    let ran = Scratch::list("flask\n").run(&["verify", "--python", "3.99"]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(
        ran.err.contains("`uv python install 3.99` gets it"),
        "{}",
        ran.err
    );
}
