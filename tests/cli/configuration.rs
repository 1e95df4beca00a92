//! Configuration files: which one counts, and what is said about a wrong one.

use crate::support::{APP, Scratch};

#[test]
fn the_nearest_file_counts() {
    let mut files: Vec<(String, &str)> = Vec::new();
    for folder in ["a", "b"] {
        files.extend(
            APP.iter()
                .map(|(path, text)| (format!("{folder}/{path}"), *text)),
        );
    }
    files.push(("dashlift.toml".to_owned(), "ignore = [\"DL101\"]\n"));
    files.push((
        "b/pyproject.toml".to_owned(),
        "[project]\nname = \"b\"\n\n[tool.dashlift]\nselect = [\"DL1\"]\n",
    ));
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), *text))
        .collect();
    let scratch = Scratch::repository(&files);
    assert_eq!(scratch.run(&["check", "a"]).code, 0);
    assert_eq!(scratch.run(&["check", "b"]).code, 1);
    assert_eq!(scratch.run(&["check", "a", "--no-config"]).code, 1);
    assert_eq!(
        scratch
            .run(&["check", "a", "--config", "b/pyproject.toml"])
            .code,
        1
    );
    assert_eq!(scratch.run(&["check", "a", "--ignore", "DL2"]).code, 1);
    let ran = scratch.run(&["check", "-v", "a"]);
    assert!(ran.err.starts_with("note: configured by "), "{}", ran.err);
    assert_eq!(scratch.run(&["check", "a", "b"]).code, 1);
}

#[test]
fn a_wrong_file_is_an_error_with_its_place() {
    let scratch = Scratch::repository(APP);
    scratch.write("dashlift.toml", "strict = true\nbrnach = \"x\"\n");
    let path = scratch.path().join("dashlift.toml");
    for command in ["check", "diff", "fix", "migrate"] {
        let ran = scratch.run(&[command]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert_eq!(
            ran.err,
            format!(
                "error: {}:2:1: unknown key `brnach`; did you mean `branch`?\n",
                path.display()
            )
        );
    }
    let ran = scratch.run(&["check", "--config", "nowhere.toml"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.starts_with("error: nowhere.toml: is not there"),
        "{}",
        ran.err
    );
}

#[test]
fn a_bare_repository_is_configured_by_its_commit() {
    let scratch = Scratch::repository(APP);
    scratch.write("dashlift.toml", "ignore = [\"DL101\"]\n");
    scratch.commit();
    scratch.git(&["clone", "-q", "--bare", ".", "mirror.git"]);
    std::fs::remove_file(scratch.path().join("dashlift.toml")).unwrap();
    assert_eq!(scratch.run(&["check", "mirror.git"]).code, 0);
    assert_eq!(scratch.run(&["check"]).code, 1);
}

#[test]
fn the_branch_can_be_configured() {
    let scratch = Scratch::repository(APP);
    scratch.write("dashlift.toml", "branch = \"lifted\"\n");
    assert_eq!(scratch.run(&["migrate"]).code, 0);
    assert!(scratch.git(&["branch"]).contains("lifted"));
}

#[test]
fn a_host_with_a_password_is_refused_and_not_repeated() {
    let scratch = Scratch::repository(APP);
    let ran = scratch.run(&["check", "--de5-host", "https://me:hunter2@dash.example.com"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("must be a host name"), "{}", ran.err);
    assert!(!ran.err.contains("hunter2"), "{}", ran.err);
}
