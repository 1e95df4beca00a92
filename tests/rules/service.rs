//! DL305.

use crate::harness::{Case, app};
use dashlift::rules::Category;

fn with(code: &str, requirements: &str) -> Case {
    app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", requirements),
        ("app.py", code),
    ])
    .rule("DL305")
}

#[test]
fn the_platforms_addresses_show_the_services() {
    let code = "import os, redis\nr = redis.from_url(os.environ.get('REDIS_URL', 'redis://localhost:6379'))\nurl = os.getenv(\"DATABASE_URL\")\n";
    let case = with(code, "dash\nredis==4.5\n");
    assert_eq!(
        case.check(),
        [
            "app.py:2:20: DL305 the app uses Redis (reads REDIS_URL), which has to be created for it on Dash Enterprise 5",
            "app.py:3:7: DL305 the app uses Postgres (reads DATABASE_URL), which has to be created for it on Dash Enterprise 5",
        ]
    );
    let findings = case.findings();
    let notes: Vec<&str> = findings[0]
        .evidence
        .iter()
        .map(|it| it.note.as_str())
        .collect();
    assert_eq!(
        notes,
        ["imports redis", "an address of Redis", "asks for redis"]
    );
    assert_eq!(
        findings[0].steps[0].command.as_deref(),
        Some("de services create --app-name APP --type redis")
    );
    assert_eq!(
        findings[1].steps[0].command.as_deref(),
        Some("de services create --app-name APP --type postgres")
    );
    assert_eq!(findings[0].category, Category::Should);
}

#[test]
fn a_client_alone_is_advice() {
    for (code, note) in [
        ("import psycopg2\n", "Postgres (imports psycopg2)"),
        ("from redis import StrictRedis\n", "Redis (imports redis)"),
        ("def f():\n    import rq.job\n", "Redis (imports rq.job)"),
        (
            "app = Celery(broker='redis://localhost:6379/0')\n",
            "Redis (an address of Redis)",
        ),
        (
            "Cache(server, config={'CACHE_TYPE': 'redis'})\n",
            "Redis (a cache that is kept in Redis)",
        ),
        (
            "c = dict(CACHE_TYPE='flask_caching.backends.RedisCache')\n",
            "Redis (a cache that is kept in Redis)",
        ),
        (
            "e = create_engine('postgresql+psycopg2://u:p@dokku-postgres-x:5432/x')\n",
            "Postgres (an address of Postgres)",
        ),
    ] {
        let findings = with(code, "dash\n").findings();
        assert_eq!(findings.len(), 1, "{code}");
        assert_eq!(findings[0].message, format!("the app may use {note}"));
        assert_eq!(findings[0].category, Category::May);
        assert!(
            findings[0].steps[0]
                .text
                .contains("a server of your own needs nothing here")
        );
    }
}

#[test]
fn other_servers_and_words_are_quiet() {
    for code in [
        "e = create_engine('postgresql://u:secret@db.example.com/x')\n",
        "broker = 'redis://cache.example.com:6379'\n",
        "\"\"\"Uses redis and DATABASE_URL.\"\"\"\n",
        "# import redis\n",
        "import redistribute\n",
        "from .redis import x\n",
        "os.environ['REDIS_URL'] = 'x'\n",
        "Cache(config={'CACHE_TYPE': 'filesystem'})\n",
        "if TYPE_CHECKING:\n    import redis\n",
        "x = {'kind': 'redis'}\n",
    ] {
        let code = format!("import os\nfrom typing import TYPE_CHECKING\n{code}");
        assert!(
            with(&code, "dash\nredis\npsycopg2-binary\n")
                .check()
                .is_empty(),
            "{code}"
        );
    }
}

#[test]
fn a_list_counts_where_the_code_could_use_it() {
    assert_eq!(
        with(
            "from sqlalchemy import create_engine\n",
            "dash\nPsycopg2_binary==2.9\nsqlalchemy\n"
        )
        .check(),
        ["requirements.txt:2:1: DL305 the app may use Postgres (asks for psycopg2-binary)"]
    );
    assert_eq!(
        with("import celery\n", "dash\ncelery[redis]\n").check(),
        ["requirements.txt:2:1: DL305 the app may use Redis (asks for celery[redis])"]
    );
}

#[test]
fn workers_are_evidence() {
    let case = |procfile: &str, code: &str| {
        let files = [
            ("Procfile", procfile),
            ("requirements.txt", "dash\n"),
            ("app.py", code),
        ];
        app(files).rule("DL305").check()
    };
    assert_eq!(
        case("web: gunicorn app:server\nworker: rq worker default\n", ""),
        ["Procfile:2:1: DL305 the app may use Redis (`worker` runs rq)"]
    );
    assert!(case("web: x\nworker: celery -A app worker\n", "import celery\n").is_empty());
}

#[test]
fn tests_of_the_app_do_not_count() {
    let files = [
        ("Procfile", "web: x\n"),
        ("requirements.txt", "dash\n"),
        ("tests/test_app.py", "import redis\n"),
        ("conftest.py", "import psycopg2\n"),
    ];
    assert!(app(files).rule("DL305").check().is_empty());
}

const RAW: &str = "SQLAlchemy gets DATABASE_URL as it is, and from version 1.4 on it refuses addresses that begin with postgres://";

fn raw(code: &str, sqlalchemy: &str) -> Vec<String> {
    let code = format!(
        "import os\nimport sqlalchemy as sa\nfrom sqlalchemy import create_engine\n{code}\n"
    );
    let lines = with(&code, &format!("dash\n{sqlalchemy}\n")).check();
    lines
        .into_iter()
        .filter(|line| line.contains(RAW))
        .collect()
}

#[test]
fn an_address_that_is_not_put_right_is_said() {
    for code in [
        "e = create_engine(os.environ['DATABASE_URL'])",
        "e = sa.create_engine(os.getenv('DATABASE_URL'), echo=True)",
        "URL = os.environ.get('DATABASE_URL')\ndef f():\n    return create_engine(url=URL)",
    ] {
        assert_eq!(raw(code, "SQLAlchemy==1.4.46").len(), 1, "{code}");
        assert_eq!(raw(code, "sqlalchemy").len(), 1, "{code}");
        assert_eq!(raw(code, "sqlalchemy>=1.3").len(), 1, "{code}");
    }
    assert_eq!(
        raw(
            "e = create_engine(os.environ['DATABASE_URL'])",
            "sqlalchemy>=2"
        ),
        [format!("app.py:4:5: DL305 {RAW}")]
    );
}

#[test]
fn the_whole_address_of_another_server_puts_nothing_right() {
    let code = "e = create_engine(os.environ['DATABASE_URL'])\nf = create_engine('postgresql://db.example.com/x')";
    assert_eq!(raw(code, "sqlalchemy==1.4.46").len(), 1);
}

#[test]
fn an_address_that_may_be_right_is_quiet() {
    for code in [
        "e = create_engine(os.environ['DATABASE_URL'].replace('postgres://', 'postgresql://', 1))",
        "URL = os.environ['DATABASE_URL']\nURL = fix(URL)\ne = create_engine(URL)",
        "URL = os.environ['DATABASE_URL']\nif URL.startswith('postgres:'):\n    print(1)\ne = create_engine(URL)",
        "e = create_engine(fix(os.environ['DATABASE_URL']))",
        "e = create_engine(os.environ['OTHER_URL'])",
        "x = os.environ['DATABASE_URL']",
    ] {
        assert!(raw(code, "sqlalchemy==1.4.46").is_empty(), "{code}");
    }
    let code = "e = create_engine(os.environ['DATABASE_URL'])";
    for list in ["sqlalchemy==1.3.24", "sqlalchemy<1.4", "flask-sqlalchemy"] {
        assert!(raw(code, list).is_empty(), "{list}");
    }
}
