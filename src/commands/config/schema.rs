//! The configuration's schema for editors: it says what this room says.

use jsonschema::Validator;
use serde_json::Value;

use super::*;
use crate::rules;

fn schema() -> Value {
    serde_json::from_str(include_str!("../../../docs/schemas/configuration.json")).unwrap()
}

fn validator() -> Validator {
    jsonschema::validator_for(&schema()).unwrap()
}

/// All that selects a rule: its code, the beginnings of it, its name.
fn selectors() -> String {
    let mut codes: Vec<String> = vec![String::new()];
    for rule in rules::all() {
        let code = rule.code.to_string();
        let digits = code.trim_start_matches("DL");
        codes.extend((1..=digits.len()).map(|end| digits[..end].to_owned()));
    }
    codes.sort();
    codes.dedup();
    let names: Vec<&str> = rules::all().iter().map(|rule| rule.stem).collect();
    let (codes, names) = (codes.join("|"), names.join("|"));
    format!("^\\s*([Dd][Ll]({codes})|{names})\\s*$")
}

/// Writes the selectors of today into the schema.
fn bless() {
    let mut schema: serde_json::Map<String, Value> =
        serde_json::from_str(include_str!("../../../docs/schemas/configuration.json")).unwrap();
    schema["$defs"]["rule"]["pattern"] = selectors().into();
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/docs/schemas/configuration.json"
    );
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    std::fs::write(path, text).unwrap();
}

#[test]
fn it_has_the_keys_and_the_rules() {
    let schema = schema();
    let properties = schema["properties"].as_object().unwrap();
    let named: Vec<&str> = properties.keys().map(String::as_str).collect();
    assert_eq!(named, names().collect::<Vec<_>>());
    if std::env::var_os("DASHLIFT_BLESS").is_some() {
        bless();
        return;
    }
    assert_eq!(
        schema["$defs"]["rule"]["pattern"],
        selectors(),
        "DASHLIFT_BLESS=1 cargo test --lib schema writes docs/schemas/configuration.json"
    );
    for (name, property) in properties {
        assert!(property["description"].is_string(), "{name}");
    }
}

/// What the program and the schema say of a configuration; both must say the same.
fn accepts(toml: &str) -> bool {
    let read = parse("dashlift.toml", toml.as_bytes());
    let value: Value = toml_edit::de::from_str(toml).unwrap();
    let valid = validator().is_valid(&value);
    assert_eq!(read.is_ok(), valid, "{toml}: {read:?}");
    valid
}

#[test]
fn it_accepts_what_the_program_accepts() {
    for toml in [
        "",
        "select = [\"DL1\", \" dl201 \", \"DL\", \"runtime-txt\"]\nignore = []",
        "unsafe-fixes = true\nstrict = false",
        "target = \"5.x\"",
        "target = \"5.4\"",
        "target = \"5.8.5\"",
        "target = \"5.04.255\"",
        "de5-host = \"dash.example.com\"",
        "de5-host = \" https://Dash.Example.com:8443/ \"",
        "mapping = [\"/srv/data:/data\", \"/:/d\"]",
        "package-index = \"remove\"",
        "app-name = \"sales-2\"",
        "private-packages = [\"our-widgets\"]",
        "branch = \"move/de5\"",
        "[per-file-ignores]\n\"notebooks/\" = [\"DL301\"]\n\"*.ipynb\" = [\"DL3\"]\n\"./a/..b\" = []",
    ] {
        assert!(accepts(toml), "{toml}");
    }
}

#[test]
fn it_refuses_what_the_program_refuses() {
    for toml in [
        "slect = []",
        "select = \"DL1\"",
        "select = [\"DL9\"]",
        "ignore = [1]",
        "ignore = [\"DL1011\"]",
        "ignore = [\"Runtime-txt\"]",
        "unsafe-fixes = \"yes\"",
        "strict = 1",
        "target = 5.4",
        "target = \"4.3\"",
        "target = \"5\"",
        "target = \"5.100\"",
        "target = \"5.8.256\"",
        "target = \"5.8.\"",
        "de5-host = \"\"",
        "de5-host = \"https://me:pw@dash.example.com\"",
        "de5-host = \"dash.example.com/path\"",
        "de5-host = \"dash.example.com:65536\"",
        "de5-host = \"-dash.example.com\"",
        "mapping = [\"data:/data\"]",
        "mapping = [\"/srv/data:/\"]",
        "mapping = \"/srv/data:/data\"",
        "package-index = \"keep\"",
        "app-name = \"\"",
        "app-name = \"Sales App\"",
        "app-name = \"-n\"",
        "app-name = [\"sales\"]",
        "private-packages = [true]",
        "branch = 5",
        "per-file-ignores = [\"a/:DL1\"]",
        "[per-file-ignores]\n\"a/\" = \"DL1\"",
        "[per-file-ignores]\n\"a/\" = [\"DL9\"]",
        "[per-file-ignores]\n\"!a\" = []",
        "[per-file-ignores]\n\" \" = []",
        "[per-file-ignores]\n\"# a\" = []",
        "[per-file-ignores]\n\"a/../b\" = []",
    ] {
        assert!(!accepts(toml), "{toml}");
    }
}
