//! Tests of DL308.

use crate::harness::{Case, app};
use dashlift::rules::Safety;

const CODE: &str = "import dash\n\napp = dash.Dash(__name__)\n\nif __name__ == '__main__':\n    app.run_server(debug=True)  # local\n";

fn files<'a>(list: &'a str, code: &'a str) -> Case {
    app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", list),
        ("app.py", code),
    ])
    .rule("DL308")
}

#[test]
fn the_method_is_renamed() {
    let after = files("dash==3.0.4\n", CODE).fix();
    assert_eq!(after.text("app.py"), CODE.replace("run_server", "run"));
    assert_eq!(
        after.fixed,
        [
            "app.py:6:5: DL308 `app.run_server` raises an error in Dash 3, which the requirements ask for"
        ]
    );
    assert_eq!(after.open, [""; 0]);
}

#[test]
fn the_list_decides() {
    for (list, expected) in [
        ("dash==3.0.4\n", Some(Safety::Safe)),
        ("dash>=3\n", Some(Safety::Safe)),
        ("dash>=2.4\n", Some(Safety::Safe)),
        ("dash>=2.4,<4\n", Some(Safety::Safe)),
        ("dash\n", Some(Safety::Unsafe)),
        ("dash>=2.0\n", Some(Safety::Unsafe)),
        ("dash==3.0.0rc1\n", Some(Safety::Safe)),
        ("dash==2.18.2\n", None),
        ("dash>=2.4,<3\n", None),
        ("dash~=2.9\n", None),
        ("dash==1.21.0\n", None),
        ("flask\n", None),
    ] {
        let found = files(list, CODE).findings();
        let safety = found.first().map(|it| it.fix.as_ref().unwrap().safety);
        assert_eq!(safety, expected, "{list}");
    }
}

#[test]
fn an_open_line_of_the_list_is_raised() {
    for (list, raised) in [
        ("flask\ndash  # ours\n", "flask\ndash>=2.4  # ours\n"),
        ("dash>=2.0\n", "dash>=2.4\n"),
        ("dash >= 2.0, != 2.7, < 4\n", "dash >=2.4,!=2.7,<4\n"),
        ("Dash[testing , celery]\n", "Dash[testing , celery]>=2.4\n"),
        (
            "dash[testing]; python_version > '3'\n",
            "dash[testing]>=2.4; python_version > '3'\n",
        ),
    ] {
        let after = files(list, CODE).unsafe_fixes().fix();
        assert_eq!(after.text("requirements.txt"), raised, "{list}");
        assert_eq!(after.text("app.py"), CODE.replace("run_server", "run"));
        assert_eq!(after.open, [""; 0], "{list}");
    }
    // Two lines, or one that pip has to find in a constraint: a person raises the right one.
    for list in [
        "dash\ndash>=2.0\n",
        "dash>1 --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000\n",
    ] {
        let found = files(list, CODE).findings();
        assert!(
            found[0].steps[0].text.starts_with("Ask for `dash>=2.4`"),
            "{list}"
        );
    }
}

#[test]
fn only_a_dash_app_counts() {
    for (code, count) in [
        (CODE, 1),
        ("from dash import Dash as D\na = D()\na.run_server()\n", 1),
        (
            "from dash import Dash\nif x:\n    app = Dash(a)\nelse:\n    app = Dash(b)\napp.run_server()\n",
            1,
        ),
        (
            "from dash import Dash\napp = Dash()\ndef main():\n    app.run_server()\n",
            1,
        ),
        (
            "from dash import Dash\nfrom threading import Thread\napp = Dash()\nThread(target=app.run_server).start()\n",
            1,
        ),
        (
            "from dash import Dash\napp: Dash = Dash()\napp.run_server()\n",
            1,
        ),
        (
            "from jupyter_dash import JupyterDash\napp = JupyterDash()\napp.run_server(mode='inline')\n",
            0,
        ),
        ("app = make()\napp.run_server()\n", 0),
        ("def main(app):\n    app.run_server()\n", 0),
        ("from other import app\napp.run_server()\n", 0),
        (
            "from dash import Dash\napp = Dash()\napp = wrap(app)\napp.run_server()\n",
            0,
        ),
        (
            "from dash import Dash\napp = Dash()\napp.run(debug=True)\n",
            0,
        ),
        (
            "class S:\n    def run_server(self): pass\nS().run_server()\n",
            0,
        ),
        ("# app.run_server()\n'app.run_server()'\n", 0),
    ] {
        let found = files("dash>=3\n", code).check();
        assert_eq!(found.len(), count, "{code}: {found:?}");
    }
}

const MADE: &str = "from dash import Dash\napp = Dash(__name__)\n";

const MODULES: &[(&str, &str, &str, &str, usize)] = &[
    (
        "app.py",
        MADE,
        "index.py",
        "from app import app\napp.run_server()\n",
        1,
    ),
    (
        "app.py",
        MADE,
        "index.py",
        "import app\napp.app.run_server()\n",
        1,
    ),
    (
        "core/main.py",
        MADE,
        "run.py",
        "from core.main import app as a\na.run_server()\n",
        1,
    ),
    (
        "core/main.py",
        MADE,
        "core/run.py",
        "from .main import app\napp.run_server()\n",
        1,
    ),
    (
        "main.py",
        MADE,
        "core/run.py",
        "from ..main import app\napp.run_server()\n",
        1,
    ),
    (
        "core/__init__.py",
        MADE,
        "core/run.py",
        "from . import app\napp.run_server()\n",
        1,
    ),
    (
        "core/__init__.py",
        MADE,
        "run.py",
        "from core import app\napp.run_server()\n",
        1,
    ),
    (
        "app.py",
        "app = 1\n",
        "index.py",
        "from app import app\napp.run_server()\n",
        0,
    ),
    (
        "app.py",
        "from app import app\n",
        "index.py",
        "from app import app\napp.run_server()\n",
        0,
    ),
];

#[test]
fn an_app_of_the_apps_own_modules_counts() {
    for &(path, module, path2, code, count) in MODULES {
        let files = [
            ("Procfile", "web: gunicorn app:server\n"),
            ("requirements.txt", "dash>=3\n"),
            (path, module),
            (path2, code),
        ];
        let found = app(files).rule("DL308").check();
        assert_eq!(found.len(), count, "{path2}: {code}: {found:?}");
    }
}

#[test]
fn a_notebook_is_mended() {
    let notebook = "{\"cells\": [{\"cell_type\": \"code\", \"source\": [\"import dash\\n\", \"app = dash.Dash()\\n\", \"app.run_server(debug=True)\"]}], \"nbformat\": 4}\n";
    let files = [
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", "dash>=3\n"),
        ("a.ipynb", notebook),
    ];
    let after = app(files).rule("DL308").fix();
    assert_eq!(after.text("a.ipynb"), notebook.replace("run_server", "run"));
}

#[test]
fn code_that_does_not_parse_is_left() {
    let code = format!("{CODE}print 'x'\n");
    let found = files("dash>=3\n", &code).findings();
    assert!(found.iter().all(|it| it.fix.is_none()));
}

#[test]
fn apps_without_a_name_of_their_own_are_known() {
    for (before, after) in [
        (
            "from dash import Dash\nclass V:\n    def __init__(self):\n        self.app = Dash()\n    def go(self):\n        self.app.run_server()\n",
            "self.app.run()",
        ),
        (
            "from dash import Dash\ndef make():\n    app = Dash()\n    return app\nmake().run_server()\n",
            "make().run()",
        ),
        (
            "from dash import Dash\nDash().run_server()\n",
            "Dash().run()",
        ),
        (
            "from dash import Dash\ndef make():\n    return Dash()\nmake().run_server()\n",
            "make().run()",
        ),
        (
            "from dash import Dash\ndef make():\n    return Dash()\napp = make()\napp.run_server()\n",
            "app.run()",
        ),
        (
            "from factory import make\nmake().run_server()\n",
            "make().run()",
        ),
        (
            "import factory as f\nf.make(debug=1).run_server()\n",
            "f.make(debug=1).run()",
        ),
        (
            "from factory import make\napp = make()\napp.run_server()\n",
            "app.run()",
        ),
    ] {
        let case = app([
            ("Procfile", "web: python app.py\n"),
            ("requirements.txt", "dash>=3\n"),
            ("app.py", before),
            (
                "factory.py",
                "import dash\ndef make(debug=0):\n    app = dash.Dash()\n    return app\ndef other():\n    return thing()\n",
            ),
        ]);
        assert!(
            case.rule("DL308").fix().text("app.py").contains(after),
            "{before}"
        );
    }
    let other = "class V:\n    def go(self):\n        self.app.run_server()\nmake().run_server()\n";
    let case = app([
        ("Procfile", "web: python app.py\n"),
        ("requirements.txt", "dash>=3\n"),
        ("app.py", other),
    ]);
    assert!(case.rule("DL308").check().is_empty());
}
