//! One buffer of an editor, checked in the place of a file.

use crate::support::{APP, DONE, Ran, Scratch};

/// The program with a text on standard input.
fn piped(scratch: &Scratch, folder: &str, arguments: &[&str], text: &str) -> Ran {
    let mut program = scratch.program(arguments);
    program.current_dir(scratch.path().join(folder));
    let output = assert_cmd::Command::from_std(program)
        .write_stdin(text)
        .output()
        .unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn check(scratch: &Scratch, file: &str, text: &str) -> Ran {
    let arguments = [
        "check",
        "--format",
        "concise",
        "--stdin-filename",
        file,
        "-",
    ];
    piped(scratch, ".", &arguments, text)
}

#[test]
fn the_buffer_stands_in_the_place_of_its_file() {
    let scratch = Scratch::repository(APP);
    let before = scratch.snapshot();
    let ran = check(&scratch, "app.py", "server = None\nopen('/srv/data')\n");
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.starts_with("app.py:2:6: DL301 "), "{}", ran.out);
    assert_eq!(ran.out.lines().count(), 1, "runtime.txt is not asked for");
    assert_eq!(scratch.snapshot(), before);
    let ran = check(&scratch, "runtime.txt", "\n");
    assert!(!ran.out.contains("app.py"), "{}", ran.out);
    let ran = check(&scratch, "app.py", "server = None\n");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
}

#[test]
fn other_files_decide_what_it_means() {
    let scratch = Scratch::repository(DONE);
    let code =
        "from dash import Dash\napp = Dash(__name__)\nserver = app.server\napp.run_server()\n";
    let old = check(&scratch, "app.py", code);
    assert!(!old.out.contains("raises an error"), "{}", old.out);
    scratch.write("requirements.txt", "dash>=3\ngunicorn\n");
    let new = check(&scratch, "app.py", code);
    assert!(new.out.contains("app.py:4:1: DL308 "), "{}", new.out);
}

#[test]
fn the_file_need_not_be_there() {
    let scratch = Scratch::repository(DONE);
    let ran = check(&scratch, "pages/new/page.py", "open('/srv/data')\n");
    assert!(
        ran.out.starts_with("pages/new/page.py:1:6: DL301"),
        "{}",
        ran.out
    );
    assert!(!scratch.path().join("pages").exists());
    let ran = check(&scratch, "apt-packages", "curl\n");
    assert!(
        ran.out.starts_with("apt-packages:1:1: DL102"),
        "{}",
        ran.out
    );
}

#[test]
fn an_editor_may_stand_anywhere() {
    let scratch = Scratch::repository(&[]);
    for (path, text) in APP {
        scratch.write(&format!("apps/one/{path}"), text);
        scratch.write(&format!("apps/two/{path}"), text);
    }
    scratch.commit();
    let file = scratch.path().join("apps/two/app.py");
    let arguments = ["check", "--stdin-filename", file.to_str().unwrap(), "-"];
    let ran = piped(
        &scratch,
        "apps/one",
        &arguments,
        "server = None\nopen('/srv/data')\n",
    );
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains(" ../two/app.py:2:6\n"), "{}", ran.out);
    assert!(ran.err.starts_with("1 finding: "), "{}", ran.err);
    let plain = Scratch::folder(DONE);
    let ran = piped(
        &plain,
        ".",
        &[
            "check",
            "--stdin-filename",
            "app.py",
            "-",
            "--format",
            "json",
        ],
        "server = None\nopen('/srv/data')\n",
    );
    assert_eq!(ran.code, 1, "{}", ran.err);
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        json["repositories"][0]["apps"][0]["findings"][0]["path"],
        "app.py"
    );
    assert_eq!(json["summary"]["by_hand"], 1, "{json}");
}

#[test]
fn the_baseline_and_the_comments_hold_for_it() {
    let scratch = Scratch::repository(APP);
    scratch.write("app.py", "server = None\nopen('/srv/data')\n");
    scratch.run(&["baseline", "write"]);
    let file = "dashlift-baseline.json";
    let arguments = [
        "check",
        "--baseline",
        file,
        "--stdin-filename",
        "app.py",
        "-",
    ];
    let ran = piped(
        &scratch,
        ".",
        &arguments,
        "# new\nserver = None\nopen('/srv/data')\n",
    );
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert!(
        ran.err.contains("1 finding of the baseline is not shown"),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains("no more"), "{}", ran.err);
    let text = "server = None\nopen('/srv/x')  # dashlift: ignore[DL301]\n";
    let ran = check(&scratch, "app.py", text);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert!(ran.err.contains("1 suppressed"), "{}", ran.err);
}

#[test]
fn broken_bytes_are_a_finding() {
    let scratch = Scratch::repository(DONE);
    let mut program = scratch.program(&["check", "--stdin-filename", "requirements.txt", "-"]);
    program.current_dir(scratch.path());
    let output = assert_cmd::Command::from_std(program)
        .write_stdin(&b"dash\xff\n"[..])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.contains("DL208"), "{out}");
}

#[test]
fn half_of_it_is_refused() {
    let scratch = Scratch::repository(APP);
    let cases: &[(&[&str], &str)] = &[
        (
            &["check", "-"],
            "error: - is standard input, which only `check` reads, and only when it knows which file \
             it is: `dashlift check --stdin-filename FILE -`\n",
        ),
        (
            &["fix", "-"],
            "error: - is standard input, which only `check` reads",
        ),
        (
            &["check", "--stdin-filename", "app.py"],
            "error: --stdin-filename names what comes from standard input; write - in the place of \
             PATH: `dashlift check --stdin-filename FILE -`\n",
        ),
        (
            &["check", "--stdin-filename", "app.py", ".", "-"],
            "error: --stdin-filename names what comes from standard input",
        ),
        (
            &["check", "--stdin-filename", ".", "-"],
            "error: . is a folder; --stdin-filename names a file\n",
        ),
        (
            &["diff", "--stdin-filename", "app.py", "-"],
            "error: unexpected argument '--stdin-filename'",
        ),
    ];
    for (arguments, sentence) in cases {
        let ran = piped(&scratch, ".", arguments, "x\n");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.starts_with(sentence), "{arguments:?}: {}", ran.err);
    }
    let outside = Scratch::folder(&[("notes.txt", "x\n")]);
    assert_eq!(check(&outside, "notes.txt", "x\n").code, 3);
}
