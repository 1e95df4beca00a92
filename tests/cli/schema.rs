//! The JSON output is what `docs/schemas/output.json` and `docs/output.md` say, nothing more.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::Scratch;

/// Which definition of the schema each table of `docs/output.md` describes, by its heading's start.
const TABLES: &[(&str, &str)] = &[
    ("`--format json`: one document", ""),
    ("Each of `repositories`", "repository"),
    ("Each of `apps`", "app"),
    ("Each finding", "finding"),
    ("Each of `plans`", "plan"),
    ("Each `summary`", "summary"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn schema() -> Value {
    let text = fs::read_to_string(root().join("docs/schemas/output.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The properties of a definition; those of the whole for no name.
fn properties<'s>(schema: &'s Value, name: &str) -> BTreeSet<&'s str> {
    let of = if name.is_empty() {
        schema
    } else {
        &schema["$defs"][name]
    };
    let properties = of["properties"].as_object().unwrap();
    properties.keys().map(String::as_str).collect()
}

/// The names in the first column of the first table below the line that starts with `start`.
fn documented<'p>(page: &'p str, start: &str) -> BTreeSet<&'p str> {
    let below = page.lines().skip_while(|line| !line.starts_with(start));
    let table = below.skip_while(|line| !line.starts_with('|')).skip(2);
    let rows = table.take_while(|line| line.starts_with('|'));
    let names = rows.flat_map(|row| row.split('|').nth(1).unwrap_or_default().split(", "));
    names.map(|name| name.trim().trim_matches('`')).collect()
}

#[test]
fn the_schema_has_what_is_documented_and_nothing_else() {
    let page = fs::read_to_string(root().join("docs/output.md")).unwrap();
    let schema = schema();
    for (start, name) in TABLES {
        let found = properties(&schema, name);
        assert!(found.len() > 3, "{start}");
        assert_eq!(documented(&page, start), found, "{start}");
    }
}

/// A repository whose folders are the apps of `testdata`, as they are before.
fn apps() -> Scratch {
    let scratch = Scratch::repository(&[]);
    for case in fs::read_dir(root().join("testdata")).unwrap() {
        let case = case.unwrap();
        let before = case.path().join("before");
        if before.is_dir() {
            copy(&before, &scratch.path().join(case.file_name()));
        }
    }
    scratch.commit();
    scratch
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to: PathBuf = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), &to).unwrap();
        }
    }
}

#[test]
fn every_result_is_valid() {
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let scratch = apps();
    let told = [
        "--de5-host",
        "dash.example.com",
        "--mapping",
        "/srv/data:/data",
    ];
    let mut seen = BTreeSet::new();
    let mut findings = 0;
    for command in ["check", "diff", "plan", "migrate", "fix"] {
        for extra in [&told[..0], &told[..]] {
            let mut arguments = vec![command, "--format", "json", "--unsafe-fixes"];
            arguments.extend_from_slice(extra);
            if command == "migrate" && !extra.is_empty() {
                arguments.push("--force");
            }
            let ran = scratch.run(&arguments);
            let document: Value = serde_json::from_str(&ran.out).unwrap();
            let errors: Vec<String> = validator
                .iter_errors(&document)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{command}: {errors:#?}");
            assert_eq!(document["exit_code"], ran.code);
            findings += document["summary"]["must"].as_u64().unwrap();
            names(&document, &mut seen);
        }
    }
    assert!(findings > 100, "{findings}");
    for (_, name) in TABLES {
        let missing: Vec<&str> = properties(&schema, name)
            .into_iter()
            .filter(|name| !seen.contains(*name))
            .collect();
        assert!(missing.is_empty(), "never printed: {name}: {missing:?}");
    }
}

#[test]
fn a_refused_path_is_valid() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let scratch = Scratch::folder(&[]);
    let ran = scratch.run(&["check", "--format", "json", ".", "nowhere"]);
    let mut document: Value = serde_json::from_str(&ran.out).unwrap();
    assert!(validator.is_valid(&document), "{}", ran.out);
    document["repositories"][0]["surprise"] = Value::Null;
    assert!(!validator.is_valid(&document));
}

fn names(value: &Value, seen: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                seen.insert(name.clone());
                names(value, seen);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, seen)),
        _ => {}
    }
}
