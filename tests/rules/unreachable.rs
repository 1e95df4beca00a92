//! Tests of unreachable.

use crate::harness::{Case, app};

fn case(requirements: &str) -> Case {
    app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", requirements),
        ("wheels/own-1.0-py3-none-any.whl", "PK"),
        ("lib/setup.py", "setup()"),
        ("plain/readme.txt", ""),
        ("setup.py", "setup()"),
    ])
    .rule("DL207")
}

#[test]
fn paths_of_another_machine_are_found() {
    let list = "yapf @ file:///tmp/build/1a2b3c4d/yapf_1600000000000/work\nC:\\wheels\\x.whl\n/srv/x.zip\n-e ~/code/lib\n";
    let after = case(list).fix();
    assert_eq!(
        after.open,
        [
            "requirements.txt:1:1: DL207 `file:///tmp/build/1a2b3c4d/yapf_1600000000000/work` is a path of the machine that the list was made on",
            "requirements.txt:2:1: DL207 `C:\\wheels\\x.whl` is a path of the machine that the list was made on",
            "requirements.txt:3:1: DL207 `/srv/x.zip` is a path of the machine that the list was made on",
            "requirements.txt:4:1: DL207 `~/code/lib` is a path of the machine that the list was made on",
        ]
    );
    assert!(after.steps[0].contains("`yapf==VERSION`"));
}

#[test]
fn a_version_in_the_path_is_recovered_when_asked() {
    for (before, after) in [
        (
            "joblib @ file:///tmp/tmp9/joblib-1.2.0-py3-none-any.whl\n",
            "joblib==1.2.0\n",
        ),
        (
            "Fast-Lib @ file:///D:/venv/Fast_Lib-1.4-cp38-cp38-win_amd64.whl  # ta\r\n",
            "Fast-Lib==1.4  # ta\r\n",
        ),
        (
            "x[a] @ file:///tmp/x-1.0.tar.gz ; python_version > '3'",
            "x[a]==1.0 ; python_version > '3'",
        ),
        ("sales-charts-0.4.0.tar.gz\n", "sales-charts==0.4.0\n"),
        ("./gone/own-2.0-py3-none-any.whl[a]\n", "own[a]==2.0\n"),
        ("C:\\wheels\\own-2.0-py3-none-any.whl\n", "own==2.0\n"),
        (
            "pandas @ file:///srv/build/pandas-1.0.5/work\n",
            "pandas==1.0.5\n",
        ),
        (
            "Scikit_learn @ file:///D:/bld/scikit-learn/0.23.2\n",
            "Scikit_learn==0.23.2\n",
        ),
    ] {
        assert_eq!(case(before).fix().text("requirements.txt"), before);
        let result = case(before).unsafe_fixes().fix();
        assert_eq!(result.text("requirements.txt"), after);
    }
}

#[test]
fn a_version_that_is_none_is_not_guessed() {
    for line in [
        "yapf @ file:///tmp/build/1a2b3c4d/yapf_1600000000000/work",
        "dash @ file:///tmp/other-1.0-py3-none-any.whl",
        "torch @ file:///tmp/torch-1.0+cu110-cp38-cp38-linux_x86_64.whl",
        "./gone.zip",
        "-e ./gone",
        "pandas @ file:///srv/other-1.0.5/work",
        "pandas @ file:///srv/pandas-2/work",
        "pandas @ file:///srv/pandas/1.0.5+local/work",
    ] {
        let after = case(line).unsafe_fixes().fix();
        assert_eq!(
            (after.text("requirements.txt"), after.open.len()),
            (line, 1),
            "{line}"
        );
    }
}

#[test]
fn what_is_in_the_repository_is_reachable() {
    for line in [
        "./wheels/own-1.0-py3-none-any.whl",
        "wheels/own-1.0-py3-none-any.whl[a]",
        "-e .",
        ".",
        "-e ./lib",
        "./lib[a]",
        "file:wheels/own-1.0-py3-none-any.whl",
        "https://example.com/x.zip",
        "-e git+https://example.com/x.git#egg=x",
        "x @ ${BASE}/x.zip",
        "x @ file:///tmp/x ; sys_platform == 'win32'",
        "dash==1.0",
    ] {
        assert!(
            case(line).check().is_empty(),
            "{line}: {:?}",
            case(line).check()
        );
    }
}

#[test]
fn what_is_not_is_said() {
    assert_eq!(
        case("./gone\n../up\n./plain\n").check(),
        [
            "requirements.txt:1:1: DL207 `./gone` is not in the repository",
            "requirements.txt:2:1: DL207 `../up` leads out of the repository",
            "requirements.txt:3:1: DL207 `./plain` has neither setup.py nor pyproject.toml: pip cannot install it",
        ]
    );
}

#[test]
fn the_git_protocol_becomes_https_when_asked() {
    for (before, after) in [
        (
            "-e git://github.example.com/plotly/x.git#egg=x\n",
            "-e git+https://github.example.com/plotly/x.git#egg=x\n",
        ),
        (
            "x @ git+git://github.example.com/x.git@v1  # y\n",
            "x @ git+https://github.example.com/x.git@v1  # y\n",
        ),
    ] {
        let guided = case(before).fix();
        assert_eq!(
            (guided.text("requirements.txt"), guided.open.len()),
            (before, 1)
        );
        assert_eq!(
            case(before).unsafe_fixes().fix().text("requirements.txt"),
            after
        );
    }
}

#[test]
fn what_conda_built_is_asked_for_by_its_name() {
    for (before, after) in [
        (
            "requests @ file:///croot/requests_1690400202158/work\n",
            "requests\n",
        ),
        (
            "Dash[celery] @ file:///home/conda/feedstock_root/build_artifacts/dash_1/work ; python_version > '3'\n",
            "Dash[celery] ; python_version > '3'\n",
        ),
    ] {
        let after_safe = case(before).fix();
        assert_eq!(
            (after_safe.text("requirements.txt"), after_safe.open.len()),
            (before, 1)
        );
        let fixed = case(before).unsafe_fixes().fix();
        assert_eq!(fixed.text("requirements.txt"), after);
    }
    // A name that nobody knows, and a place that may be anyone's: a person looks.
    for line in [
        "no-such-thing-here @ file:///croot/no-such-thing-here_1/work\n",
        "requests @ file:///home/me/requests\n",
        "-e file:///croot/requests_1/work#egg=requests\n",
    ] {
        assert!(case(line).findings()[0].fix.is_none(), "{line}");
    }
    // DL206 says that it is for Windows.
    let foreign = "menuinst @ file:///C:/ci_311/abs_b0/croot/menuinst_1702390296373/work\n";
    assert_eq!(case(foreign).check(), [""; 0]);
}

#[test]
fn credentials_are_not_shown() {
    let found = case("x @ git://user:hunter2@example.com/x.git\n").findings();
    assert!(!format!("{:?}", (&found[0].message, &found[0].steps)).contains("hunter2"));
}

#[test]
fn the_list_of_conda_is_a_list() {
    let environment = "dependencies:\n  - python=3.9\n  - pip\n  - pip:\n      - joblib @ file:///tmp/joblib-1.2.0.tar.gz # x\n";
    let after = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("environment.yml", environment),
    ])
    .rule("DL207")
    .unsafe_fixes()
    .fix();
    assert_eq!(
        after.text("environment.yml"),
        environment.replace(" @ file:///tmp/joblib-1.2.0.tar.gz", "==1.2.0")
    );
}
