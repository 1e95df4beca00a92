use super::*;
use crate::engine;
use crate::rules::{Repository, Settings};
use crate::tree::MemoryTree;

fn tree(app: &str) -> MemoryTree {
    MemoryTree::new([
        ("Procfile", "web: gunicorn app:server\n"),
        ("app.py", app),
        ("requirements.txt", "dash==2.9.0\ngunicorn==20.1.0\n"),
        ("runtime.txt", "python-3.9.6\n"),
    ])
}

fn check(tree: &MemoryTree) -> Outcome<'_> {
    let repository = Repository {
        tree,
        scope: TreePath::root(),
        remotes: None,
    };
    engine::check(&repository, &Settings::default())
}

fn looked(scope: &TreePath) -> Looked<'_> {
    Looked {
        scope,
        rules: rules::all(),
    }
}

const APP: &str = "a = open('/srv/x')\n";

/// How many findings of `now` are new, of the baseline, and gone, for the baseline of `before`.
fn counts(before: &str, now: &str) -> (usize, usize, usize) {
    let tree_before = tree(before);
    let baseline = Baseline::new(&check(&tree_before));
    let tree_now = tree(now);
    let mut outcome = check(&tree_now);
    baseline.apply(&mut outcome, looked(&TreePath::root()));
    let found = &outcome.baselined;
    (outcome.open().count(), found.findings.len(), found.gone)
}

#[test]
fn it_prints_what_it_reads() {
    let tree = tree(APP);
    let baseline = Baseline::new(&check(&tree));
    assert!(baseline.len() >= 2, "{baseline:?}");
    let text = baseline.print().unwrap();
    assert_eq!(Baseline::parse(text.as_bytes()), Ok(baseline));
    assert!(text.contains("{\"path\":\"runtime.txt\",\"rule\":\"DL101\",\"fingerprint\":\""));
    let none = Baseline::default();
    assert!(none.is_empty());
    assert_eq!(Baseline::parse(none.print().unwrap().as_bytes()), Ok(none));
}

#[test]
fn findings_move_with_their_lines() {
    let (new, kept, gone) = counts(APP, &format!("import os\n\n\n{APP}b = 1\n"));
    assert_eq!((new, gone), (0, 0));
    assert!(kept >= 2);
}

#[test]
fn a_second_equal_finding_is_new() {
    let (new, kept, gone) = counts(APP, &format!("{APP}{APP}"));
    assert_eq!((new, gone), (1, 0));
    assert!(kept >= 2);
}

#[test]
fn a_finding_that_went_is_counted() {
    let (_, all, _) = counts(APP, APP);
    let (new, kept, gone) = counts(APP, "a = 1\n");
    assert_eq!((new, kept, gone), (0, all - 1, 1));
}

#[test]
fn what_was_not_looked_at_stays() {
    let tree = tree(APP);
    let older = Baseline::new(&check(&tree));
    let elsewhere = TreePath::new("other").unwrap();
    let kept = Baseline::default().with_rest_of(older.clone(), looked(&elsewhere));
    assert_eq!(kept, Ok(older.clone()));
    let root = TreePath::root();
    let forgotten = Baseline::default().with_rest_of(older, looked(&root));
    assert!(forgotten.unwrap().is_empty());
}

#[test]
fn other_files_are_refused() {
    let cases = [
        ("", "is no baseline of dashlift (EOF"),
        (
            "[]",
            "is no baseline of dashlift (it does not say its version)",
        ),
        (
            "{\"version\": 1}",
            "is no baseline of dashlift (it does not",
        ),
        (
            "{\"dashlift-baseline\": 3, \"findings\": 3}",
            "is a baseline of version 3; this dashlift knows none above 2",
        ),
        (
            "{\"dashlift-baseline\": 1, \"findings\": 3}",
            "is no baseline",
        ),
        (
            "{\"dashlift-baseline\": 1, \"findings\": [{\"path\": \"/etc/x\", \"rule\": \"DL101\", \
             \"fingerprint\": \"0123456789abcdef\"}]}",
            "is no baseline of dashlift (one of its findings cannot be read)",
        ),
    ];
    for (text, sentence) in cases {
        let error = Baseline::parse(text.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with(sentence), "{error}");
    }
}
