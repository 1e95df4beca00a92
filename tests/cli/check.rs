//! `check`: what it prints, and its exit codes.

use crate::support::{APP, DONE, Scratch};

#[test]
fn findings_are_the_result_and_counts_are_for_people() {
    let scratch = Scratch::repository(APP);
    let ran = scratch.run(&["check"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.starts_with("error[DL101]: "), "{}", ran.out);
    assert!(ran.out.contains(" --> runtime.txt:1:1\n"), "{}", ran.out);
    assert!(
        ran.out.contains("1 | python-3.9.6\n  | ^^^^^^^^^^^^\n"),
        "{}",
        ran.out
    );
    assert!(
        ran.out
            .contains("= help: [safe fix] move Python 3.9 into project.toml")
    );
    assert_eq!(
        ran.err,
        "1 finding: 1 must\n1 can be fixed with `dashlift fix`\n"
    );
}

#[test]
fn an_app_without_findings_has_nothing_to_do() {
    let ran = Scratch::repository(DONE).run(&["check"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert_eq!(ran.err, "Nothing to do (1 app checked)\n");
}

#[test]
fn nothing_is_written() {
    let scratch = Scratch::repository(APP);
    let before = scratch.snapshot();
    scratch.run(&["check"]);
    scratch.run(&["diff"]);
    assert_eq!(scratch.snapshot(), before);
}

#[test]
fn without_an_app_the_code_is_three() {
    let scratch = Scratch::repository(&[("README.md", "hello\n")]);
    let before = scratch.snapshot();
    for command in ["check", "diff", "fix", "migrate"] {
        let ran = scratch.run(&[command]);
        assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{command}");
        assert!(
            ran.err.starts_with("error: no app found here\n"),
            "{}",
            ran.err
        );
        assert!(ran.err.contains("Procfile"), "{}", ran.err);
    }
    assert_eq!(scratch.snapshot(), before);
}

#[test]
fn advice_counts_only_when_strict() {
    let mut files = DONE.to_vec();
    files.push(("CHECKS", "WAIT=5\n/health OK\n"));
    let scratch = Scratch::repository(&files);
    let ran = scratch.run(&["check"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.starts_with("note[DL107]: "), "{}", ran.out);
    assert_eq!(scratch.run(&["check", "--strict"]).code, 1);
    scratch.write("dashlift.toml", "strict = true\n");
    assert_eq!(scratch.run(&["check"]).code, 1);
    assert_eq!(scratch.run(&["check", "--no-strict"]).code, 0);
}

#[test]
fn several_apps_are_counted_one_by_one() {
    let mut files: Vec<(String, &str)> = Vec::new();
    for (folder, app) in [("one", APP), ("two", DONE), ("three", APP)] {
        files.extend(
            app.iter()
                .map(|(path, text)| (format!("{folder}/{path}"), *text)),
        );
    }
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), *text))
        .collect();
    let ran = Scratch::repository(&files).run(&["check"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.out.starts_with("── app one\n\nerror[DL101]"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("\n── app three\n"), "{}", ran.out);
    assert!(!ran.out.contains("── app two"), "{}", ran.out);
    assert_eq!(
        ran.err,
        "  one    1 must\n  three  1 must\n  two    nothing to do\n\
         2 findings in 3 apps: 2 must\n2 can be fixed with `dashlift fix`\n"
    );
}

#[test]
fn rules_are_selected_and_ignored() {
    let scratch = Scratch::repository(APP);
    assert_eq!(scratch.run(&["check", "--select", "DL2,DL102"]).code, 0);
    assert_eq!(scratch.run(&["check", "--ignore", "DL1"]).code, 0);
    assert_eq!(
        scratch
            .run(&["check", "--ignore", "DL1", "--select", "dl101"])
            .code,
        1
    );
    let ran = scratch.run(&["check", "--select", "DL999"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("`DL999` selects no rule"), "{}", ran.err);
}
