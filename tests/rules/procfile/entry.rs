//! DL111: the module or file that a process starts.

use crate::harness::app;
use proptest::prelude::*;

const DASH: &str = "from dash import Dash\napp = Dash(__name__)\nserver = app.server\n";

/// The findings of a `web` command in an app with these files, and their first steps.
#[track_caller]
fn said(command: &str, files: &[(&str, &str)]) -> Vec<String> {
    let procfile = format!("web: {command}\n");
    let list = "dash\ngunicorn\ncelery\nstreamlit\nuvicorn\nwaitress\nhypercorn\ndaphne\nrq\n";
    let mut all = vec![("Procfile", procfile.as_str()), ("requirements.txt", list)];
    all.extend_from_slice(files);
    let case = app(all).rule("DL111");
    let lines = case.check();
    let findings = case.findings();
    let steps = findings.iter().map(|it| it.steps[0].text.clone());
    lines
        .into_iter()
        .zip(steps)
        .flat_map(|(line, step)| [line, step])
        .collect()
}

#[track_caller]
fn quiet(command: &str, files: &[(&str, &str)]) {
    let said = said(command, files);
    assert!(said.is_empty(), "{command}: {said:?}");
}

#[test]
fn what_is_there_is_quiet() {
    let files = [
        ("app.py", DASH),
        ("src/main.py", DASH),
        ("pkg/__init__.py", "server = 1\n"),
        (
            "pkg/web/wsgi.py",
            "application = 1\ndef create(x=1):\n    return x\n",
        ),
        ("run.py", "print(1)\n"),
    ];
    for command in [
        "gunicorn app:server",
        "gunicorn app:server --workers 4 --bind 0.0.0.0:$PORT",
        "gunicorn -w4 -b :8000 --timeout=300 app:server",
        "gunicorn -k gevent --preload 'app:server'",
        "PYTHONPATH=.:src exec gunicorn main:server",
        "env A=b gunicorn app:server",
        "cd src && gunicorn main:server",
        "gunicorn --chdir src main:server",
        "gunicorn --chdir=src app:server",
        "gunicorn --pythonpath lib,src main:server",
        "gunicorn --pythonpath 'src' main:server",
        "gunicorn pkg:server",
        "gunicorn pkg.web.wsgi",
        "gunicorn \"pkg.web.wsgi:create(x=2)\"",
        "python -m gunicorn app:server",
        "python3.9 -u -m gunicorn app:server",
        "poetry run gunicorn app:server",
        "uvicorn app:server --host 0.0.0.0 --port 8000",
        "uvicorn --app-dir src main:server",
        "waitress-serve --port=8000 --call pkg.web.wsgi:create",
        "hypercorn -b 0.0.0.0:80 app:server",
        "daphne -p 80 pkg.web.wsgi:application",
        "python run.py",
        "python -u src/main.py --port 80",
        "streamlit run --server.port 80 run.py -- --x",
        "FLASK_APP=app.py flask run --port 80",
        "flask --app pkg.web.wsgi:create run",
        "celery -A app worker",
        "celery worker --app=app:server -l info",
        "celery -A app.server worker",
        "rq worker",
        "bash -c 'cd src && gunicorn main:server'",
    ] {
        quiet(command, &files);
    }
}

#[test]
fn the_old_folder_is_the_apps() {
    let files = [("src/main.py", DASH)];
    let lines = said("cd /app/src && gunicorn main:server", &files);
    assert!(
        lines.iter().all(|line| !line.contains("starts the module")),
        "{lines:?}"
    );
}

#[test]
fn what_cannot_be_decided_is_quiet() {
    let files = [
        ("app.py", DASH),
        ("star.py", "from app import *\n"),
        ("lazy.py", "def __getattr__(name):\n    return 1\n"),
        ("dynamic.py", "globals()['server'] = 1\n"),
        ("broken.py", "print 'x'\nserver = (\n"),
        ("folder/data.csv", "a,b\n"),
        ("fast.cpython-39-x86_64-linux-gnu.so", ""),
        ("pack/__init__.py", "from . import web\n"),
        ("pack/web.py", "x = 1\n"),
    ];
    for command in [
        "gunicorn $MODULE:server",
        "gunicorn ${MODULE}:server",
        "gunicorn --brand-new 3 index:server",
        "gunicorn company_dashboards.wsgi:server",
        "gunicorn dash:server",
        "gunicorn star:server",
        "gunicorn lazy:server",
        "gunicorn dynamic:server",
        "gunicorn broken:server",
        "gunicorn folder:server",
        "gunicorn fast:server",
        "gunicorn pack:web",
        "gunicorn --pythonpath $LIBS index:server",
        "PYTHONPATH=$PYTHONPATH:lib gunicorn index:server",
        "source setup.env && gunicorn index:server",
        "cd $HOME && gunicorn index:server",
        "pip install -e . && gunicorn index:server",
        "gunicorn -c $CONF index:server",
        "flask run",
        "celery worker",
        "python -c 'import index'",
        "python -m venv x",
        "python $SCRIPT.py",
        "python /opt/x.py",
        "streamlit run https://example.com/x.py",
        "sh -c \"gunicorn $X\"",
        "unknown index:server",
        "hypercorn asgi:app:server",
        "GUNICORN_CMD_ARGS='--chdir src' gunicorn index:server",
        "bash -o pipefail -c 'gunicorn index:server'",
    ] {
        quiet(command, &files);
    }
    quiet("gunicorn index:server", &[]);
    let installed = [("app.py", DASH), ("setup.py", "setup()\n")];
    quiet("gunicorn index:server", &installed);
}

#[test]
fn modules_that_are_not_there_are_said() {
    let files = [
        ("app.py", DASH),
        ("pkg/__init__.py", ""),
        ("deep/er/index.py", DASH),
    ];
    assert_eq!(
        said("gunicorn -w 4 main:server", &files),
        [
            "Procfile:1:20: DL111 `web` starts the module `main`, and the app has no main.py",
            "Name the module that is meant, as the app's folder has it."
        ]
    );
    assert_eq!(
        said("gunicorn App:server", &files),
        [
            "Procfile:1:15: DL111 `web` starts the module `App`, and the app has no App.py",
            "Did you mean `app:server`? Names are case-sensitive."
        ]
    );
    assert_eq!(
        said("gunicorn pkg.wsgi", &files)[0],
        "Procfile:1:15: DL111 `web` starts the module `pkg.wsgi`, and pkg has no wsgi.py"
    );
    assert_eq!(
        said("gunicorn index:server", &files)[1],
        "The folder deep/er has it: start it from there (`--chdir deep/er` for gunicorn, `cd deep/er &&` for others)."
    );
    assert_eq!(
        said("celery -A tasks.celery worker", &files)[0],
        "Procfile:1:16: DL111 `web` starts the module `tasks.celery`, and the app has no celery.py"
    );
}

#[test]
fn names_that_are_not_bound_are_said() {
    let files = [
        ("app.py", DASH),
        ("src/bare.py", "def f():\n    server = 1\n"),
    ];
    assert_eq!(
        said("gunicorn app:serve", &files),
        [
            "Procfile:1:15: DL111 `web` starts `serve` of app.py, which does not define it",
            "Did you mean `app:server`?"
        ]
    );
    assert_eq!(
        said("gunicorn app", &files),
        [
            "Procfile:1:15: DL111 `web` starts `application` of app.py, the name taken when none is given, and the file does not define it",
            "Did you mean `app:server`?"
        ]
    );
    assert_eq!(
        said("gunicorn --chdir src 'bare:server'", &files),
        [
            "Procfile:1:27: DL111 `web` starts `server` of src/bare.py, which does not define it",
            "Name what src/bare.py defines, as in `bare:server`, or define `server` there (`server = app.server`)."
        ]
    );
    assert_eq!(
        said("waitress-serve --call app:create", &files)[0],
        "Procfile:1:28: DL111 `web` starts `create` of app.py, which does not define it"
    );
    assert_eq!(
        said("celery -A app.celery worker", &files)[0],
        "Procfile:1:16: DL111 `web` starts `celery` of app.py, which does not define it"
    );
    assert_eq!(
        said("FLASK_APP='app:create()' flask run", &files)[0],
        "Procfile:1:37: DL111 `web` starts `create` of app.py, which does not define it"
    );
}

#[test]
fn blanks_and_paths_are_said() {
    let files = [("index.py", DASH), ("app/app.py", DASH)];
    assert_eq!(
        said("gunicorn index: server", &files),
        [
            "Procfile:1:15: DL111 `web` starts `index: server`: the blank at the colon makes two words of it",
            "Write `index:server`, without the blank."
        ]
    );
    assert_eq!(
        said("gunicorn index :server", &files)[1],
        "Write `index:server`, without the blank."
    );
    assert_eq!(
        said("gunicorn app/app:server", &files),
        [
            "Procfile:1:15: DL111 `web` starts the module `app/app`, which is the path of a file",
            "Write `app.app:server`; or, if the code imports its neighbours by their names alone, `--chdir app app:server`."
        ]
    );
    assert_eq!(
        said("gunicorn index.py:server", &files)[1],
        "Write `index:server`."
    );
}

#[test]
fn files_that_are_not_there_are_said() {
    let files = [("app.py", DASH)];
    assert_eq!(
        said("python App.py", &files),
        [
            "Procfile:1:13: DL111 `web` needs App.py, which is not in the repository",
            "Did you mean app.py? Names are case-sensitive."
        ]
    );
    assert_eq!(
        said("streamlit run dashboard.py --server.port 80", &files)[0],
        "Procfile:1:20: DL111 `web` needs dashboard.py, which is not in the repository"
    );
    assert_eq!(
        said("./launch.sh", &files)[0],
        "Procfile:1:6: DL111 `web` needs ./launch.sh, which is not in the repository"
    );
    assert_eq!(
        said("gunicorn -c conf/gunicorn.py app:server", &files)[0],
        "Procfile:1:18: DL111 `web` needs conf/gunicorn.py, which is not in the repository"
    );
}

#[test]
fn scripts_are_read_one_level_deep() {
    let script = "#!/bin/bash\nset -e\nexport PYTHONPATH=src\nexec gunicorn \\\n  app:serve\n";
    let files = [
        ("app.py", DASH),
        ("src/x.py", ""),
        ("run.sh", script),
        ("outer.sh", "sh run.sh\n"),
        ("choice.sh", "if [ $A ]; then\n  gunicorn app:serve\nfi\n"),
    ];
    for command in [
        "sh run.sh",
        "chmod +x run.sh && ./run.sh",
        "bash -e ./run.sh",
    ] {
        assert_eq!(
            said(command, &files)[0],
            "run.sh:5:3: DL111 `web` starts `serve` of app.py, which does not define it",
            "{command}"
        );
    }
    assert_eq!(
        said("bash -c 'gunicorn app:serve'", &files)[0],
        "Procfile:1:14: DL111 `web` starts `serve` of app.py, which does not define it"
    );
    quiet("sh outer.sh", &files);
    quiet("sh choice.sh", &files);
}

#[test]
fn gunicorns_configuration_counts() {
    let files = |conf: &'static str| {
        [
            ("src/main.py", DASH),
            ("gunicorn.conf.py", conf),
            ("a.py", ""),
        ]
    };
    quiet("gunicorn main:server", &files("chdir = 'src'\n"));
    quiet(
        "gunicorn main:server",
        &files("pythonpath = 'lib,' + 'src'\n"),
    );
    quiet(
        "gunicorn main:server",
        &files("import os\nchdir = os.getcwd() + '/src'\n"),
    );
    quiet(
        "gunicorn",
        &files("chdir = 'src'\nwsgi_app = 'main:server'\n"),
    );
    assert_eq!(
        said("gunicorn", &files("chdir = 'src'\nwsgi_app = 'main'\n")),
        [
            "gunicorn.conf.py:2:12: DL111 `web` starts `application` of src/main.py, the name taken when none is given, and the file does not define it",
            "Did you mean `main:server`?"
        ]
    );
    assert_eq!(
        said(
            "gunicorn -c gunicorn.conf.py main:serve",
            &files("chdir = 'src'\n")
        )[0],
        "Procfile:1:35: DL111 `web` starts `serve` of src/main.py, which does not define it"
    );
    assert_eq!(
        said("gunicorn main:server", &files("workers = 3\n"))[0],
        "Procfile:1:15: DL111 `web` starts the module `main`, and the app has no main.py"
    );
}

#[test]
fn an_app_of_a_larger_repository_may_start_in_its_root() {
    let files = [
        (
            "apps/one/Procfile",
            "web: gunicorn --pythonpath apps/one app:server\nworker: python jobs/run.py\n",
        ),
        ("apps/one/requirements.txt", "dash\ngunicorn\n"),
        ("apps/one/app.py", DASH),
        ("jobs/run.py", ""),
    ];
    assert!(app(files).rule("DL111").check().is_empty());
}

/// Words that the reading of a command looks at.
const WORDS: &[&str] = &[
    "gunicorn",
    "app:serve",
    "index:server",
    "index:",
    ":server",
    "app",
    "-c",
    "conf.py",
    "--chdir",
    "src",
    "..",
    "--pythonpath=a,b",
    "python",
    "-m",
    "x.py",
    "celery",
    "-A",
    "a.b.c",
    "flask",
    "--app",
    "run",
    "streamlit",
    "sh",
    "-c",
    "'gunicorn app:x'",
    "./run.sh",
    "cd",
    "&&",
    ";",
    "(",
    ")",
    "\"",
    "'",
    "$X",
    "PYTHONPATH=a:",
    "FLASK_APP=app:x()",
    "\u{e9}:\u{e9}",
    ":",
    "=",
    "--",
    "-",
    "app:\u{e9}(",
    "poetry",
    "uvicorn",
    "--app-dir",
    "export",
    "source",
    "\\",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_command_is_read(words in proptest::collection::vec(0..WORDS.len(), 0..9)) {
        let words: Vec<&str> = words.into_iter().map(|at| WORDS[at]).collect();
        let files = [("app.py", DASH), ("run.sh", "gunicorn app:x\n"), ("conf.py", "chdir = 'src'\n")];
        // The harness looks at every finding: its place must be in its file.
        said(&words.join(" "), &files);
    }
}
