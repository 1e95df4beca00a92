use super::*;
use crate::tree::MemoryTree;

fn listed(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|it| (*it).to_owned()).collect()
}

/// The uses of one distribution, as `kind file what`.
fn shown(files: &[(&str, &str)], names: &[&str], name: &str) -> Vec<String> {
    let tree = MemoryTree::new(files.iter().copied());
    let app = App::new(&tree, TreePath::root());
    let mut found = uses(&app, &listed(names));
    let uses = found.remove(name).unwrap_or_default();
    let line = |it: Use| format!("{:?} {} {}", it.kind, it.path, it.what);
    uses.into_iter().map(line).collect()
}

/// The names of all distributions that are used.
fn used(files: &[(&str, &str)], names: &[&str]) -> Vec<String> {
    let tree = MemoryTree::new(files.iter().copied());
    let app = App::new(&tree, TreePath::root());
    uses(&app, &listed(names)).into_keys().collect()
}

/// The names that are used by one module.
fn used_by(code: &str, names: &[&str]) -> Vec<String> {
    used(&[("app.py", code)], names)
}

#[test]
fn imports_of_every_form_are_uses() {
    let code = "\
import yaml
from google.cloud import storage
import importlib
try:
    import orjson
except ImportError:
    orjson = None
def later():
    plugin = importlib.import_module('dash_daq')
";
    let names = [
        "dash-daq",
        "google-cloud-bigquery",
        "google-cloud-storage",
        "orjson",
        "pyyaml",
    ];
    let of = |name| shown(&[("app.py", code)], &names, name);
    assert_eq!(of("pyyaml"), ["Import app.py yaml"]);
    assert_eq!(
        of("google-cloud-storage"),
        ["Import app.py google.cloud.storage"]
    );
    assert!(of("google-cloud-bigquery").is_empty());
    assert_eq!(of("orjson"), ["GuardedImport app.py orjson"]);
    assert_eq!(of("dash-daq"), ["DynamicImport app.py dash_daq"]);
}

#[test]
fn the_place_is_the_statement() {
    let tree = MemoryTree::new([("app.py", "import os\nimport numpy as np\n")]);
    let app = App::new(&tree, TreePath::root());
    let uses = uses(&app, &listed(&["numpy"]));
    let span = uses["numpy"][0].span.unwrap();
    assert_eq!(
        span.of("import os\nimport numpy as np\n"),
        "import numpy as np"
    );
}

#[test]
fn notebooks_and_modules_in_folders_count() {
    let notebook = r#"{"cells": [{"cell_type": "code", "source": ["import seaborn\n"], "outputs": [], "metadata": {}}], "metadata": {}, "nbformat": 4, "nbformat_minor": 2}"#;
    let files = [
        ("work/look.ipynb", notebook),
        ("pages/a/one.py", "import xarray\n"),
        ("app.py", ""),
    ];
    assert_eq!(
        used(&files, &["seaborn", "xarray", "numpy"]),
        ["seaborn", "xarray"]
    );
}

#[test]
fn own_modules_hide_distributions() {
    let code = "import utils\nfrom helpers import x\nimport models.user\n";
    let names = ["helpers", "models", "utils"];
    let own = [
        ("app.py", code),
        ("utils.py", ""),
        ("helpers/__init__.py", ""),
        ("models/data.csv", ""),
    ];
    // A folder without modules hides nothing.
    assert_eq!(used(&own, &names), ["models"]);
    assert_eq!(used(&own[..1], &names), names);
    // In another folder than the app's, a module hides nothing either.
    let elsewhere = [("pages/redis.py", "import redis\n"), ("app.py", "")];
    assert_eq!(used(&elsewhere, &["redis"]), ["redis"]);
    // A module that imports its own name means the distribution.
    let itself = [
        ("celery.py", "from celery import Celery\n"),
        ("app.py", "import celery\n"),
    ];
    assert_eq!(
        shown(&itself, &["celery"], "celery"),
        ["Import celery.py celery.Celery"]
    );
    let below = [
        ("Procfile", "web: gunicorn --chdir src app:server\n"),
        ("src/app.py", "import utils\nserver = 1\n"),
        ("src/utils.py", ""),
    ];
    assert!(used(&below, &["utils"]).is_empty());
}

#[test]
fn programs_and_their_options_are_uses() {
    let of = |line: &str, names: &[&str]| used(&[("Procfile", line)], names);
    let web = "web: gunicorn -k gevent --workers 4 app:server\n";
    assert_eq!(
        of(web, &["eventlet", "gevent", "gunicorn"]),
        ["gevent", "gunicorn"]
    );
    let web = "web: gunicorn app:app --worker-class=uvicorn.workers.UvicornWorker\n";
    assert_eq!(
        of(web, &["gunicorn", "uvicorn", "uvloop"]),
        ["gunicorn", "uvicorn", "uvloop"]
    );
    assert_eq!(
        of("web: gunicorn -keventlet a:b\n", &["eventlet"]),
        ["eventlet"]
    );
    let worker = "worker: python -m celery -A app.celery worker -P gevent\n";
    assert_eq!(
        of(worker, &["celery", "gevent", "redis"]),
        ["celery", "gevent", "redis"]
    );
    let web = "web: newrelic-admin run-program gunicorn app:server\n";
    assert_eq!(of(web, &["gunicorn", "newrelic"]), ["gunicorn", "newrelic"]);
    assert_eq!(
        of("web: bash -c 'waitress-serve app:server'\n", &["waitress"]),
        ["waitress"]
    );
    let shown = shown(
        &[("Procfile", "web: gunicorn -k gevent a:b\n")],
        &["gevent"],
        "gevent",
    );
    assert_eq!(shown, ["Command Procfile gunicorn -k gevent"]);
}

#[test]
fn scripts_are_read_and_installers_are_not() {
    let script = [(
        "predeploy.sh",
        "pip install redis\npython -m spacy download en\nalembic upgrade head\n",
    )];
    assert_eq!(
        used(&script, &["alembic", "redis", "spacy"]),
        ["alembic", "spacy"]
    );
    let json = [(
        "app.json",
        r#"{"scripts": {"dokku": {"predeploy": "python -m nltk.downloader all"}}}"#,
    )];
    assert_eq!(used(&json, &["nltk"]), ["nltk"]);
    let code = "import subprocess\nsubprocess.Popen(['gunicorn', 'x:y'])\n";
    assert_eq!(used_by(code, &["gunicorn"]), ["gunicorn"]);
}

#[test]
fn addresses_name_drivers() {
    let code = "URL = 'mysql+pymysql://root@host/db'\n";
    assert_eq!(
        used_by(code, &["mysqlclient", "pymysql", "sqlalchemy"]),
        ["pymysql"]
    );
    let code = "url = f'postgresql://{user}:{password}@{host}/db'\n";
    let names = ["psycopg2", "psycopg2-binary", "pymysql"];
    assert_eq!(used_by(code, &names), ["psycopg2", "psycopg2-binary"]);
    assert_eq!(
        used_by("u = 'snowflake://x'\n", &["snowflake-sqlalchemy"]),
        ["snowflake-sqlalchemy"]
    );
    assert_eq!(used_by("b = 'redis://h:6379/0'\n", &["redis"]), ["redis"]);
    let code = "import sqlalchemy as sa\nu = sa.engine.url.URL('mssql+pyodbc', host='x')\n";
    assert_eq!(used_by(code, &["pymssql", "pyodbc"]), ["pyodbc"]);
    // An address that is not known may be anyone's.
    let code =
        "import os\nfrom sqlalchemy import create_engine\ne = create_engine(os.environ['DB'])\n";
    assert_eq!(
        used_by(code, &["psycopg2", "pymysql", "sqlalchemy"]),
        ["psycopg2", "pymysql", "sqlalchemy"]
    );
    let code = "import os\nos.environ.get('DATABASE_URL')\n";
    assert_eq!(used_by(code, &["psycopg2-binary"]), ["psycopg2-binary"]);
}

#[test]
fn secrets_of_addresses_are_not_shown() {
    let files = [
        ("app.py", "u = 'postgresql+psycopg2://me:geheim@host/db'\n"),
        (".env", "U=redis://:geheim@h\n"),
    ];
    for name in ["psycopg2", "redis"] {
        let shown = shown(&files, &["psycopg2", "redis"], name);
        assert!(
            !shown.is_empty() && !shown.concat().contains("geheim"),
            "{shown:?}"
        );
    }
}

#[test]
fn engines_of_pandas_are_uses() {
    let engines = [
        "odfpy",
        "openpyxl",
        "pyarrow",
        "tables",
        "tabulate",
        "xlrd",
        "xlsxwriter",
    ];
    let of = |call: &str| used_by(&format!("import pandas as pd\n{call}\n"), &engines);
    assert_eq!(of("pd.read_excel('a.xlsx')"), ["openpyxl", "xlrd"]);
    assert_eq!(of("pd.read_excel('a.xls')"), ["xlrd"]);
    assert_eq!(of("pd.read_excel(path, engine='openpyxl')"), ["openpyxl"]);
    assert_eq!(of("pd.read_excel(path)"), ["odfpy", "openpyxl", "xlrd"]);
    assert_eq!(
        of("df.to_excel(buffer, engine='xlsxwriter')"),
        ["xlsxwriter"]
    );
    assert_eq!(of("pd.read_parquet(p)"), ["pyarrow"]);
    assert_eq!(of("df.to_hdf('a.h5', 'x')"), ["tables"]);
    assert_eq!(
        of("print(df.groupby('x').sum().to_markdown())"),
        ["tabulate"]
    );
    assert!(of("pd.read_csv('a.csv')").is_empty());
    assert_eq!(
        used_by("from pandas import read_html\n", &["lxml"]),
        ["lxml"]
    );
}

#[test]
fn back_ends_of_plotly_and_dash_are_uses() {
    let px = |call: &str, names: &[&str]| {
        used_by(&format!("import plotly.express as px\n{call}\n"), names)
    };
    assert_eq!(
        px("px.scatter(x=a, y=b, trendline='ols')", &["statsmodels"]),
        ["statsmodels"]
    );
    assert!(px("px.scatter(x=a, y=b)", &["statsmodels"]).is_empty());
    assert_eq!(
        px("px.bar(x=a).write_image('a.png')", &["kaleido"]),
        ["kaleido"]
    );
    let code = "from dash import Dash, DiskcacheManager, CeleryManager\n";
    let names = [
        "celery",
        "dash",
        "diskcache",
        "multiprocess",
        "psutil",
        "redis",
    ];
    assert_eq!(used_by(code, &names), names);
    let code = "import plotly.figure_factory as ff\nff.create_dendrogram(x)\n";
    assert_eq!(used_by(code, &["scikit-image", "scipy"]), ["scipy"]);
    let code = "import dash\napp = dash.Dash(__name__, compress=True)\n";
    assert_eq!(used_by(code, &["flask-compress"]), ["flask-compress"]);
    assert!(
        used_by(
            "import dash\napp = dash.Dash(__name__)\n",
            &["flask-compress"]
        )
        .is_empty()
    );
}

#[test]
fn settings_and_files_are_uses() {
    let code = "from flask_caching import Cache\nCache(app, config={'CACHE_TYPE': 'redis'})\n";
    assert_eq!(
        used_by(code, &["flask-caching", "redis"]),
        ["flask-caching", "redis"]
    );
    let conf = [(
        "gunicorn.conf.py",
        "worker_class = 'uvicorn.workers.UvicornWorker'\n",
    )];
    assert_eq!(
        used(&conf, &["gunicorn", "uvicorn"]),
        ["gunicorn", "uvicorn"]
    );
    let files = [
        ("nltk.txt", "punkt\n"),
        ("setup.cfg", "[flake8]\nmax-line-length = 100\n"),
        (
            "pyproject.toml",
            "[tool.black]\n[project]\ndependencies = [\n  \"dash >=2\",\n]\n",
        ),
        ("config.yml", "url: mysql+pymysql://host\n"),
    ];
    let names = ["black", "dash", "flake8", "nltk", "numpy", "pymysql"];
    assert_eq!(
        used(&files, &names),
        ["black", "dash", "flake8", "nltk", "pymysql"]
    );
}

#[test]
fn files_that_are_no_python_are_looked_through() {
    let broken = "def f(:\n    import xarray\n  print 'x'\n)))\ndf.to_excel('a')\n";
    assert_eq!(
        used_by(broken, &["openpyxl", "xarray"]),
        ["openpyxl", "xarray"]
    );
    let nul = "import numpy\n\0\0";
    assert_eq!(used_by(nul, &["numpy"]), ["numpy"]);
}

#[test]
fn missing_imports_are_suggestions() {
    let files = [
        (
            "app.py",
            "import os, sklearn.svm, yaml, helpers\nimport dash\nfrom pages.a import x\nfrom . import y\n",
        ),
        (
            "lib/helpers.py",
            "try:\n    import ujson\nexcept ImportError:\n    pass\n",
        ),
        ("pages/a.py", ""),
    ];
    let tree = MemoryTree::new(files);
    let app = App::new(&tree, TreePath::root());
    let found = missing(&app, &listed(&["dash"]));
    let names: Vec<&str> = found.iter().map(|it| it.module.as_str()).collect();
    assert_eq!(names, ["sklearn.svm", "ujson", "yaml"]);
    assert_eq!(found[0].suggestions[0], "scikit-learn");
    assert!(found[1].guarded && !found[2].guarded);
}

mod rows {
    use super::*;
    use crate::files::requirements::normalized_name;
    use crate::packages::evidence::table::{Table, rows};

    fn strict() -> Table {
        crate::tables::strict("use_evidence")
    }

    fn all(words: &table::Words) -> impl Iterator<Item = &String> {
        words.values().flatten()
    }

    /// Whether each of the names is used by the file.
    fn each(files: &[(&str, &str)], names: &[String]) {
        for name in names {
            let found = used(files, &[name]);
            assert_eq!(found, [name.as_str()], "{files:?}");
        }
    }

    #[test]
    fn every_name_is_normalised() {
        let table = strict();
        let maps = [
            &table.imports,
            &table.dialects,
            &table.drivers,
            &table.schemes,
            &table.environment,
            &table.options.values,
            &table.programs,
            &table.loaded,
            &table.files,
            &table.sections,
        ];
        let names = maps.into_iter().flat_map(all);
        let calls = table
            .call
            .iter()
            .flat_map(|row| row.loads.iter().chain(all(&row.engines)));
        let suffixes = table.call.iter().flat_map(|row| all(&row.suffixes));
        let settings = table.settings.values().flat_map(all);
        for name in names.chain(calls).chain(suffixes).chain(settings) {
            assert_eq!(*name, normalized_name(name));
        }
    }

    #[test]
    fn every_import_loads() {
        for (module, names) in &strict().imports {
            each(&[("a.py", &format!("import {module}\n"))], names);
            let (front, last) = module.rsplit_once('.').unwrap_or(("", module));
            if !front.is_empty() {
                each(&[("a.py", &format!("from {front} import {last}\n"))], names);
            }
        }
    }

    #[test]
    fn every_call_loads() {
        for row in &rows().call {
            let keyword = row
                .keyword
                .as_ref()
                .map(|it| format!("{it}=x"))
                .unwrap_or_default();
            for word in row.words() {
                let code = match word.rsplit_once('.') {
                    Some((module, _)) => format!("import {module}\n{word}({keyword})\n"),
                    None => format!("thing.{word}({keyword})\n"),
                };
                each(&[("a.py", &code)], &row.loads);
                for (value, names) in &row.engines {
                    let engine = row.engine.as_ref().unwrap();
                    let call = format!("{word}(x, {engine}='{value}')\n");
                    let code = match word.rsplit_once('.') {
                        Some((module, _)) => {
                            format!("import {module} as _m\nimport {module}\n{call}")
                        }
                        None => format!("thing.{call}"),
                    };
                    each(&[("a.py", &code)], names);
                }
            }
        }
    }

    #[test]
    fn every_address_loads() {
        let table = strict();
        for (scheme, names) in table.dialects.iter().chain(&table.schemes) {
            each(&[("a.py", &format!("U = '{scheme}://host/db'\n"))], names);
        }
        for (driver, names) in &table.drivers {
            each(
                &[("a.py", &format!("U = 'postgresql+{driver}://host/db'\n"))],
                names,
            );
        }
    }

    #[test]
    fn every_setting_and_variable_loads() {
        let table = strict();
        for (name, names) in &table.environment {
            each(
                &[("a.py", &format!("import os\nos.environ['{name}']\n"))],
                names,
            );
        }
        for (setting, values) in &table.settings {
            for (value, names) in values {
                each(
                    &[("a.py", &format!("C = {{'{setting}': '{value}'}}\n"))],
                    names,
                );
            }
        }
    }

    #[test]
    fn every_program_and_option_loads() {
        let table = strict();
        for (program, names) in table.programs.iter().chain(&table.loaded) {
            each(&[("Procfile", &format!("web: {program} x\n"))], names);
        }
        for (value, names) in &table.options.values {
            for option in &table.options.names {
                assert!(option.starts_with('-'));
                each(
                    &[("Procfile", &format!("web: gunicorn {option} {value} a:b\n"))],
                    names,
                );
            }
        }
    }

    #[test]
    fn every_file_and_section_loads() {
        let table = strict();
        for (path, names) in &table.files {
            each(&[(path, "\n")], names);
        }
        for (section, names) in &table.sections {
            each(&[("setup.cfg", &format!("[{section}]\n"))], names);
            each(&[("pyproject.toml", &format!("[tool.{section}]\n"))], names);
        }
        assert!(!table.addresses.names.is_empty() && !table.addresses.endings.is_empty());
    }
}

mod laws {
    use super::*;
    use proptest::prelude::*;

    const PIECES: &[&str] = &[
        "import numpy\n",
        "from google.cloud import storage\n",
        "import plotly.express as px\npx.line(trendline='ols')\n",
        "u = 'postgresql+psycopg2://x'\n",
        "import pandas as pd\npd.read_excel('x.xls')\n",
        "import redis, yaml\n",
        "try:\n    import orjson\nexcept ImportError:\n    pass\n",
        "def f(:\n",
        "from . import utils\n",
    ];

    const LISTED: &[&str] = &[
        "google-cloud-storage",
        "gunicorn",
        "numpy",
        "openpyxl",
        "orjson",
        "pandas",
        "plotly",
        "psycopg2",
        "pyyaml",
        "redis",
        "sqlalchemy",
        "statsmodels",
        "xlrd",
    ];

    fn of(files: &[(String, String)], names: &BTreeSet<String>) -> BTreeMap<String, Vec<Use>> {
        let files = files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()));
        let tree = MemoryTree::new(files);
        uses(&App::new(&tree, TreePath::root()), names)
    }

    fn files() -> impl Strategy<Value = Vec<(String, String)>> {
        let text = prop::collection::vec(prop::sample::select(PIECES), 0..4);
        let texts = prop::collection::vec(text.prop_map(|it| it.concat()), 1..5);
        texts.prop_map(|texts| {
            let named = texts.into_iter().enumerate();
            named.map(|(n, text)| (format!("m{n}.py"), text)).collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// Another file never removes a use, and each use is of something listed.
        #[test]
        fn more_evidence_never_removes_uses(files in files(), more in prop::sample::select(PIECES)) {
            let names = listed(LISTED);
            let before = of(&files, &names);
            let mut with = files.clone();
            with.push(("zz.py".into(), more.to_owned()));
            let after = of(&with, &names);
            for (name, uses) in &before {
                prop_assert!(names.contains(name));
                for it in uses {
                    prop_assert!(after[name].contains(it), "{name}");
                }
            }
        }

        /// The order in which files are given does not matter, and a longer list takes nothing away.
        #[test]
        fn order_does_not_matter(files in files(), extra in "[a-z]{2,8}") {
            let names = listed(LISTED);
            let before = of(&files, &names);
            let mut turned = files.clone();
            turned.reverse();
            prop_assert_eq!(&before, &of(&turned, &names));
            let mut longer = names.clone();
            longer.insert(extra);
            let after = of(&files, &longer);
            for (name, uses) in &before {
                prop_assert_eq!(Some(uses), after.get(name));
            }
        }

        /// Whatever stands in the files, nothing panics and the spans are inside.
        #[test]
        fn any_text_is_looked_through(code in "\\PC{0,60}", line in "\\PC{0,60}") {
            let files = [
                ("a.py".to_owned(), code.clone()),
                ("Procfile".to_owned(), format!("web: {line}\n")),
                ("setup.cfg".to_owned(), line.clone()),
                ("run.sh".to_owned(), format!("{line}\n{code}")),
            ];
            for uses in of(&files, &listed(LISTED)).values() {
                for it in uses {
                    let (_, text) = files.iter().find(|(path, _)| *path == it.path.as_str()).unwrap();
                    prop_assert!(it.span.is_none_or(|span| span.end <= text.len()));
                }
            }
        }
    }
}
