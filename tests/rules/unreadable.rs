//! Tests of unreadable.

use crate::harness::{Case, app};
use dashlift::rules::Category;

fn case(requirements: impl Into<Vec<u8>>) -> Case {
    app([
        ("Procfile", "web: gunicorn app:server\n".into()),
        ("requirements.txt", requirements.into()),
    ])
    .rule("DL208")
}

fn utf16(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    [0xFF, 0xFE].into_iter().chain(units).collect()
}

#[test]
fn other_encodings_become_utf_8() {
    let after = case(utf16("dash==1.0\r\nflask")).fix();
    assert_eq!(after.text("requirements.txt"), "dash==1.0\r\nflask");
    assert_eq!(
        after.fixed,
        [
            "requirements.txt:1:1: DL208 requirements.txt is UTF-16 (little-endian); pip reads it by its mark, and other tools may not"
        ]
    );
    let after = case("\u{feff}dash\n").fix();
    assert_eq!(after.text("requirements.txt"), "dash\n");
}

#[test]
fn what_is_no_constraint_is_said() {
    let with = |constraints: &str| {
        app([
            ("Procfile", "web: gunicorn app:server\n"),
            ("requirements.txt", "-c limits.txt\nrequests\n"),
            ("limits.txt", constraints),
        ])
        .rule("DL208")
    };
    for (line, what) in [
        (
            "-e ./own\n",
            "pip refuses `-e` in a file of constraints: `-e ./own`",
        ),
        (
            "https://example.com/x-1.0.tar.gz\n",
            "pip refuses a URL or a path without a name in a file of constraints: `https://example.com/x-1.0.tar.gz`",
        ),
        (
            "requests[socks]==2.0\n",
            "pip refuses extras in a file of constraints: `requests[socks]==2.0`",
        ),
    ] {
        let said: Vec<String> = (with(line).findings().into_iter())
            .map(|it| it.message)
            .collect();
        assert_eq!(said, [what]);
    }
    let after = with("six\nrequests[socks, use] ==2.0  # ours\n").fix();
    assert_eq!(after.text("limits.txt"), "six\nrequests ==2.0  # ours\n");
    for line in [
        "requests==2.0\n",
        "requests @ https://example.com/x.tar.gz\n",
        "https://example.com/x-1.0-py3-none-any.whl\n",
        "git+https://example.com/x.git#egg=x\n",
    ] {
        assert_eq!(with(line).check(), [""; 0], "{line}");
    }
}

#[test]
fn a_coding_line_must_not_become_wrong() {
    let list = utf16("# coding: utf-16\ndash\n");
    let after = case(list.clone()).fix();
    assert_eq!(after.files["requirements.txt"], list);
    assert_eq!(after.open.len(), 1);
    let after = case(utf16("# coding: utf-8\ndash\n")).fix();
    assert_eq!(after.text("requirements.txt"), "# coding: utf-8\ndash\n");
}

#[test]
fn a_declared_encoding_is_obeyed() {
    let bytes = b"# -*- coding: latin-1 -*-\n# caf\xE9\ndash\n";
    assert!(case(&bytes[..]).check().is_empty());
}

#[test]
fn bytes_that_are_no_text_are_placed() {
    assert_eq!(
        case(&b"dash\nfl\xFFask\n"[..]).check(),
        [
            "requirements.txt:2:3: DL208 requirements.txt cannot be used: a byte that is not UTF-8 (byte 7)"
        ]
    );
}

#[test]
fn every_kind_says_why_and_where() {
    for (line, message, step) in [
        (
            "numpy=1.19.2=py37_0",
            "1:1: DL208 pip cannot use this line: `numpy=1.19.2=py37_0`, a line as conda exports it",
            "`numpy==1.19.2`",
        ),
        (
            "dash=1.0",
            "1:5: DL208 pip cannot use this line: a single `=`, which is no operator of pip",
            "`dash==1.0`",
        ),
        (
            "gunicorn==20.0.4dash==1.2.0",
            "1:17: DL208 pip cannot use this line: two requirements glued together: `gunicorn==20.0.4` and `dash==1.2.0`",
            "`gunicorn==20.0.4` and on the next line `dash==1.2.0`",
        ),
        (
            "dash>==3.0.1",
            "1:5: DL208 pip cannot use this line: the specifier `>==3.0.1`, which pip before 24.1 compares as text and newer ones refuse",
            "`dash>=3.0.1`",
        ),
        (
            "numpy==1.1--extra-index-url https://u:hunter2@example.com",
            "1:11: DL208 pip cannot use this line: the option `--extra-index-url` glued to a requirement",
            "`--extra-index-url https://***@example.com`",
        ),
        (
            "<html>",
            "1:1: DL208 pip cannot use this line: HTML, as of a web page saved in place of the file",
            "the list itself",
        ),
        (
            "a\0",
            "1:2: DL208 pip cannot use this line: a NUL character, as in UTF-16 text without a byte order mark",
            "UTF-8",
        ),
        (
            "These are the packages",
            "1:1: DL208 pip cannot use this line: `These are the packages`, which is no requirement",
            "take out",
        ),
        (
            "--pre dash",
            "1:7: DL208 pip cannot use this line: `dash`, which pip passes over in silence",
            "a line of its own",
        ),
    ] {
        let after = case(line).fix();
        assert_eq!(after.open, [format!("requirements.txt:{message}")]);
        assert!(after.steps[0].contains(step), "{line}: {:?}", after.steps);
        assert_eq!(after.text("requirements.txt"), line);
    }
}

#[test]
fn a_merge_conflict_has_each_marker() {
    let found = case("dash\n<<<<<<< HEAD\nsix==1\n=======\nsix==2\n>>>>>>> other\n").check();
    let places: Vec<&str> = found
        .iter()
        .map(|line| line.split(" DL").next().unwrap())
        .collect();
    assert_eq!(
        places,
        [
            "requirements.txt:2:1:",
            "requirements.txt:4:1:",
            "requirements.txt:6:1:"
        ]
    );
}

#[test]
fn a_run_of_one_mistake_is_one_finding() {
    let export = "# comment\n_libgcc_mutex=0.1=main\nnumpy=1.19.2=py37_0\n\npandas=1.1.3=py37_0\ndash==1.0\nsix=1=x\n";
    let findings = case(export).findings();
    assert_eq!(findings.len(), 2);
    assert!(
        findings[0]
            .message
            .ends_with("; so are the 2 lines after it")
    );
    assert!(
        findings[0].steps[0]
            .text
            .contains("`numpy==1.19.2` and on the next line `pandas==1.1.3`")
    );
}

#[test]
fn what_works_by_luck_is_not_a_must() {
    assert_eq!(case("dash>=1.*\n").findings()[0].category, Category::Should);
    assert_eq!(
        case("dash==1.0x.1\n").findings()[0].category,
        Category::Must
    );
}

#[test]
fn lists_that_are_not_read_are_said() {
    let found = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", "-r gone.txt\n-c ../outside.txt\n-r https://me:hunter2@example.com/list.txt\n-r ${NAME}.txt\n-r more.txt\n"),
        ("more.txt", "-r requirements.txt\ndash=1\n"),
    ])
    .rule("DL208")
    .check();
    assert_eq!(
        found,
        [
            "more.txt:1:1: DL208 `requirements.txt` includes itself in the end",
            "more.txt:2:5: DL208 pip cannot use this line: a single `=`, which is no operator of pip",
            "requirements.txt:1:1: DL208 `gone.txt` is not there",
            "requirements.txt:2:1: DL208 `../outside.txt` leads out of the repository; it was not read",
            "requirements.txt:3:1: DL208 `https://***@example.com/list.txt` is a URL; it was not read",
            "requirements.txt:4:1: DL208 `${NAME}.txt` names an environment variable; it was not read",
        ]
    );
}

#[test]
fn a_list_that_nothing_includes_is_left() {
    let found = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", "dash\n"),
        ("requirements-windows.txt", "numpy=1.19.2=py37_0\n"),
    ])
    .rule("DL208")
    .check();
    assert!(found.is_empty());
}

#[test]
fn the_list_of_conda_is_a_list() {
    let environment = "dependencies:\n  - python=3.9\n  - pip\n  - pip:\n      - dash>==2.0\n";
    let found = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("environment.yml", environment),
    ])
    .rule("DL208")
    .check();
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with(
        "environment.yml:5:13: DL208 pip cannot use this line: the specifier `>==2.0`"
    ));
}

#[test]
fn a_line_that_asks_for_an_extra_is_passed_over() {
    let said = "DL208 pip passes azure-storage-blob over: its marker asks for an extra, which no list ever has";
    for line in [
        "azure-storage-blob==12.16.0 ; (extra == \"azureblockblob\")",
        "azure-storage-blob==12.16.0 ; python_version > '3.6' and extra == 'all'",
    ] {
        assert_eq!(
            case(format!("dash\n{line}\n")).check(),
            [format!("requirements.txt:2:1: {said}")],
            "{line}"
        );
    }
    let hash = format!(" --hash=sha256:{}", "a".repeat(64));
    let found = case(format!(
        "azure-storage-blob==12.16.0 ; extra == 'x'{hash}\n"
    ))
    .findings();
    assert!(
        found[0].steps[0].text.contains("it has no hash"),
        "{found:?}"
    );
    // Holds without an extra, or speaks of something else.
    for line in [
        "six ; python_version > '3' or extra == 'x'",
        "six ; sys_platform == 'extra'",
    ] {
        assert!(case(format!("{line}\n")).check().is_empty(), "{line}");
    }
}

#[test]
fn a_list_that_includes_itself_is_found() {
    assert_eq!(
        case("-r requirements.txt\ndash\n").check(),
        ["requirements.txt:1:1: DL208 `requirements.txt` includes itself in the end"]
    );
    let through = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", "-r base.txt\n-r more.txt\n"),
        ("base.txt", "-r requirements.txt\nsix\n"),
        ("more.txt", "-r base.txt\ndash\n"),
    ]);
    assert_eq!(
        through.rule("DL208").check(),
        ["base.txt:1:1: DL208 `requirements.txt` includes itself in the end"]
    );
}
