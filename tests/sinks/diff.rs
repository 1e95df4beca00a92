//! The unified diff: real `git apply` makes of it what the changes say.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use dashlift::report::diff::unified;
use dashlift::tree::{Change, EntryKind, MemoryTree, Overlay, Tree, TreePath, WorkTree};
use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::support::{Scratch, changes, git_command, path, written};

fn text(base: &[(&str, &str)], all: &[(&str, Change)]) -> String {
    let base = MemoryTree::new(base.iter().copied());
    String::from_utf8(unified(&base, &changes(all)).unwrap()).unwrap()
}

#[test]
fn a_diff_reads_as_git_prints_it() {
    let base = [
        ("Procfile", "web: gunicorn app:server\nworker: celery\n"),
        ("runtime.txt", "python-3.9\n"),
        ("requirements.txt", "dash\r\nnumpy"),
    ];
    let diff = text(
        &base,
        &[
            ("Procfile", written("web: gunicorn app:server\n")),
            ("project.toml", written("[project]\n")),
            ("requirements.txt", written("dash\r\nnumpy\r\n")),
            ("runtime.txt", Change::Remove),
            ("empty", written("")),
        ],
    );
    let expected = "\
diff --git a/Procfile b/Procfile
index 7b8a0c4..4ee2a31 100644
--- a/Procfile
+++ b/Procfile
@@ -1,2 +1 @@
 web: gunicorn app:server
-worker: celery
diff --git a/empty b/empty
new file mode 100644
index 0000000..e69de29
diff --git a/project.toml b/project.toml
new file mode 100644
index 0000000..bf7f217
--- /dev/null
+++ b/project.toml
@@ -0,0 +1 @@
+[project]
diff --git a/requirements.txt b/requirements.txt
index 0e1a4a5..ca7cd1f 100644
--- a/requirements.txt
+++ b/requirements.txt
@@ -1,2 +1,2 @@
 dash\r
-numpy
\\ No newline at end of file
+numpy\r
diff --git a/runtime.txt b/runtime.txt
deleted file mode 100644
index 9c49f6e..0000000
--- a/runtime.txt
+++ /dev/null
@@ -1 +0,0 @@
-python-3.9
";
    let without_names = |text: &str| {
        let lines = text.split_inclusive('\n');
        lines
            .filter(|line| !line.starts_with("index "))
            .collect::<String>()
    };
    assert_eq!(without_names(&diff), without_names(expected));
}

#[test]
fn a_diff_is_what_git_diff_prints() {
    let scratch = Scratch::repository(&[
        ("keep \"quoted\" \u{e9}.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n"),
        ("with blank.txt", "a\n"),
        ("tab\there", "a\n"),
        ("old name", "some text\n"),
        ("run.sh", "x\n"),
    ]);
    let executable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(scratch.path.join("run.sh"), executable).unwrap();
    scratch.link("link", "run.sh");
    scratch.git(&["add", "."]);
    scratch.git(&["commit", "--quiet", "--message", "more"]);
    let tree = WorkTree::open(&scratch.path, &TreePath::root()).unwrap();
    let mut overlay = Overlay::new(&tree);
    let name = path("keep \"quoted\" \u{e9}.txt");
    overlay
        .write(&name, b"1\n2\n3\n4\n5\n6\n7\n8\nnine\n".to_vec())
        .unwrap();
    overlay
        .write(&path("with blank.txt"), b"b".to_vec())
        .unwrap();
    overlay.write(&path("tab\there"), b"b\n".to_vec()).unwrap();
    overlay
        .rename(&path("old name"), &path("new name"))
        .unwrap();
    overlay.write(&path("run.sh"), b"x\ny\n".to_vec()).unwrap();
    overlay.remove(&path("link"));
    let ours = unified(&tree, overlay.changes()).unwrap();
    dashlift::tree::write_changes(&scratch.path, overlay.changes()).unwrap();
    scratch.git(&["add", "--all"]);
    let theirs = git_command(&scratch.path, &["diff", "--cached", "--abbrev=7"]);
    let theirs = { theirs }.output().unwrap().stdout;
    assert_eq!(
        String::from_utf8_lossy(&ours),
        String::from_utf8_lossy(&theirs)
    );
}

#[test]
fn patch_takes_it_too() {
    let scratch = Scratch::with(&[("with blank.txt", "a\n"), ("gone", "x\n")]);
    let tree = WorkTree::open(&scratch.path, &TreePath::root()).unwrap();
    let all = changes(&[
        ("with blank.txt", written("b")),
        ("made/new.txt", written("x\n")),
        ("gone", Change::Remove),
    ]);
    let diff = unified(&tree, &all).unwrap();
    let Ok(child) = Command::new("patch")
        .args(["-p1", "--silent"])
        .current_dir(&scratch.path)
        .stdin(Stdio::piped())
        .spawn()
    else {
        // Not every machine has it.
        return;
    };
    feed(child, &diff);
    assert_eq!(
        scratch.read("with blank.txt") + &scratch.read("made/new.txt"),
        "bx\n"
    );
    assert!(!scratch.path.join("gone").exists());
}

fn feed(mut child: std::process::Child, input: &[u8]) {
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(input)
    );
}

/// File names that no other name is a folder of.
fn name() -> impl Strategy<Value = String> {
    let folder = prop::sample::select(vec!["", "a/", "a b/", "\u{fc}/", "b/c/"]);
    let file = "[a-z \"\\\\\t\u{e9}\u{4e2d}._-]{0,6}";
    let end = prop::sample::select(vec![".txt", ".toml", " x"]);
    (folder, file, end).prop_map(|(folder, file, end)| format!("{folder}f{file}{end}"))
}

fn contents() -> impl Strategy<Value = Vec<u8>> {
    let line = prop::sample::select(vec![
        "dash\n",
        "numpy==1\n",
        "\n",
        "x\r\n",
        "\r",
        "-a\n",
        "+b\n",
        "@@ c\n",
        "\\ d\n",
        "\u{e9}\n",
        "--- e\n",
        " f\n",
        "last",
    ]);
    let lines = prop::collection::vec(line, 0..12).prop_map(|lines| lines.concat().into_bytes());
    let utf16 = "[a-z\r\n]{0,20}".prop_map(|text| {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    });
    prop_oneof![
        6 => lines,
        1 => prop::collection::vec(any::<u8>(), 0..200),
        1 => utf16,
        1 => Just([vec![b'x'; 8500], vec![0, b'y']].concat()),
    ]
}

/// A file before, and what happens to it.
type Case = (Option<(Vec<u8>, bool)>, Option<(Vec<u8>, bool)>);

fn case() -> impl Strategy<Value = Case> {
    let side = || prop::option::weighted(0.8, (contents(), any::<bool>()));
    (side(), side())
}

fn kind(executable: bool) -> EntryKind {
    if executable {
        EntryKind::Executable
    } else {
        EntryKind::File
    }
}

fn mode(executable: bool) -> u32 {
    if executable { 0o755 } else { 0o644 }
}

proptest! {
    #![proptest_config(Config { cases: 64, failure_persistence: None, ..Config::default() })]

    #[test]
    fn git_apply_makes_what_the_changes_say(
        cases in prop::collection::btree_map(name(), case(), 1..6),
    ) {
        let scratch = Scratch::new();
        let mut all = BTreeMap::new();
        for (name, (old, new)) in &cases {
            if let Some((bytes, run)) = old {
                scratch.write(name, bytes);
                let permissions = fs::Permissions::from_mode(mode(*run));
                fs::set_permissions(scratch.path.join(name), permissions).unwrap();
            }
            let change = match new {
                Some((bytes, run)) => Change::Write {
                    contents: bytes.as_slice().into(),
                    kind: kind(*run),
                },
                None => Change::Remove,
            };
            all.insert(path(name), change);
        }
        let tree = WorkTree::open(&scratch.path, &TreePath::root()).unwrap();
        let diff = unified(&tree, &all).unwrap();
        if !diff.is_empty() {
            let child = git_command(&scratch.path, &["apply", "--whitespace=nowarn", "-"])
                .stdin(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            feed(child, &diff);
        }
        let now = WorkTree::open(&scratch.path, &TreePath::root()).unwrap();
        for (name, (old, new)) in &cases {
            let Some((bytes, run)) = new else {
                prop_assert!(now.kind(&path(name)).is_none(), "{name}");
                continue;
            };
            prop_assert_eq!(&now.read(&path(name)).unwrap(), bytes);
            let ran = old.as_ref().is_some_and(|(_, run)| *run);
            prop_assert_eq!(now.kind(&path(name)), Some(kind(*run || ran)));
        }
    }
}
