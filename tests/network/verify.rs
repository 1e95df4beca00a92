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


@server.route('/')
def home():
    return 'hello'


def database():
    return os.environ['DATABASE_URL']
";

const PROCFILE: (&str, &str) = ("Procfile", "web: gunicorn app:server\n");
const LIST: (&str, &str) = ("requirements.txt", "flask\ngunicorn\nsetuptools\n");

#[test]
#[ignore = "needs the network"]
fn an_app_is_started_and_asked() {
    let Some(python) = python() else { return };
    let scratch = Scratch::new(&[("app.py", APP), LIST, PROCFILE]);
    let names = scratch.names();
    let temporary = tempfile::tempdir().unwrap();
    let mut program = scratch.program(&["verify", "--python", &python]);
    let output = program.env("TMPDIR", temporary.path()).output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{out}{err}");
    assert!(
        out.starts_with("it started and answered on Python "),
        "{out}"
    );
    assert_eq!(scratch.names(), names);
    assert_eq!(temporary.path().read_dir().unwrap().count(), 0);
}

#[test]
#[ignore = "needs the network"]
fn what_fails_is_said_with_its_line() {
    let Some(python) = python() else { return };
    let app = format!("{APP}\n\nURL = database()\n");
    let scratch = Scratch::new(&[("app.py", &app), LIST, PROCFILE]);
    // The variables of whoever runs it are not there.
    let mut program = scratch.program(&["verify", "--python", &python]);
    let output = program.env("DATABASE_URL", "mine").output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{out}");
    assert!(out.contains("app.py:14 KeyError: 'DATABASE_URL'"), "{out}");
    assert!(
        out.contains("needs the environment variable DATABASE_URL"),
        "{out}"
    );

    let broken = APP.replace("return 'hello'", "return 1 / 0");
    scratch.write("app.py", &broken);
    let ran = scratch.run(&["verify", "--python", &python]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.contains("/ answers with status 500"), "{}", ran.out);
    assert!(ran.out.contains("ZeroDivisionError"), "{}", ran.out);

    scratch.write("Procfile", "web: gunicorn app:nothing\n");
    let ran = scratch.run(&["verify", "--python", &python]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.contains("it does not start"), "{}", ran.out);
}

#[test]
#[ignore = "needs the network"]
fn a_missing_python_is_said() {
    let ran = Scratch::new(&[("app.py", APP), LIST, PROCFILE]).run(&["verify", "--python", "3.99"]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(
        ran.err.contains("`uv python install 3.99` gets it"),
        "{}",
        ran.err
    );
}

#[test]
#[ignore = "needs the network"]
fn only_what_starts_is_committed() {
    let Some(python) = python() else { return };
    let broken = format!("{APP}\n\nraise ValueError('boom')\n");
    let runtime = format!("python-{python}.0\n");
    let scratch = Scratch::new(&[("app.py", &broken), LIST, PROCFILE]);
    scratch.write("runtime.txt", &runtime);
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.current_dir(scratch.path());
        command.args(["-c", "user.name=x", "-c", "user.email=x@example.com"]);
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    git(&["init", "--quiet"]);
    git(&["config", "user.name", "x"]);
    git(&["config", "user.email", "x@example.com"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "x"]);
    let ran = scratch.run(&["migrate", "--solve", "--verify"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("No branch was made"), "{}", ran.out);
    assert!(ran.err.contains("ValueError: boom"), "{}", ran.err);
    assert_eq!(git(&["branch", "--list", "dash-enterprise-5"]), "");

    scratch.write("app.py", APP);
    git(&["commit", "--quiet", "-am", "y"]);
    let ran = scratch.run(&["migrate", "--solve", "--verify"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(git(&["branch", "--list", "dash-enterprise-5"]).contains("dash-enterprise-5"));
}
