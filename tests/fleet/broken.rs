//! Repositories broken in many ways: each fails by itself, with a reason, and nothing half-written
//! is left in it.

use std::fs;

use crate::support::{BRANCH, Fleet, git_folder};

/// What was broken, and the words that the reason must have.
pub(crate) type Broken = (&'static str, &'static str);

/// Breaks five repositories of a fleet of at least 50 in five ways.
pub(crate) fn break_five(fleet: &Fleet) -> [Broken; 5] {
    let git = |name: &str| fleet.path(&git_folder(name));
    fleet.write("fleet/group-1/app-001/.git/HEAD", "no branch at all\n");

    let missing = "fleet/group-1/app-010";
    loosen(fleet, missing);
    let tree = fleet.git(missing, &["rev-parse", "HEAD^{tree}"]);
    let (folder, rest) = tree.trim().split_at(2);
    fs::remove_file(
        git("group-1/app-010")
            .join("objects")
            .join(folder)
            .join(rest),
    )
    .unwrap();

    // The lock of somebody who is at work.
    fleet.write(
        &format!("fleet/group-2/app-020/.git/{BRANCH}.lock"),
        "0123456789\n",
    );

    // No place for a branch, for root too.
    let heads = git("group-0/app-030").join("refs/heads");
    fs::remove_dir_all(&heads).unwrap();
    fs::write(&heads, "").unwrap();

    let packs = git("group-1/app-040").join("objects/pack");
    for entry in fs::read_dir(packs).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "pack") {
            let bytes = fs::read(&path).unwrap();
            fs::remove_file(&path).unwrap();
            fs::write(&path, &bytes[..bytes.len() / 3]).unwrap();
        }
    }
    [
        (
            "group-1/app-001",
            "the repository is damaged: corrupted loose reference file: HEAD",
        ),
        (
            "group-1/app-010",
            "the last commit cannot be read: object not found",
        ),
        ("group-2/app-020", "another process works on the repository"),
        ("group-0/app-030", "the repository cannot be written"),
        ("group-1/app-040", "the repository is damaged: "),
    ]
}

/// Takes the objects out of the pack.
fn loosen(fleet: &Fleet, repository: &str) {
    let packs = fleet.path(repository).join(".git/objects/pack");
    let aside = fleet.path("pack");
    fs::rename(&packs, &aside).unwrap();
    for entry in fs::read_dir(&aside).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "pack") {
            let mut git = std::process::Command::new("git");
            git.current_dir(fleet.path(repository))
                .args(["unpack-objects", "-q"])
                .stdin(fs::File::open(path).unwrap());
            assert!(fleet.isolated(&mut git).status().unwrap().success());
        }
    }
}

#[test]
fn five_that_are_broken_fail_and_the_others_are_converted() {
    let fleet = Fleet::of(50);
    let broken = break_five(&fleet);
    let ran = fleet.run(&["batch", "fleet", "--migrate", "--state", "s.jsonl"]);
    assert_eq!(ran.code, 5, "{}\n{}", ran.out, ran.err);
    assert_eq!(ran.out.lines().count(), 50);
    assert!(
        ran.err
            .contains("50 repositories: 45 converted, 5 failed\n"),
        "{}",
        ran.err
    );
    let records = fleet.records("s.jsonl");
    for (name, words) in broken {
        let [record] = records[name].as_slice() else {
            panic!("{name}");
        };
        assert_eq!(record["outcome"], "failed", "{name}");
        let error = record["error"].as_str().unwrap();
        assert!(error.contains(words), "{name}: {error}");
        let line = format!("failed: {error}\n");
        assert!(ran.out.contains(&line), "{}", ran.out);
        assert!(
            !fleet.path(&git_folder(name)).join(BRANCH).exists(),
            "{name}"
        );
    }
    let lock = format!("{}/{BRANCH}.lock", git_folder("group-2/app-020"));
    assert_eq!(fleet.read(&lock), "0123456789\n");
}
