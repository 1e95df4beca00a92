//! DL314.

use crate::harness::app;

fn check(code: &str, predeploy: &str) -> Vec<String> {
    app([
        ("Procfile", "web: python app.py\n"),
        ("app.py", code),
        ("predeploy.sh", predeploy),
    ])
    .rule("DL314")
    .check()
}

#[test]
fn uses_in_code_are_one_piece_of_advice() {
    for code in [
        "open('../mount/a.csv')\n",
        "import os\nP = os.path.join('..', 'mount', 'a.csv')\n",
        "from pathlib import Path\nP = Path('../mount') / 'a'\n",
        "BASE = '~/mount'\n",
        "import os\nP = os.path.expanduser('~/mount/x')\nQ = '../mount/y'\n",
    ] {
        let lines = check(code, "");
        assert_eq!(lines.len(), 1, "{code} {lines:?}");
        assert!(lines[0].contains("DL314 the app uses the persistent filesystem"));
    }
    for code in [
        "X = 'mount'\n",
        "X = '../mounted/x'\n",
        "X = '/mount/x'\n",
        "app.mount('/x')\n",
    ] {
        assert_eq!(check(code, ""), [] as [&str; 0], "{code}");
    }
}

#[test]
fn predeploy_does_not_see_it() {
    for script in [
        "mkdir -p ../mount/cache\n",
        "cp data.csv ../mount/\n",
        "python load.py > ../mount/log.txt\n",
        "ls ~/mount\n",
    ] {
        let lines = check("", script);
        assert_eq!(lines.len(), 1, "{script}");
        assert!(lines[0].contains("predeploy runs while the image is built"));
    }
    let named = app([
        ("Procfile", "web: python app.py\n"),
        (
            "project.toml",
            "[scripts]\npredeploy = \"setup.sh\"\npostdeploy = \"after.sh\"\n",
        ),
        ("setup.sh", "touch ../mount/x\n"),
        ("after.sh", "touch ../mount/x\n"),
        ("app.py", ""),
    ]);
    assert!(named.rule("DL314").check()[0].starts_with("setup.sh:1:7: DL314 predeploy runs"));
}

#[test]
fn the_command_is_told() {
    let case = app([
        ("Procfile", "web: python app.py\n"),
        ("app.py", "open('../mount/a')\n"),
    ])
    .rule("DL314");
    let steps = &case.findings()[0].steps;
    assert_eq!(
        steps[0].command.as_deref(),
        Some("de apps update -n APP --persistent-filesystem")
    );
}
