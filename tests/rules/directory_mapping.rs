use crate::harness::{After, Case, app};

/// Imports that all snippets may use.
const HEAD: &str = "import glob, gzip, io, json, logging, os, pathlib, re, shutil, sqlite3, subprocess\n\
    import dash, flask, joblib, requests, torch\n\
    import numpy as np\nimport pandas as pd\nimport geopandas as gpd\nimport xarray as xr\n\
    from dash import dcc, html\nfrom flask import send_file, send_from_directory\n\
    from glob import glob as find\nfrom os.path import join\nfrom pathlib import Path, PurePosixPath\n\
    from PIL import Image\n";

fn of(code: &str) -> Case {
    app([
        ("Procfile", "web: gunicorn app:server\n".to_owned()),
        ("app.py", format!("{HEAD}{code}\n")),
    ])
    .rule("DL301")
}

fn told(code: &str) -> Case {
    of(code).mapping("/srv/app-data:/data").unsafe_fixes()
}

/// What becomes of the code below the imports.
fn code(after: &After) -> &str {
    let text = after.text("app.py").strip_prefix(HEAD).unwrap();
    text.strip_suffix('\n').unwrap()
}

/// Code that uses a path outside the app as a file. `#` of the table is the path's beginning.
const ACCEPTED: &[&str] = &[
    "open('/data/x.csv')",
    "open(file='/data/x.csv')",
    "with open(r'/data/x.csv') as f: pass",
    "open(b'/data/x.csv')",
    "open('''/data/x.csv''', 'w')",
    "io.open('/data/x.csv')",
    "gzip.open('/data/x.gz')",
    "pd.read_csv('/data/x.csv')",
    "pd.read_csv(filepath_or_buffer='/data/x.csv')",
    "pd.read_excel('/data/x.xlsx', sheet_name='/overview')",
    "pd.read_excel(io='/data/x.xlsx')",
    "pd.ExcelFile('/data/x.xlsx')",
    "pd.read_parquet('/mnt/sales/x')",
    "pd.read_hdf('/srv/x/y.h5')",
    "df.to_csv('/data/x.csv')",
    "df.groupby('a').sum().to_parquet('/data/x')",
    "df.to_excel(excel_writer='/data/x.xlsx')",
    "fig.write_html('/data/x.html')",
    "plt.savefig('/data/x.png')",
    "np.load('/data/x.npy')",
    "np.save('/data/x.npy', a)",
    "np.loadtxt(fname='/data/x.txt')",
    "gpd.read_file('/data/x.shp')",
    "xr.open_dataset('/data/x.nc')",
    "joblib.load('/data/model.joblib')",
    "joblib.dump(model, '/data/model.joblib')",
    "torch.load('/models/net.pt')",
    "Image.open('/data/logo.png')",
    "os.listdir('/data')",
    "os.walk('/data')",
    "os.makedirs('/data/out', exist_ok=True)",
    "os.path.exists('/data/x.csv')",
    "if not os.path.isdir('/data/x'): pass",
    "os.rename('/data/a', '/data/b')",
    "glob.glob('/data/*.csv')",
    "find('/data/**/*.csv', recursive=True)",
    "for f in sorted(glob.glob('/data/*.csv')): pass",
    "shutil.copy(src, '/data/x')",
    "sqlite3.connect('/data/x.db')",
    "send_file('/data/x.pdf')",
    "send_from_directory('/data/reports', name)",
    "flask.Flask(__name__, static_folder='/data/static')",
    "dash.Dash(__name__, assets_folder='/data/assets')",
    "logging.FileHandler('/data/app.log')",
    "logging.basicConfig(filename='/data/app.log')",
    "Path('/data')",
    "Path('/data') / 'x.csv'",
    "pathlib.Path('/data', 'x')",
    "Path('/data').joinpath('x').read_text()",
    "json.load(open('/data/x.json'))",
    "open(os.path.join('/data', 'x.csv'))",
    "pd.read_csv(join('/data', name))",
    "open(os.path.join('/', 'data', 'x.csv'))",
    "open('/data/' + name)",
    "open('/data/' + name + '.csv')",
    "open(f'/data/{name}.csv')",
    "open('/data/%s.csv' % name)",
    "open('/data/{}.csv'.format(name))",
    "open('/data' '/x.csv')",
    "open(os.path.abspath('/data/x.csv'))",
    "open(str('/data/x.csv'))",
    "DATA = '/data'\npd.read_csv(DATA + '/x.csv')",
    "DATA = '/data'\npd.read_csv(f'{DATA}/x.csv')",
    "DATA = '/data'\ndef f(n):\n    return pd.read_csv(os.path.join(DATA, n))",
    "DATA = '/data'\nRAW = os.path.join(DATA, 'raw')\nopen(os.path.join(RAW, 'x'))",
    "DATA = os.environ.get('DATA', '/data')\nopen(DATA + '/x')",
    "DATA = os.getenv('DATA', default='/data')\nos.listdir(DATA)",
    "DATA = os.environ.get('DATA') or '/data'\nos.listdir(DATA)",
    "DATA = '/data' if live else 'data'\nos.listdir(DATA)",
    "if live:\n    DATA = '/data'\nelse:\n    DATA = 'data'\npd.read_csv(os.path.join(DATA, 'x'))",
    "def f(path='/data/x.csv'):\n    return pd.read_csv(path)",
    "def f(path):\n    return pd.read_csv(path)\nf('/data/x.csv')",
    "def f(a, path):\n    with open(path) as g: pass\nf(1, path='/data/x.csv')",
    "FILES = ['/data/a.csv']\nfor path in FILES:\n    pd.read_csv(path)",
    "frames = [pd.read_csv(p) for p in ('/data/a.csv',)]",
    "C = {'file': '/data/a.csv'}\nopen(C['file'])",
    "C = {'file': '/data/a.csv'}\nopen(C.get('file'))",
    "class S:\n    DATA = '/data'\nopen(os.path.join(S.DATA, 'x'))",
    "class S:\n    def __init__(self):\n        self.path = '/data/x'\n    def f(self):\n        return open(self.path)",
];

/// Code with slashes that are no files outside the app.
const REJECTED: &[&str] = &[
    "@app.route('/data')\ndef f(): pass",
    "app.add_url_rule('/data/<x>', view_func=f)",
    "dcc.Link('Data', href='/data/x')",
    "html.A(href='/data/x.csv')",
    "html.Img(src='/assets/logo.png')",
    "if pathname == '/data': pass",
    "if pathname.startswith('/data'): pass",
    "PAGES = {'/data': layout, '/other': layout}",
    "requests.get(base + '/data/x.csv')",
    "requests.get('/data')",
    "open(base + '/data/x.csv')",
    "open(f'{base}/data/x.csv')",
    "open('/tmp/x.csv')",
    "open('/dev/null', 'w')",
    "open('/proc/meminfo')",
    "open('/etc/hosts')",
    "os.path.exists('/usr/bin/x')",
    "open('/app/data/x.csv')",
    "open('/sys/fs/x')",
    "logging.FileHandler('/var/log/app.log')",
    "tree.xpath('/html/body')",
    "tree.xpath('//div')",
    "re.compile('/data/[a-z]+')",
    "re.sub('/data/', '', x)",
    "mime = 'text/csv'",
    "open(r'C:\\data\\x.csv')",
    "open('data/x.csv')",
    "open('../mount/data/x.csv')",
    "'/'.join(parts)",
    "open('/'.join(parts))",
    "path.split('/data')",
    "open(x.replace('/data', 'data'))",
    "dash.Dash(__name__, requests_pathname_prefix='/data/')",
    "open(os.path.basename('/data/x.csv'))",
    "PurePosixPath('/data/x')",
    "C = {'route': '/data', 'file': 'x.csv'}\nopen(C['file'])",
    "C = {'route': '/data', 'file': 'x.csv'}\nfor c in C.values(): open(c)",
    "ROUTE = '/data'\napp.route(ROUTE)",
    "def f(path='/data'):\n    return dcc.Link(href=path)",
    "DATA = '/data'\nopen(root + DATA)",
    "df['/data']",
    "print('/data/x')",
    "open('x.csv', '/data')",
    "pd.read_csv('x.csv', sep='/data')",
    "s3.upload_file('/bucket', 'x')",
    "'''/data/x.csv'''",
    "def f():\n    '''/data/x.csv'''\n    open('x')",
    "open(d['/data'])",
    "open('/x.csv')",
    "pd.read_parquet('/data/x', filesystem=s3)",
    "gpd.read_file('/vsizip/' + name)",
    "open('/')",
    "raise ValueError('/data/x is missing')",
    "x: '/data/x' = open('y')",
    "pd.read_sql('select 1', '/data')",
    "os.environ.get('/data')",
    "html.Div(id='/data/x')",
    "app.layout = page('/data/x')",
];

#[test]
fn untold_paths_count_when_used_as_files() {
    assert!(ACCEPTED.len() >= 60, "only {}", ACCEPTED.len());
    let missed: Vec<&&str> = ACCEPTED
        .iter()
        .filter(|code| of(code).check().is_empty())
        .collect();
    assert!(missed.is_empty(), "missed: {missed:#?}");
}

#[test]
fn other_slashes_do_not_count() {
    let wrong: Vec<&&str> = REJECTED
        .iter()
        .filter(|code| !of(code).check().is_empty())
        .collect();
    assert!(wrong.is_empty(), "wrong: {wrong:#?}");
}

/// Code below a told mapping, before and after.
const REWRITTEN: &[(&str, &str)] = &[
    ("open('/data/x.csv')", "open('../mount/data/x.csv')"),
    ("open(\"/data\")", "open(\"../mount/data\")"),
    ("open(r'/data/x')", "open(r'../mount/data/x')"),
    ("open(b'/data/x')", "open(b'../mount/data/x')"),
    ("open(b'/data/' + x)", "open(b'../mount/data/' + x)"),
    ("open('''/data/x''')", "open('''../mount/data/x''')"),
    ("open(u'/data/x\\u00e9')", "open(u'../mount/data/x\\u00e9')"),
    ("open('/data' '/x.csv')", "open('../mount/data' '/x.csv')"),
    ("open('/data/' + name)", "open('../mount/data/' + name)"),
    ("open('/data' + name)", "open('../mount/data' + name)"),
    ("open(f'/data/{x}.csv')", "open(f'../mount/data/{x}.csv')"),
    ("open(f'/data/{{x}}')", "open(f'../mount/data/{{x}}')"),
    ("open(rf'/data/{x}')", "open(rf'../mount/data/{x}')"),
    ("open('/data/%s' % x)", "open('../mount/data/%s' % x)"),
    ("'/data/{}'.format(x)", "'../mount/data/{}'.format(x)"),
    (
        "os.path.join('/data', x)",
        "os.path.join('../mount/data', x)",
    ),
    ("join('/data', 'x')", "join('../mount/data', 'x')"),
    ("Path('/data') / name", "Path('../mount/data') / name"),
    (
        "Path('/data').joinpath('x')",
        "Path('../mount/data').joinpath('x')",
    ),
    (
        "D = '/data'\nopen(D + '/x')",
        "D = '../mount/data'\nopen(D + '/x')",
    ),
    (
        "D = os.environ.get('D', '/data')",
        "D = os.environ.get('D', '../mount/data')",
    ),
    (
        "def f(p='/data/x'): return open(p)",
        "def f(p='../mount/data/x'): return open(p)",
    ),
    ("load_all('/data/x')", "load_all('../mount/data/x')"),
    ("C = {'dir': '/data/x'}", "C = {'dir': '../mount/data/x'}"),
    (
        "F = ['/data/a', '/data/b']",
        "F = ['../mount/data/a', '../mount/data/b']",
    ),
    (
        "subprocess.run(['ls', '/data'])",
        "subprocess.run(['ls', '../mount/data'])",
    ),
    (
        "open('/data/a')\nopen('/database/b')",
        "open('../mount/data/a')\nopen('/database/b')",
    ),
];

#[test]
fn told_paths_are_rewritten() {
    for (before, after) in REWRITTEN {
        let result = told(before).fix();
        assert_eq!(code(&result), *after);
        assert!(
            result.open.iter().all(|line| line.contains("/database")),
            "{before}: {:?}",
            result.open
        );
        assert_same_names(before, after);
    }
}

/// The rewritten code parses and binds and calls the same names.
#[track_caller]
fn assert_same_names(before: &str, after: &str) {
    let names = |code: &str| {
        let facts = dashlift::python::facts(code).unwrap();
        assert_eq!(facts.parse, dashlift::python::Parse::Parsed, "{code}");
        let bindings = facts.bindings.iter().map(|it| it.name.clone());
        let calls = facts.calls.iter().map(|it| it.callee.clone());
        (bindings.collect::<Vec<_>>(), calls.collect::<Vec<_>>())
    };
    assert_eq!(names(before), names(after));
}

#[test]
fn without_leave_nothing_is_written() {
    let case = of("open('/data/x.csv')").mapping("/srv/app-data:/data");
    let after = case.fix();
    assert_eq!(code(&after), "open('/data/x.csv')");
    assert_eq!(
        after.open,
        [
            "app.py:13:6: DL301 `/data/x.csv` is in the mapped directory /data, and Dash Enterprise 5 has no directory mappings"
        ]
    );
    assert_eq!(
        after.steps,
        [
            "Give the app a persistent filesystem: `~/mount`, that is `../mount` from the app folder.",
            "Copy what /srv/app-data holds on the Dash Enterprise 4 server into ~/mount/data.",
            "Start the program in the app folder: `../mount` begins at the working directory.",
        ]
    );
}

/// Code below a told mapping that a person must change, and why.
const GUIDED: &[(&str, &str)] = &[
    ("open('/\\x64ata/x') # /data", "spelled with escapes"),
    ("open('/da' 'ta/x') # /data", "several pieces"),
    ("os.path.join('/', 'data', x)", "several pieces"),
    ("Path('/') / 'data' / x", "several pieces"),
    ("R = '/'\nopen(R + 'data/x')", "several pieces"),
    ("os.path.join(base, '/data/x')", "a join forget"),
    ("Path(base) / '/data/x'", "a join forget"),
    ("open(P) if P == '/data/x' else 0", "Compare with"),
    (
        "R = '/data'\napp.route(R)\nopen(R)",
        "address of the app as well",
    ),
    ("D = '/data'\nopen(D)\nopen(root + D)", "behind other text"),
    (
        "create_engine('sqlite:////data/x.db')",
        "address of the file",
    ),
    ("u = 'file:///data/x'", "address of the file"),
    ("os.system('ls /data/x')", "in the command"),
    ("subprocess.run('cp a /data', shell=True)", "in the command"),
    ("os.chdir('x')\nopen('/data/y')", "leaves the app folder"),
    ("print 'x'\nopen('/data/y')", "not Python 3"),
];

#[test]
fn told_paths_that_a_person_must_change() {
    for (source, why) in GUIDED {
        let after = told(source).fix();
        assert_eq!(code(&after), *source, "must not change");
        assert!(!after.open.is_empty(), "{source}: nothing found");
        assert!(
            after.steps.iter().any(|step| step.contains(why)),
            "{source}: {:?}",
            after.steps
        );
    }
}

#[test]
fn told_folders_are_not_prefixes_routes_or_endings() {
    for source in [
        "open('/database/x')",
        "open('/datax')",
        "open('data/x')",
        "open('../data/x')",
        "x = '/data' + 'base'",
        "open(f'{base}/data/x')",
        "requests.get(base + '/data')",
        "@app.route('/data')\ndef f(): pass",
        "dcc.Link(href='/data/x')",
        "if pathname == '/data': pass",
        "match pathname:\n    case '/data': pass",
        "dcc.Location(pathname='/data')",
        "re.compile('/data/x')",
        "if url.endswith('/data/'): pass",
        "pd.read_hdf('x.h5', '/data')",
        "x.to_hdf('x.h5', '/data/frame')",
        "'see /data/x for more'",
        "'''/data/x'''",
        "u = 'https://example.com/data/x'",
    ] {
        let wrong: Vec<String> = told(source).check();
        let wrong: Vec<&String> = wrong
            .iter()
            .filter(|it| it.contains("is in the mapped"))
            .collect();
        assert!(wrong.is_empty(), "{source}: {wrong:?}");
    }
}

#[test]
fn several_mappings_do_not_fall_together() {
    let case = of("open('/a/data/x')\nopen('/data/x')\nopen('/data/old/y')\nopen('/m/z')")
        .mapping("/1:/a/data")
        .mapping("/2:/data")
        .mapping("/3:/data/old")
        .mapping("/4:/m")
        .unsafe_fixes();
    assert_eq!(
        code(&case.fix()),
        "open('../mount/a/data/x')\nopen('../mount/data/x')\nopen('../mount/data/old/y')\nopen('../mount/m/z')"
    );
}

#[test]
fn a_mapping_into_the_app_folder_is_found_by_its_relative_name_too() {
    let source = "open('/app/data/x')\nopen('data/x')\nopen('./data/' + name)\nhtml.Img(src='data/x')\nopen('database')";
    let after = of(source).mapping("/srv:/app/data").unsafe_fixes().fix();
    assert_eq!(
        code(&after),
        "open('../mount/data/x')\nopen('../mount/data/x')\nopen('../mount/data/' + name)\nhtml.Img(src='data/x')\nopen('database')"
    );
}

#[test]
fn the_procfile_may_leave_the_app_folder() {
    let case = app([
        ("Procfile", "web: gunicorn --chdir src app:server\n"),
        ("src/app.py", "open('/data/x')\n"),
    ])
    .rule("DL301")
    .mapping("/srv:/data")
    .unsafe_fixes();
    let after = case.fix();
    assert_eq!(after.text("src/app.py"), "open('/data/x')\n");
    assert!(
        after
            .steps
            .iter()
            .any(|it| it.contains("the Procfile's `web` leaves")),
        "{:?}",
        after.steps
    );
}

#[test]
fn a_relative_path_of_flask_begins_at_the_module() {
    let files = |path: &'static str| {
        app([
            ("Procfile", "web: x\n"),
            (path, "from flask import send_file\nsend_file('/data/x')\n"),
        ])
        .rule("DL301")
        .mapping("/srv:/data")
        .unsafe_fixes()
        .fix()
    };
    assert!(files("app.py").text("app.py").contains("'../mount/data/x'"));
    let below = files("pages/a.py");
    assert!(below.text("pages/a.py").contains("'/data/x'"));
    assert!(
        below
            .steps
            .iter()
            .any(|it| it.contains("the module's folder"))
    );
}

#[test]
fn notebooks_are_rewritten_in_the_app_folder() {
    let notebook = r#"{"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null, "source": ["d = open(\"/data/x\")\n", "!ls /data"]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}"#;
    let case = |path: &'static str| {
        app([("Procfile", "web: x\n"), (path, notebook)])
            .rule("DL301")
            .mapping("/srv:/data")
            .unsafe_fixes()
            .fix()
    };
    let after = case("look.ipynb");
    assert_eq!(
        after.text("look.ipynb"),
        notebook.replace("open(\\\"/data", "open(\\\"../mount/data")
    );
    assert_eq!(after.open.len(), 1, "the command: {:?}", after.open);
    let below = case("books/look.ipynb");
    assert_eq!(below.text("books/look.ipynb"), notebook);
    assert!(
        below
            .steps
            .iter()
            .any(|it| it.contains("notebook's folder"))
    );
}

#[test]
fn line_ends_and_encodings_stay() {
    let case = app([
        ("Procfile", b"web: x\n".to_vec()),
        (
            "app.py",
            b"# -*- coding: latin-1 -*-\r\nx = '\xe9'\r\nopen('/data/\xe9')\r\n".to_vec(),
        ),
    ])
    .rule("DL301")
    .mapping("/srv:/data")
    .unsafe_fixes();
    assert_eq!(
        case.fix().files["app.py"],
        b"# -*- coding: latin-1 -*-\r\nx = '\xe9'\r\nopen('../mount/data/\xe9')\r\n"
    );
}

#[test]
fn a_constant_of_another_module_is_found_where_it_is_spelled() {
    let case = |code: &str| {
        app([
            ("Procfile", "web: x\n".to_owned()),
            ("config.py", "DATA = '/data'\nROUTE = '/sales'\n".to_owned()),
            ("app.py", format!("import os\n{code}\n")),
        ])
        .rule("DL301")
        .check()
    };
    for code in [
        "from config import DATA\nos.listdir(DATA)",
        "from config import DATA as D\nopen(os.path.join(D, 'x'))",
        "from config import DATA\nopen(os.path.join(DATA, name))",
        "import config\nopen(config.DATA + '/x')",
        "from . import config\nopen(f'{config.DATA}/x')",
    ] {
        let found = case(code);
        assert_eq!(
            found,
            [
                "config.py:1:8: DL301 `/data` is used as a file outside the app; if /data is a directory mapping, Dash Enterprise 5 has none"
            ],
            "{code}"
        );
    }
    assert!(case("from config import ROUTE\napp.route(ROUTE)").is_empty());
    assert!(case("from config import DATA\nprint(DATA)").is_empty());
}

#[test]
fn untold_findings_say_what_to_ask() {
    let findings = of("import pandas as pd\npd.read_csv('/mnt/sales/in/x.csv')").findings();
    let [finding] = findings.as_slice() else {
        panic!("{findings:?}")
    };
    assert!(finding.fix.is_none());
    let commands: Vec<_> = finding
        .steps
        .iter()
        .filter_map(|it| it.command.as_deref())
        .collect();
    assert_eq!(
        commands,
        [
            "dashlift diff --unsafe-fixes --mapping HOST:/mnt/sales",
            "de apps update -n APP --persistent-filesystem"
        ]
    );
    assert_eq!(finding.evidence.len(), 1);
}

#[test]
fn a_path_of_a_person_is_another_thing() {
    let found = of("open('/home/ann/x.csv')").check();
    assert_eq!(
        found,
        [
            "app.py:13:6: DL301 `/home/ann/x.csv` is used as a file and is a path of another machine, as people and notebook services have them"
        ]
    );
    let mapped = of("open('/home/ann/x.csv')")
        .mapping("/srv:/home/ann")
        .check();
    assert!(
        mapped[0].contains("is in the mapped directory /home/ann"),
        "{mapped:?}"
    );
}

#[test]
fn what_is_told_is_not_reported_twice() {
    let found = of("open('/data/x')\nopen('/other/y')")
        .mapping("/srv:/data")
        .check();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("mapped directory /data") && found[1].contains("if /other is"));
}

#[test]
fn what_a_page_shows_is_no_file() {
    for code in [
        "html.Form(action='/data/upload', method='post')",
        "x = html.Code('/data/x.csv')",
        "dcc.Markdown('/data/x.csv')",
    ] {
        assert!(told(code).check().is_empty(), "{code}");
    }
}
