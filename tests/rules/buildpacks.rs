//! Tests of DL109.

use crate::harness::{Case, app};
use dashlift::rules::{Category, Effort};

const PYTHON: &str = "https://github.com/plotly/heroku-buildpack-python.git#3.3.0b8\n";
const CONDA: &str = "https://github.com/plotly/conda-buildpack.git\n";

fn case<const N: usize>(files: [(&str, &str); N]) -> Case {
    app(files).rule("DL109")
}

#[test]
fn the_python_buildpacks_of_de4_are_not_needed() {
    for choice in [
        PYTHON,
        "https://github.com/plotly/heroku-buildpack-python/commit/893eff38",
        "https://github.com/heroku/heroku-buildpack-python.git",
        "https://github.com/heroku/heroku-buildpack-apt\r\nheroku/python\r\n",
        "\n",
    ] {
        let after = case([(".buildpacks", choice), ("requirements.txt", "dash\n")]).fix();
        assert_eq!(after.paths(), ["requirements.txt"], "{choice}");
        assert_eq!(after.open, [""; 0]);
    }
}

#[test]
fn conda_goes_with_a_list_for_conda() {
    let with = |name: &str| {
        case([
            (".buildpacks", CONDA),
            (name, "a\n"),
            ("conda-runtime.txt", "Miniconda3-4.5.12\n"),
        ])
        .fix()
    };
    assert!(
        !with("conda-requirements.txt")
            .paths()
            .contains(&".buildpacks")
    );
    assert!(!with("environment.yml").paths().contains(&".buildpacks"));
    let after = with("requirements.txt");
    assert_eq!(
        after.open,
        [
            ".buildpacks:1:1: DL109 .buildpacks names conda's buildpack, but the app has no list that Dash Enterprise 5 gives to conda; Dash Enterprise 5 chooses by the files alone"
        ]
    );
}

#[test]
fn a_choice_against_the_files_is_a_persons() {
    let files = [
        (".buildpacks", PYTHON),
        ("conda-requirements.txt", "a\n"),
        ("conda-runtime.txt", "Miniconda3-4.5.12\n"),
    ];
    let after = case(files).fix();
    assert_eq!(
        after.open,
        [
            ".buildpacks:1:1: DL109 .buildpacks names pip's buildpack, but the app has a list for conda; Dash Enterprise 5 chooses by the files alone"
        ]
    );
    let both = format!("{PYTHON}{CONDA}");
    let after = case([
        (".buildpacks", both.as_str()),
        ("requirements.txt", "dash\n"),
    ])
    .fix();
    assert!(
        after.open[0].contains("both pip's and conda's buildpack"),
        "{:?}",
        after.open
    );
}

#[test]
fn forks_are_a_persons_and_show_no_credentials() {
    let choice =
        format!("{PYTHON}https://ci:s3cret@git.example.com/acme/heroku-buildpack-python#main\n");
    let case = case([
        (".buildpacks", choice.as_str()),
        ("requirements.txt", "dash\n"),
    ]);
    assert_eq!(
        case.check(),
        [
            ".buildpacks:2:1: DL109 .buildpacks names `https://***@git.example.com/acme/heroku-buildpack-python#main`, which is not one of Dash Enterprise 4's own; Dash Enterprise 5 does not read .buildpacks"
        ]
    );
    assert_eq!(case.fix().text(".buildpacks"), choice);
}

#[test]
fn r_and_julia_apps_are_declined_and_only_that_is_said() {
    let r = "https://github.com/plotly/heroku-buildpack-r#heroku-20\n";
    for (files, line) in [
        (
            vec![
                (".buildpacks", r),
                ("Aptfile", "libv8-3.14-dev\r\n"),
                ("Procfile", "web: R -f app.R\n"),
            ],
            ".buildpacks:1:1: DL109 the app is written in R",
        ),
        // One R app calls Python, another has no Procfile.
        (
            vec![
                (".buildpacks", r),
                ("requirements.txt", "pandas\n"),
                ("DOKKU_SCALE", "web=2\n"),
            ],
            ".buildpacks:1:1: DL109 the app is written in R",
        ),
        (
            vec![
                ("init.R", "install.packages('dash')\n"),
                ("apt-packages", "curl\n"),
            ],
            "init.R:1:1: DL109 the app is written in R",
        ),
        (
            vec![
                (
                    ".buildpacks",
                    "https://github.com/acme/heroku-buildpack-julia\n",
                ),
                ("Project.toml", ""),
            ],
            ".buildpacks:1:1: DL109 the app is written in Julia",
        ),
    ] {
        let case = app(files.clone());
        let found = case.check();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with(line), "{found:?}");
        let finding = &case.findings()[0];
        assert_eq!(
            (finding.category, finding.effort),
            (Category::Must, Effort::Days)
        );
        assert_eq!(case.fix().paths().len(), files.len());
    }
}

#[test]
fn a_python_app_with_r_beside_it_is_not_half_converted_in_silence() {
    let choice = format!("{PYTHON}https://github.com/acme/heroku-buildpack-r\n");
    let case = case([
        (".buildpacks", choice.as_str()),
        ("requirements.txt", "dash\n"),
    ]);
    assert_eq!(
        case.check(),
        [
            ".buildpacks:1:1: DL109 .buildpacks names a buildpack for R, and Dash Enterprise 5 documents none"
        ]
    );
}

#[test]
fn buildpack_yml_stops_the_build() {
    let said = "buildpack.yml:1:1: DL109 buildpack.yml makes Dash Enterprise 5's Python buildpacks refuse the app";
    let full = case([
        ("Procfile", "web: gunicorn app:server\n"),
        ("buildpack.yml", "cpython:\n  version: 3.8.*\n"),
    ])
    .fix();
    assert_eq!(full.open, [said]);
    let empty = case([
        ("Procfile", "web: gunicorn app:server\n"),
        ("buildpack.yml", "---\n# nothing\n"),
    ])
    .fix();
    assert_eq!(empty.fixed, [said]);
    assert_eq!(empty.paths(), ["Procfile"]);
}

#[test]
fn bytes_that_are_no_text_are_said() {
    let files = [
        ("requirements.txt", b"dash\n".to_vec()),
        (".buildpacks", b"\xFFx".to_vec()),
    ];
    let found = app(files).rule("DL109").check();
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with(".buildpacks:1:1: DL109 .buildpacks cannot be used"),
        "{found:?}"
    );
}
