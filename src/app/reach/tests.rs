//! What runs, and what does not.

use super::*;
use crate::tree::MemoryTree;

fn reached(files: &[(&str, &str)]) -> Vec<String> {
    let tree = MemoryTree::new(files.iter().copied());
    let app = App::new(&tree, TreePath::root());
    let reach = app.reach();
    let state = |source: &SourceFile| {
        let mark = match reach.of_file(source.path()) {
            Reached::Yes => '+',
            Reached::Unknown => '?',
            Reached::No => '-',
        };
        format!("{mark}{}", source.path())
    };
    app.sources().iter().map(state).collect()
}

#[test]
fn imports_are_followed() {
    assert_eq!(
        reached(&[
            ("Procfile", "web: gunicorn app:server\n"),
            ("app.py", "import pkg.deep.leaf\nfrom lib import one\n"),
            ("lib.py", "def f():\n    import late\n"),
            ("late.py", ""),
            ("other.py", "import app\n"),
            ("pkg/__init__.py", ""),
            (
                "pkg/deep/leaf.py",
                "from ..near import x\nfrom . import beside\n"
            ),
            ("pkg/deep/beside.py", ""),
            ("pkg/near.py", ""),
            ("pkg/far.py", ""),
            ("prepare.ipynb", "{}"),
        ]),
        [
            "+app.py",
            "+late.py",
            "+lib.py",
            "-other.py",
            "+pkg/__init__.py",
            "+pkg/deep/beside.py",
            "+pkg/deep/leaf.py",
            "-pkg/far.py",
            "+pkg/near.py",
            "-prepare.ipynb"
        ]
    );
}

#[test]
fn commands_change_folders() {
    for command in [
        "cd src && gunicorn main:server",
        "cd src; gunicorn main:server",
        "cd src || exit 1; gunicorn main:server",
        "pushd src && gunicorn main:server",
        "eval \"cd src\" && gunicorn main:server",
        "(cd src; gunicorn main:server)",
        "gunicorn --chdir src main:server",
        "PYTHONPATH=src gunicorn main:server",
        "export PYTHONPATH=src; gunicorn main:server",
        "python src/main.py",
        "cd src && python -m main",
        "celery -A src.main worker",
        "bash start.sh",
        "cd src && streamlit run main.py --server.port $PORT",
    ] {
        let procfile = format!("web: {command}\n");
        let seen = reached(&[
            ("Procfile", &procfile),
            ("src/main.py", "import helper\n"),
            ("src/helper.py", ""),
            ("old.py", ""),
            (
                "start.sh",
                "#!/bin/bash\nset -e\nif [ -n \"$X\" ]; then echo x; fi\nexec gunicorn --chdir src main:server\n",
            ),
        ]);
        // celery -A src.main finds no `helper`: python looks in the app's folder only.
        let helper = if command.starts_with("celery") {
            '-'
        } else {
            '+'
        };
        let expected = [
            "-old.py".to_owned(),
            format!("{helper}src/helper.py"),
            "+src/main.py".to_owned(),
        ];
        assert_eq!(seen, expected, "{command}");
    }
}

#[test]
fn what_cannot_be_followed_is_unknown() {
    for procfile in [
        "web: make serve\n",
        "web: gunicorn $MODULE\n",
        "web gunicorn app:server\n",
        "web: supervisord -c a.conf\n",
        "",
    ] {
        let seen = reached(&[
            ("Procfile", procfile),
            ("app.py", ""),
            ("pages/.ipynb_checkpoints/a.py", ""),
        ]);
        assert_eq!(seen, ["?app.py"], "{procfile}");
    }
    let dynamic = "import importlib, sys\nimportlib.import_module(sys.argv[1])\n";
    let files = [
        ("Procfile", "web: gunicorn app:server\n"),
        ("app.py", dynamic),
        ("x.py", ""),
    ];
    assert_eq!(reached(&files), ["+app.py", "?x.py"]);
    let files = [
        ("Procfile", "web: voila report.ipynb\n"),
        ("report.ipynb", "{}"),
        ("x.py", ""),
    ];
    assert_eq!(reached(&files), ["+report.ipynb", "?x.py"]);
}

#[test]
fn strings_and_pages_name_modules() {
    let app = "from dash import Dash\nimport subprocess\napp = Dash(__name__, use_pages=True)\n\
               subprocess.run(['python', 'jobs/nightly.py'])\nC = Celery(include=['tasks'])\n\
               NAMES = 'proj.settings'\n";
    let files = [
        ("Procfile", "web: gunicorn app:server\n"),
        ("app.py", app),
        ("jobs/nightly.py", "import common\n"),
        ("jobs/common.py", ""),
        ("jobs/dead.py", ""),
        ("pages/home.py", ""),
        ("pages/more/a.py", ""),
        ("proj/settings.py", ""),
        ("tasks.py", ""),
    ];
    assert_eq!(
        reached(&files),
        [
            "+app.py",
            "+jobs/common.py",
            "-jobs/dead.py",
            "+jobs/nightly.py",
            "+pages/home.py",
            "+pages/more/a.py",
            "+proj/settings.py",
            "+tasks.py"
        ]
    );
}

#[test]
fn deploy_scripts_run_code() {
    let files = [
        ("Procfile", "web: gunicorn app:server\n"),
        ("project.toml", "[scripts]\npredeploy = \"predeploy.sh\"\n"),
        ("predeploy.sh", "python load.py\nfrobnicate x\n"),
        (
            "app.json",
            "{\"scripts\": {\"dokku\": {\"postdeploy\": \"cd /app && python after.py\"}}}",
        ),
        ("after.py", ""),
        ("app.py", ""),
        ("dead.py", ""),
        ("load.py", ""),
    ];
    assert_eq!(
        reached(&files),
        ["+after.py", "+app.py", "-dead.py", "+load.py"]
    );
}
