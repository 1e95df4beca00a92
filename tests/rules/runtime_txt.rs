//! DL101.

use crate::harness::{Case, app};

const WEB: (&str, &str) = ("Procfile", "web: gunicorn app:server\n");

fn with(runtime: &str) -> Case {
    app([WEB, ("runtime.txt", runtime)]).rule("DL101")
}

fn descriptor(python: &str) -> String {
    format!("[build]\n  [[build.env]]\n    name = 'BP_CPYTHON_VERSION'\n    value = '{python}'\n")
}

#[test]
fn the_minor_moves_into_project_toml() {
    for runtime in [
        "python-3.9.6",
        "python-3.9.6\n",
        "  python-3.9.6  \r\n\r\n",
        "\u{feff}python-3.9.6\n",
        "python-3.9",
    ] {
        let after = with(runtime).fix();
        assert_eq!(after.paths(), ["Procfile", "project.toml"], "{runtime:?}");
        assert_eq!(after.text("project.toml"), descriptor("3.9.*"));
        assert!(after.open.is_empty());
    }
    assert_eq!(
        with(" python-3.9.6\n").check(),
        [
            "runtime.txt:1:2: DL101 Dash Enterprise 5 does not read runtime.txt, which asks for Python 3.9 (`python-3.9.6`)"
        ]
    );
}

#[test]
fn the_settings_step_is_printed_for_releases_that_may_need_it() {
    let commands = |case: Case| -> Vec<String> {
        let findings = case.findings();
        let steps = findings[0].steps.iter();
        steps.filter_map(|step| step.command.clone()).collect()
    };
    let command = ["de apps update --name APP --python-version 3.9"];
    assert_eq!(commands(with("python-3.9.6")), command);
    assert_eq!(commands(with("python-3.9.6").target("5.4")), command);
    assert!(commands(with("python-3.9.6").target("5.3")).is_empty());
    assert_eq!(
        commands(with("python-3.6.6")),
        ["de apps update --name APP --python-version 3.10"]
    );
}

#[test]
fn a_python_that_the_release_lacks_is_raised_only_when_asked() {
    let case = with("python-2.7.14\n");
    assert_eq!(
        case.check(),
        [
            "runtime.txt:1:1: DL101 Python 2.7 of runtime.txt cannot be installed on Dash Enterprise 5.x, which has 3.7 to 3.12"
        ]
    );
    assert_eq!(case.fix().paths(), ["Procfile", "runtime.txt"]);
    let after = case.unsafe_fixes().fix();
    assert_eq!(after.text("project.toml"), descriptor("3.10.*"));
    assert!(
        after
            .steps
            .iter()
            .any(|step| step.contains("Test the app with Python 3.10"))
    );

    let after = with("python-3.6.6").target("5.0").fix();
    assert_eq!(after.text("project.toml"), descriptor("3.6.*"));
    let after = with("python-3.12.1").target("5.2").unsafe_fixes().fix();
    assert_eq!(after.text("project.toml"), descriptor("3.8.*"));
}

#[test]
fn a_form_that_de4_did_not_read_is_no_safe_fix() {
    for runtime in ["python=3.7.0", "Python-3.7.0", "3.7.0"] {
        let case = with(runtime);
        assert!(case.check()[0].contains("is not the form that Dash Enterprise 4 read"));
        assert_eq!(case.fix().paths(), ["Procfile", "runtime.txt"]);
        let after = case.unsafe_fixes().fix();
        assert_eq!(after.text("project.toml"), descriptor("3.7.*"));
    }
}

#[test]
fn unreadable_forms_are_left_with_their_line() {
    for (runtime, place, what) in [
        (
            "\n<<<<<<< HEAD\npython-3.7.0\n=======\n",
            "2:1",
            "merge conflict",
        ),
        ("https://example.com/r.git#1", "1:1", "a URL"),
        ("python-3.9.6\npython-3.8.1\n", "2:1", "a second line"),
        ("latest", "1:1", "no version that can be read"),
    ] {
        let case = with(runtime).unsafe_fixes();
        let found = case.check();
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with(&format!("runtime.txt:{place}: ")),
            "{found:?}"
        );
        assert!(found[0].contains(what), "{found:?}");
        assert_eq!(case.fix().text("runtime.txt"), runtime);
    }
    let bytes = app([
        ("Procfile", &b"web: x"[..]),
        ("runtime.txt", b"python-3.9.6\n\xff"),
    ]);
    assert!(
        bytes.rule("DL101").check()[0]
            .starts_with("runtime.txt:2:1: DL101 runtime.txt cannot be used")
    );
}

#[test]
fn an_empty_file_goes() {
    let after = with("\r\n").fix();
    assert_eq!(after.paths(), ["Procfile"]);
    assert!(after.fixed[0].contains("names no Python version"));
}

#[test]
fn project_toml_that_agrees_stays_as_it_is() {
    let toml = "[[build.env]]\r\nname = \"BP_CPYTHON_VERSION\"\r\nvalue = \"~3.9\"";
    let after = app([WEB, ("runtime.txt", "python-3.9.6"), ("project.toml", toml)])
        .rule("DL101")
        .unsafe_fixes()
        .fix();
    assert_eq!(after.paths(), ["Procfile", "project.toml"]);
    assert_eq!(after.text("project.toml"), toml);
}

#[test]
fn project_toml_with_other_settings_is_extended() {
    let toml = "# ours\r\n[scripts]\r\npredeploy = \"x.sh\"\r\n";
    let after = app([WEB, ("runtime.txt", "python-3.9.6"), ("project.toml", toml)])
        .rule("DL101")
        .fix();
    assert_eq!(
        after.text("project.toml"),
        format!("{toml}\r\n{}", descriptor("3.9.*").replace('\n', "\r\n"))
    );
}

#[test]
fn a_disagreement_is_said_once_by_dl112() {
    let files = [
        WEB,
        ("runtime.txt", "python-3.8.6"),
        (
            "project.toml",
            "[[build.env]]\nname='BP_CPYTHON_VERSION'\nvalue='3.9.*'\n",
        ),
    ];
    assert!(app(files).rule("DL101").check().is_empty());
    let both = app(files).rule("DL1").check();
    assert_eq!(
        both.iter().filter(|line| line.contains("3.8")).count(),
        1,
        "{both:?}"
    );
}

#[test]
fn a_choice_of_project_toml_stands_when_the_release_lacks_the_other() {
    let after = app([
        WEB,
        ("runtime.txt", "python-3.6.6"),
        (
            "project.toml",
            "[[build.env]]\nname='BP_CPYTHON_VERSION'\nvalue='3.9.*'\n",
        ),
    ])
    .rule("DL101")
    .unsafe_fixes()
    .fix();
    assert_eq!(after.paths(), ["Procfile", "project.toml"]);
}

#[test]
fn conda_never_read_it() {
    for files in [
        vec![("environment.yml", "dependencies: [python=3.9]")],
        vec![
            ("conda-requirements.txt", "dash"),
            ("conda-runtime.txt", "Miniconda3-4.5.12"),
            ("requirements.txt", "x"),
        ],
    ] {
        let files = files
            .into_iter()
            .chain([WEB, ("runtime.txt", "python-3.6.6")]);
        let after = app(files).rule("DL101").fix();
        assert!(!after.paths().contains(&"runtime.txt"));
        assert!(!after.paths().contains(&"project.toml"));
        assert!(after.fixed[0].contains("conda builds this app"));
    }
}

#[test]
fn a_broken_project_toml_is_mended_first() {
    for toml in ["[build\n", "build = 3\n", "[_]\nschema-version = \"9\"\n"] {
        let case =
            app([WEB, ("runtime.txt", "python-3.9.6"), ("project.toml", toml)]).rule("DL101");
        let after = case.fix();
        assert_eq!(after.text("project.toml"), toml);
        assert_eq!(after.text("runtime.txt"), "python-3.9.6");
        assert!(
            after
                .steps
                .iter()
                .any(|step| step.starts_with("Mend project.toml first")),
            "{:?}",
            after.steps
        );
    }
}

#[test]
fn an_app_without_the_file_is_quiet() {
    assert!(app([WEB]).rule("DL101").check().is_empty());
}

#[test]
fn pypy_becomes_the_default_when_asked() {
    let case = with("pypy3.6-7.3.2\n");
    assert_eq!(
        case.check(),
        ["runtime.txt:1:1: DL101 runtime.txt asks for PyPy, which Dash Enterprise 5 does not have"]
    );
    assert_eq!(case.fix().text("runtime.txt"), "pypy3.6-7.3.2\n");
    let after = case.unsafe_fixes().fix();
    assert!(after.text("project.toml").contains("3.10.*"));
    assert!(!after.files.contains_key("runtime.txt"));
}
