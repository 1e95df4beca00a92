//! DL111: what is wrong with a command as text, files of nearly the name, what brings a program.

use crate::harness::{Case, app};
use dashlift::rules::Category;

const DASH: &str = "from dash import Dash\napp = Dash(__name__)\nserver = app.server\n";

fn with(procfile: &str) -> Case {
    app([
        ("Procfile", procfile),
        ("requirements.txt", "dash==2.9.3\ngunicorn==20.1.0\n"),
        ("app.py", DASH),
        ("index.py", "from app import app\n"),
    ])
    .rule("DL111")
}

#[test]
fn a_near_name_is_renamed() {
    for name in [
        "procfile",
        "Procfile.txt",
        "PROCFILE",
        "ProcFile",
        "procfile.txt",
        "Procfile.yml",
    ] {
        let case = app([(name, "web: gunicorn app:server\n"), ("app.py", DASH)]).rule("DL111");
        let lines = case.check();
        assert_eq!(lines.len(), 1, "{name}: {lines:?}");
        assert!(
            lines[0].contains(&format!("DL111 {name} is not read")),
            "{lines:?}"
        );
        assert_eq!(case.fix().text("Procfile"), "web: gunicorn app:server\n");
    }
    let prose = app([
        ("Procfile.md", "How to start it\n"),
        ("requirements.txt", "dash\n"),
        ("app.py", DASH),
    ])
    .rule("DL111");
    assert!(prose.fix().files.contains_key("Procfile.md"));
    let two = app([
        ("procfile", "web: x\n"),
        ("Procfile.txt", "web: y\n"),
        ("app.py", DASH),
    ])
    .rule("DL111");
    assert!(!two.fix().files.contains_key("Procfile"));
    let beside = app([
        ("procfile", "web: x\n"),
        ("Procfile", "web: gunicorn app:server\n"),
        ("app.py", DASH),
    ])
    .rule("DL111");
    assert!(beside.check().is_empty());
}

#[test]
fn a_name_with_a_dot_is_said() {
    for (command, fixed) in [
        ("gunicorn app:app.server", Some("gunicorn app:server")),
        (
            "gunicorn -w 2 app:app.server --preload",
            Some("gunicorn -w 2 app:server --preload"),
        ),
        (
            "python -m gunicorn app:app.server",
            Some("python -m gunicorn app:server"),
        ),
        ("gunicorn index:app.server", None),
        ("gunicorn --bind 0.0.0.0:8000 index:app.server", None),
    ] {
        let procfile = format!("web: {command}\n");
        let case = with(&procfile);
        let lines = case.check();
        assert_eq!(lines.len(), 1, "{command}: {lines:?}");
        assert!(lines[0].contains("gunicorn 20 and newer refuse a name with a dot"));
        let after = case.fix();
        let expected = fixed.map_or(procfile.clone(), |fixed| format!("web: {fixed}\n"));
        assert_eq!(after.text("Procfile"), expected);
    }
    let old = app([
        ("Procfile", "web: gunicorn app:app.server\n"),
        ("requirements.txt", "dash==1.21.0\ngunicorn==19.9.0\n"),
        ("app.py", DASH),
    ]);
    assert!(old.rule("DL111").check().is_empty());
    assert!(
        with("web: uvicorn app:app.server\n")
            .check()
            .iter()
            .all(|it| !it.contains("refuse"))
    );
}

#[test]
fn characters_of_a_word_processor_are_said() {
    for (command, fixed) in [
        (
            "gunicorn app:server \u{2013}workers 4",
            "gunicorn app:server --workers 4",
        ),
        (
            "gunicorn app:server \u{2014}timeout 90",
            "gunicorn app:server --timeout 90",
        ),
        (
            "gunicorn app:server \u{2013}w 4",
            "gunicorn app:server -w 4",
        ),
        (
            "gunicorn \u{201c}app:server\u{201d}",
            "gunicorn \"app:server\"",
        ),
        (
            "gunicorn \u{2018}app:server\u{2019}",
            "gunicorn 'app:server'",
        ),
        ("gunicorn\u{a0}app:server", "gunicorn app:server"),
    ] {
        let case = with(&format!("web: {command}\n"));
        assert!(
            case.check()
                .iter()
                .any(|it| it.contains("of a word processor")),
            "{command}"
        );
        let after = case.unsafe_fixes().fix();
        assert_eq!(after.text("Procfile"), format!("web: {fixed}\n"));
        assert!(after.open.is_empty(), "{:?}", after.open);
    }
    assert!(
        with("web: gunicorn app:server --name caf\u{e9}\n")
            .check()
            .is_empty()
    );
}

#[test]
fn quotes_and_modules_that_are_missing_are_said() {
    for (command, said) in [
        ("gunicorn 'app:server", "opens a quote that nothing closes"),
        (
            "bash -c \"gunicorn app:server",
            "opens a quote that nothing closes",
        ),
        ("gunicorn", "starts gunicorn without a module to serve"),
        (
            "gunicorn --workers 4",
            "starts gunicorn without a module to serve",
        ),
        (
            "gunicorn -b 0.0.0.0:$PORT",
            "starts gunicorn without a module to serve",
        ),
        (
            "cd nope && gunicorn app:server",
            "changes to the folder nope, which is not in the repository",
        ),
        (
            "gunicorn --chdir nope app:server",
            "changes to the folder nope",
        ),
    ] {
        let lines = with(&format!("web: {command}\n")).check();
        assert!(
            lines.iter().any(|it| it.contains(said)),
            "{command}: {lines:?}"
        );
    }
}

#[test]
fn folders_that_something_makes_are_quiet() {
    for (name, text) in [
        (".gitmodules", "[submodule \"lib\"]\n\tpath = nope\n"),
        ("predeploy.sh", "mkdir nope\n"),
        (
            "app.json",
            "{\"scripts\": {\"predeploy\": \"git clone x nope\"}}",
        ),
    ] {
        let case = app([
            ("Procfile", "web: cd nope && gunicorn app:server\n"),
            ("requirements.txt", "dash\ngunicorn\n"),
            ("app.py", DASH),
            (name, text),
        ]);
        let lines = case.rule("DL111").check();
        assert!(
            lines.iter().all(|it| !it.contains("nope")),
            "{name}: {lines:?}"
        );
    }
}

#[test]
fn shells_are_read_as_they_run() {
    let files = |command: &str| {
        let procfile = format!("web: {command}\n");
        app([
            ("Procfile", procfile.as_str()),
            ("requirements.txt", "dash\ngunicorn\n"),
            ("src/web.py", DASH),
        ])
        .rule("DL111")
        .check()
    };
    for quiet in [
        "pushd src && gunicorn web:server",
        "(cd src; gunicorn web:server)",
        "cd src || exit 1; gunicorn web:server",
        "eval \"cd src\" && gunicorn web:server",
        "export PYTHONPATH=src; gunicorn web:server",
        "PYTHONPATH=src; export PYTHONPATH; gunicorn web:server",
        "set -a; PYTHONPATH=src; gunicorn web:server",
    ] {
        assert_eq!(files(quiet), [] as [&str; 0], "{quiet}");
    }
    for loud in [
        "(cd src) && gunicorn web:server",
        "PYTHONPATH=src; gunicorn web:server",
        "pushd src; popd; gunicorn web:server",
        "(cd src; true); gunicorn web:server",
        "gunicorn web:server",
    ] {
        let lines = files(loud);
        assert!(
            lines.len() == 1 && lines[0].contains("starts the module `web`"),
            "{loud}: {lines:?}"
        );
    }
}

#[test]
fn a_program_that_another_package_brings_is_not_missing() {
    let check = |list: &str| {
        app([
            (
                "Procfile",
                "web: gunicorn app:server\nworker: celery -A tasks worker\n",
            ),
            ("requirements.txt", list),
            ("app.py", DASH),
            ("tasks.py", "from celery import Celery\napp = Celery()\n"),
        ])
        .rule("DL111")
        .findings()
    };
    for list in [
        "dash[celery]==2.9.3\ngunicorn\n",
        "dash==2.9.3\nflower==1.2.0\ngunicorn\n",
    ] {
        assert!(check(list).is_empty(), "{list}");
    }
    for list in [
        "dash-snapshots==2.2.8\ngunicorn\n",
        "dash\ndash_enterprise_libraries\ngunicorn\n",
    ] {
        let found = check(list);
        assert!(
            found.len() == 1 && found[0].category == Category::May,
            "{list}"
        );
    }
    assert_eq!(check("dash==2.9.3\ngunicorn\n")[0].category, Category::Must);
}

#[test]
fn a_script_that_may_not_be_executed_is_started_by_its_shell() {
    let case = app([
        ("Procfile", "web: ./start.sh\n"),
        ("requirements.txt", "dash\ngunicorn\n"),
        ("start.sh", "#!/usr/bin/env bash\ngunicorn app:server\n"),
        ("app.py", DASH),
    ])
    .rule("DL111");
    assert!(case.check()[0].contains("starts ./start.sh, which is not executable"));
    let after = case.fix();
    assert_eq!(after.text("Procfile"), "web: bash ./start.sh\n");
    assert!(after.open.is_empty());
}

#[test]
fn tidying_brings_no_dead_line_to_life() {
    let procfile = "web: gunicorn app:server\n web: gunicorn index:server\n";
    let case = with(procfile);
    assert_eq!(case.fix().text("Procfile"), procfile);
}
