//! Tests of python-compat. The releases that are named here do not change any more.

use crate::harness::{After, Case, app};
use dashlift::rules::Category;

const PYTHON: &str = "[build]\n[[build.env]]\nname = 'BP_CPYTHON_VERSION'\nvalue = '3.10.*'\n";

fn case(requirements: &str) -> Case {
    files(requirements, PYTHON, &[])
}

fn files(requirements: &str, project: &str, more: &[(&str, &str)]) -> Case {
    let own = [
        ("Procfile", "web: gunicorn app:server\n"),
        ("project.toml", project),
        ("requirements.txt", requirements),
    ];
    app(own.iter().chain(more).copied()).rule("DL205")
}

fn on(minor: &str, requirements: &str) -> Case {
    files(requirements, &PYTHON.replace("3.10", minor), &[])
}

fn moved(requirements: &str) -> After {
    case(requirements).unsafe_fixes().fix()
}

fn conda(environment: &str) -> After {
    let files = [
        ("Procfile", "web: gunicorn app:server\n"),
        ("environment.yml", environment),
    ];
    app(files).rule("DL205").unsafe_fixes().fix()
}

#[test]
fn a_pin_that_requires_another_python_is_found() {
    assert_eq!(
        on("3.8", "pandas==2.1.0\nflask==3.1.0\n").check(),
        [
            "requirements.txt:1:1: DL205 pandas 2.1.0 does not install on Python 3.8: it asks for Python >=3.9",
            "requirements.txt:2:1: DL205 flask 3.1.0 does not install on Python 3.8: it asks for Python >=3.9",
        ]
    );
    assert!(
        on("3.9", "pandas==2.1.0\nflask==3.1.0\n")
            .check()
            .is_empty()
    );
}

#[test]
fn a_pin_without_a_file_is_found() {
    assert_eq!(
        case("tensorflow==1.15.0\n").check(),
        [
            "requirements.txt:1:1: DL205 tensorflow 1.15.0 does not install on Python 3.10: it has no file for it"
        ]
    );
    assert!(on("3.7", "tensorflow==1.15.0\n").check().is_empty());
}

#[test]
fn a_build_from_source_is_said_to_be_likely_to_fail() {
    assert_eq!(
        case("NumPy===1.18.1\n").check(),
        [
            "requirements.txt:1:1: DL205 NumPy 1.18.1 has no wheel for Python 3.10; building it from source likely fails, the build needs a C compiler and sources that this Python still compiles"
        ]
    );
    // What builds without more than Python.
    for line in [
        "sqlalchemy==1.3.24",
        "markupsafe==1.1.1",
        "dash==1.20.0",
        "future==0.18.2",
    ] {
        assert!(case(line).check().is_empty(), "{line}");
    }
}

#[test]
fn what_is_unknown_is_left() {
    for line in [
        "in-house==1.0",
        "pandas==0.1",
        "pandas==99.0",
        "pandas",
        "pandas>=1.0",
        "pandas==${VERSION}",
        "pandas @ https://example.com/pandas-1.0.5.zip",
        "pandas===something",
        "flask==2.0.1",
        "pandas==1.0.5 ; python_version < '3.8'",
        "pandas==1.0.5 ; sys_platform == 'win32'",
        "# pandas==1.0.5",
    ] {
        assert!(case(line).check().is_empty(), "{line}");
    }
}

#[test]
fn sources_that_need_more_than_python_are_said_with_what_to_take() {
    for (line, said) in [
        (
            "psycopg2==2.8.6",
            "psycopg2 2.8.6 comes as source only; building it likely fails, the build needs a C compiler and pg_config of PostgreSQL",
        ),
        (
            "mysqlclient",
            "mysqlclient comes as source only; building it likely fails, the build needs a C compiler and the headers of MySQL",
        ),
        (
            "fbprophet==0.7.1",
            "fbprophet 0.7.1 comes as source only; building it likely fails, the build needs pystan 2, installed before it, and a C++ compiler at run time",
        ),
        (
            "MarkupSafe==1.0",
            "MarkupSafe 1.0 cannot be built: its source asks for `setuptools.Feature`, which setuptools 46 removed",
        ),
    ] {
        let said = format!("requirements.txt:1:1: DL205 {said}");
        assert_eq!(case(&format!("{line}\n")).check(), [said], "{line}");
    }
    assert_eq!(
        moved("psycopg2\n").text("requirements.txt"),
        "psycopg2-binary\n"
    );
    assert_eq!(
        moved("psycopg2==2.9.9\npsycopg2-binary==2.9.9\n").text("requirements.txt"),
        "psycopg2-binary==2.9.9\n"
    );
    // Somebody thought of the build.
    let apt = [("apt-packages", "libpq-dev\n")];
    let found = files("psycopg2==2.9.9\n", PYTHON, &apt).findings();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].category, Category::May);
}

#[test]
fn a_local_version_is_on_no_public_index_and_keeps_its_part() {
    let list = "torch==1.8.1+cpu\n";
    assert_eq!(
        on("3.8", list).check(),
        [
            "requirements.txt:1:1: DL205 torch 1.8.1+cpu is on no public index: only a page of its own has versions with a part like `+cpu`"
        ]
    );
    let page = format!("-f https://example.com/whl/torch_stable.html\n{list}");
    assert!(on("3.8", &page).check().is_empty());
    let found = on("3.10", &page).findings();
    assert_eq!(found.len(), 1);
    assert!(
        found[0]
            .steps
            .iter()
            .any(|it| it.text.contains("torch 1.11.0+cpu"))
    );
    assert!(found[0].fix.is_none());
}

#[test]
fn a_version_that_never_was_is_found_between_those_that_were() {
    assert_eq!(
        case("dash==2.9.99\n").check(),
        [
            "requirements.txt:1:1: DL205 dash 2.9.99 was never on the index, which has older and newer ones"
        ]
    );
    let other = "--extra-index-url https://example.com/simple\ndash==2.9.99\n";
    assert!(case(other).check().is_empty());
}

#[test]
fn what_installs_and_does_not_start_is_found_where_it_runs() {
    let said = "requirements.txt:2:1: DL205 networkx 2.2 installs on Python 3.10 and does not start: networkx.algorithms.dag (line 23) uses fractions.gcd, which Python 3.9 no longer has";
    let list = "dash==2.18.0\nnetworkx==2.2\n";
    let used = files(list, PYTHON, &[("app.py", "import networkx\n")]).findings();
    let unused = files(list, PYTHON, &[("app.py", "import dash\n")]).findings();
    let categories = [&used, &unused].map(|found| found.iter().map(|it| it.category).next());
    assert_eq!(categories, [Some(Category::Must), Some(Category::Should)]);
    assert_eq!(case(list).check(), [said]);
    assert!(on("3.8", list).check().is_empty());
    assert_eq!(
        moved(list).text("requirements.txt"),
        "dash==2.18.0\nnetworkx==2.4\n"
    );
}

#[test]
fn a_range_is_found_when_nothing_in_it_installs() {
    assert_eq!(
        case("tensorflow<2\n").check(),
        ["requirements.txt:1:1: DL205 no release of tensorflow <2 installs on Python 3.10"]
    );
    assert_eq!(
        on("3.8", "numpy>=2.0\n").check(),
        ["requirements.txt:1:1: DL205 no release of numpy >=2.0 installs on Python 3.8"]
    );
    assert_eq!(
        case("pandas~=1.0.3\n").check(),
        [
            "requirements.txt:1:1: DL205 the newest pandas ~=1.0.3 has no wheel for Python 3.10; building it from source likely fails, the build needs a C compiler and sources that this Python still compiles"
        ]
    );
    for line in ["pandas<2", "pandas~=1.0", "tensorflow>=1.15", "numpy==1.2*"] {
        assert!(case(line).check().is_empty(), "{line}");
    }
    let after = moved("tensorflow<2\n");
    assert_eq!(after.text("requirements.txt"), "tensorflow<2\n");
    assert!(after.steps[0].starts_with("Allow a version between 2.8.0 and "));
}

#[test]
fn a_pin_moves_to_the_nearest_version_when_asked() {
    for (before, after) in [
        ("pandas==1.0.5\n", "pandas==1.3.3\n"),
        ("numpy === 1.18.1", "numpy === 1.21.2"),
        ("numpy (==1.18.1)\n", "numpy (==1.21.2)\n"),
        (
            "Pandas[x] == 1.0.5 ; python_version > '3'  # why\r\n",
            "Pandas[x] == 1.3.3 ; python_version > '3'  # why\r\n",
        ),
        ("numba==0.53.1\n", "numba==0.55.0\n"),
    ] {
        assert_eq!(case(before).fix().text("requirements.txt"), before);
        assert_eq!(moved(before).text("requirements.txt"), after);
    }
    let after = moved("pandas==1.0.5\n");
    assert!(after.said[0].starts_with("pandas 1.3.3 is the nearest newer version with a wheel"));
    let way = "Choose Python 3.7 or 3.8: pandas 1.0.5 has wheels for it.";
    assert_eq!(after.said[1], way);
    assert!(after.steps[0].contains("`dashlift solve`"));
}

#[test]
fn a_version_too_new_moves_back() {
    let after = on("3.8", "pandas==2.1.0\n").unsafe_fixes().fix();
    assert_eq!(after.text("requirements.txt"), "pandas==2.0.3\n");
    assert!(
        after
            .said
            .iter()
            .any(|note| note.contains("nearest older version"))
    );
}

#[test]
fn other_lines_about_it_are_heard() {
    let both = [("constraints.txt", "pandas==1.0.5\n")];
    let after = files("pandas==1.0.5\n-c constraints.txt\n", PYTHON, &both);
    let after = after.unsafe_fixes().fix();
    assert_eq!(
        after.text("requirements.txt"),
        "pandas==1.3.3\n-c constraints.txt\n"
    );
    assert_eq!(after.text("constraints.txt"), "pandas==1.3.3\n");
    let above = [("constraints.txt", "pandas>=1.4\n")];
    let after = files("pandas==1.0.5\n-c constraints.txt\n", PYTHON, &above);
    let after = after.unsafe_fixes().fix();
    assert_eq!(
        after.text("requirements.txt"),
        "pandas==1.4.0\n-c constraints.txt\n"
    );
    let below = [("constraints.txt", "pandas<1.2\n")];
    let after = files("pandas==1.0.5\n-c constraints.txt\n", PYTHON, &below);
    let after = after.unsafe_fixes().fix();
    assert_eq!(
        after.text("requirements.txt"),
        "pandas==1.0.5\n-c constraints.txt\n"
    );
    assert!(
        after
            .steps
            .iter()
            .any(|step| step.starts_with("Other lines limit pandas too"))
    );
}

#[test]
fn hashes_are_for_a_person() {
    for list in [
        "pandas==1.0.5 \\\n    --hash=sha256:aa\n",
        "pandas==1.0.5\nsix==1.15.0 --hash=sha256:aa\n",
        "--require-hashes\npandas==1.0.5\n",
    ] {
        let after = moved(list);
        assert_eq!(after.text("requirements.txt"), list);
        assert_eq!(after.open.len(), 1);
        assert!(after.steps.iter().any(|step| step.contains("make it anew")));
    }
}

#[test]
fn a_folded_line_is_one_and_an_escaped_item_is_for_a_person() {
    assert_eq!(
        moved("pandas\\\n==1.0.5\n").text("requirements.txt"),
        "pandas\\\n==1.3.3\n"
    );
    let environment = "dependencies:\n  - python=3.10\n  - pip\n  - pip:\n      - \"pandas==1.0.\\x35\"\n      - dash\n";
    let after = conda(environment);
    assert_eq!(after.text("environment.yml"), environment);
    assert!(
        after
            .steps
            .iter()
            .any(|step| step.starts_with("Write 1.3.3 in its place."))
    );
}

#[test]
fn the_python_is_that_after_the_fixes() {
    let runtime = |python: &str, list: &str| {
        let own = [
            ("Procfile", "web: gunicorn app:server\n"),
            ("runtime.txt", python),
        ];
        app(own.into_iter().chain([("requirements.txt", list)])).rule("DL205")
    };
    // 3.6 becomes the default of the release.
    assert_eq!(runtime("python-3.6.10", "numba==0.53.1\n").check().len(), 1);
    assert!(
        runtime("python-3.8.1", "numba==0.53.1\n")
            .check()
            .is_empty()
    );
    let old = runtime("python-3.6.10", "pandas==2.1.0\n").target("5.0");
    assert!(old.check()[0].contains("Python 3.6"));
    assert!(on(">=3.8", "numba==0.53.1\n").check().is_empty());
}

#[test]
fn the_list_of_conda_is_a_list() {
    let environment = "dependencies:\n  - python=3.10\n  - pip\n  - pip:\n      - numba==0.53.1 # x\n      - dash\n";
    let after = conda(environment);
    assert_eq!(
        after.text("environment.yml"),
        environment.replace("0.53.1", "0.55.0")
    );
}

#[test]
fn it_comes_to_rest_with_the_other_rules() {
    let list = "dash==1.19.0\ndash-core-components==1.3.1\npandas==1.0.5\npandas==1.0.5\ndash-enterprise-auth==0.0.4\nenum34==1.1.10\nnumba==0.53.1\n";
    let after = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("runtime.txt", "python-3.6.10\n"),
        ("requirements.txt", list),
        (
            "app.py",
            "import dash\nserver = dash.Dash(__name__).server\n",
        ),
    ])
    .rules("DL1,DL20,DL210")
    .unsafe_fixes()
    .fix();
    assert_eq!(
        after.text("requirements.txt"),
        "dash==1.19.0\ndash-core-components==1.15.0\npandas==1.3.3\ndash-enterprise-auth>=0.0.6\nnumba==0.55.0\n"
    );
}
