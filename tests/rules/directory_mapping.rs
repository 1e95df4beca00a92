mod tables;

use self::tables::{ACCEPTED, GUIDED, REJECTED, REWRITTEN};
use crate::harness::{After, Case, app};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Imports that all snippets may use.
const HEAD: &str = "import glob, gzip, io, json, logging, os, pathlib, re, shutil, sqlite3, subprocess\n\
    import dash, flask, joblib, requests, torch\n\
    import numpy as np\nimport pandas as pd\nimport geopandas as gpd\nimport xarray as xr\n\
    from dash import dcc, html\nfrom flask import send_file, send_from_directory\n\
    from glob import glob as find\nfrom os.path import join\nfrom pathlib import Path, PurePosixPath\n\
    from PIL import Image\n";

fn of(code: &str) -> Case {
    app([
        ("Procfile", "web: gunicorn app:server\n".to_owned()),
        ("app.py", format!("{HEAD}{code}\n")),
    ])
    .rule("DL301")
}

fn told(code: &str) -> Case {
    of(code).mapping("/srv/app-data:/data").unsafe_fixes()
}

/// What becomes of the code below the imports.
fn code(after: &After) -> &str {
    let text = after.text("app.py").strip_prefix(HEAD).unwrap();
    text.strip_suffix('\n').unwrap()
}

#[test]
fn untold_paths_count_when_used_as_files() {
    assert!(ACCEPTED.len() >= 60, "only {}", ACCEPTED.len());
    let missed: Vec<&&str> = ACCEPTED
        .iter()
        .filter(|code| of(code).check().is_empty())
        .collect();
    assert!(missed.is_empty(), "missed: {missed:#?}");
}

#[test]
fn a_join_kept_in_a_variable_counts_once() {
    let code = "ROOT = os.environ.get('D', '/mnt/f')\nPLACE = os.path.join(ROOT, 'r.pq')\npd.read_parquet(PLACE)\n";
    let messages = |code: &str| -> Vec<String> {
        let found = of(code).findings().into_iter();
        found.map(|it| it.message).collect()
    };
    assert!(messages(code)[0].starts_with("`/mnt/f/r.pq` is used as a file"));
}

#[test]
fn a_root_that_os_sep_spells_is_one() {
    for code in [
        "open(os.path.join(os.sep, 'data', 'x.csv'))\n",
        "open(os.path.sep + 'data' + os.sep + 'x.csv')\n",
    ] {
        let found = of(code).findings();
        assert_eq!(found.len(), 1, "{code}");
        assert!(
            found[0]
                .message
                .starts_with("`/data/x.csv` is used as a file"),
            "{code}"
        );
        assert_eq!(told(code).findings().len(), 1, "{code}");
    }
    for code in [
        "x = os.sep\nopen(x)\n",
        "open('a' + os.sep + 'b')\n",
        "open(os.path.join(os.sep, 'tmp', 'x'))\n",
    ] {
        assert_eq!(of(code).check(), [""; 0], "{code}");
    }
}

#[test]
fn other_slashes_do_not_count() {
    let wrong: Vec<&&str> = REJECTED
        .iter()
        .filter(|code| !of(code).check().is_empty())
        .collect();
    assert!(wrong.is_empty(), "wrong: {wrong:#?}");
}

#[test]
fn told_paths_are_rewritten() {
    for (before, after) in REWRITTEN {
        let result = told(before).fix();
        assert_eq!(code(&result), *after);
        assert!(
            result.open.iter().all(|line| line.contains("/database")),
            "{before}: {:?}",
            result.open
        );
        assert_same_names(before, after);
    }
}

/// The rewritten code parses and binds and calls the same names.
#[track_caller]
fn assert_same_names(before: &str, after: &str) {
    let names = |code: &str| {
        let facts = dashlift::python::facts(code).unwrap();
        assert_eq!(facts.parse, dashlift::python::Parse::Parsed, "{code}");
        let bindings = facts.bindings.iter().map(|it| it.name.clone());
        let calls = facts.calls.iter().map(|it| it.callee.clone());
        (bindings.collect::<Vec<_>>(), calls.collect::<Vec<_>>())
    };
    assert_eq!(names(before), names(after));
}

#[test]
fn without_leave_nothing_is_written() {
    let case = of("open('/data/x.csv')").mapping("/srv/app-data:/data");
    let after = case.fix();
    assert_eq!(code(&after), "open('/data/x.csv')");
    assert_eq!(
        after.open,
        [
            "app.py:13:6: DL301 `/data/x.csv` is in the mapped directory /data, and Dash Enterprise 5 has no directory mappings"
        ]
    );
    assert_eq!(
        after.steps,
        [
            "Give the app a persistent filesystem: `~/mount`, that is `../mount` from the app folder.",
            "Copy what /srv/app-data holds on the Dash Enterprise 4 server into ~/mount/data.",
            "Start the program in the app folder: `../mount` begins at the working directory.",
        ]
    );
}

#[test]
fn told_paths_that_a_person_must_change() {
    for (source, why) in GUIDED {
        let after = told(source).fix();
        assert_eq!(code(&after), *source, "must not change");
        assert!(!after.open.is_empty(), "{source}: nothing found");
        assert!(
            after.steps.iter().any(|step| step.contains(why)),
            "{source}: {:?}",
            after.steps
        );
    }
}

#[test]
fn told_folders_are_not_prefixes_routes_or_endings() {
    for source in [
        "open('/database/x')",
        "open('/datax')",
        "open('data/x')",
        "open('../data/x')",
        "x = '/data' + 'base'",
        "open(f'{base}/data/x')",
        "requests.get(base + '/data')",
        "@app.route('/data')\ndef f(): pass",
        "dcc.Link(href='/data/x')",
        "if pathname == '/data': pass",
        "match pathname:\n    case '/data': pass",
        "dcc.Location(pathname='/data')",
        "re.compile('/data/x')",
        "if url.endswith('/data/'): pass",
        "pd.read_hdf('x.h5', '/data')",
        "x.to_hdf('x.h5', '/data/frame')",
        "'see /data/x for more'",
        "'''/data/x'''",
        "u = 'https://example.com/data/x'",
    ] {
        let wrong: Vec<String> = told(source).check();
        let wrong: Vec<&String> = wrong
            .iter()
            .filter(|it| it.contains("is in the mapped"))
            .collect();
        assert!(wrong.is_empty(), "{source}: {wrong:?}");
    }
}

#[test]
fn several_mappings_do_not_fall_together() {
    let case = of("open('/a/data/x')\nopen('/data/x')\nopen('/data/old/y')\nopen('/m/z')")
        .mapping("/1:/a/data")
        .mapping("/2:/data")
        .mapping("/3:/data/old")
        .mapping("/4:/m")
        .unsafe_fixes();
    assert_eq!(
        code(&case.fix()),
        "open('../mount/a/data/x')\nopen('../mount/data/x')\nopen('../mount/data/old/y')\nopen('../mount/m/z')"
    );
}

#[test]
fn a_mapping_into_the_app_folder_is_found_by_its_relative_name_too() {
    let source = "open('/app/data/x')\nopen('data/x')\nopen('./data/' + name)\nhtml.Img(src='data/x')\nopen('database')";
    let after = of(source).mapping("/srv:/app/data").unsafe_fixes().fix();
    assert_eq!(
        code(&after),
        "open('../mount/data/x')\nopen('../mount/data/x')\nopen('../mount/data/' + name)\nhtml.Img(src='data/x')\nopen('database')"
    );
}

#[test]
fn the_procfile_may_leave_the_app_folder() {
    let case = app([
        ("Procfile", "web: gunicorn --chdir src app:server\n"),
        ("src/app.py", "open('/data/x')\n"),
    ])
    .rule("DL301")
    .mapping("/srv:/data")
    .unsafe_fixes();
    let after = case.fix();
    assert_eq!(after.text("src/app.py"), "open('/data/x')\n");
    assert!(
        after
            .steps
            .iter()
            .any(|it| it.contains("the Procfile's `web` leaves")),
        "{:?}",
        after.steps
    );
}

#[test]
fn a_relative_path_of_flask_begins_at_the_module() {
    let files = |path: &'static str| {
        app([
            ("Procfile", "web: x\n"),
            (path, "from flask import send_file\nsend_file('/data/x')\n"),
        ])
        .rule("DL301")
        .mapping("/srv:/data")
        .unsafe_fixes()
        .fix()
    };
    assert!(files("app.py").text("app.py").contains("'../mount/data/x'"));
    let below = files("pages/a.py");
    assert!(below.text("pages/a.py").contains("'/data/x'"));
    assert!(
        below
            .steps
            .iter()
            .any(|it| it.contains("the module's folder"))
    );
}

#[test]
fn notebooks_are_rewritten_in_the_app_folder() {
    let notebook = r#"{"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null, "source": ["d = open(\"/data/x\")\n", "!ls /data"]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}"#;
    let case = |path: &'static str| {
        app([("Procfile", "web: x\n"), (path, notebook)])
            .rule("DL301")
            .mapping("/srv:/data")
            .unsafe_fixes()
            .fix()
    };
    let after = case("look.ipynb");
    assert_eq!(
        after.text("look.ipynb"),
        notebook.replace("open(\\\"/data", "open(\\\"../mount/data")
    );
    assert_eq!(after.open.len(), 1, "the command: {:?}", after.open);
    let below = case("books/look.ipynb");
    assert_eq!(below.text("books/look.ipynb"), notebook);
    assert!(
        below
            .steps
            .iter()
            .any(|it| it.contains("notebook's folder"))
    );
}

#[test]
fn line_ends_and_encodings_stay() {
    let case = app([
        ("Procfile", b"web: x\n".to_vec()),
        (
            "app.py",
            b"# -*- coding: latin-1 -*-\r\nx = '\xe9'\r\nopen('/data/\xe9')\r\n".to_vec(),
        ),
    ])
    .rule("DL301")
    .mapping("/srv:/data")
    .unsafe_fixes();
    assert_eq!(
        case.fix().files["app.py"],
        b"# -*- coding: latin-1 -*-\r\nx = '\xe9'\r\nopen('../mount/data/\xe9')\r\n"
    );
}

#[test]
fn a_constant_of_another_module_is_found_where_it_is_spelled() {
    let case = |code: &str| {
        app([
            ("Procfile", "web: x\n".to_owned()),
            ("config.py", "DATA = '/data'\nROUTE = '/sales'\n".to_owned()),
            ("app.py", format!("import os\n{code}\n")),
        ])
        .rule("DL301")
        .check()
    };
    for code in [
        "from config import DATA\nos.listdir(DATA)",
        "from config import DATA as D\nopen(os.path.join(D, 'x'))",
        "from config import DATA\nopen(os.path.join(DATA, name))",
        "import config\nopen(config.DATA + '/x')",
        "from . import config\nopen(f'{config.DATA}/x')",
    ] {
        let found = case(code);
        assert_eq!(
            found,
            [
                "config.py:1:8: DL301 `/data` is used as a file outside the app; if /data is a directory mapping, Dash Enterprise 5 has none"
            ],
            "{code}"
        );
    }
    assert!(case("from config import ROUTE\napp.route(ROUTE)").is_empty());
    assert!(case("from config import DATA\nprint(DATA)").is_empty());
}

#[test]
fn untold_findings_say_what_to_ask() {
    let findings = of("import pandas as pd\npd.read_csv('/mnt/sales/in/x.csv')").findings();
    let [finding] = findings.as_slice() else {
        panic!("{findings:?}")
    };
    assert!(finding.fix.is_none());
    let commands: Vec<_> = finding
        .steps
        .iter()
        .filter_map(|it| it.command.as_deref())
        .collect();
    assert_eq!(
        commands,
        [
            "dashlift diff --unsafe-fixes --mapping HOST:/mnt/sales",
            "de apps update -n APP --persistent-filesystem"
        ]
    );
    assert_eq!(finding.evidence.len(), 1);
}

#[test]
fn a_path_of_a_person_is_another_thing() {
    let found = of("open('/home/ann/x.csv')").check();
    assert_eq!(
        found,
        [
            "app.py:13:6: DL301 `/home/ann/x.csv` is used as a file and is a path of another machine, as people and notebook services have them"
        ]
    );
    let mapped = of("open('/home/ann/x.csv')")
        .mapping("/srv:/home/ann")
        .check();
    assert!(
        mapped[0].contains("is in the mapped directory /home/ann"),
        "{mapped:?}"
    );
}

#[test]
fn what_is_told_is_not_reported_twice() {
    let found = of("open('/data/x')\nopen('/other/y')")
        .mapping("/srv:/data")
        .check();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("mapped directory /data") && found[1].contains("if /other is"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever stands beside it, a rewritten text is rewritten once and the file stays Python; the
    /// harness looks a second time.
    #[test]
    fn any_mix_is_rewritten_once(picked in vec(select(mixed()), 1..6)) {
        let source = picked.join("\n");
        let after = told(&source).fix();
        let text = code(&after);
        if let Ok(facts) = dashlift::python::facts(&source) {
            let written = dashlift::python::facts(text).unwrap();
            prop_assert_eq!(facts.parse, written.parse, "{}", text);
            prop_assert_eq!(facts.calls.len(), written.calls.len());
        }
        let back = text.replace("../mount/data", "/data");
        prop_assert_eq!(back, source.replace("../mount/data", "/data"));
    }
}

fn mixed() -> Vec<&'static str> {
    let told = REWRITTEN.iter().chain(GUIDED).map(|(before, _)| *before);
    told.chain(ACCEPTED.iter().chain(REJECTED).copied())
        .collect()
}

#[test]
fn what_a_page_shows_is_no_file() {
    for code in [
        "html.Form(action='/data/upload', method='post')",
        "x = html.Code('/data/x.csv')",
        "dcc.Markdown('/data/x.csv')",
    ] {
        assert!(told(code).check().is_empty(), "{code}");
    }
}
