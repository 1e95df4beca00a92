//! `fix --interactive`: one question for each fix, on a terminal.

use std::process::Command;

use crate::support::{APP, Ran, Scratch};

/// Starts a program on a terminal of its own, answers each question, and prints what the terminal
/// showed and how the program ended.
const TERMINAL: &str = r#"
import os, pty, sys
answers, arguments = sys.argv[1].split(","), sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execv(arguments[0], arguments)
shown = b""
while True:
    try:
        part = os.read(terminal, 4096)
    except OSError:
        break
    if not part:
        break
    shown += part
    if shown.count(b"[?]: ") > 0 and shown.endswith(b"[?]: ") and answers:
        os.write(terminal, answers.pop(0).encode() + b"\n")
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"#;

/// The program on a terminal; `None` where there is no Python to make one.
#[allow(clippy::print_stderr, reason = "who runs the tests wants to know")]
fn asked(scratch: &Scratch, answers: &str, arguments: &[&str]) -> Option<Ran> {
    if !cfg!(unix) || Command::new("python3").arg("-V").output().is_err() {
        eprintln!("skipped: there is no python3 to make a terminal with");
        return None;
    }
    let program = scratch.program(arguments);
    let mut python = Command::new("python3");
    python
        .args(["-c", TERMINAL, answers])
        .arg(program.get_program())
        .args(arguments)
        .current_dir(scratch.path());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => python.env(name, value),
            None => python.env_remove(name),
        };
    }
    Some(crate::support::ran(python))
}

fn scratch() -> Scratch {
    let scratch = Scratch::repository(APP);
    scratch.write(
        "app.py",
        "from dash import Dash\napp = Dash(__name__)\nserver = app.server\napp.run_server()\n",
    );
    scratch.write("requirements.txt", "dash>=3\ngunicorn\n");
    scratch.commit();
    scratch
}

#[test]
fn what_is_taken_is_made_and_the_rest_stays_open() {
    let scratch = scratch();
    let Some(ran) = asked(
        &scratch,
        "?,n,y",
        &["fix", "--interactive", "--color", "never"],
    ) else {
        return;
    };
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.out.contains("app.py:4:1: DL308 "), "{}", ran.out);
    assert!(ran.out.contains("-app.run_server()"), "{}", ran.out);
    assert!(
        ran.out.contains("q  leave this change and all that follow"),
        "{}",
        ran.out
    );
    assert_eq!(
        ran.out.matches("Make this change?").count(),
        3,
        "{}",
        ran.out
    );
    assert!(ran.out.contains("1 fixed, 1 finding left"), "{}", ran.out);
    assert!(scratch.read("app.py").contains("run_server"));
    assert!(scratch.path().join("project.toml").is_file());
    assert!(!scratch.path().join("runtime.txt").exists());
}

#[test]
fn quit_leaves_everything_as_it_was() {
    let scratch = scratch();
    let before = scratch.snapshot();
    let Some(ran) = asked(&scratch, "q", &["fix", "--interactive"]) else {
        return;
    };
    assert_eq!(ran.code, 1);
    assert_eq!(scratch.snapshot(), before);
    let ran = asked(&scratch, "a", &["fix", "--interactive"]).unwrap();
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert_eq!(ran.out.matches("Make this change?").count(), 1);
    assert_eq!(scratch.run(&["check"]).code, 0);
}

#[test]
fn files_with_changes_are_refused_before_the_first_question() {
    let scratch = scratch();
    scratch.write("app.py", "app = Dash()\napp.run_server()\nserver = app\n");
    scratch.write("runtime.txt", "python-3.9.7\n");
    let Some(ran) = asked(&scratch, "y,y", &["fix", "--interactive"]) else {
        return;
    };
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("uncommitted changes"), "{}", ran.out);
    assert!(!ran.out.contains("Make this change?"), "{}", ran.out);
}

#[test]
fn without_a_terminal_nobody_is_asked() {
    let scratch = scratch();
    let before = scratch.snapshot();
    let ran = scratch.run(&["fix", "--interactive"]);
    assert_eq!(ran.code, 2);
    assert_eq!(
        ran.err,
        "error: --interactive asks questions, and nobody can answer here; run it in a terminal, or \
         leave it away\n"
    );
    let ran = scratch.run(&["fix", "--interactive", "--format", "json"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.out.contains("formats text and concise only"),
        "{}",
        ran.out
    );
    assert_eq!(scratch.snapshot(), before);
}
