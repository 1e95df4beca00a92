//! The hooks start when a commit holds a file that a rule reads: their filter is made from what the
//! rules say that they read. `DASHLIFT_BLESS=1 cargo test --test cli hooks` writes it anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use dashlift::rules;
use regex::Regex;

/// Where the filter stands.
const PLACES: &[&str] = &[
    ".pre-commit-hooks.yaml",
    "packaging/pre-commit/.pre-commit-hooks.yaml",
    "docs/hooks.md",
];

#[test]
fn hooks_start_for_the_files_that_rules_read() {
    let wanted = format!("files: &files '{}'", filter());
    let line = Regex::new("files: &files '[^\n]*'").unwrap();
    for place in PLACES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(place);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(line.find_iter(&text).count(), 1, "{place}");
        let current = line.replace(&text, regex::NoExpand(&wanted));
        if std::env::var_os("DASHLIFT_BLESS").is_some() {
            fs::write(&path, current.as_bytes()).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), current, "{place}");
    }
}

#[test]
fn a_hook_starts_for_an_app_and_not_for_a_page() {
    let filter = Regex::new(&filter()).unwrap();
    for path in [
        "Procfile",
        "apps/one/procfile",
        "a/requirements-dev.txt",
        "b.ipynb",
        "run.sh",
    ] {
        assert!(filter.is_match(path), "{path}");
    }
    for path in [
        "README.md",
        "assets/style.css",
        "a.pyc",
        "MyProcfile",
        "docs/Aptfile.md",
    ] {
        assert!(!filter.is_match(path), "{path}");
    }
}

/// A regular expression of Python, in any case: a `procfile` is one of the mistakes that are found.
fn filter() -> String {
    let inputs = || rules::all().iter().map(|rule| &rule.inputs);
    let names: BTreeSet<&str> = inputs().flat_map(|it| it.files).copied().collect();
    let mut parts: Vec<String> = names.into_iter().map(escape).collect();
    parts.push(escape("dashlift.toml"));
    if inputs().any(|it| it.lists) {
        parts.push("[^/]*requirements?[^/]*".to_owned());
    }
    let code = [
        ("ipynb|py", inputs().any(rules::Inputs::reads_sources)),
        ("sh", inputs().any(|it| it.scripts)),
    ];
    let endings: Vec<&str> = code.iter().filter(|it| it.1).map(|it| it.0).collect();
    parts.push(format!(r"[^/]+\.({})", endings.join("|")));
    format!("(?i)(^|/)({})$", parts.join("|"))
}

fn escape(name: &str) -> String {
    name.replace('.', r"\.")
}
