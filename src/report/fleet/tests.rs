//! The report of a small fleet that somebody means ill with.

use serde_json::{Value, json};

use super::*;

/// What somebody may write into a file to get onto the page.
const EVIL: &str = "</script><img src=x onerror=alert(1)>\"'&`\u{202e}";

fn finding(code: &str, category: &str, fix: &Value) -> Value {
    json!({
        "code": code, "stem": "a-stem", "category": category,
        "message": format!("a fact {EVIL} {code}"), "path": format!("a/{EVIL}"), "line": 3,
        "column": 1, "end_line": 3, "end_column": 4, "evidence": [], "fix": fix,
        "steps": [{"text": "Do `this`.", "command": null, "site": "repository"}], "effort": "hours",
    })
}

/// A plan whose steps are asked for by these findings.
fn plan(root: &str, asked_by: &[&Value], repairs: &Value) -> Value {
    let step = |asker: &&Value| {
        json!({
            "text": format!("Do it {EVIL}."), "command": format!("run {EVIL}"), "effort": "hours",
            "asked_by": [{
                "code": asker["code"], "path": asker["path"], "line": 3,
                "message": asker["message"],
            }],
        })
    };
    json!({
        "root": root, "name": EVIL, "name_from": "folder", "readiness": "needs-person",
        "steps_for_a_person": asked_by.len(), "effort": "hours", "repairs": repairs,
        "person": asked_by.iter().map(step).collect::<Vec<_>>(), "set_up": [], "advice": [],
        "services": [{"service": "redis", "certain": false, "shown_by": []}],
        "variables": [{"name": EVIL, "has_default": true, "unknown": false, "places": []}],
        "scale": [{"process": EVIL, "had": 2, "set": 2}],
        "python": {"minor": "3.9", "from": "project.toml", "place": null, "settings_decide": true},
        "filesystem": {
            "needed": "perhaps", "mappings": [], "uses": [], "data_files": 0, "data_bytes": 0,
            "data_folders": [],
        },
        "packages": {"indexes": [], "private": []},
        "without_counterpart": [],
        "commands": [{
            "purpose": EVIL, "command": EVIL, "certainty": "source", "condition": EVIL,
        }],
    })
}

fn app(root: &str, findings: &[&Value]) -> Value {
    json!({"root": root, "findings": findings, "fixed": [], "failure": null, "skipped": []})
}

fn entry(repository: &str, apps: &[Value], plans: &[Value]) -> FleetEntry {
    FleetEntry {
        repository: repository.to_owned(),
        commit: Some("0123456789abcdef".to_owned()),
        dirty: true,
        command: "diff".to_owned(),
        end: End::Done,
        result: json!({
            "path": repository, "error": null, "apps": apps, "changed": [],
            "findings": [finding("DL401", "should", &Value::Null)],
            "diff": format!("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-{EVIL}\n+``` new\n"),
            "branch": {"name": EVIL, "commit": "89abcdef0123"}, "plans": plans,
            "summary": crate::report::document::Summary::default(),
        }),
    }
}

fn fleet() -> Fleet {
    let fix = json!({"safety": "safe", "title": format!("repair {EVIL}"), "edits": []});
    let blocking = finding("DL109", "must", &Value::Null);
    let answered = finding("DL305", "must", &Value::Null);
    let luck = finding("DL111", "should", &Value::Null);
    let repaired = finding("DL101", "must", &fix);
    let repairs = json!([{"code": "DL101", "path": EVIL, "title": EVIL, "safety": "unsafe"}]);
    let none = json!([]);
    let mut builder = Builder::default();
    builder.add(entry("clean", &[app(".", &[])], &[plan(".", &[], &none)]));
    builder.add(entry(
        EVIL,
        &[app(".", &[&blocking, &answered]), app("deep/app", &[&luck])],
        &[
            plan(".", &[&blocking], &none),
            plan("deep/app", &[&luck], &repairs),
        ],
    ));
    let mut failed = app(".", &[&repaired]);
    failed["failure"] = json!({"message": EVIL, "rejected": ""});
    builder.add(entry("b-b", &[failed], &[plan(".", &[], &none)]));
    builder.add(entry(
        "b/b",
        &[app(".", &[&repaired])],
        &[plan(".", &[], &repairs)],
    ));
    builder.add(entry("short", &[app(".", &[])], &[]));
    let with = |end, repository: &str| FleetEntry {
        end,
        result: Value::Null,
        ..entry(repository, &[], &[])
    };
    builder.add(with(End::Failed(EVIL.to_owned()), "gone"));
    builder.add(with(End::NoApp, "library"));
    builder.finish(vec![], vec![format!("a note {EVIL}")])
}

fn html(fleet: &Fleet) -> String {
    let mut bytes = Vec::new();
    let made = html::write(fleet, &mut bytes);
    made.map_err(|error| {
        format!(
            "{:?}",
            std::error::Error::source(&error).map(ToString::to_string)
        )
    })
    .unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn what_an_app_needs_decides_how_ready_it_is() {
    let fleet = fleet();
    let found: Vec<(&str, &str, Readiness)> = fleet
        .apps
        .iter()
        .map(|app| (app.repository.as_str(), app.root.as_str(), app.readiness))
        .collect();
    assert_eq!(
        found,
        [
            ("b-b", ".", Readiness::Failed),
            (EVIL, ".", Readiness::Blocked),
            (EVIL, "deep/app", Readiness::Person),
            ("b/b", ".", Readiness::Prepared),
            ("clean", ".", Readiness::Ready),
        ]
    );
    // What commands on the server answer blocks nothing.
    let codes = |findings: &[FindingDocument]| -> Vec<String> {
        findings.iter().map(|it| it.code.clone()).collect()
    };
    assert_eq!(codes(&fleet.apps[1].blocks), ["DL109"]);
    assert_eq!(codes(&fleet.apps[1].findings), ["DL305"]);
    let ids: Vec<&str> = fleet.apps.iter().map(|app| app.id.as_str()).collect();
    assert_eq!(
        (ids[0], ids[3], ids[4]),
        ("app-b-b", "app-b-b-2", "app-clean")
    );
}

#[test]
fn the_counts_are_those_of_the_newest_records() {
    let fleet = serde_json::to_value(fleet()).unwrap();
    let summary = &fleet["summary"];
    assert_eq!(summary["repositories"], 7);
    assert_eq!(summary["without_app"], 1);
    assert_eq!(summary["failed_repositories"], 2);
    assert_eq!(summary["apps"], 5);
    assert_eq!(summary["must"], 4);
    assert_eq!(summary["should"], 5);
    assert_eq!(summary["steps"], 2);
    assert_eq!(summary["by_effort"]["hours"], 2);
    let rule = |code: &str| {
        let mut rules = fleet["rules"].as_array().unwrap().iter();
        rules.find(|rule| rule["code"] == code).unwrap().clone()
    };
    assert_eq!(rule("DL109")["blocks"], 1);
    assert_eq!(rule("DL109")["stem"], "buildpacks");
    assert_eq!(
        (&rule("DL401")["apps"], &rule("DL401")["blocks"]),
        (&json!(4), &json!(0))
    );
    assert_eq!(
        (&rule("DL101")["apps"], &rule("DL101")["repairs"]),
        (&json!(3), &json!(2))
    );
    assert_eq!(fleet["rules"][0]["code"], "DL109");
    let short = fleet["repositories"].as_array().unwrap().iter();
    let short = short
        .clone()
        .find(|it| it["repository"] == "short")
        .unwrap();
    assert_eq!(
        short["error"],
        "not every plan of it was kept; run it again"
    );
}

#[test]
fn texts_of_users_stay_texts() {
    let page = html(&fleet());
    let script = page.matches("<script").count();
    assert_eq!((script, page.matches("</script>").count()), (1, 1));
    assert!(!page.contains("<img"));
    assert!(!page.contains('\u{202e}'));
    assert!(page.contains("a fact &lt;&#x2f;script&gt;&lt;img src=x onerror=alert(1)&gt;"));
    // Every place of an attribute, too: the texts end none.
    assert!(!page.contains("onerror=alert(1)>\""));
}

#[test]
fn nothing_is_fetched() {
    let page = html(&fleet());
    for asks in [
        "src=\"",
        "@import",
        "url(",
        "<link rel=\"style",
        "<iframe",
        "fetch(",
        "http-equiv=\"refresh",
    ] {
        assert!(!page.contains(asks), "{asks}");
    }
    assert!(page.contains("default-src &#x27;none&#x27;") || page.contains("default-src 'none'"));
}

#[test]
fn markdown_is_not_broken_by_what_users_write() {
    let page = markdown::report(&fleet());
    assert!(
        !page.contains("<img src")
            || page.lines().all(|line| {
                !line.contains("<img src") || line.contains('`') || line.starts_with('-')
            })
    );
    assert!(page.contains("\n````diff\n"));
    let summaries = page.lines().filter(|line| line.starts_with("<details>"));
    for line in summaries {
        assert_eq!(line.matches('<').count(), 3, "{line}");
    }
}

#[test]
fn the_terminal_sees_every_app() {
    let text = anstream::adapter::strip_str(&text::report(&fleet())).to_string();
    assert!(text.starts_with(
        "5 apps in 7 repositories, 1 of them without an app; 2 repositories could not be looked at"
    ));
    assert!(text.contains("  fixes prepared  b/b"));
    assert!(!text.contains('\u{202e}'));
}
