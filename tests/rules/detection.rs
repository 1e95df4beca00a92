//! Tests of DL110.

use crate::harness::{Case, app};
use dashlift::rules::Category;

fn case<const N: usize>(files: [(&str, &str); N]) -> Case {
    let mut all = vec![("Procfile", "web: gunicorn app:server\n")];
    all.extend(files);
    app(all).rule("DL110")
}

#[test]
fn a_pipfile_beside_another_list_is_said() {
    let said = "Pipfile:1:1: DL110 Pipfile wins over every other list: Dash Enterprise 5 installs what it lists and nothing else";
    let pip = case([("Pipfile", ""), ("requirements.txt", "dash\n")]);
    assert_eq!(pip.check(), [said]);
    assert_eq!(pip.findings()[0].category, Category::Should);
    assert_eq!(
        pip.fix().steps,
        [
            "Decide which of the two is right. If it is requirements.txt, delete Pipfile and Pipfile.lock; if it is Pipfile, delete requirements.txt."
        ]
    );
    let conda = case([("Pipfile", ""), ("environment.yml", "dependencies: []\n")]);
    assert_eq!(conda.check(), [said]);
    assert_eq!(conda.findings()[0].category, Category::Must);
    assert_eq!(case([("Pipfile", "")]).check(), [""; 0]);
}

#[test]
fn vendor_takes_the_index_away() {
    let said = "vendor:1:1: DL110 vendor/ probably makes Dash Enterprise 5 install from that folder alone, without any index or channel";
    let empty = case([("requirements.txt", "dash\n"), ("vendor/theme.css", "")]);
    assert_eq!(empty.check(), [said]);
    assert_eq!(empty.findings()[0].category, Category::Must);
    let full = case([
        ("environment.yml", "dependencies: []\n"),
        ("vendor/a-1.0-py3-none-any.whl", ""),
    ]);
    assert_eq!(full.check(), [said]);
    assert_eq!(full.findings()[0].category, Category::Should);
    for quiet in [
        case([("Pipfile", ""), ("vendor/x", "")]),
        case([("vendor/x", "")]),
        case([("requirements.txt", ""), ("assets/vendor/x.js", "")]),
        case([("requirements.txt", ""), ("vendor.py", "")]),
    ] {
        assert_eq!(quiet.check(), [""; 0]);
    }
}

#[test]
fn setup_py_alone_gets_a_list() {
    let after = case([("setup.py", "")]).fix();
    assert_eq!(after.text("requirements.txt"), "-e .\n");
    for list in [
        "requirements.txt",
        "Pipfile",
        "environment.yml",
        "environment.yaml",
        "package-list.txt",
        "conda-requirements.txt",
    ] {
        let quiet = case([("setup.py", ""), (list, "")]);
        assert_eq!(quiet.check(), [""; 0], "{list}");
    }
}

#[test]
fn the_version_of_pip_becomes_a_build_variable() {
    let files = [
        ("requirements.txt", "dash\n"),
        ("pip-version.txt", "pip==21.2.4\r\n"),
    ];
    let after = case(files).target("5.4").fix();
    assert!(!after.paths().contains(&"pip-version.txt"));
    let project = after.text("project.toml");
    assert!(
        project.contains("BP_PIP_VERSION") && project.contains("21.2.4"),
        "{project}"
    );
    assert_eq!(after.steps, [""; 0]);
    let after = case(files).fix();
    assert_eq!(
        after.steps,
        [
            "Dash Enterprise 5.x is known to bring pip 23.3. If the build says that it has no pip 21.2.4, take BP_PIP_VERSION out of project.toml."
        ]
    );
}

#[test]
fn a_build_variable_that_is_there_wins() {
    let project = "[build]\n  [[build.env]]\n    name = 'BP_PIP_VERSION'\n    value = '23.3.*'\n";
    let after = case([
        ("requirements.txt", "dash\n"),
        ("pip-version.txt", "9.0.1\n"),
        ("project.toml", project),
    ])
    .fix();
    assert_eq!(after.text("project.toml"), project);
    assert!(!after.paths().contains(&"pip-version.txt"));
}

#[test]
fn no_version_and_no_project_are_a_persons() {
    let after = case([
        ("requirements.txt", "dash\n"),
        ("pip-version.txt", "latest\n"),
    ])
    .fix();
    assert_eq!(
        after.open,
        [
            "pip-version.txt:1:1: DL110 pip-version.txt holds no version, and Dash Enterprise 5 does not read it"
        ]
    );
    let broken = case([
        ("requirements.txt", "dash\n"),
        ("pip-version.txt", "9.0.1\n"),
        ("project.toml", "[build\n"),
    ])
    .fix();
    assert_eq!(broken.text("project.toml"), "[build\n");
    assert!(broken.paths().contains(&"pip-version.txt"));
    assert!(
        broken
            .steps
            .iter()
            .any(|step| step.starts_with("Mend project.toml first")),
        "{:?}",
        broken.steps
    );
}

#[test]
fn hooks_are_not_run() {
    let case = case([
        ("requirements.txt", "dash\nnltk\n"),
        ("bin/pre_compile", "echo\n"),
        ("bin/post_compile", "echo\n"),
        ("nltk.txt", "punkt stopwords\n`rm`\n"),
    ]);
    assert_eq!(
        case.check(),
        [
            "bin/post_compile:1:1: DL110 bin/post_compile, which Dash Enterprise 4 ran after the packages were installed, is not run on Dash Enterprise 5",
            "bin/pre_compile:1:1: DL110 bin/pre_compile, which Dash Enterprise 4 ran before the packages were installed, is not run on Dash Enterprise 5",
            "nltk.txt:1:1: DL110 nltk.txt names data that Dash Enterprise 4 downloaded and Dash Enterprise 5 does not: punkt stopwords",
        ]
    );
    let findings = case.findings();
    assert_eq!(
        findings[2].steps[0].command.as_deref(),
        Some("python -m nltk.downloader -d nltk_data punkt stopwords")
    );
}

#[test]
fn django_loses_its_static_files() {
    let files = [
        ("requirements.txt", "Django==3.2\n"),
        ("site/manage.py", ""),
    ];
    let found = case(files);
    assert_eq!(
        found.check(),
        [
            "site/manage.py:1:1: DL110 Dash Enterprise 4 ran Django's collectstatic after the build by itself; Dash Enterprise 5 does not"
        ]
    );
    assert_eq!(
        found.findings()[0].steps[0].command.as_deref(),
        Some("python site/manage.py collectstatic --noinput")
    );
    let quiet = [
        case([("requirements.txt", "dash\n"), ("manage.py", "")]),
        case([("requirements.txt", "django\n")]),
        case([
            ("requirements.txt", "django\n"),
            ("manage.py", ""),
            ("predeploy.sh", "python manage.py collectstatic --noinput\n"),
        ]),
    ];
    for case in quiet {
        assert_eq!(case.check(), [""; 0]);
    }
}
