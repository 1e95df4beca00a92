//! Repositories of every kind, told apart by what lies in their folders.

use std::fs;

use tempfile::TempDir;

use super::*;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn names(found: &FoundRepositories) -> Vec<&str> {
    found
        .places
        .iter()
        .map(|place| place.name.as_str())
        .collect()
}

#[test]
fn repositories_are_found_at_any_depth_and_inside_one_another() {
    let folder = folder(&[
        ("b/.git/HEAD", ""),
        ("b/.git/modules/sub/HEAD", ""),
        ("b/.gitignore", "ignored/\n"),
        ("b/ignored/inner/.git/HEAD", ""),
        ("b/sub/.git", "gitdir: ../.git/modules/sub\n"),
        ("a/deep/er/.git/HEAD", ""),
        ("a/node_modules/x/.git/HEAD", ""),
        ("a/env/pyvenv.cfg", ""),
        ("a/env/src/x/.git/HEAD", ""),
        ("mirror.git/HEAD", ""),
        ("mirror.git/objects/x", ""),
        ("mirror.git/refs/x/.git/HEAD", ""),
        ("broken.git/objects/x", ""),
        ("plain/app.py", ""),
        ("lost/.git", "gitdir: ../nowhere\n"),
    ]);
    let found = below(folder.path()).unwrap();
    assert_eq!(
        names(&found),
        [
            "a/deep/er",
            "b",
            "b/ignored/inner",
            "broken.git",
            "lost",
            "mirror.git"
        ]
    );
    assert_eq!(found.submodules, ["b/sub"]);
    assert!(found.places.iter().all(|place| place.problem.is_none()));
}

#[test]
fn the_folder_itself_may_be_one() {
    let folder = folder(&[(".git/HEAD", ""), ("inner/.git/HEAD", "")]);
    assert_eq!(names(&below(folder.path()).unwrap()), [".", "inner"]);
}

#[test]
fn of_the_work_trees_of_one_repository_one_counts() {
    let outside = folder(&[
        ("main/.git/worktrees/one/HEAD", ""),
        ("main/.git/worktrees/two/HEAD", ""),
    ]);
    let outside = outside.path().join("main/.git/worktrees");
    let link = |name: &str| format!("gitdir: {}\n", outside.join(name).display());
    let folder = folder(&[
        ("main/.git/worktrees/side/HEAD", ""),
        ("side/.git", "gitdir: ../main/.git/worktrees/side\n"),
        ("one/.git", &link("one")),
        ("two/.git", &link("two")),
    ]);
    let found = below(folder.path()).unwrap();
    assert_eq!(names(&found), ["main", "one"]);
    assert_eq!(found.repeated, ["side", "two"]);
}

#[test]
fn a_list_names_paths_from_its_own_folder() {
    let folder = folder(&[("a/.git/HEAD", ""), ("b.git/HEAD", "")]);
    let absolute = folder.path().join("b.git");
    let list = format!(
        "\u{feff}# the first\r\n\r\n  a \r\nb.git\nmissing\n./a\na/.git\n{}",
        absolute.display()
    );
    let found = listed(list.as_bytes(), folder.path());
    assert_eq!(names(&found), ["a", "b.git", "missing"]);
    assert_eq!(
        found.repeated,
        ["./a", "a/.git", absolute.to_str().unwrap()]
    );
    let problems: Vec<_> = found.places.iter().map(|place| &place.problem).collect();
    assert_eq!(
        problems,
        [&None, &None, &Some("there is no such folder".to_owned())]
    );
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let folder = folder(&[]);
    assert!(below(&folder.path().join("x")).is_err());
    assert_eq!(below(folder.path()).unwrap(), FoundRepositories::default());
}
