//! Tests of DL303.

use crate::harness::{Case, app};

fn case(code: &str) -> Case {
    let files = [("Procfile", "web: gunicorn app:server\n"), ("app.py", code)];
    app(files).rule("DL303")
}

const ADDRESSES: &[(&str, &str)] = &[
    (
        "u = 'https://dash.example.com/Docs/dash-snapshots'\n",
        "`https://dash.example.com/Docs/dash-snapshots` is the documentation of Dash Enterprise 4",
    ),
    (
        "u = 'https://dash.example.com/Docs'\n",
        "`https://dash.example.com/Docs` is the documentation of Dash Enterprise 4",
    ),
    (
        "u = 'http://dash.example.com/Docs/packages'\n",
        "`http://dash.example.com/Docs/packages` is the package index of Dash Enterprise 4",
    ),
    (
        "u = 'https://dash.example.com/Manager/apps'\n",
        "`https://dash.example.com/Manager/apps` is the App Manager of Dash Enterprise 4",
    ),
    (
        "u = 'https://dash.example.com/Manager/graphql'\n",
        "`https://dash.example.com/Manager/graphql` is the programming interface of Dash Enterprise 4",
    ),
    (
        "u = 'https://dash.example.com:8800/login'\n",
        "`https://dash.example.com:8800/login` is the server manager of Dash Enterprise 4",
    ),
    (
        "u = host + '/Manager/graphql'\n",
        "`/Manager/graphql` is the programming interface of Dash Enterprise 4",
    ),
    (
        "u = f'https://{host}/Manager/apps'\n",
        "`https://\u{2026}/Manager/apps` is the App Manager of Dash Enterprise 4",
    ),
    (
        "u = 'https://{}/Manager/apps'.format(host)\n",
        "`https://{}/Manager/apps` is the App Manager of Dash Enterprise 4",
    ),
    (
        "BASE = 'https://dash.example.com'\nu = BASE + '/Manager/apps'\n",
        "`https://dash.example.com/Manager/apps` is the App Manager of Dash Enterprise 4",
    ),
    (
        "u = 'https://me:s3cret@dash.example.com/Manager/apps'\n",
        "`https://***@dash.example.com/Manager/apps` is the App Manager of Dash Enterprise 4",
    ),
    (
        "u = 'see [the docs](https://dash.example.com/Docs/x)'\n",
        "`https://dash.example.com/Docs/x` is the documentation of Dash Enterprise 4",
    ),
    (
        "import subprocess\nsubprocess.run(['dds-client', 'apps'])\n",
        "dds-client talks to a Dash Enterprise 4 server",
    ),
    (
        "w = 'Workspaces' in app.get_relative_path('/')\n",
        "looks for `Workspaces`, which is in the addresses of workspaces on Dash Enterprise 4 only",
    ),
    (
        "w = prefix.startswith('/Workspaces/')\n",
        "looks for `/Workspaces/`, which is in the addresses of workspaces on Dash Enterprise 4 only",
    ),
    (
        "import dds_client\n",
        "dds-client talks to a Dash Enterprise 4 server",
    ),
];

#[test]
fn addresses_of_the_server_are_found() {
    for (code, message) in ADDRESSES {
        let said: Vec<String> = case(code)
            .findings()
            .into_iter()
            .map(|it| it.message)
            .collect();
        assert_eq!(said, [*message], "{code}");
    }
}

#[test]
fn other_addresses_are_nobodys_business() {
    for code in [
        "u = 'https://dash.example.com/docs/x'\n",
        "u = 'https://www.example.com/Docs/x'\n",
        "u = 'https://docs.example.com/Docs/x'\n",
        "u = 'https://example.com/Docs/manual.pdf'\n",
        "u = 'https://example.com/en/Docs/x'\n",
        "u = 'https://example.com/Documents'\n",
        "t = html.H1('Workspaces')\nw = 'workspaces' in x\nd['Workspaces'] = 1\n",
        "u = 'https://example.com/Managers'\n",
        "u = 'https://files.example.com/Docs/handbook'\n",
        "u = 'https://vpn.example.com/Manager/login'\n",
        "u = 'http://localhost:8800/'\nv = 'https://127.0.0.1:8800'\n",
        "u = 'http://dash.example.com:8800/'\n",
        "u = f'https://{host}:8800/'\n",
        "p = '/Docs/x'\np = '/Manager/x'\n",
        "p = 'C:/Docs/packages'\np = 'file:///Docs/packages'\n",
        "open('/data/Docs/packages')\n",
        "'''https://dash.example.com/Docs/x'''\n",
        "# https://dash.example.com/Docs/x\n",
        "u = 'https://dash.example.com/workspace/view/workspace-sales/'\n",
        "x = 'sportsgameodds-client'\nimport odds_client\n",
        "report.generate_report()\n",
        "import os\nkey = os.environ['DASH_SECRET_KEY']\n",
    ] {
        assert_eq!(case(code).check(), [""; 0], "{code}");
    }
}

#[test]
fn a_server_that_something_names_is_known() {
    let link = "u = 'https://apps.example.com/Docs/x'\n";
    assert_eq!(case(link).check(), [""; 0]);
    let other = format!("{link}v = 'https://apps.example.com/Manager/graphql'\n");
    assert_eq!(case(&other).check().len(), 2);
    for (list, count) in [
        (
            "--extra-index-url https://apps.example.com/Docs/packages\n",
            1,
        ),
        (
            "--extra-index-url https://me:s3cret@apps.example.com/Docs/packages\n",
            1,
        ),
        ("--extra-index-url https://apps.example.com/packages\n", 0),
    ] {
        let files = [
            ("Procfile", "web: gunicorn app:server\n"),
            ("requirements.txt", list),
            ("app.py", link),
        ];
        assert_eq!(app(files).rule("DL303").check().len(), count, "{list}");
    }
    let path = "u = 'https://apps.example.com/Docs/dash-snapshots'\n";
    assert_eq!(case(path).check().len(), 1);
}

#[test]
fn the_prefix_of_workspaces_is_rewritten_where_it_is_certain() {
    for (old, new) in [
        (
            "p = '/Workspaces/view/sales/'\n",
            "p = '/workspace/view/workspace-sales/'\n",
        ),
        (
            "p = \"/Workspaces/view/sales-2/page\"\n",
            "p = \"/workspace/view/workspace-sales-2/page\"\n",
        ),
        (
            "p = '/Workspaces/view/sales'\n",
            "p = '/workspace/view/workspace-sales'\n",
        ),
        (
            "p = r'/Workspaces/view/sales/'\r\n",
            "p = r'/workspace/view/workspace-sales/'\r\n",
        ),
    ] {
        assert_eq!(case(old).fix().text("app.py"), new);
    }
    for guided in [
        "p = f'/Workspaces/view/{app}/'\n",
        "p = '/Workspaces/view/' + app\n",
        "p = '/Workspaces/view/sales' + suffix + '/'\n",
        "p = 'https://dash.example.com/Workspaces/view/sales/'\n",
        "p = '/Workspaces/view/{}/'.format(app)\n",
        "p = r'/Workspaces/view/[^/]+/'\n",
        "p = '/Workspaces/view/\\x61bc/'\n",
    ] {
        let found = case(guided).findings();
        assert_eq!(found.len(), 1, "{guided}");
        assert!(found[0].fix.is_none(), "{guided}");
        assert!(
            found[0].steps[0]
                .text
                .contains("`/workspace/view/workspace-`")
        );
    }
}

#[test]
fn notebooks_and_their_commands_are_read() {
    let notebook = r#"{"cells": [{"cell_type": "code", "source": ["p = '/Workspaces/view/sales/'\n", "!pip install x --extra-index-url https://dash.example.com/Docs/packages"]}], "nbformat": 4}"#;
    let files = [
        ("Procfile", "web: gunicorn app:server\n"),
        ("a.ipynb", notebook),
    ];
    let after = app(files).rule("DL303").fix();
    assert!(
        after
            .text("a.ipynb")
            .contains("'/workspace/view/workspace-sales/'")
    );
    assert_eq!(after.open.len(), 1);
    assert!(after.open[0].ends_with("is the package index of Dash Enterprise 4"));
}

#[test]
fn snapshots_with_the_secret_are_found() {
    let code =
        "import os\nsecret = os.environ['DASH_SECRET_KEY']\nclient.generate_report('x', secret)\n";
    assert_eq!(
        case(code).check(),
        [
            "app.py:3:1: DL303 generate_report() with DASH_SECRET_KEY is the interface of Dash Enterprise 4, which will probably not work on Dash Enterprise 5"
        ]
    );
}

#[test]
fn the_client_among_the_requirements_is_found() {
    let files = [
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", "dash\ndds_client==1.0\n"),
    ];
    assert_eq!(
        app(files).rule("DL303").check(),
        ["requirements.txt:2:1: DL303 dds-client talks to a Dash Enterprise 4 server"]
    );
}
