//! `migrate`: a branch with one commit, and everything else as it was.

use std::path::PathBuf;

use crate::support::{APP, DONE, Scratch};

/// Everything but objects, the new branch and its log.
fn kept(scratch: &Scratch) -> Vec<(PathBuf, Vec<u8>)> {
    let all = scratch.snapshot().into_iter();
    all.filter(|(path, _)| {
        let path = path.to_string_lossy();
        !path.contains(".git/objects/") && !path.ends_with("/dash-enterprise-5")
    })
    .collect()
}

#[test]
fn only_a_branch_is_made() {
    let scratch = Scratch::repository(APP);
    scratch.write("app.py", "server = 'staged'\n");
    scratch.git(&["add", "app.py"]);
    scratch.write("app.py", "server = 'changed'\n");
    scratch.write("new.txt", "untracked\n");
    let before = kept(&scratch);
    let ran = scratch.run(&["migrate"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(kept(&scratch), before);
    let changed = scratch.git(&["diff", "--name-status", "main", "dash-enterprise-5"]);
    assert_eq!(changed, "A\tproject.toml\nD\truntime.txt\n");
    assert_eq!(
        scratch.git(&["rev-parse", "dash-enterprise-5^"]),
        scratch.git(&["rev-parse", "main"])
    );
    let author = scratch.git(&["log", "-1", "--format=%an <%ae>", "dash-enterprise-5"]);
    assert_eq!(author, "Ada <ada@example.com>\n");
}

#[test]
fn the_account_and_the_message_say_what_was_done_and_what_is_left() {
    let scratch = Scratch::repository(APP);
    let ran = scratch.run(&["migrate"]);
    let commit = scratch.git(&["rev-parse", "--short=9", "dash-enterprise-5"]);
    let heading = format!(
        "Committed on the branch dash-enterprise-5 ({}):\n",
        commit.trim()
    );
    assert!(ran.out.starts_with(&heading), "{}", ran.out);
    assert!(
        ran.err.contains("git switch dash-enterprise-5"),
        "{}",
        ran.err
    );
    let message = scratch.git(&["log", "-1", "--format=%B", "dash-enterprise-5"]);
    assert!(
        message.starts_with("Move to Dash Enterprise 5\n\nMade by dashlift "),
        "{message}"
    );
    assert!(
        message.contains("\nDL101 runtime-txt\n- runtime.txt: move Python 3.9 into project.toml\n"),
        "{message}"
    );
    assert!(message.contains("\nLeft to do by hand:\n"), "{message}");
    assert!(
        message.contains("\n      de apps update --name APP --python-version 3.9\n"),
        "{message}"
    );
    assert!(message.lines().all(|line| line.len() <= 80), "{message}");
}

#[test]
fn an_existing_branch_is_refused_and_replaced_by_force() {
    let scratch = Scratch::repository(APP);
    scratch.git(&["branch", "dash-enterprise-5"]);
    let before = scratch.snapshot();
    let ran = scratch.run(&["migrate"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(
        ran.err.contains("dash-enterprise-5 exists already"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("--force"), "{}", ran.err);
    assert!(ran.err.contains("--branch"), "{}", ran.err);
    assert_eq!(
        scratch.git(&["rev-parse", "dash-enterprise-5"]),
        scratch.git(&["rev-parse", "main"])
    );
    assert_eq!(scratch.snapshot().len(), before.len());
    assert_eq!(scratch.run(&["migrate", "--branch", "other"]).code, 0);
    assert_eq!(scratch.run(&["migrate", "--force"]).code, 0);
    assert_eq!(
        scratch.git(&["rev-parse", "dash-enterprise-5^{tree}"]),
        scratch.git(&["rev-parse", "other^{tree}"])
    );
}

#[test]
fn nothing_to_change_makes_no_branch() {
    let scratch = Scratch::repository(DONE);
    let before = scratch.snapshot();
    let ran = scratch.run(&["migrate"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert!(
        ran.err
            .starts_with("Nothing to change, so no branch was made.\n"),
        "{}",
        ran.err
    );
    assert_eq!(scratch.snapshot(), before);
}

#[test]
fn the_last_commit_counts_and_not_the_work_tree() {
    let scratch = Scratch::repository(APP);
    scratch.write("runtime.txt", "python-3.8.1\n");
    let ran = scratch.run(&["migrate"]);
    assert_eq!(ran.code, 0);
    assert!(
        ran.err.starts_with(
            "note: runtime.txt has uncommitted changes, which are not on the branch\n"
        ),
        "{}",
        ran.err
    );
    let project = scratch.git(&["show", "dash-enterprise-5:project.toml"]);
    assert!(project.contains("3.9"), "{project}");
}

#[test]
fn a_bare_repository_is_migrated() {
    let scratch = Scratch::repository(APP);
    scratch.git(&["clone", "-q", "--bare", ".", "mirror.git"]);
    scratch.git_in("mirror.git", &["config", "user.name", "Ada"]);
    scratch.git_in("mirror.git", &["config", "user.email", "ada@example.com"]);
    let check = scratch.run(&["check", "mirror.git", "--format", "concise"]);
    assert_eq!(check.code, 1);
    assert!(
        check.out.starts_with("runtime.txt:1:1: DL101 "),
        "{}",
        check.out
    );
    assert!(
        check.err.contains("`dashlift migrate mirror.git`"),
        "{}",
        check.err
    );
    assert!(
        scratch
            .run(&["diff", "mirror.git"])
            .out
            .starts_with("diff --git")
    );
    let fix = scratch.run(&["fix", "mirror.git"]);
    assert_eq!(fix.code, 2);
    assert!(fix.err.contains("use `dashlift migrate`"), "{}", fix.err);
    assert_eq!(scratch.run(&["migrate", "mirror.git"]).code, 0);
    let files = scratch.git_in(
        "mirror.git",
        &["ls-tree", "--name-only", "dash-enterprise-5"],
    );
    assert!(files.contains("project.toml"), "{files}");
}

#[test]
fn what_git_needs_is_said() {
    let plain = Scratch::folder(APP).run(&["migrate"]);
    assert_eq!(plain.code, 2);
    assert!(
        plain.err.starts_with("error: this is no git repository"),
        "{}",
        plain.err
    );

    let unborn = Scratch::folder(APP);
    unborn.git(&["init", "-q", "-b", "main"]);
    let ran = unborn.run(&["migrate"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("main has no commit yet"), "{}", ran.err);
    assert_eq!(unborn.run(&["check"]).code, 1);

    let nobody = Scratch::repository(APP);
    nobody.git(&["config", "--unset", "user.email"]);
    let ran = nobody.run(&["migrate"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("git does not know who you are"),
        "{}",
        ran.err
    );
}

#[test]
fn a_detached_head_and_a_linked_work_tree_are_migrated() {
    let scratch = Scratch::repository(APP);
    scratch.git(&["checkout", "-q", "--detach"]);
    assert_eq!(scratch.run(&["migrate"]).code, 0);
    scratch.git(&["worktree", "add", "-q", "linked", "-b", "side"]);
    assert_eq!(
        scratch.run_in("linked", &["migrate", "--branch", "b"]).code,
        0
    );
}

#[test]
fn a_folder_limits_what_is_migrated() {
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
    let scratch = Scratch::repository(&files);
    assert_eq!(scratch.run(&["migrate", "two", "-m", "Lift two"]).code, 0);
    let changed = scratch.git(&["diff", "--name-only", "main", "dash-enterprise-5"]);
    assert_eq!(changed, "two/project.toml\ntwo/runtime.txt\n");
    let subject = scratch.git(&["log", "-1", "--format=%s", "dash-enterprise-5"]);
    assert_eq!(subject, "Lift two\n");
}

#[test]
fn what_is_left_is_in_the_message_and_the_next_command_is_named() {
    let mut files = APP.to_vec();
    files.push(("DOKKU_SCALE", "web=3\n"));
    files.push(("bin/pre_compile", "echo\n"));
    files.retain(|(path, _)| *path != "runtime.txt");
    files.push(("runtime.txt", "python-2.7.18\n"));
    let scratch = Scratch::repository(&files);
    let path = scratch.path();
    let path = path.to_str().unwrap();
    let ran = scratch.run_in("..", &["migrate", path]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.contains("\nNot fixed:\n\n"), "{}", ran.out);
    assert!(
        ran.err
            .contains(&format!("`git -C {path} show dash-enterprise-5`")),
        "{}",
        ran.err
    );
    let next = format!("`dashlift migrate {path} --force --unsafe-fixes`");
    assert!(ran.err.contains(&next), "{}", ran.err);
    let message = scratch.git(&["log", "-1", "--format=%B", "dash-enterprise-5"]);
    assert!(
        message.contains("- Set `web` to 3 replicas in the Scale tab. (DL108)\n"),
        "{message}"
    );
    assert!(message.contains("\nStill found:\n\n"), "{message}");
    assert!(message.contains("(unsafe fix, not made:"), "{message}");
}
