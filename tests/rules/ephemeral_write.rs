use crate::harness::{Case, app};

fn of(files: &[(&str, &str)]) -> Case {
    let mut all = vec![(
        "Procfile",
        "web: gunicorn app:server\nworker: celery -A tasks worker\n",
    )];
    all.extend(files);
    app(all).rule("DL309")
}

const WRITE: &str = "def save(df):\n    df.to_csv('cache/x.csv')\n";
const READ: &str = "import pandas as pd\ndef show():\n    return pd.read_csv('./cache/x.csv')\n";

#[test]
fn a_file_that_one_module_writes_and_another_reads() {
    let case = of(&[("app.py", READ), ("tasks.py", WRITE)]);
    assert_eq!(
        case.check(),
        [
            "tasks.py:2:15: DL309 `cache/x.csv` is written by the app and read again, outside the persistent filesystem"
        ]
    );
    let findings = case.findings();
    assert_eq!(findings[0].category, dashlift::rules::Category::May);
    let places: Vec<&str> = findings[0]
        .evidence
        .iter()
        .map(|it| it.place.path.as_str())
        .collect();
    assert_eq!(places, ["app.py", "tasks.py"]);
    assert!(findings[0].fix.is_none());
}

#[test]
fn other_ways_to_write_and_read() {
    for code in [
        "X = 'a/x.json'\ndef w():\n    with open(X, 'w') as f: pass\ndef r():\n    return open(X)",
        "def w():\n    open('x.log', mode='a')\ndef r():\n    open('/app/x.log')",
        "import joblib\ndef w(m): joblib.dump(m, '/tmp/m.joblib')\ndef r(): return joblib.load('/tmp/m.joblib')",
        "from pathlib import Path\nP = Path('state.txt')\ndef w(): P.write_text('x')\ndef r(): return P.read_text()",
        "import sqlite3\ndef w(): sqlite3.connect('app.db')\ndef r(): sqlite3.connect('app.db')",
        "import os\nD = 'out'\ndef w(df): df.to_pickle(os.path.join(D, 'x.pkl'))\nimport pandas as pd\ndef r(): return pd.read_pickle('out/x.pkl')",
    ] {
        assert_eq!(of(&[("app.py", code)]).check().len(), 1, "{code}");
    }
}

#[test]
fn what_nobody_misses_is_no_finding() {
    for code in [
        "def w(df): df.to_csv('x.csv')",
        "def r(): open('x.csv')",
        "def w():\n    open('x.csv', 'w')\n    open('x.csv')",
        "def w(): open('x.csv', 'w')\ndef r(): open('y.csv')",
        "def w(n): open('x' + n, 'w')\ndef r(n): open('x' + n)",
        "def w(): open('../mount/x.csv', 'w')\ndef r(): open('../mount/x.csv')",
        "def w(): open('/dev/shm/x', 'w')\ndef r(): open('/dev/shm/x')",
        "def w(): open('/data/x.csv', 'w')\ndef r(): open('/data/x.csv')",
        "def w(): open('~/mount/x.csv', 'w')\ndef r(): open('~/mount/x.csv')",
        "def w(): requests.post('x.csv')\ndef r(): open('x.csv')",
    ] {
        let found = of(&[("app.py", code)]).check();
        assert!(found.is_empty(), "{code}: {found:?}");
    }
}

#[test]
fn tests_notebooks_and_prepared_files_do_not_count() {
    for (path, extra) in [("tests/tasks.py", None), ("tasks.py", Some("cache/x.csv"))] {
        let mut files = vec![("app.py", READ), (path, WRITE)];
        files.extend(extra.map(|path| (path, "a\n")));
        assert!(of(&files).check().is_empty(), "{path}");
    }
    let database =
        "import sqlite3\ndef w(): sqlite3.connect('app.db')\ndef r(): sqlite3.connect('app.db')";
    assert!(
        of(&[("app.py", database), ("app.db", "x")])
            .check()
            .is_empty()
    );
}
