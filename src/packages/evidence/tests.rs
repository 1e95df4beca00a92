use super::*;
use crate::tree::MemoryTree;

mod laws;
mod rows;

fn listed(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|it| (*it).to_owned()).collect()
}

/// The uses of one distribution, as `kind file what`.
fn shown(files: &[(&str, &str)], names: &[&str], name: &str) -> Vec<String> {
    let tree = MemoryTree::new(files.iter().copied());
    let app = App::new(&tree, TreePath::root());
    let mut found = uses(&app, &listed(names));
    let uses = found.remove(name).unwrap_or_default();
    let line = |it: DistributionUse| format!("{:?} {} {}", it.kind, it.path, it.what);
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
        span.slice("import os\nimport numpy as np\n"),
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
fn an_app_in_a_folder_counts_where_it_is_reached() {
    let files = |line, code| {
        [
            ("Procfile", line),
            ("requirements.txt", "redis\n"),
            ("run.py", code),
            ("dashboard/requirements.txt", "redis\n"),
            ("dashboard/Procfile", "web: gunicorn app:server\n"),
            ("dashboard/app.py", "import redis\nserver = 1\n"),
        ]
    };
    let alone = files("web: gunicorn run:server\n", "server = 1\n");
    assert!(used(&alone, &["redis"]).is_empty());
    let imported = files(
        "web: gunicorn run:server\n",
        "from dashboard.app import server\n",
    );
    assert_eq!(used(&imported, &["redis"]), ["redis"]);
    let named = files("web: gunicorn --chdir dashboard app:server\n", "");
    assert_eq!(used(&named, &["redis"]), ["redis"]);
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
