//! DL111.

mod command;
mod entry;

use crate::harness::{Case, app};

fn with(procfile: &str) -> Case {
    app([
        ("Procfile", procfile),
        ("requirements.txt", "dash\ngunicorn==20.1.0\n"),
    ])
    .rule("DL111")
}

#[test]
fn sound_files_are_quiet() {
    for procfile in [
        "web: gunicorn app:server\n",
        "web:gunicorn app:server",
        "# c\nweb: PYTHONPATH=.:test gunicorn app:server\nworker: python work.py\n",
        "web: gunicorn --pythonpath apps/app app:server",
        "web: python app.py",
    ] {
        assert!(with(procfile).check().is_empty(), "{procfile:?}");
    }
}

#[test]
fn a_missing_file_is_said_and_nothing_invented() {
    let case = app([
        ("requirements.txt", "dash\n"),
        ("index.py", "app = Dash()\nserver = app.server\n"),
    ])
    .rule("DL111");
    assert_eq!(
        case.check(),
        ["Procfile:1:1: DL111 the app has no Procfile, which says how to start it"]
    );
    let after = case.unsafe_fixes().fix();
    assert_eq!(after.paths(), ["index.py", "requirements.txt"]);
    assert!(after.steps[0].contains("`web: gunicorn index:server` (index.py defines `server`)"));
}

#[test]
fn a_file_without_web_is_said() {
    assert_eq!(
        with("worker: python x.py\n").check(),
        ["Procfile:1:1: DL111 no `web` process in the Procfile: nothing answers requests"]
    );
    let findings = with("a: b\nweweb: gunicorn app:server\n").findings();
    assert_eq!(
        findings[0].steps[0].text,
        "If `weweb` is the process that answers requests, call it `web`."
    );
    assert!(with("\n").check()[0].contains("no `web` process"));
}

#[test]
fn lines_that_are_no_type_and_command_are_said() {
    assert_eq!(
        with("web gunicorn app:server\n").check(),
        [
            "Procfile:1:1: DL111 the Procfile has a line without a colon, where `type: command` is expected"
        ]
    );
    assert!(
        with("web: gunicorn app:server\n<<<<<<< HEAD\n").check()[0]
            .contains("2:1: DL111 the Procfile has a merge conflict")
    );
    assert!(with("web:\n").check()[0].contains("a process type without a command"));
}

#[test]
fn layout_is_tidied() {
    let after = with("  web : gunicorn app:server  # x\r\n\r\nworker: y\r\n").fix();
    assert_eq!(
        after.text("Procfile"),
        "web: gunicorn app:server  # x\n\nworker: y\n"
    );
    assert!(after.open.is_empty());
    let after = with("web: gunicorn app:server\r\nworker: y").fix();
    assert_eq!(
        after.text("Procfile"),
        "web: gunicorn app:server\nworker: y"
    );
    let after = with("\u{feff}web: gunicorn app:server\n").fix();
    assert_eq!(after.text("Procfile"), "web: gunicorn app:server\n");
    let utf16: Vec<u8> = [0xFF_u8, 0xFE]
        .into_iter()
        .chain("web: x\r\n".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let after = app([("Procfile", utf16)]).rule("DL111").fix();
    assert_eq!(after.text("Procfile"), "web: x\n");
}

#[test]
fn duplicates_are_said_and_equal_ones_go() {
    let after = with("web: gunicorn app:server\nweb: gunicorn app:server\n").fix();
    assert_eq!(after.text("Procfile"), "web: gunicorn app:server\n");
    let two = "web: gunicorn app:server\nworker: a\nworker: b\n";
    let case = with(two).unsafe_fixes();
    assert_eq!(
        case.check(),
        ["Procfile:3:1: DL111 the process type `worker` is there 2 times"]
    );
    assert_eq!(case.fix().text("Procfile"), two);
    let three = "web: x\nweb: y\nweb: z\n";
    assert_eq!(
        with(three).check(),
        ["Procfile:2:1: DL111 the process type `web` is there 3 times"]
    );
}

#[test]
fn a_runner_that_no_list_names_is_said() {
    assert_eq!(
        with("web: gunicorn app:server\nworker: celery -A tasks worker\n").check(),
        ["Procfile:2:9: DL111 `worker` runs celery, and no list of the app names celery"]
    );
    assert_eq!(
        with("web: sh setup.sh && python -m streamlit run app.py\n").check(),
        ["Procfile:1:31: DL111 `web` runs streamlit, and no list of the app names streamlit"]
    );
}

#[test]
fn a_runner_that_may_come_otherwise_is_not_said() {
    for list in [
        "dash\n-e .\n",
        "dash\n./local.tar.gz\n",
        "dash\n-r missing.txt\n",
        "",
        "dash\n==broken\n",
    ] {
        let case = app([
            ("Procfile", "web: gunicorn app:server\n"),
            ("requirements.txt", list),
        ])
        .rule("DL111");
        assert!(case.check().is_empty(), "{list:?} {:?}", case.check());
    }
    let conda = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", "dash\n"),
        ("conda-requirements.txt", "gunicorn=20\n"),
    ]);
    assert!(conda.rule("DL111").check().is_empty());
}

#[test]
fn the_folder_of_de4_is_said() {
    assert_eq!(
        with("web: cd /app && gunicorn app:server\n").check(),
        ["Procfile:1:9: DL111 `web` names /app, where Dash Enterprise 5 does not keep the app"]
    );
    assert!(with("web: gunicorn --chdir=/app/src app:server\n").check()[0].contains("1:23"));
    for command in [
        "gunicorn /apps/x:y",
        "gunicorn ./app",
        "gunicorn src/app",
        "gunicorn /app.py",
    ] {
        assert!(
            with(&format!("web: {command}\n")).check().is_empty(),
            "{command}"
        );
    }
}

#[test]
fn release_is_no_phase() {
    assert_eq!(
        with("web: gunicorn app:server\nrelease: python prepare.py\n").check(),
        [
            "Procfile:2:1: DL111 `release` is a process type as any other on Dash Enterprise 5: it is started with one replica"
        ]
    );
}

#[test]
fn bytes_that_are_no_text_are_said() {
    let case = app([("Procfile", &b"web: \xff\n"[..])]).rule("DL111");
    assert!(case.check()[0].starts_with("Procfile:1:6: DL111 Procfile cannot be used"));
}
