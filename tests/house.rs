//! The house: who may know whom, how long a file may be, and what a rule must bring along.
#![allow(clippy::disallowed_methods, reason = "it is no part of the program")]
#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use std::fs;
use std::path::{Path, PathBuf};

/// What each room of `src` may name: the rooms below it, as `docs/architecture.md` draws them. Rooms
/// that are not here (`cli`, `main.rs`, `lib.rs`) are at the top and may name all.
const ROOMS: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("interrupt", &[]),
    ("parallel", &[]),
    ("children", &["interrupt"]),
    ("tables", &[]),
    ("disk", &["interrupt"]),
    ("secrets", &["text"]),
    ("network", &["interrupt", "secrets"]),
    ("inventory", &["files", "tree"]),
    ("manager", &["inventory", "network", "secrets"]),
    ("tree", &["disk", "interrupt", "text"]),
    ("git", &["children", "disk", "secrets", "text", "tree"]),
    ("files", &["secrets", "text"]),
    ("installed", &["disk", "files", "text"]),
    ("python", &["text"]),
    ("app", &["files", "python", "tables", "text", "tree"]),
    (
        "packages",
        &[
            "app", "files", "python", "secrets", "tables", "text", "tree",
        ],
    ),
    (
        "rules",
        &[
            "app",
            "files",
            "inventory",
            "packages",
            "python",
            "secrets",
            "tables",
            "text",
            "tree",
        ],
    ),
    (
        "resolver",
        &["children", "files", "packages", "secrets", "text"],
    ),
    (
        "verify",
        &[
            "app", "children", "disk", "packages", "resolver", "secrets", "tree",
        ],
    ),
    (
        "fleet",
        &["children", "disk", "git", "interrupt", "text", "tree"],
    ),
    ("engine", &["app", "parallel", "rules", "text", "tree"]),
    ("baseline", &["engine", "rules", "secrets", "text", "tree"]),
    (
        "plan",
        &[
            "app",
            "engine",
            "files",
            "inventory",
            "rules",
            "text",
            "tree",
            "packages",
        ],
    ),
    ("users", &["inventory", "network", "secrets"]),
    ("handover", &["inventory", "report", "rules", "text"]),
    (
        "report",
        &[
            "baseline",
            "engine",
            "git",
            "inventory",
            "packages",
            "plan",
            "rules",
            "secrets",
            "text",
            "tree",
            "verify",
        ],
    ),
    (
        "commands",
        &[
            "app",
            "baseline",
            "children",
            "disk",
            "engine",
            "files",
            "fleet",
            "git",
            "handover",
            "installed",
            "interrupt",
            "inventory",
            "manager",
            "network",
            "packages",
            "parallel",
            "plan",
            "report",
            "resolver",
            "rules",
            "secrets",
            "text",
            "tree",
            "users",
            "verify",
        ],
    ),
];

/// The files that may ask which output format it is: where it is chosen, and which command has it.
const FORMATS: [&str; 2] = ["cli/args/output.rs", "cli/formats.rs"];

/// The most lines of a file of `src`.
const LONGEST: usize = 500;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let below = entries.flat_map(|path| {
        if path.is_dir() {
            sources(&path)
        } else {
            vec![path]
        }
    });
    let mut found: Vec<PathBuf> = below
        .filter(|it| it.extension().is_some_and(|e| e == "rs"))
        .collect();
    found.sort();
    found
}

/// The rooms that a line of code names behind `crate::`.
fn named(line: &str) -> Vec<&str> {
    let code = line.split("//").next().unwrap_or_default();
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let behind = code.split("crate::").skip(1);
    behind
        .map(|rest| rest.split(|c| !is_name(c)).next().unwrap_or_default())
        .collect()
}

#[test]
fn no_room_knows_a_higher_one() {
    let src = root().join("src");
    for file in sources(&src) {
        // Tests of a room may run the whole house.
        if file
            .iter()
            .any(|part| part == "tests" || part == "tests.rs")
        {
            continue;
        }
        let below = file.strip_prefix(&src).unwrap();
        let room = below.iter().next().unwrap().to_str().unwrap();
        let room = room.trim_end_matches(".rs");
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
            assert!(
                matches!(room, "cli" | "main" | "lib"),
                "{room} has no floor"
            );
            continue;
        };
        for line in fs::read_to_string(&file).unwrap().lines() {
            for other in named(line) {
                assert!(
                    other == room || allowed.contains(&other),
                    "{}: {line}",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn nothing_but_the_choice_of_a_reporter_asks_for_the_format() {
    let src = root().join("src");
    for file in sources(&src) {
        let is_choice = FORMATS.iter().any(|known| file.ends_with(known));
        let text = fs::read_to_string(&file).unwrap();
        assert!(
            is_choice || !text.contains("Format::"),
            "{}",
            file.display()
        );
    }
}

#[test]
fn no_file_is_too_long() {
    for file in sources(&root().join("src")) {
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        assert!(lines <= LONGEST, "{}: {lines} lines", file.display());
    }
}

/// What a rule lacks outside its own file, a line for each thing.
fn lacks(rule: &dashlift::rules::Rule) -> Vec<String> {
    let (code, stem) = (rule.code.to_string(), rule.stem);
    let module = stem.replace('-', "_");
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap_or_default();
    let page = format!("rules/{code}-{stem}.md");
    let tests = format!("tests/rules/{module}.rs");
    let has_row = |text: &str| {
        let mut rows = text.lines().filter(|line| line.starts_with('|'));
        rows.any(|row| row.contains(&code))
    };
    let schema = read("docs/schemas/configuration.json");
    let things = [
        (root().join(&page).is_file(), format!("the page {page}")),
        (root().join(&tests).is_file(), format!("the tests {tests}")),
        (
            read("tests/rules/main.rs").contains(&format!("\nmod {module};\n")),
            format!("`mod {module};` in tests/rules/main.rs"),
        ),
        (has_row(&read("README.md")), "a row in README.md".to_owned()),
        (
            schema.contains(&format!("|{stem}")) && schema.contains(&format!("|{}", rule.code.0)),
            "its code and name in docs/schemas/configuration.json (`DASHLIFT_BLESS=1 cargo test --lib schema` writes them)".to_owned(),
        ),
        (!rule.cases.is_empty(), "its cases".to_owned()),
    ];
    let lacking = things.into_iter().filter(|(is_there, _)| !is_there);
    lacking
        .map(|(_, what)| format!("{code} {stem} lacks {what}"))
        .collect()
}

#[test]
fn every_rule_is_complete() {
    let rules = dashlift::rules::all();
    let mut lacking: Vec<String> = rules.iter().flat_map(|rule| lacks(rule)).collect();
    for page in fs::read_dir(root().join("rules")).unwrap() {
        let name = page.unwrap().file_name().into_string().unwrap();
        let known =
            |rule: &&dashlift::rules::Rule| name == format!("{}-{}.md", rule.code, rule.stem);
        if name.starts_with("DL") && !rules.iter().any(known) {
            lacking.push(format!(
                "rules/{name} has no rule: list it in RULES of src/rules/mod.rs"
            ));
        }
    }
    assert!(lacking.is_empty(), "{}", lacking.join("\n"));
}
