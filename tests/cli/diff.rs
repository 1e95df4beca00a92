//! `diff`: the patch on standard output and nothing else.

use std::process::Command;

use crate::support::{self, APP, DONE, Scratch};

#[test]
fn the_patch_is_what_fix_does() {
    let scratch = Scratch::repository(APP);
    let ran = scratch.run(&["diff"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.starts_with("diff --git "), "{}", ran.out);
    assert!(ran.err.contains("error[DL101]: "), "{}", ran.err);
    let patch = scratch.path().join("p.patch");
    std::fs::write(&patch, &ran.out).unwrap();
    scratch.git(&["apply", "p.patch"]);
    std::fs::remove_file(&patch).unwrap();
    scratch.git(&["add", "-A"]);
    let applied = scratch.git(&["write-tree"]);
    scratch.git(&["reset", "-q", "--hard"]);
    assert_eq!(scratch.run(&["fix"]).code, 0);
    scratch.git(&["add", "-A"]);
    assert_eq!(scratch.git(&["write-tree"]), applied);
}

#[test]
fn the_exit_code_is_that_of_check() {
    let scratch = Scratch::repository(DONE);
    let ran = scratch.run(&["diff"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert_eq!(ran.err, "Nothing to do (1 app checked)\n");
}

#[test]
fn quiet_prints_the_patch_alone() {
    let scratch = Scratch::repository(APP);
    let ran = scratch.run(&["diff", "-q"]);
    assert_eq!(ran.err, "");
    assert!(ran.out.starts_with("diff --git "));
}

#[test]
fn the_patch_applies_from_a_subfolder() {
    let files: Vec<(String, &str)> = APP
        .iter()
        .map(|(path, text)| (format!("apps/one/{path}"), *text))
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), *text))
        .collect();
    let scratch = Scratch::repository(&files);
    let ran = scratch.run_in("apps/one", &["diff", "-q", "."]);
    std::fs::write(scratch.path().join("apps/one/p.patch"), &ran.out).unwrap();
    scratch.git_in("apps/one", &["apply", "p.patch"]);
    assert!(scratch.read("apps/one/project.toml").contains("3.9"));
}

#[test]
fn colours_are_for_terminals() {
    let scratch = Scratch::repository(APP);
    let ran = scratch.run(&["diff", "--color", "always"]);
    assert!(ran.out.contains("\u{1b}[31m-python-3.9.6"), "{:?}", ran.out);
    assert!(!scratch.run(&["diff"]).out.contains('\u{1b}'));
    let mut command = scratch.program(&["diff"]);
    command.env("CLICOLOR_FORCE", "1");
    let forced = support::ran(command);
    assert!(forced.out.starts_with("diff --git"), "{}", forced.out);
    assert!(forced.err.contains('\u{1b}'), "{}", forced.err);
}

#[test]
fn the_patch_keeps_bytes_that_are_not_utf_8() {
    let scratch = Scratch::repository(APP);
    let latin = b"# -*- coding: latin-1 -*-\n# caf\xe9\r\ndash-enterprise-auth==0.0.1\r\n".to_vec();
    std::fs::write(scratch.path().join("requirements.txt"), &latin).unwrap();
    scratch.commit();
    let mut command: Command = scratch.program(&["diff", "-q", "--select", "DL202"]);
    let output = command.output().unwrap();
    std::fs::write(scratch.path().join("p.patch"), &output.stdout).unwrap();
    scratch.git(&["apply", "p.patch"]);
    let after = std::fs::read(scratch.path().join("requirements.txt")).unwrap();
    assert!(after.starts_with(b"# -*- coding: latin-1 -*-\n# caf\xe9\r\ndash"));
}

#[test]
fn credentials_are_in_no_patch_that_is_shown() {
    let mut files = APP.to_vec();
    files.retain(|(path, _)| *path != "requirements.txt");
    files.push((
        "requirements.txt",
        "--extra-index-url https://me:hunter2@de4.example.com/Docs/packages\ndash==2.9.0\ngunicorn\n",
    ));
    let scratch = Scratch::repository(&files);
    for arguments in [
        &["check"][..],
        &["check", "--format", "json"],
        &["check", "--format", "concise"],
        &[
            "diff",
            "--color",
            "always",
            "--de5-host",
            "dash.example.com",
        ],
        &["diff", "--format", "json", "--de5-host", "dash.example.com"],
        &["migrate", "-v", "--de5-host", "dash.example.com"],
        &["fix", "-v", "--de5-host", "dash.example.com"],
    ] {
        let ran = scratch.run(arguments);
        assert!(!ran.out.contains("hunter2"), "{arguments:?}: {}", ran.out);
        assert!(!ran.err.contains("hunter2"), "{arguments:?}: {}", ran.err);
    }
    let message = scratch.git(&["log", "-1", "--format=%B", "dash-enterprise-5"]);
    assert!(!message.contains("hunter2"), "{message}");
}
