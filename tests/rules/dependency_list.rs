//! DL114.

use crate::harness::{Case, app};

const CODE: &str = "from dash import Dash\napp = Dash(__name__)\nserver = app.server\n";

fn with(files: &[(&str, &str)]) -> Case {
    let mut all = vec![("Procfile", "web: gunicorn app:server\n"), ("app.py", CODE)];
    all.extend_from_slice(files);
    app(all).rule("DL114")
}

#[test]
fn lists_that_are_read_are_quiet() {
    for (name, text) in [
        ("requirements.txt", "dash\n"),
        ("requirements.txt", "-r base.txt\n"),
        ("requirements.txt", "-e .\n"),
        ("environment.yml", "dependencies: [dash]\n"),
        ("Pipfile", "[packages]\ndash = '*'\n"),
        ("pyproject.toml", "[tool.poetry]\nname = 'x'\n"),
        ("predeploy.sh", "pip install -r prod.txt\n"),
    ] {
        let case = with(&[(name, text)]);
        assert!(case.check().is_empty(), "{name} {:?}", case.check());
    }
}

#[test]
fn code_that_needs_nothing_needs_no_list() {
    let files = [
        ("Procfile", "web: python app.py\n"),
        ("app.py", "import http.server, helper\n"),
        ("helper.py", ""),
    ];
    assert!(app(files).rule("DL114").check().is_empty());
    let guarded = "try:\n    import orjson\nexcept ImportError:\n    orjson = None\n";
    let files = [("Procfile", "web: python app.py\n"), ("app.py", guarded)];
    assert!(app(files).rule("DL114").check().is_empty());
    let files = [
        ("Procfile", "web: python app.py\n"),
        ("app.py", "import http\n"),
        ("prepare.py", "import pandas\n"),
    ];
    assert!(
        app(files).rule("DL114").check().is_empty(),
        "nothing starts it"
    );
}

#[test]
fn no_list_and_an_empty_one_are_said() {
    let none = with(&[]);
    assert_eq!(
        none.check(),
        [
            "requirements.txt:1:1: DL114 the app has no list of what to install, and the code imports dash"
        ]
    );
    for text in [
        "",
        "\n\n",
        "# dash\n",
        "--extra-index-url https://example.com/simple\n",
    ] {
        let case = with(&[("requirements.txt", text)]);
        assert_eq!(
            case.check(),
            [
                "requirements.txt:1:1: DL114 requirements.txt asks for nothing, and the code imports dash"
            ],
            "{text:?}"
        );
    }
    let old = with(&[("pyproject.toml", "[tool.poetry]\n")]).target("5.2");
    assert!(old.check()[0].contains("no list of what to install"));
    let steps = &with(&[("pyproject.toml", "[project]\nname = 'x'\n")]).findings()[0].steps;
    assert!(
        steps[0]
            .text
            .contains("pyproject.toml only if it is poetry's")
    );
}

#[test]
fn a_near_name_is_renamed() {
    for name in [
        "Requirements.txt",
        "REQUIREMENTS.TXT",
        "requirement.txt",
        "requirments.txt",
        "requirements",
        "requirements.txt.txt",
        "reqs.txt",
        "Requirements.text",
    ] {
        let case = with(&[(name, "dash\n")]);
        assert_eq!(
            case.check(),
            [format!(
                "{name}:1:1: DL114 {name} is not read: the build installs what requirements.txt lists, exactly so"
            )]
        );
        let after = case.fix();
        assert_eq!(after.text("requirements.txt"), "dash\n", "{name}");
        assert!(after.open.is_empty() && !after.files.contains_key(name));
    }
}

#[test]
fn other_files_are_no_near_names() {
    for name in [
        "notes.txt",
        "requirements-dev.txt",
        "requirements.in",
        "recruitment.txt",
    ] {
        let case = with(&[(name, "dash\n")]);
        let lines = case.check();
        assert!(
            lines[0].starts_with("requirements.txt:1:1: DL114 the app has no list"),
            "{name} {lines:?}"
        );
        assert!(case.fix().files.contains_key(name));
    }
    let two = with(&[
        ("Requirements.txt", "dash\n"),
        ("requirement.txt", "flask\n"),
    ]);
    assert!(!two.fix().files.contains_key("requirements.txt"));
}

#[test]
fn a_list_where_the_process_starts_is_said() {
    for command in [
        "cd backend && gunicorn app:server",
        "cd backend; gunicorn app:server",
        "gunicorn --chdir backend app:server",
        "pushd backend && gunicorn app:server",
        "(cd backend && gunicorn app:server)",
    ] {
        let procfile = format!("web: {command}\n");
        let case = app([
            ("Procfile", procfile.as_str()),
            ("backend/app.py", CODE),
            ("backend/requirements.txt", "dash\n"),
        ])
        .rule("DL114");
        assert!(
            case.check()[0].starts_with(
                "backend/requirements.txt:1:1: DL114 backend/requirements.txt is not read"
            ),
            "{command}"
        );
        assert!(!case.fix().files.contains_key("requirements.txt"));
        let after = case.unsafe_fixes().fix();
        assert_eq!(
            after.text("requirements.txt"),
            "-r backend/requirements.txt\n"
        );
        assert!(after.open.is_empty());
    }
}
