//! Golden apps: each folder of `testdata/` holds an app `before` and `after`, the findings, and
//! the options it is converted with; some hold the plan, too. `DASHLIFT_BLESS=1 cargo test --test
//! golden` writes `after`, `findings.json` and `plan.md` (where there is one) anew; read the diff
//! before you commit it.
#![allow(clippy::disallowed_methods, reason = "it is no part of the program")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails panics"
)]

#[path = "../harness/mod.rs"]
mod harness;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use dashlift::engine::{self, Reported};
use dashlift::plan::{Names, PlanRequest, plans};
use dashlift::report::PathPrefix;
use dashlift::report::plan::{ReadingPlace, markdown};
use dashlift::rules::{Repository, Safety, Settings};
use dashlift::tree::{MemoryTree, Tree, TreePath};
use serde::Deserialize;
use serde_json::{Value, json};

type Files = BTreeMap<String, Vec<u8>>;

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct Options {
    unsafe_fixes: bool,
    de5_host: Option<String>,
    target: Option<String>,
    mapping: Vec<String>,
}

#[test]
fn every_app_converts_as_recorded() {
    let cases = cases();
    assert!(cases.len() >= 15, "only {} golden apps", cases.len());
    let failures: Vec<&Path> = cases
        .iter()
        .filter(|case| std::panic::catch_unwind(|| convert(case)).is_err())
        .map(PathBuf::as_path)
        .collect();
    assert!(
        failures.is_empty(),
        "golden apps that convert in another way: {failures:?}"
    );
}

fn convert(case: &Path) {
    let name = case.file_name().unwrap().to_string_lossy();
    let (settings, allowed) = options(case);
    let before = read_all(&case.join("before"));
    let tree = MemoryTree::new(before);
    let outcome = engine::fix(&repository(&tree), &settings, allowed);
    for app in &outcome.apps {
        let failure = app.failed.as_ref().map(|failed| failed.failure.to_string());
        assert_eq!(failure, None, "{name}: the proof of {} failed", app.root);
    }
    let result = &outcome.result;
    let after: Files = result
        .entries()
        .iter()
        .map(|entry| {
            (
                entry.path.as_str().to_owned(),
                result.read(&entry.path).unwrap(),
            )
        })
        .collect();
    let checked = engine::check(&repository(&tree), &settings);
    let findings = json!({
        "before": checked.open().map(describe).collect::<Vec<_>>(),
        "fixed": outcome.fixed().map(describe).collect::<Vec<_>>(),
        "after": outcome.open().map(describe).collect::<Vec<_>>(),
    });
    let findings = serde_json::to_string_pretty(&findings).unwrap() + "\n";
    assert_second_run_is_quiet(&name, &after, &settings, allowed);
    assert_planned(case, &name, &outcome, &settings);
    if std::env::var_os("DASHLIFT_BLESS").is_some() {
        bless(case, &after, &findings);
    }
    assert_eq!(
        readable(&after),
        readable(&read_all(&case.join("after"))),
        "{name}: the files"
    );
    assert_eq!(
        findings,
        fs::read_to_string(case.join("findings.json")).unwrap_or_default(),
        "{name}: the findings"
    );
}

/// Compares the plan with `plan.md`, in the cases that have one.
fn assert_planned(case: &Path, name: &str, outcome: &engine::Outcome, settings: &Settings) {
    let file = case.join("plan.md");
    let Ok(recorded) = fs::read_to_string(&file) else {
        return;
    };
    let plans = plans(&PlanRequest {
        outcome,
        settings,
        names: &Names {
            folder: Some(name.to_owned()),
            ..Names::default()
        },
        of_result: false,
    });
    let pages = plans
        .iter()
        .map(|plan| markdown(plan, &PathPrefix::plain(), ReadingPlace::Alone));
    let planned = pages.collect::<Vec<_>>().join("\n");
    if std::env::var_os("DASHLIFT_BLESS").is_some() {
        fs::write(&file, &planned).unwrap();
    } else {
        assert_eq!(planned, recorded, "{name}: the plan");
    }
}

fn assert_second_run_is_quiet(name: &str, after: &Files, settings: &Settings, allowed: Safety) {
    let tree = MemoryTree::new(after.clone());
    let again = engine::fix(&repository(&tree), settings, allowed);
    let changed: Vec<&TreePath> = again.result.changes().keys().collect();
    assert!(
        changed.is_empty(),
        "{name}: a second run changes {changed:?}"
    );
    assert_eq!(
        again.fixed().count(),
        0,
        "{name}: a second run repairs something"
    );
}

fn describe(reported: &Reported) -> Value {
    harness::assert_sound(reported);
    let finding = &reported.finding;
    let fix = finding
        .fix
        .as_ref()
        .map(|fix| format!("{:?}: {}", fix.safety, fix.title));
    let steps: Vec<String> = finding
        .steps
        .iter()
        .map(|step| match &step.command {
            Some(command) => format!("{} $ {command}", step.text),
            None => step.text.clone(),
        })
        .collect();
    json!({
        "place": format!("{}:{}", finding.place.path, reported.position()),
        "code": finding.rule.code.to_string(),
        "category": format!("{:?}", finding.category),
        "message": finding.message,
        "fix": fix,
        "steps": steps,
        "notes": finding.notes,
        "alternatives": finding.alternatives,
    })
}

fn options(case: &Path) -> (Settings, Safety) {
    let text = fs::read_to_string(case.join("options.toml")).unwrap_or_default();
    let options: Options = toml_edit::de::from_str(&text).unwrap();
    let mut settings = Settings {
        de5_host: options.de5_host,
        mappings: (options.mapping.iter())
            .map(|mapping| mapping.parse().unwrap())
            .collect(),
        ..Settings::default()
    };
    if let Some(target) = options.target {
        settings.target.0 = target.parse().unwrap();
    }
    let allowed = if options.unsafe_fixes {
        Safety::Unsafe
    } else {
        Safety::Safe
    };
    (settings, allowed)
}

fn repository(tree: &MemoryTree) -> Repository<'_> {
    Repository {
        tree,
        scope: TreePath::root(),
        remotes: None,
    }
}

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let mut cases: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("before").is_dir())
        .collect();
    cases.sort();
    cases
}

fn read_all(root: &Path) -> Files {
    let mut files = Files::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    files
}

fn bless(case: &Path, after: &Files, findings: &str) {
    let root = case.join("after");
    let _ = fs::remove_dir_all(&root);
    for (name, bytes) in after {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    fs::write(case.join("findings.json"), findings).unwrap();
}

/// File contents that a failing comparison can show.
fn readable(files: &Files) -> BTreeMap<&str, String> {
    files
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.escape_ascii().to_string()))
        .collect()
}
