//! What linters have in common: exit codes, statistics, one file, an output file.

use crate::support::Scratch;

/// A *should* in the first file, two *must*s in others.
const APP: &[(&str, &str)] = &[
    ("DOKKU_SCALE", "web=3\n"),
    ("Procfile", "web: gunicorn app:server\n"),
    ("app.py", "server = None\n"),
    ("requirements.txt", "dash==2.9.0\ngunicorn==20.1.0\n"),
    ("runtime.txt", "python-3.9.6\n"),
];

#[test]
fn the_exit_code_is_for_the_user_to_choose() {
    let scratch = Scratch::repository(APP);
    let code = |options: &[&str]| scratch.run(&[&["check"], options].concat()).code;
    assert_eq!(code(&[]), 1);
    assert_eq!(code(&["--exit-zero"]), 0);
    assert_eq!(code(&["--fail-on", "must"]), 1);
    assert_eq!(code(&["--fail-on", "must", "--exclude", "runtime.txt"]), 0);
    assert_eq!(
        code(&["--fail-on", "should", "--exclude", "runtime.txt"]),
        1
    );
    assert_eq!(code(&["--fail-on", "may", "--strict"]), 2);
    let ran = scratch.run(&["check", "--exit-zero", "--format", "json"]);
    assert!(ran.out.contains("\"exit_code\": 0"), "{}", ran.out);
    // Zero is for findings alone.
    assert_eq!(code(&["--exit-zero", "nowhere"]), 2);
}

#[test]
fn what_is_excluded_is_not_reported() {
    let scratch = Scratch::repository(APP);
    let ran = scratch.run(&["check", "--format", "concise", "--exclude", "DOKKU*"]);
    assert!(ran.out.starts_with("runtime.txt:1:1: DL101"), "{}", ran.out);
    assert!(!ran.out.contains("DOKKU_SCALE"), "{}", ran.out);
    let fix = "`dashlift fix --exclude 'DOKKU*'`";
    assert!(ran.err.contains(fix), "{}", ran.err);
    let ran = scratch.run(&["check", "--exclude", "!x"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("`!x` takes files back"), "{}", ran.err);
}

#[test]
fn one_file_is_a_path() {
    let scratch = Scratch::repository(APP);
    for path in ["runtime.txt", "./runtime.txt"] {
        let ran = scratch.run(&["check", "--format", "concise", path]);
        assert_eq!(ran.code, 1);
        assert_eq!(ran.out.lines().count(), 1, "{}", ran.out);
        assert!(ran.out.starts_with("runtime.txt:1:1: DL101"), "{}", ran.out);
    }
    assert_eq!(scratch.run(&["check", "requirements.txt"]).code, 0);
    assert_eq!(scratch.run(&["fix", "runtime.txt"]).code, 2);
}

#[test]
fn statistics_count_rules() {
    let scratch = Scratch::repository(APP);
    let ran = scratch.run(&["check", "--statistics"]);
    assert_eq!(ran.code, 1);
    let counts = "    1  DL101 runtime-txt (1 fix)\n    1  DL108 dokku-scale (1 fix)\n";
    assert_eq!(ran.out, counts);
    let ran = scratch.run(&["check", "--statistics", "--format", "sarif"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
}

#[test]
fn findings_come_by_place_or_by_severity() {
    let scratch = Scratch::repository(APP);
    let first = |order: &str| {
        let ran = scratch.run(&["check", "--format", "concise", "--sort", order]);
        assert_eq!(ran.out.lines().count(), 2, "{}", ran.out);
        ran.out.split(':').next().unwrap().to_owned()
    };
    assert_eq!(first("place"), "DOKKU_SCALE");
    assert_eq!(first("severity"), "runtime.txt");
}

#[test]
fn the_result_goes_into_a_file() {
    let scratch = Scratch::repository(APP);
    for format in ["text", "sarif", "junit", "concise"] {
        let direct = scratch.run(&["check", "--format", format]);
        let ran = scratch.run(&["check", "--format", format, "--output-file", "out.txt"]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.err);
        assert_eq!(scratch.read("out.txt"), direct.out, "{format}");
    }
    let ran = scratch.run(&["check", "-o", "nowhere/out.txt"]);
    assert_eq!(ran.code, 2);
    let said = "error: nowhere/out.txt cannot be written: there is no such folder\n";
    assert!(ran.err.contains(said), "{}", ran.err);
}

#[test]
fn the_help_of_a_command_lists_its_formats() {
    let scratch = Scratch::folder(&[]);
    for (command, formats) in [
        ("fix", "Formats: text, concise, json, markdown\n"),
        ("report", "Formats: text, markdown, json, html\n"),
    ] {
        let ran = scratch.run(&[command, "--help"]);
        assert!(ran.out.ends_with(formats), "{}", ran.out);
        let short = scratch.run(&[command, "-h"]);
        assert!(short.out.ends_with(formats), "{}", short.out);
    }
}

#[test]
fn a_name_with_a_line_break_is_quoted_in_every_format() {
    let mut files = APP.to_vec();
    files.push(("a\nb/Procfile", "web: gunicorn app:server\n"));
    files.push(("a\nb/app.py", "server = None\n"));
    files.push(("a\nb/requirements.txt", "dash==2.9.0\ngunicorn==20.1.0\n"));
    files.push(("a\nb/runtime.txt", "python-3.9.6\n"));
    let scratch = Scratch::repository(&files);
    for format in ["text", "concise", "github", "gitlab", "junit", "markdown"] {
        let ran = scratch.run(&["check", "--format", format]);
        assert_eq!(ran.code, 1, "{}", ran.err);
        let name = "a\\nb/runtime.txt";
        let name = if format == "gitlab" {
            name.replace('\\', "\\\\")
        } else {
            name.to_owned()
        };
        assert!(ran.out.contains(&name), "{format}: {}", ran.out);
        assert!(!ran.out.contains("a\nb/"), "{format}: {}", ran.out);
    }
}
