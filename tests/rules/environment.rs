//! DL306.

use crate::harness::{Case, app};
use dashlift::rules::Category;

fn with(code: &str) -> Case {
    app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", "dash\n"),
        ("app.py", code),
    ])
    .rule("DL306")
}

#[test]
fn variables_to_set_are_listed_by_name() {
    let case = with(
        "import os\nfrom decouple import config\nkey = os.environ['API_KEY']\nother = os.getenv('REGION', 'eu')\nuser = config('DB_USER')\n",
    );
    assert_eq!(
        case.check(),
        [
            "app.py:3:7: DL306 the code reads 2 environment variables that Dash Enterprise 5 has only if someone sets them: API_KEY, DB_USER"
        ]
    );
    let finding = &case.findings()[0];
    assert_eq!(finding.category, Category::Should);
    let notes: Vec<&str> = finding.evidence.iter().map(|it| it.note.as_str()).collect();
    assert_eq!(notes, ["reads DB_USER", "reads REGION, with a default"]);
    assert_eq!(
        finding.steps[0].text,
        "Set each of these for the app with the value that it had on Dash Enterprise 4: API_KEY, DB_USER."
    );
    assert_eq!(
        finding.steps[0].command.as_deref(),
        Some("de apps update --name APP --add-environment-variable \"NAME=<value>\"")
    );
    assert!(
        finding.steps[1]
            .text
            .starts_with("The code can do without REGION:")
    );
}

#[test]
fn one_variable_is_named_in_the_command() {
    let finding = &with("import os\nx = os.environ['API_KEY']\n").findings()[0];
    assert_eq!(
        finding.message,
        "the code reads an environment variable that Dash Enterprise 5 has only if someone sets it: API_KEY"
    );
    assert_eq!(
        finding.steps[0].command.as_deref(),
        Some("de apps update --name APP --add-environment-variable \"API_KEY=<value>\"")
    );
}

#[test]
fn long_lists_are_cut_in_the_message_only() {
    let reads: Vec<String> = ('A'..='H')
        .map(|c| format!("x = os.environ['K_{c}']"))
        .collect();
    let reads = reads.join(
        "
",
    );
    let finding = &with(&format!("import os\n{reads}")).findings()[0];
    assert!(
        finding
            .message
            .ends_with("K_A, K_B, K_C, K_D, K_E and 3 more")
    );
    assert!(finding.steps[0].text.ends_with("K_G, K_H."));
}

#[test]
fn defaults_alone_are_advice_and_never_show_a_value() {
    let case = with(
        "import os\nx = os.getenv('TOKEN', 'hunter2') or 'swordfish'\nif 'DEBUG' in os.environ: pass\n",
    );
    let finding = &case.findings()[0];
    assert_eq!(finding.category, Category::May);
    assert_eq!(
        finding.message,
        "the code reads 2 environment variables that it can do without: DEBUG, TOKEN"
    );
    let said = format!("{finding:?}");
    assert!(!said.contains("hunter2") && !said.contains("swordfish"));
}

#[test]
fn what_platform_and_system_set_is_quiet() {
    for name in [
        "DASH_APP_NAME",
        "DASH_REQUESTS_PATHNAME_PREFIX",
        "DASH_ENTERPRISE_ENV",
        "REDIS_URL",
        "DATABASE_URL",
        "PATH",
        "HOME",
        "LC_ALL",
        "TMPDIR",
        "PYTHONPATH",
        "USERNAME",
    ] {
        let case = with(&format!("import os\nx = os.environ['{name}']\n"));
        assert!(case.check().is_empty(), "{name}");
    }
    assert!(
        with("import os\nos.environ['X'] = '1'\n")
            .check()
            .is_empty()
    );
    assert!(
        with("import os\nx = os.environ.get('PORT', 8050)\n")
            .check()
            .is_empty()
    );
    assert!(with("import os\nx = os.environ[name]\n").check().is_empty());
    assert!(with("x = environ['A']\n").check().is_empty());
}

#[test]
fn what_nobody_knows_is_said_as_that() {
    let finding = &with("import os\nx = os.environ['PORT']\n").findings()[0];
    assert_eq!(finding.category, Category::May);
    assert_eq!(
        finding.message,
        "the code reads an environment variable that Dash Enterprise 5 may or may not set: PORT"
    );
    assert_eq!(
        finding.steps[0].text,
        "Nothing says whether Dash Enterprise 5 sets PORT: look after the first deploy."
    );
}

#[test]
fn what_the_code_sets_itself_is_no_need() {
    for code in [
        "if not os.getenv('MODE'):\n    os.environ['MODE'] = 'x'\n",
        "os.environ['MODE'] = 'x'\nprint(os.environ['MODE'])\n",
        "os.environ.setdefault('MODE', 'x')\nprint(os.environ['MODE'])\n",
    ] {
        let findings = with(&format!("import os\n{code}")).findings();
        assert!(findings.is_empty(), "{code}");
    }
}

#[test]
fn what_only_asks_where_it_runs_is_no_need() {
    let code =
        "import os\nif os.environ.get('DYNO'):\n    x = 1\ndebug = os.getenv('PORT') is None\n";
    assert_eq!(with(code).check(), [""; 0]);
    let own = "import os\nif os.environ.get('ON_MY_SERVER'):\n    x = 1\n";
    assert_eq!(
        with(own).check(),
        [
            "app.py:2:4: DL306 the code reads an environment variable that it can do without: ON_MY_SERVER"
        ]
    );
    let refused =
        "import os\nif not os.environ.get('KEY'):\n    raise SystemExit('KEY is not set')\n";
    assert_eq!(
        with(refused).check(),
        [
            "app.py:2:8: DL306 the code reads an environment variable that Dash Enterprise 5 has only if someone sets it: KEY"
        ]
    );
}

#[test]
fn what_only_a_program_reads_counts_where_it_is_one() {
    let code = "import os\nif __name__ == '__main__':\n    run(port=int(os.environ['PORT']), key=os.environ['KEY'])\n";
    for (command, count) in [
        ("gunicorn app:server", 0),
        ("python app.py", 1),
        ("python -m app", 1),
        ("gunicorn app:server & python app.py", 1),
    ] {
        let procfile = format!("web: {command}\n");
        let files = [("Procfile", procfile.as_str()), ("app.py", code)];
        assert_eq!(app(files).rule("DL306").check().len(), count, "{command}");
    }
}

#[test]
fn what_called_scripts_read_counts() {
    let files = [
        (
            "Procfile",
            "web: bash start.sh\nworker: gunicorn app:server -b 0.0.0.0:$PORT\n",
        ),
        ("app.py", "server = 1\n"),
        (
            "app.json",
            "{\"scripts\": {\"dokku\": {\"predeploy\": \"/app/fetch\"}}}",
        ),
        (
            "start.sh",
            "#!/bin/bash\nset -e\n. ./common.sh\nMODE=prod\nexec gunicorn app:server --workers \"$WORKERS\" --mode $MODE $FOLDER --log ${LEVEL:-info}\n",
        ),
        ("common.sh", "export FOLDER=$HOME/x\n"),
        (
            "fetch",
            "#!/bin/sh\ncurl -H \"X-Key: $API_KEY\" https://example.com # $NOT\n",
        ),
        ("unused.sh", "echo $UNUSED\n"),
        ("tool", "#!/usr/bin/env python\nx = '$NO'\n"),
    ];
    let found = app(files).rule("DL306").findings();
    assert_eq!(
        found[0].message,
        "the code reads 2 environment variables that Dash Enterprise 5 has only if someone sets them: API_KEY, WORKERS"
    );
    assert!(
        found[0]
            .steps
            .iter()
            .any(|it| it.text.starts_with("The code can do without LEVEL"))
    );
}

#[test]
fn what_a_library_reads_by_itself_counts() {
    let said = |code: &str| {
        let files = [("Procfile", "web: gunicorn app:server\n"), ("app.py", code)];
        app(files).rule("DL306").check()
    };
    for code in [
        "from google.cloud import storage\nclient = storage.Client()\n",
        "import google.cloud.bigquery as bq\nclient = bq.Client()\n",
    ] {
        assert_eq!(
            said(code),
            [
                "app.py:1:1: DL306 the code reads an environment variable that Dash Enterprise 5 has only if someone sets it: GOOGLE_APPLICATION_CREDENTIALS"
            ],
            "{code}"
        );
    }
    for code in [
        "from google.cloud import storage\nclient = storage.Client.from_service_account_json('key.json')\n",
        "from google.cloud import storage\nclient = storage.Client(credentials=mine)\n",
        "import os\nfrom google.cloud import storage\nos.environ['GOOGLE_APPLICATION_CREDENTIALS'] = 'key.json'\nclient = storage.Client()\n",
        "import google.auth\n",
        "from cloud import storage\n",
    ] {
        assert_eq!(said(code), [""; 0], "{code}");
    }
}

#[test]
fn what_nothing_starts_needs_nothing() {
    let case = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", "dash\ngunicorn\n"),
        ("app.py", "import os\nserver = os.environ['LIVE']\n"),
        ("load.py", "import os\nx = os.environ['DEAD']\n"),
    ]);
    let findings = case.rule("DL306").findings();
    assert!(findings[0].message.contains("LIVE") && !findings[0].message.contains("DEAD"));
}

#[test]
fn env_files_are_named() {
    let code = "import os\nfrom dotenv import load_dotenv\nload_dotenv()\nx = os.environ['A']\n";
    let finding = &with(code).findings()[0];
    assert!(
        finding
            .steps
            .iter()
            .any(|it| it.text.contains("that the repository does not hold"))
    );
    let files = [
        ("Procfile", "web: x\n"),
        ("requirements.txt", "dash\n"),
        ("app.py", code),
        (".env", "A=hunter2\n"),
    ];
    let finding = &app(files).rule("DL306").findings()[0];
    assert!(
        finding
            .steps
            .iter()
            .any(|it| it.text.contains("Set only what the .env file"))
    );
    assert!(!format!("{finding:?}").contains("hunter2"));
}

#[test]
fn every_file_counts_once_by_name() {
    let files = [
        ("Procfile", "web: x\n"),
        ("requirements.txt", "dash\n"),
        ("a.py", "import os\nx = os.environ.get('K', 1)\n"),
        ("b.py", "from os import getenv\nx = getenv('K')\n"),
        ("tests/t.py", "from os import getenv\nx = getenv('T')\n"),
    ];
    let lines = app(files).rule("DL306").check();
    assert_eq!(
        lines,
        [
            "a.py:2:5: DL306 the code reads an environment variable that Dash Enterprise 5 has only if someone sets it: K"
        ]
    );
}
