//! Formats, colours, and readers that go away.

use std::io::Read;
use std::process::Stdio;

use crate::support::{APP, Scratch, ran};

#[test]
fn concise_is_one_line_per_finding() {
    let ran = Scratch::repository(APP).run(&["check", "--format", "concise"]);
    assert_eq!(ran.out.lines().count(), 1);
    assert!(
        ran.out.starts_with("runtime.txt:1:1: DL101 "),
        "{}",
        ran.out
    );
    assert!(ran.err.starts_with("1 finding: 1 must\n"), "{}", ran.err);
}

#[test]
fn json_is_one_document_with_everything() {
    let scratch = Scratch::repository(APP);
    let ran = scratch.run(&["diff", "--format", "json"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    let document: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(document["version"], 1);
    assert_eq!(document["tool"]["name"], "dashlift");
    assert_eq!(document["command"], "diff");
    assert_eq!(document["exit_code"], 1);
    let repository = &document["repositories"][0];
    assert_eq!(repository["path"], ".");
    assert!(
        repository["diff"]
            .as_str()
            .unwrap()
            .starts_with("diff --git")
    );
    assert_eq!(repository["changed"][0]["action"], "created");
    let app = &repository["apps"][0];
    let finding = &app["findings"][0];
    assert_eq!(finding["code"], "DL101");
    assert_eq!(finding["category"], "must");
    assert_eq!(finding["path"], "runtime.txt");
    assert_eq!(finding["line"], 1);
    assert_eq!(finding["end_column"], 13);
    assert_eq!(finding["fix"]["safety"], "safe");
    assert_eq!(app["fixed"][0]["code"], "DL101");
    assert_eq!(document["summary"]["safe_fixes"], 1);
    assert_eq!(document["summary"]["fixed"], 1);
}

#[test]
fn every_field_is_described() {
    fn fields(value: &serde_json::Value, found: &mut std::collections::BTreeSet<String>) {
        match value {
            serde_json::Value::Object(map) => {
                found.extend(map.keys().cloned());
                map.values().for_each(|value| fields(value, found));
            }
            serde_json::Value::Array(list) => list.iter().for_each(|value| fields(value, found)),
            _ => {}
        }
    }
    let scratch = Scratch::repository(APP);
    let mut found = std::collections::BTreeSet::new();
    for command in ["check", "diff", "plan", "migrate", "fix", "rules"] {
        let ran = scratch.run(&[command, "--format", "json"]);
        fields(&serde_json::from_str(&ran.out).unwrap(), &mut found);
    }
    let page = include_str!("../../docs/output.md");
    let unknown: Vec<&String> = found
        .iter()
        .filter(|field| !page.contains(&format!("`{field}`")))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    assert!(found.len() > 40, "{found:?}");
}

#[test]
fn json_says_the_branch_and_the_errors() {
    let scratch = Scratch::repository(APP);
    let ran = scratch.run(&["migrate", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let branch = &document["repositories"][0]["branch"];
    assert_eq!(branch["name"], "dash-enterprise-5");
    let commit = scratch.git(&["rev-parse", "dash-enterprise-5"]);
    assert_eq!(branch["commit"], commit.trim());
    scratch.git(&["branch", "-f", "dash-enterprise-5", "main"]);
    let ran = scratch.run(&["migrate", "--format", "json"]);
    assert_eq!(ran.code, 2);
    let document: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let error = document["repositories"][0]["error"].as_str().unwrap();
    assert!(error.contains("exists already"), "{error}");
    assert_eq!(document["exit_code"], 2);
}

#[test]
fn colours_obey_the_user() {
    let scratch = Scratch::repository(APP);
    let coloured = |arguments: &[&str], variable: Option<(&str, &str)>| {
        let mut command = scratch.program(arguments);
        if let Some((name, value)) = variable {
            command.env(name, value);
        }
        ran(command).out.contains('\u{1b}')
    };
    assert!(!coloured(&["check"], None));
    assert!(coloured(&["check", "--color", "always"], None));
    assert!(coloured(&["check"], Some(("CLICOLOR_FORCE", "1"))));
    assert!(!coloured(&["check"], Some(("NO_COLOR", "1"))));
    assert!(!coloured(
        &["check", "--color", "never"],
        Some(("CLICOLOR_FORCE", "1"))
    ));
}

#[test]
fn quiet_leaves_the_result_and_verbose_adds_notes() {
    let scratch = Scratch::repository(APP);
    scratch.write("venv/pyvenv.cfg", "home = /usr\n");
    let quiet = scratch.run(&["check", "-q"]);
    assert_eq!((quiet.code, quiet.err.as_str()), (1, ""));
    assert!(quiet.out.contains("DL101"));
    let verbose = scratch.run(&["check", "-v"]);
    assert!(
        verbose
            .err
            .contains("note: venv was skipped: a virtual environment\n"),
        "{}",
        verbose.err
    );
    assert_eq!(scratch.run(&["check", "-q", "-v"]).code, 2);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let scratch = Scratch::repository(APP);
    for arguments in [&["rules"][..], &["check"], &["diff"], &["--help"]] {
        let mut command = scratch.program(arguments);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut err = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut err)
            .unwrap();
        let code = child.wait().unwrap().code();
        assert!(
            code == Some(0) || code == Some(1),
            "{arguments:?}: {code:?} {err}"
        );
        assert!(!err.contains("panicked"), "{err}");
        assert!(!err.contains("could not be printed"), "{err}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_printed_is_an_error() {
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let scratch = Scratch::repository(APP);
    let mut command = scratch.program(&["check"]);
    let output = command.stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.contains("the result could not be printed"), "{err}");
}

#[test]
fn wrong_usage_is_two_and_help_is_nought() {
    let scratch = Scratch::folder(&[]);
    assert_eq!(scratch.run(&["check", "--colour", "always"]).code, 2);
    assert_eq!(scratch.run(&["chekc"]).code, 2);
    assert_eq!(scratch.run(&[]).code, 2);
    assert_eq!(scratch.run(&["check", "--target", "4.3"]).code, 2);
    for command in ["check", "diff", "fix", "migrate", "explain"] {
        let help = scratch.run(&[command, "--help"]);
        assert_eq!(help.code, 0);
        assert!(
            help.out.contains("\nExamples:\n  dashlift "),
            "{}",
            help.out
        );
    }
    let help = scratch.run(&["--help"]);
    assert!(
        help.out.contains("Exit codes:\n  0  nothing to do"),
        "{}",
        help.out
    );
}
