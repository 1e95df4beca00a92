//! Generated repositories: a DE4 app each, ten Python files of 140 lines, a requirement list of
//! 20 to 90 lines, every second one with conda, committed on `main`. The same number gives the
//! same bytes.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

const PACKAGES: &[&str] = &[
    "alembic",
    "attrs",
    "beautifulsoup4",
    "boto3",
    "celery",
    "certifi",
    "cffi",
    "click",
    "cryptography",
    "dask",
    "Flask-Caching",
    "fsspec",
    "greenlet",
    "idna",
    "ipython",
    "itsdangerous",
    "Jinja2",
    "joblib",
    "kombu",
    "lxml",
    "Mako",
    "MarkupSafe",
    "matplotlib",
    "numba",
    "numpy",
    "openpyxl",
    "packaging",
    "pandas",
    "Pillow",
    "plotly",
    "psycopg2-binary",
    "pyarrow",
    "pyodbc",
    "python-dateutil",
    "pytz",
    "PyYAML",
    "redis",
    "requests",
    "scikit-learn",
    "scipy",
    "seaborn",
    "six",
    "SQLAlchemy",
    "statsmodels",
    "toolz",
    "tornado",
    "traitlets",
    "urllib3",
    "Werkzeug",
];

/// Makes `count` repositories below `folder`.
pub(crate) fn fleet(folder: &Path, count: usize) -> io::Result<Vec<PathBuf>> {
    (0..count)
        .map(|number| repository(&folder.join(format!("app-{number:04}")), number))
        .collect()
}

fn repository(root: &Path, number: usize) -> io::Result<PathBuf> {
    let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ number as u64);
    let write = |name: &str, contents: &str| {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap_or(root))?;
        fs::write(path, contents)
    };
    for (name, contents) in build_files(number, &mut random) {
        write(name, &contents)?;
    }
    write("app.py", &module(&mut random, APP, "server = app.server\n"))?;
    for number in 1..10 {
        let contents = page(&mut random, number);
        write(&format!("pages/page_{number}.py"), &contents)?;
    }
    commit(root)?;
    Ok(root.to_owned())
}

fn build_files(number: usize, random: &mut Random) -> Vec<(&'static str, String)> {
    let mut files = vec![
        ("Procfile", "web: gunicorn app:server --workers 4\nworker: celery -A app worker\n".to_owned()),
        ("requirements.txt", requirements(random)),
        ("apt-packages", "unixodbc unixodbc-dev\nlibpq-dev  # psycopg2\n".to_owned()),
        ("DOKKU_SCALE", format!("web={}\nworker=1\n", 1 + random.below(4))),
        ("predeploy.sh", "#!/bin/bash\necho ready\n".to_owned()),
        (
            "app.json",
            "{\n  \"scripts\": {\n    \"dokku\": {\n      \"predeploy\": \"cd /app && bash predeploy.sh\"\n    }\n  }\n}\n".to_owned(),
        ),
    ];
    if number.is_multiple_of(2) {
        files.push((
            "runtime.txt",
            format!("python-3.{}.{}\n", 7 + random.below(4), random.below(13)),
        ));
    } else {
        files.push((
            "conda-requirements.txt",
            "python=3.7\nnumpy=1.19.2\ngdal=3.0.2\n".to_owned(),
        ));
        files.push(("conda-runtime.txt", "Miniconda3-4.5.12\n".to_owned()));
    }
    files
}

fn requirements(random: &mut Random) -> String {
    let mut list = String::from(
        "--extra-index-url https://dash.example.com/Docs/packages\ndash==2.9.3\ndash-enterprise-auth==0.0.4\ngunicorn==20.1.0\n",
    );
    let length = 16 + random.below(70);
    let first = random.below(PACKAGES.len());
    for package in PACKAGES
        .iter()
        .cycle()
        .skip(first)
        .take(length.min(PACKAGES.len()))
    {
        let _ = writeln!(
            list,
            "{package}=={}.{}.{}",
            random.below(5),
            random.below(20),
            random.below(9)
        );
    }
    list
}

const APP: &str =
    "import os\n\nimport dash\nfrom dash import dcc, html\n\napp = dash.Dash(__name__)\n";

/// What the modules of an app do beside drawing: few of them look at the environment or at files.
const PAGES: &[&str] = &[
    "import os\n\nDATABASE = os.environ.get(\"DATABASE_URL\", \"sqlite:///local.db\")\nTOKEN = os.environ[\"SERVICE_TOKEN\"]\n",
    "import os\n\nimport pandas as pd\n\nHERE = os.path.dirname(__file__)\nSALES = pd.read_csv(os.path.join(HERE, \"..\", \"data\", \"sales.csv\"))\n",
    "import pandas as pd\n\nSTOCK = pd.read_parquet(\"/mnt/warehouse/stock.parquet\")\n",
    "import dash\n\ndash.register_page(__name__, path=\"/overview\")\n",
    "import plotly.express as px\nfrom dash import Input, Output, callback\n",
    "from dash import Input, Output, State, callback\n\nfrom pages.page_1 import DATABASE\n",
    "import numpy as np\nimport plotly.graph_objects as go\n",
    "from datetime import date, timedelta\n",
    "import logging\n\nLOG = logging.getLogger(__name__)\n",
];

fn page(random: &mut Random, number: usize) -> String {
    let head = PAGES.get(number - 1).copied().unwrap_or_default();
    module(random, &format!("{head}from dash import dcc, html\n"), "")
}

/// A Python file of about 140 lines.
fn module(random: &mut Random, head: &str, last: &str) -> String {
    let mut source = head.to_owned();
    for number in 0..22 {
        let value = random.below(1000);
        let _ = write!(
            source,
            "\n\ndef figure_{number}(frame):\n    \"\"\"Rows above {value}.\"\"\"\n    rows = frame[frame[\"value\"] > {value}]\n    return dcc.Graph(id=\"graph-{number}\", figure={{\"data\": rows.to_dict()}})\n"
        );
    }
    source.push_str(last);
    source
}

fn commit(root: &Path) -> io::Result<()> {
    let git = |args: &[&str]| {
        let status = Command::new("git")
            .arg("-C")
            .arg(root)
            .args(args)
            .status()?;
        if status.success() {
            Ok(())
        } else {
            Err(io::Error::other(format!("git {args:?} failed")))
        }
    };
    git(&["init", "-q", "-b", "main"])?;
    git(&["config", "user.name", "Fleet"])?;
    git(&["config", "user.email", "fleet@example.com"])?;
    git(&["config", "commit.gpgsign", "false"])?;
    git(&["add", "-A"])?;
    git(&["commit", "-q", "-m", "An app for Dash Enterprise 4"])
}

/// A small generator (xorshift): the fleet must be the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let limit = u64::try_from(limit.max(1)).unwrap_or(1);
        usize::try_from(self.0 % limit).unwrap_or(0)
    }
}
