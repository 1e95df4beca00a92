//! `dashlift report`: states in, one report out.

use serde_json::{Value, json};

use super::support::{APP, DONE, Scratch};

/// Two repositories below `fleet`, one with something to repair, and a folder for states.
fn fleet() -> Scratch {
    let scratch = Scratch::folder(&[]);
    for (name, files) in [("sales", APP), ("done", DONE)] {
        for (path, text) in files {
            scratch.write(&format!("fleet/{name}/{path}"), text);
        }
        let folder = format!("fleet/{name}");
        scratch.git_in(&folder, &["init", "-q", "-b", "main"]);
        scratch.git_in(&folder, &["config", "user.name", "Ada"]);
        scratch.git_in(&folder, &["config", "user.email", "ada@example.com"]);
        scratch.git_in(&folder, &["add", "-A"]);
        scratch.git_in(&folder, &["commit", "-q", "-m", "change"]);
    }
    scratch
}

fn batch(scratch: &Scratch, more: &[&str]) {
    let ran = scratch.run(&[&["batch", "fleet"], more].concat());
    assert!(ran.code <= 1, "{}", ran.err);
}

fn report(scratch: &Scratch, states: &[&str]) -> Value {
    let ran = scratch.run(&[&["report", "--format", "json"], states].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

fn notes(report: &Value) -> String {
    report["notes"].to_string()
}

/// A line of a state with other values.
fn changed(line: &str, with: &[(&str, Value)]) -> String {
    let mut line: Value = serde_json::from_str(line).unwrap();
    for (key, value) in with {
        line[*key] = value.clone();
    }
    format!("{line}\n")
}

#[test]
fn the_state_of_a_batch_becomes_a_report() {
    let scratch = fleet();
    batch(&scratch, &["--diff", "--state", "state.jsonl"]);
    let report = report(&scratch, &["state.jsonl"]);
    assert_eq!(report["version"], 1);
    assert_eq!(report["tool"]["name"], "dashlift");
    assert_eq!(report["notes"], json!([]));
    assert_eq!(report["states"][0]["file"], "state.jsonl");
    assert_eq!(report["states"][0]["command"], "diff");
    assert_eq!(report["summary"]["readiness"]["ready"], 1);
    assert_eq!(report["summary"]["readiness"]["prepared"], 1);
    let app = &report["apps"][0];
    assert_eq!(
        (&app["repository"], &app["root"]),
        (&json!("sales"), &json!("."))
    );
    assert_eq!(app["readiness"], "prepared");
    assert_eq!(app["plan"]["repairs"][0]["code"], "DL101");
    assert!(
        app["diff"]
            .as_str()
            .unwrap()
            .contains("+    value = '3.9.*'")
    );
    assert_eq!(report["rules"][0]["code"], "DL101");

    let text = scratch.run(&["report", "state.jsonl"]);
    assert!(
        text.out.starts_with("2 apps in 2 repositories\n"),
        "{}",
        text.out
    );
    assert!(
        text.out.contains("  fixes prepared  sales  1 repair\n"),
        "{}",
        text.out
    );
    let markdown = scratch.run(&["report", "state.jsonl", "--format", "markdown"]);
    assert!(
        markdown
            .out
            .contains("| `sales` | fixes prepared | 0 | 0 | none | 1 |")
    );
    let html = scratch.run(&["report", "state.jsonl", "--format", "html"]);
    assert!(html.out.starts_with("<!doctype html>"));
    assert!(html.out.contains("id=\"app-sales\"") && html.out.contains("id=\"rule-DL101\""));
}

#[test]
fn the_ending_of_the_file_stands_for_the_format() {
    let scratch = fleet();
    batch(&scratch, &["--state", "state.jsonl"]);
    for (file, begins) in [
        ("fleet.html", "<!doctype html>"),
        ("fleet.md", "# Fleet report"),
        ("fleet.json", "{\n"),
        ("fleet.txt", "2 apps in 2 repositories"),
    ] {
        let ran = scratch.run(&["report", "state.jsonl", "--output", file]);
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
        assert_eq!(ran.err, format!("Written to {file}.\n"));
        assert!(scratch.read(file).starts_with(begins), "{file}");
    }
    let ran = scratch.run(&["report", "state.jsonl", "--output", "nowhere/fleet.html"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err
            .starts_with("error: nowhere/fleet.html cannot be written:"),
        "{}",
        ran.err
    );
}

#[test]
fn parts_are_joined_and_a_missing_one_is_said() {
    let scratch = fleet();
    for part in ["1/2", "2/2"] {
        let state = format!("part-{}.jsonl", &part[..1]);
        batch(&scratch, &["--shard", part, "--state", &state]);
    }
    let both = report(&scratch, &["part-1.jsonl", "part-2.jsonl"]);
    assert_eq!(both["summary"]["repositories"], 2);
    assert_eq!(both["notes"], json!([]));
    let one = report(&scratch, &["part-2.jsonl"]);
    assert!(
        notes(&one).contains("The part 1/2 is not among the states."),
        "{}",
        notes(&one)
    );
}

#[test]
fn the_newest_record_counts_and_differences_are_said() {
    let scratch = fleet();
    batch(&scratch, &["--state", "old.jsonl"]);
    let old = scratch.read("old.jsonl");
    let mut lines = old.lines();
    let mut new = changed(
        lines.next().unwrap(),
        &[("tool", json!("9.9.9")), ("configuration", json!("other"))],
    );
    let mut done = lines.filter(|line| line.contains("\"kind\":\"done\""));
    let sales = done.find(|line| line.contains("\"sales\"")).unwrap();
    let failed = [
        ("outcome", json!("timed_out")),
        ("error", json!("took longer than 600 s")),
        ("result", Value::Null),
    ];
    let finished = serde_json::from_str::<Value>(sales).unwrap()["finished"]
        .as_u64()
        .unwrap();
    assert!(finished > 1_700_000_000);
    let later = ("finished", json!(finished + 5));
    new += &changed(sales, &[&failed[..], &[later]].concat());
    scratch.write("new.jsonl", &format!("{new}{{\"kind\":\"done\",\"repo"));

    // Whatever the order in which they are named.
    let report = report(&scratch, &["new.jsonl", "old.jsonl"]);
    assert_eq!(report["summary"]["apps"], 1);
    assert_eq!(report["summary"]["failed_repositories"], 1);
    let repositories = report["repositories"].as_array().unwrap();
    let sales = repositories.iter().find(|it| it["repository"] == "sales");
    assert_eq!(sales.unwrap()["error"], "took longer than 600 s");
    let notes = notes(&report);
    assert!(
        notes.contains("Different versions of dashlift made the states"),
        "{notes}"
    );
    assert!(notes.contains("`9.9.9`"), "{notes}");
    assert!(notes.contains("made with different options"), "{notes}");
    assert!(
        notes.contains("The last line of `new.jsonl` was cut off"),
        "{notes}"
    );
    assert!(!notes.contains("Different commands"), "{notes}");
}

#[test]
fn what_is_no_state_is_refused_in_a_sentence() {
    let scratch = fleet();
    batch(&scratch, &["--state", "state.jsonl"]);
    let state = scratch.read("state.jsonl");
    scratch.write(
        "newer.jsonl",
        &changed(state.lines().next().unwrap(), &[("version", json!(7))]),
    );
    scratch.write("other.jsonl", "hello\n");
    for (arguments, says) in [
        (
            ["report", "newer.jsonl"],
            "error: newer.jsonl is a state of version 7",
        ),
        (
            ["report", "other.jsonl"],
            "error: other.jsonl is no state of a batch",
        ),
        (["report", "none.jsonl"], "error: none.jsonl is not there"),
    ] {
        let ran = scratch.run(&arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert!(ran.err.starts_with(says), "{}", ran.err);
    }
    let ran = scratch.run(&["report", "state.jsonl", "-o", "./state.jsonl"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("is one of the states"), "{}", ran.err);
    assert_eq!(scratch.read("state.jsonl"), state);
}

#[test]
fn what_cannot_be_looked_at_is_in_the_report() {
    let scratch = fleet();
    scratch.write("fleet/done/.git/HEAD", "nonsense\n");
    let ran = scratch.run(&["batch", "fleet", "--state", "state.jsonl"]);
    assert_eq!(ran.code, 5, "{}", ran.err);
    let report = report(&scratch, &["state.jsonl"]);
    assert_eq!(report["summary"]["failed_repositories"], 1);
    let text = scratch.run(&["report", "state.jsonl"]).out;
    assert!(
        text.contains("; 1 repository could not be looked at\n"),
        "{text}"
    );
    assert!(
        text.contains("\nCould not be looked at:\n  done  "),
        "{text}"
    );
}
