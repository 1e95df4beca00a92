//! `minimise`: every line with its verdict, and the shorter lists.

use serde_json::Value;

use crate::support::Scratch;

const LIST: &str = "\
acme-grid==1.0
acme-paint==2.0
acme-tiles==3.0
dash==2.9.3
";

const APP: &[(&str, &str)] = &[
    ("Procfile", "web: gunicorn app:server\n"),
    ("app.py", "import dash\n\nserver = dash.Dash().server\n"),
    ("requirements.txt", LIST),
];

/// An environment in which acme-grid needs acme-tiles, and that acme-paint.
fn with_environment(files: &[(&str, &str)]) -> Scratch {
    let scratch = Scratch::repository(files);
    for (name, version, needs) in [
        ("acme-grid", "1.0", "Requires-Dist: acme-tiles>=2\n"),
        ("acme-tiles", "3.0", "Requires-Dist: acme_paint (>=1)\n"),
        ("acme-paint", "2.0", ""),
    ] {
        let folder = name.replace('-', "_");
        let path =
            format!(".venv/lib/python3.8/site-packages/{folder}-{version}.dist-info/METADATA");
        let text = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}\n");
        scratch.write(&path, &text);
    }
    scratch
}

#[test]
fn every_line_is_shown_with_its_evidence() {
    let scratch = with_environment(APP);
    let before = scratch.snapshot();
    let ran = scratch.run(&["minimise"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(
        ran.out.starts_with(
            "requirements.txt: 2 of 4 requirements are needed for Python 3.10 on Linux\n"
        ),
        "{}",
        ran.out
    );
    for part in [
        "\nKept\n  dash==2.9.3      imported at app.py:1\n",
        "no use of them was found: does the app need them?\n  acme-grid==1.0   nothing listed brings it\n",
        "\nBrought along by others\n  acme-paint==2.0  brought by acme-grid > acme-tiles\n  acme-tiles==3.0  brought by acme-grid\n",
        "told by the environment .venv (for 3), ",
        "is one of Python 3.8; markers are read for Python 3.10",
    ] {
        assert!(ran.out.contains(part), "{part}\n{}", ran.out);
    }
    assert_eq!(
        ran.err,
        "\n`dashlift minimise --write` takes out 2 lines and moves their versions to constraints.txt.\n"
    );
    assert_eq!(scratch.snapshot(), before);
}

#[test]
fn the_shorter_list_is_written_when_asked() {
    let scratch = with_environment(APP);
    let ran = scratch.run(&["minimise", "--write"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        scratch.read("requirements.txt"),
        "-c constraints.txt\nacme-grid==1.0\ndash==2.9.3\n"
    );
    assert_eq!(
        scratch.read("constraints.txt"),
        "# Versions of what the requirements bring along.\nacme-paint==2.0\nacme-tiles==3.0\n"
    );
    assert!(
        ran.err
            .contains("Took out 2 lines and their versions to constraints.txt."),
        "{}",
        ran.err
    );
    let before = scratch.snapshot();
    let ran = scratch.run(&["minimise", "--write", "--allow-dirty"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(scratch.snapshot(), before);
}

#[test]
fn versions_may_be_forgotten() {
    let scratch = with_environment(APP);
    let ran = scratch.run(&["minimise", "--drop-pins", "--write"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        scratch.read("requirements.txt"),
        "acme-grid==1.0\ndash==2.9.3\n"
    );
    assert!(!scratch.path().join("constraints.txt").exists());
}

#[test]
fn uncommitted_changes_are_not_overwritten() {
    let scratch = with_environment(APP);
    scratch.write("requirements.txt", &format!("{LIST}six==1.16.0\n"));
    let before = scratch.snapshot();
    let ran = scratch.run(&["minimise", "--write"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("uncommitted changes"), "{}", ran.err);
    assert_eq!(scratch.snapshot(), before);
}

#[test]
fn programs_read_the_same() {
    let scratch = with_environment(APP);
    let ran = scratch.run(&["minimise", "--format", "json", "--env", ".venv"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(document["version"], 1);
    assert_eq!(document["command"], "minimise");
    assert_eq!(document["exit_code"], 1);
    let app = &document["apps"][0];
    assert_eq!(
        (&app["root"], &app["python"]),
        (&".".into(), &"3.10".into())
    );
    let line = &app["lines"][1];
    assert_eq!(line["name"], "acme-paint");
    assert_eq!(
        (&line["path"], &line["line"]),
        (&"requirements.txt".into(), &2.into())
    );
    assert_eq!(
        (&line["verdict"], &line["reason"]),
        (&"dropped".into(), &"brought".into())
    );
    assert_eq!(
        line["brought_by"],
        serde_json::json!(["acme-grid", "acme-tiles"])
    );
    assert_eq!(line["source"], "environment");
    let dash = &app["lines"][3];
    assert_eq!(dash["uses"][0]["kind"], "import");
    assert_eq!(app["changed"][0]["path"], "constraints.txt");
    assert_eq!(app["changed"][0]["action"], "created");
}

#[test]
fn nothing_to_drop_is_said() {
    let scratch = Scratch::repository(APP);
    let ran = scratch.run(&["minimise"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(
        ran.out.contains(": 4 of 4 requirements are needed"),
        "{}",
        ran.out
    );
    assert!(
        ran.out
            .contains("Not known: acme-grid, acme-paint, acme-tiles."),
        "{}",
        ran.out
    );
    let ran = Scratch::repository(&[("README", "")]).run(&["minimise"]);
    assert_eq!(ran.code, 3);
}

#[test]
fn what_stands_in_the_way_is_named() {
    let mut files = APP.to_vec();
    let list = format!("{LIST}six = = 1\n");
    files[2] = ("requirements.txt", &list);
    let scratch = with_environment(&files);
    let before = scratch.snapshot();
    let ran = scratch.run(&["minimise", "--write"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(
        ran.out.contains(
            "blocked: the list stays as it is: requirements.txt:5: `six = = 1` cannot be read\n"
        ),
        "{}",
        ran.out
    );
    assert_eq!(scratch.snapshot(), before);
}

#[test]
fn an_environment_that_is_none_is_refused() {
    let scratch = with_environment(APP);
    let ran = scratch.run(&["minimise", "--env", "nowhere"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.starts_with("error: nowhere is not there"),
        "{}",
        ran.err
    );
    scratch.write("plain/file", "");
    let ran = scratch.run(&["check", "--env", "plain"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.starts_with("error: plain is no Python environment"),
        "{}",
        ran.err
    );
}

#[test]
fn a_broken_distribution_is_said_and_kept() {
    let scratch = with_environment(APP);
    let broken = ".venv/lib/python3.8/site-packages/acme_tiles-3.0.dist-info/METADATA";
    scratch.write(broken, "oops\n");
    let ran = scratch.run(&["minimise"]);
    assert!(
        ran.out
            .contains("acme_tiles-3.0.dist-info has a line that is no `Key: value` (line 1)"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("Not known: acme-tiles."), "{}", ran.out);
}

#[test]
fn rules_look_into_an_environment_only_when_told() {
    let frozen = LIST.replace("dash==2.9.3\n", "");
    let mut files = APP.to_vec();
    files[2] = ("requirements.txt", &frozen);
    let scratch = with_environment(&files);
    let check = |arguments: &[&str]| {
        let mut all = vec!["check", "--format", "concise", "--select", "DL204"];
        all.extend(arguments);
        scratch.run(&all).out
    };
    assert_eq!(check(&[]), "");
    let found = "requirements.txt:2:1: DL204 2 of 3 requirements are brought along by others\n";
    assert_eq!(check(&["--env", ".venv"]), found);
    scratch.write("dashlift.toml", "env = \".venv\"\n");
    assert_eq!(check(&[]), found);
    scratch.run_in(".", &["check"]);
}

#[test]
fn credentials_are_not_shown() {
    let list = format!("{LIST}x @ https://me:secret@example.com/x.zip\n");
    let mut files = APP.to_vec();
    files[2] = ("requirements.txt", &list);
    for format in ["text", "json"] {
        let ran = with_environment(&files).run(&["minimise", "--format", format]);
        assert!(!ran.out.contains("secret"), "{}", ran.out);
        assert!(ran.out.contains("***@example.com"), "{}", ran.out);
    }
}
