//! `fix`: what it writes, and what it refuses to write.

use crate::support::{APP, Scratch};

#[test]
fn the_files_are_repaired_and_the_account_says_so() {
    let scratch = Scratch::repository(APP);
    let ran = scratch.run(&["fix"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(scratch.read("project.toml").contains("'3.9.*'"));
    assert!(!scratch.path().join("runtime.txt").exists());
    assert!(
        ran.out
            .starts_with("Fixed:\n  DL101 runtime.txt: move Python 3.9"),
        "{}",
        ran.out
    );
    assert!(
        ran.out
            .contains("2 files:\n  A project.toml\n  D runtime.txt\n"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("Left for you after these fixes:\n  1. "),
        "{}",
        ran.out
    );
    assert!(
        ran.out
            .contains("de apps update --name APP --python-version 3.9")
    );
    assert!(ran.err.contains("git diff"), "{}", ran.err);
    assert!(
        ran.err
            .ends_with("Nothing left to find: 1 finding fixed in 1 app\n"),
        "{}",
        ran.err
    );
    let again = scratch.run(&["fix", "--allow-dirty"]);
    assert_eq!((again.code, again.out.as_str()), (0, ""));
}

#[test]
fn files_with_uncommitted_changes_are_refused() {
    let scratch = Scratch::repository(APP);
    scratch.write("runtime.txt", "python-3.8.1\n");
    let before = scratch.snapshot();
    let ran = scratch.run(&["fix"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_eq!(
        ran.err,
        "error: these files have uncommitted changes, which git could not bring back:\n  \
         runtime.txt\n  commit or stash them, or use --allow-dirty\n"
    );
    assert_eq!(scratch.snapshot(), before);
    assert_eq!(scratch.run(&["fix", "--allow-dirty"]).code, 0);
    assert!(scratch.read("project.toml").contains("3.8"));
}

#[test]
fn other_files_may_have_uncommitted_changes() {
    let scratch = Scratch::repository(APP);
    scratch.write("app.py", "server = 1\n");
    assert_eq!(scratch.run(&["fix"]).code, 0);
    assert_eq!(scratch.read("app.py"), "server = 1\n");
}

#[test]
fn a_folder_without_git_is_repaired_too() {
    let scratch = Scratch::folder(APP);
    let ran = scratch.run(&["fix"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(scratch.path().join("project.toml").exists());
    assert!(!ran.err.contains("git diff"), "{}", ran.err);
}

#[test]
fn what_remains_decides_the_exit_code() {
    let mut files = APP.to_vec();
    files.retain(|(path, _)| *path != "runtime.txt");
    files.push(("runtime.txt", "python-2.7.18\n"));
    let scratch = Scratch::repository(&files);
    let ran = scratch.run(&["fix"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.err
            .ends_with("1 can be fixed with `dashlift fix --unsafe-fixes`\n"),
        "{}",
        ran.err
    );
    assert_eq!(scratch.run(&["fix", "--unsafe-fixes"]).code, 0);
}

#[test]
fn the_concise_format_has_a_line_for_each_repair() {
    let ran = Scratch::repository(APP).run(&["fix", "--format", "concise"]);
    assert_eq!(
        ran.out,
        "runtime.txt:1:1: DL101 fixed: move Python 3.9 into project.toml\n"
    );
}

#[cfg(unix)]
#[test]
fn a_script_that_is_made_can_be_started() {
    use std::os::unix::fs::PermissionsExt;

    let command = r#"{"scripts": {"dokku": {"predeploy": "python prepare.py"}}}"#;
    let scratch = Scratch::repository(&[
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", "dash==2.9.0\ngunicorn==20.1.0\n"),
        ("app.json", command),
        ("prepare.py", "print(1)\n"),
    ]);
    let patch = scratch.run(&["diff"]).out;
    let script = "b/predeploy.sh\nnew file mode 100755\n";
    assert!(patch.contains(script), "{patch}");
    assert!(
        patch.contains("b/project.toml\nnew file mode 100644\n"),
        "{patch}"
    );
    scratch.run(&["migrate"]);
    let committed = scratch.git(&[
        "ls-tree",
        "dash-enterprise-5",
        "predeploy.sh",
        "project.toml",
    ]);
    assert!(committed.starts_with("100755 blob "), "{committed}");
    assert!(committed.contains("\n100644 blob "), "{committed}");
    scratch.run(&["fix"]);
    let mode = |name: &str| {
        let file = std::fs::metadata(scratch.path().join(name)).unwrap();
        file.permissions().mode() & 0o111
    };
    assert_ne!(mode("predeploy.sh"), 0);
    assert_eq!(mode("project.toml"), 0);
    scratch.git(&["add", "-A"]);
    assert_eq!(
        scratch.git(&["diff", "--cached", "--stat", "dash-enterprise-5"]),
        ""
    );
}
