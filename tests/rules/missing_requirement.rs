//! DL212.

use crate::harness::app;
use dashlift::rules::Category;

fn check(list: &str, code: &str) -> Vec<String> {
    let code =
        format!("from dash import Dash\napp = Dash(__name__)\nserver = app.server\n{code}\n");
    let case = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", list),
        ("app.py", code.as_str()),
    ]);
    case.rule("DL212").check()
}

const BASE: &str = "dash==2.9.3\ngunicorn==20.1.0\npandas==1.5.3\n";

#[test]
fn what_others_bring_is_not_missing() {
    for code in [
        "import flask, werkzeug, plotly, numpy, dateutil",
        "import os, sys, json",
        "import pkg_resources",
        "import dash_core_components",
        "try:\n    import ujson\nexcept ImportError:\n    import json as ujson",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import mypy_extensions",
        "import pandas as pd\npd.read_csv('a.csv')",
        "import pandas as pd\npd.read_excel('a.xlsx', engine=engine)",
        "names = []\nnames.to_excel",
    ] {
        assert_eq!(check(BASE, code), [] as [&str; 0], "{code}");
    }
}

#[test]
fn imports_that_nothing_brings_are_said() {
    for (code, module, names) in [
        ("import cv2", "cv2", "opencv-python"),
        ("from PIL import Image", "PIL", "pillow"),
        ("import sklearn.svm", "sklearn.svm", "scikit-learn"),
        ("import yaml", "yaml", "pyyaml"),
        (
            "from google.cloud import storage",
            "google.cloud",
            "google-cloud-storage",
        ),
        ("import celery", "celery", "celery"),
        ("def late():\n    import shapely", "shapely", "shapely"),
    ] {
        let lines = check(BASE, code);
        assert_eq!(lines.len(), 1, "{code}: {lines:?}");
        let said = format!("DL212 the code imports {module}, and nothing in the lists brings it");
        assert!(
            lines[0].contains(&said) && lines[0].contains(names),
            "{lines:?}"
        );
    }
}

#[test]
fn engines_that_nothing_brings_are_said() {
    let import = "import pandas as pd\n";
    for (call, usual) in [
        ("pd.read_excel('a.xlsx')", "openpyxl"),
        ("pd.read_excel('old.xls')", "xlrd"),
        ("pd.ExcelFile(path)", "openpyxl"),
        ("df = pd.read_csv('a')\ndf.to_excel(out)", "openpyxl"),
        ("pd.read_parquet('a')", "pyarrow"),
        ("pd.read_hdf('a.h5')", "tables"),
        ("pd.read_excel('b.xlsb')", "pyxlsb"),
        ("pd.read_excel('a.xlsx', engine='xlrd')", "xlrd"),
        (
            "df = pd.read_csv('a')\ndf.to_excel(out, engine='xlsxwriter')",
            "xlsxwriter",
        ),
        ("pd.ExcelWriter('a.xlsx', engine='openpyxl')", "openpyxl"),
        (
            "df = pd.read_csv('a')\ndf.to_parquet(out, engine='fastparquet')",
            "fastparquet",
        ),
        ("df = pd.read_csv('a')\nprint(df.to_markdown())", "tabulate"),
    ] {
        let lines = check(BASE, &format!("{import}{call}"));
        assert_eq!(lines.len(), 1, "{call}: {lines:?}");
        assert!(
            lines[0].contains(&format!(" loads {usual}, and nothing")),
            "{call}: {lines:?}"
        );
        let with = format!("{BASE}{usual}\n");
        assert_eq!(
            check(&with, &format!("{import}{call}")),
            [] as [&str; 0],
            "{call}"
        );
    }
}

#[test]
fn parsers_that_beautiful_soup_is_told_are_said() {
    let list = format!("{BASE}beautifulsoup4==4.12.2\n");
    for (call, parser) in [
        ("BeautifulSoup(page, 'lxml')", Some("lxml")),
        ("BeautifulSoup(page, features='lxml-xml')", Some("lxml")),
        ("BeautifulSoup(page, 'html5lib')", Some("html5lib")),
        ("BeautifulSoup(page, 'html.parser')", None),
    ] {
        let code = format!("from bs4 import BeautifulSoup\nsoup = {call}");
        let lines = check(&list, &code);
        let Some(parser) = parser else {
            assert_eq!(lines, [] as [&str; 0], "{call}");
            continue;
        };
        assert_eq!(lines.len(), 1, "{call}: {lines:?}");
        assert!(
            lines[0].contains(&format!(" loads {parser}, and nothing")),
            "{call}: {lines:?}"
        );
        let with = format!("{list}{parser}\n");
        assert_eq!(check(&with, &code), [] as [&str; 0], "{call}");
    }
}

#[test]
fn old_pandas_reads_excel_with_xlrd() {
    let code = "import pandas as pd\npd.read_excel('a.xlsx')";
    let old = "dash==1.21.0\ngunicorn==20.1.0\npandas==1.0.5\nxlrd==1.2.0\n";
    let case = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", old),
        (
            "project.toml",
            "[[build.env]]\nname = 'BP_CPYTHON_VERSION'\nvalue = '3.8.*'\n",
        ),
        ("app.py", code),
    ]);
    assert!(case.rule("DL212").check().is_empty());
    // On 3.10 pandas has to move, and then asks for openpyxl.
    assert!(check(old, code)[0].contains("`pd.read_excel` loads openpyxl"));
}

#[test]
fn drivers_of_databases_are_said() {
    let list = format!("{BASE}sqlalchemy==1.4.46\n");
    for (code, driver) in [
        (
            "import sqlalchemy\nsqlalchemy.create_engine('postgresql://u@h/d')",
            "psycopg2",
        ),
        (
            "import os\nfrom sqlalchemy import create_engine\ncreate_engine(os.environ['DATABASE_URL'])",
            "psycopg2",
        ),
        ("URL = 'mysql+pymysql://h/d'", "pymysql"),
        ("URL = 'mssql+pyodbc://h/d'", "pyodbc"),
        ("URL = 'oracle+cx_oracle://h/d'", "cx-oracle"),
    ] {
        let lines = check(&list, code);
        assert_eq!(lines.len(), 1, "{code}: {lines:?}");
        assert!(lines[0].contains(&format!("loads {driver},")), "{lines:?}");
        assert!(
            check(&format!("{list}{driver}\n"), code).is_empty(),
            "{code}"
        );
    }
}

#[test]
fn what_is_not_known_makes_it_advice_or_quiet() {
    let code = "import cv2\n";
    for list in [
        "dash\n-e .\n",
        "dash\n./lib.tar.gz\n",
        "dash\n-r gone.txt\n",
        "# nothing\n",
    ] {
        assert!(check(list, code).is_empty(), "{list}");
    }
    let case = app([
        ("Procfile", "web: gunicorn app:server\n"),
        (
            "requirements.txt",
            "dash==2.9.3\ngunicorn==20.1.0\ndash-design-kit==1.6.8\n",
        ),
        ("app.py", code),
    ]);
    let findings = case.rule("DL212").findings();
    assert_eq!(findings[0].category, Category::May);
    assert!(findings[0].notes[0].contains("dash-design-kit"));
}

#[test]
fn dead_code_asks_for_nothing() {
    let case = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", BASE),
        ("app.py", "server = 1\n"),
        ("prepare.py", "import geopandas\n"),
        (
            "explore.ipynb",
            "{\"cells\": [{\"cell_type\": \"code\", \"source\": [\"import seaborn\"]}]}",
        ),
    ]);
    assert!(case.rule("DL212").check().is_empty());
}
