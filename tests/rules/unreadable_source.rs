//! DL313.

use crate::harness::{Case, app};
use dashlift::rules::Category;

fn with(bytes: &[u8]) -> Case {
    app([
        ("Procfile", b"web: gunicorn app:server\n".as_slice()),
        ("app.py", b"import helper\nserver = 1\n"),
        ("helper.py", bytes),
    ])
    .rule("DL313")
}

const POINTER: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";

#[test]
fn code_that_runs_and_does_not_parse_is_said() {
    for (bytes, said) in [
        (&b"print 'x'\n"[..], "is Python 2 (`print 'x'`)"),
        (
            b"try:\n    x = 1\nexcept ValueError, e:\n    pass\n",
            "is Python 2",
        ),
        (b"if 1 <> 2:\n    pass\n", "is Python 2"),
        (b"x = ur'abc'\n", "is Python 2"),
        (b"exec \"x = 1\"\n", "is Python 2"),
        (b"def f(:\n    pass\n", "does not parse"),
        (
            b"<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> b\n",
            "has a merge conflict",
        ),
        (POINTER.as_bytes(), "is a pointer of Git LFS"),
        (b"x = '\xff\xfe\xfa'\n", "cannot be read"),
        (b"x = 1\0\n", "cannot be read"),
    ] {
        let case = with(bytes);
        let lines = case.check();
        assert_eq!(lines.len(), 1, "{said}: {lines:?}");
        assert!(lines[0].contains(said), "{said}: {lines:?}");
        assert_eq!(case.findings()[0].category, Category::Must, "{said}");
    }
    assert!(with(b"x = 1\n").check().is_empty());
    assert!(
        with("# -*- coding: latin-1 -*-\nx = '\u{e9}'\n".as_bytes())
            .check()
            .is_empty()
    );
}

#[test]
fn what_nothing_starts_is_counted() {
    let case = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("app.py", "server = 1\n"),
        ("a.py", "print 1\n"),
        ("b.py", "print 2\n"),
        ("notes.ipynb", "not json"),
    ])
    .rule("DL313");
    let findings = case.findings();
    assert_eq!((findings.len(), findings[0].category), (1, Category::May));
    assert!(
        findings[0]
            .message
            .starts_with("a.py and 1 more files that nothing starts cannot be read")
    );
}

#[test]
fn where_nobody_can_tell_it_is_in_between() {
    let case = app([("Procfile", "web: make run\n"), ("app.py", "print 1\n")]).rule("DL313");
    assert_eq!(case.findings()[0].category, Category::Should);
}

#[test]
fn data_that_lfs_keeps_elsewhere_is_said() {
    let files = |attributes: &'static str, code: &'static str| {
        app([
            ("Procfile", "web: gunicorn app:server\n"),
            (".gitattributes", attributes),
            ("app.py", code),
            ("data/big.csv", POINTER),
            ("data/small.csv", "a,b\n"),
        ])
        .rule("DL313")
    };
    let named = files(
        "*.csv filter=lfs diff=lfs merge=lfs -text\n",
        "X = 'data/big.csv'\nserver = 1\n",
    );
    assert!(
        named.check()[0]
            .starts_with("data/big.csv:1:1: DL313 data/big.csv is a pointer of Git LFS")
    );
    assert_eq!(named.findings()[0].category, Category::Should);
    for attributes in ["data/** filter=lfs\n", "data/big.csv filter=lfs\n"] {
        let other = files(attributes, "server = 1\n");
        assert_eq!(other.findings()[0].category, Category::May, "{attributes}");
    }
    assert!(files("*.csv text\n", "server = 1\n").check().is_empty());
}
