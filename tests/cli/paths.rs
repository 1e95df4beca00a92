//! The paths of the command line: what each kind means, and how paths are printed.

use crate::support::{APP, DONE, Scratch};

fn two_apps() -> Scratch {
    let mut files: Vec<(String, &str)> = Vec::new();
    for folder in ["one", "two"] {
        files.extend(
            APP.iter()
                .map(|(path, text)| (format!("{folder}/{path}"), *text)),
        );
    }
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), *text))
        .collect();
    Scratch::repository(&files)
}

#[test]
fn paths_are_printed_as_seen_from_the_current_folder() {
    let scratch = two_apps();
    let concise = |folder, arguments: &[&str]| {
        let arguments = [&["check", "--format", "concise"], arguments].concat();
        let out = scratch.run_in(folder, &arguments).out;
        let paths = out
            .lines()
            .map(|line| line.split(':').next().unwrap().to_owned());
        paths.collect::<Vec<_>>()
    };
    assert_eq!(concise(".", &["two"]), ["two/runtime.txt"]);
    assert_eq!(concise("two", &["."]), ["runtime.txt"]);
    assert_eq!(concise("two", &[]), ["../one/runtime.txt", "runtime.txt"]);
    assert_eq!(
        concise(".", &["two", "one"]),
        ["two/runtime.txt", "one/runtime.txt"]
    );
}

#[test]
fn a_folder_is_never_left_when_writing() {
    let scratch = two_apps();
    assert_eq!(scratch.run(&["fix", "one"]).code, 0);
    assert!(scratch.path().join("one/project.toml").exists());
    assert!(scratch.path().join("two/runtime.txt").exists());
}

#[test]
fn the_worst_of_several_paths_counts() {
    let scratch = Scratch::folder(&[("empty/README.md", "x\n"), ("file.txt", "x\n")]);
    for (folder, app) in [("done", DONE), ("todo", APP)] {
        for (path, text) in app {
            scratch.write(&format!("{folder}/{path}"), text);
        }
    }
    let code = |paths: &[&str]| scratch.run(&[&["check"], paths].concat()).code;
    assert_eq!(code(&["done"]), 0);
    assert_eq!(code(&["done", "todo"]), 1);
    assert_eq!(code(&["todo", "empty", "done"]), 3);
    assert_eq!(code(&["todo", "empty", "nowhere"]), 2);
    let ran = scratch.run(&["fix", "file.txt"]);
    assert_eq!(ran.code, 2);
    assert_eq!(
        ran.err,
        "error: file.txt is a file; name the folder of the app, or its repository\n"
    );
    let ran = scratch.run(&["check", "nowhere"]);
    assert_eq!(ran.err, "error: nowhere: there is no such folder\n");
}

#[test]
fn several_paths_are_printed_in_their_order() {
    let scratch = Scratch::folder(&[]);
    for folder in ["a", "b", "c"] {
        for (path, text) in APP {
            scratch.write(&format!("{folder}/{path}"), text);
        }
    }
    let ran = scratch.run(&["check", "c", "a", "b", "--format", "concise"]);
    let first: Vec<&str> = ran.out.lines().map(|line| &line[..1]).collect();
    assert_eq!(first, ["c", "a", "b"]);
    let headings: Vec<&str> = ran
        .err
        .lines()
        .filter(|line| line.starts_with('═'))
        .collect();
    assert_eq!(headings, ["══ c", "══ a", "══ b"]);
    assert!(ran.err.contains("`dashlift fix c`"), "{}", ran.err);
}

#[test]
fn several_folders_of_one_repository_share_it() {
    let scratch = two_apps();
    let ran = scratch.run(&["migrate", "one", "two"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err
            .contains("error: two is in the same repository as a path before it"),
        "{}",
        ran.err
    );
    let changed = scratch.git(&["diff", "--name-only", "main", "dash-enterprise-5"]);
    assert_eq!(changed, "one/project.toml\none/runtime.txt\n");
    assert_eq!(
        scratch
            .run(&["fix", "one", "two", "nowhere", "elsewhere"])
            .code,
        2
    );
    assert!(scratch.path().join("one/project.toml").exists());
    assert!(scratch.path().join("two/project.toml").exists());
}

#[test]
fn gits_own_folder_is_no_app() {
    let scratch = Scratch::repository(APP);
    let ran = scratch.run(&["check", ".git"]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(ran.err.contains("git's own folder"), "{}", ran.err);
}
