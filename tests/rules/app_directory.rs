//! Tests of DL302.

use crate::harness::{Case, app};
use proptest::prelude::*;

fn case(code: &str) -> Case {
    let files = [("Procfile", "web: gunicorn app:server\n"), ("app.py", code)];
    app(files).rule("DL302")
}

/// The literal that each finding points at.
#[track_caller]
fn found(code: &str) -> Vec<&str> {
    let findings = case(code).findings();
    let spans = findings.iter().map(|it| it.place.span.unwrap());
    spans.map(|span| span.slice(code)).collect()
}

#[test]
fn paths_that_are_used_as_files_are_found() {
    for (code, literal) in [
        ("open('/app/data.csv')\n", "'/app/data.csv'"),
        (
            "import pandas as pd\npd.read_csv('/app/data/x.csv')\n",
            "'/app/data/x.csv'",
        ),
        ("import sys\nsys.path.append('/app')\n", "'/app'"),
        ("import sys\nsys.path.insert(0, '/app/lib')\n", "'/app/lib'"),
        ("import os\nos.chdir('/app')\n", "'/app'"),
        ("import os\nx = os.listdir('/app/' + name)\n", "'/app/'"),
        (
            "import os\nopen(os.path.join('/app', 'data', name))\n",
            "'/app'",
        ),
        ("from pathlib import Path\nROOT = Path('/app')\n", "'/app'"),
        ("DATA = '/app/data'\nopen(DATA + '/x.csv')\n", "'/app/data'"),
        ("DATA_DIR = '/app/data'\n", "'/app/data'"),
        (
            "import os\nDATA_DIR = os.environ.get('DATA', '/app/data')\n",
            "'/app/data'",
        ),
        (
            "def load(path='/app/x.csv'):\n    return open(path)\n",
            "'/app/x.csv'",
        ),
        ("open(f'/app/data/{name}.csv')\n", "/app/data/"),
        ("open('/app/{}'.format(name))\n", "'/app/{}'"),
        ("df.to_csv('/app/out.csv')\n", "'/app/out.csv'"),
        (
            "import subprocess\nsubprocess.run(['ls'], cwd='/app')\n",
            "'/app'",
        ),
        (
            "x = '/app/.heroku/python/bin/python'\n",
            "'/app/.heroku/python/bin/python'",
        ),
        (
            "x = 'LD=/lib:/app/.heroku/lib'\n",
            "'LD=/lib:/app/.heroku/lib'",
        ),
        ("for f in ['/app/a', '/app/b']:\n    open(f)\n", "'/app/a'"),
    ] {
        assert_eq!(found(code).first(), Some(&literal), "{code}");
    }
}

#[test]
fn commands_that_name_the_folder_are_found() {
    for code in [
        "import os\nos.system('cd /app && python job.py')\n",
        "import subprocess\nsubprocess.run('cd /app; ls', shell=True)\n",
        "import subprocess\nsubprocess.Popen(['python', '/app/job.py'])\n",
        "import subprocess\nCOMMAND = 'python /app/job.py'\nsubprocess.check_call(COMMAND, shell=True)\n",
    ] {
        let found = case(code).check();
        assert_eq!(found.len(), 1, "{code}: {found:?}");
        assert!(found[0].contains("DL302 the command `"), "{found:?}");
    }
}

#[test]
fn routes_and_other_texts_are_nobodys_business() {
    for code in [
        "from dash import dcc\ndcc.Location(pathname='/app')\n",
        "from dash import dcc, html\nhtml.A('x', href='/app/page')\ndcc.Link('x', href='/app')\n",
        "import dash\napp = dash.Dash(requests_pathname_prefix='/app/')\n",
        "import dash\ndash.register_page('x', path='/app')\n",
        "if pathname == '/app/sales':\n    pass\n",
        "routes = {'/app': home, '/app/sales': sales}\n",
        "@server.route('/app/<name>')\ndef f(name): pass\n",
        "\"\"\"In a container the app is in /app/.\"\"\"\n",
        "def f():\n    '''open('/app/x')'''\n",
        "# open('/app/x')\n",
        "import requests\nrequests.get('https://example.com/app/x')\n",
        "open('/application/x')\nopen('/apps/x')\nopen('data/app/x')\n",
        "url = host + '/app/x'\nopen(base + '/app/x')\n",
        "open(f'{base}/app/x')\n",
        "import os\nopen(os.path.join(here, 'app'))\n",
        "URL = '/app/'\nAPP_PATH = '/app/'\n",
        "import os\nlink = os.path.join('/app', page)\n",
        "response.set_cookie('k', 'v', path='/app')\n",
        "text.replace('/app/', '/')\n",
    ] {
        assert_eq!(found(code), [""; 0], "{code}");
    }
}

#[test]
fn the_step_names_the_same_file_from_the_source() {
    let case = |path: &str| {
        let code = "open('/app/data/x.csv')\n";
        let files = [("Procfile", "web: gunicorn app:server\n"), (path, code)];
        let findings = app(files).rule("DL302").findings();
        findings[0].steps[0].text.clone()
    };
    assert!(
        case("app.py")
            .contains("`os.path.join(os.path.dirname(os.path.abspath(__file__)), \"data/x.csv\")`")
    );
    assert!(case("pages/deep/x.py").contains(", \"..\", \"..\", \"data/x.csv\")`"));
}

#[test]
fn a_notebook_names_it_too() {
    let notebook = r#"{"cells": [{"cell_type": "code", "source": ["open('/app/x.csv')\n", "!ls /app/data"]}], "nbformat": 4}"#;
    let files = [
        ("Procfile", "web: gunicorn app:server\n"),
        ("a.ipynb", notebook),
    ];
    let found = app(files).rule("DL302").check();
    assert_eq!(found.len(), 2, "{found:?}");
}

/// Pieces of code that the rules about source look at, whole and broken.
const PIECES: &[&str] = &[
    "import dash, dash_table.Format",
    "import dash_core_components as dcc; x = 1",
    "from dash_html_components import (\n    Div,\n)",
    "try:\n    import dash_table\nexcept ImportError:\n    from dash import dash_table",
    "import os",
    "app = dash.Dash()",
    "app.run_server(debug=True)",
    "b = dcc.LogoutButton(logout_url=os.environ['DASH_LOGOUT_URL'], label='x')",
    "h = request.headers['Plotly-User-Data']",
    "import dash_enterprise_auth as auth\nu = auth.get_user_data()\nn = u['username']",
    "open(f'/app/{x}/\u{e9}')",
    "os.system('cd /app && ' + x)",
    "p = '/Workspaces/view/sales/' + x",
    "u = f'https://{h}/Manager/graphql?x={y}'",
    "def f():",
    "    return '/app/.heroku'",
    "print 'python 2'",
    "x = '''/app/",
    "\u{feff}# caf\u{e9}",
    "if x: import dash_table, os",
    "",
];

const LISTS: &[&str] = &[
    "dash>=3",
    "dash==2.9",
    "dash",
    "dash>=3\ndash-enterprise-auth",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_code_is_taken(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..12),
        crlf in any::<bool>(),
        list in prop::sample::select(LISTS),
    ) {
        let code = pieces.join(if crlf { "\r\n" } else { "\n" });
        let files = [
            ("Procfile", "web: gunicorn app:server\n"),
            ("requirements.txt", list),
            ("app.py", &code),
        ];
        for rule in ["DL302", "DL303", "DL304", "DL307", "DL308", "DL3"] {
            let after = app(files).rule(rule).unsafe_fixes().fix();
            let parses = |code: &str| dashlift::python::facts(code).map(|it| it.error.is_none());
            prop_assert_eq!(parses(after.text("app.py")), parses(&code));
        }
    }
}
