//! The findings of a day, kept back until later.

use std::fs;

use crate::support::{APP, DONE, Scratch};

const FILE: &str = "dashlift-baseline.json";

/// A repository with two findings: a file that is not read, and a path that is not there.
fn scratch() -> Scratch {
    let scratch = Scratch::repository(APP);
    scratch.write("app.py", "server = None\nopen('/srv/data')\n");
    scratch.commit();
    scratch
}

fn open(scratch: &Scratch) -> usize {
    let ran = scratch.run(&["check", "--baseline", FILE, "--format", "concise"]);
    ran.out.lines().count()
}

#[test]
fn only_new_findings_are_reported() {
    let scratch = scratch();
    let before = scratch.run(&["check", "--format", "concise"]);
    let all = before.out.lines().count();
    assert_eq!((before.code, all), (1, 2), "{}", before.out);
    let ran = scratch.run(&["baseline", "write"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(ran.out, format!("Wrote 2 findings to {FILE}\n"));
    assert!(
        ran.err
            .contains(&format!("`dashlift check --baseline {FILE}`"))
    );
    let ran = scratch.run(&["check", "--baseline", FILE]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert_eq!(
        ran.err,
        "Nothing to do (1 app checked)\n2 findings of the baseline are not shown\n"
    );
    // Lines above, and blanks within.
    scratch.write(
        "app.py",
        "import os\n\n\nserver = None\nopen( '/srv/data' )\n",
    );
    scratch.write("README.md", "# Another file\n");
    assert_eq!(
        open(&scratch),
        0,
        "the path counts, not how the line is written"
    );
    scratch.write(
        "app.py",
        "import os\n\n\nserver = None\n  \nopen('/srv/data')\n",
    );
    assert_eq!(open(&scratch), 0);
    // A second equal one.
    scratch.write(
        "app.py",
        "server = None\nopen('/srv/data')\nopen('/srv/data')\n",
    );
    let ran = scratch.run(&["check", "--baseline", FILE, "--format", "concise"]);
    assert_eq!(ran.out.lines().count(), 1);
    assert!(ran.out.starts_with("app.py:3:"), "{}", ran.out);
    assert_eq!(ran.code, 1);
}

#[test]
fn the_file_is_sorted_small_and_stable() {
    let scratch = scratch();
    scratch.run(&["baseline", "write"]);
    let text = scratch.read(FILE);
    let rules: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("\"rule\""))
        .collect();
    assert_eq!(rules.len(), 2);
    assert!(rules[0].contains("\"path\":\"app.py\""), "{text}");
    assert!(
        text.starts_with("{\n  \"dashlift-baseline\": 2,\n"),
        "{text}"
    );
    scratch.run(&["baseline", "write"]);
    assert_eq!(scratch.read(FILE), text);
    let left: Vec<_> = fs::read_dir(scratch.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name.to_string_lossy().starts_with(".dashlift"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn what_was_repaired_is_told_and_taken_out() {
    let scratch = scratch();
    scratch.run(&["baseline", "write"]);
    scratch.commit();
    let ran = scratch.run(&["fix", "--baseline", FILE]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(scratch.path().join("project.toml").is_file());
    assert!(
        ran.err.contains("1 finding of the baseline is not shown\n"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains(
            "1 finding of the baseline is there no more; `dashlift baseline write --baseline dashlift-baseline.json` takes it out"
        ),
        "{}",
        ran.err
    );
    let ran = scratch.run(&["baseline", "write"]);
    assert_eq!(ran.out, format!("Wrote 1 finding to {FILE}\n"));
    let ran = scratch.run(&["check", "--baseline", FILE]);
    assert!(!ran.err.contains("no more"), "{}", ran.err);
}

#[test]
fn the_configuration_names_it_for_everybody() {
    let scratch = scratch();
    scratch.write("dashlift.toml", "baseline = 'ci/known.json'\n");
    let ran = scratch.run(&["check"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err
            .ends_with("ci/known.json is not there; `dashlift baseline write` makes a baseline\n"),
        "{}",
        ran.err
    );
    fs::create_dir(scratch.path().join("ci")).unwrap();
    let ran = scratch.run(&["baseline", "write"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(scratch.path().join("ci/known.json").is_file());
    assert_eq!(scratch.run_in("ci", &["check"]).code, 0);
    assert_eq!(scratch.run(&["check"]).code, 0);
    assert_eq!(scratch.run(&["check", "--no-baseline"]).code, 1);
    let json = scratch.run(&["check", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["summary"]["baselined"], 2);
    assert_eq!(json["summary"]["must"], 0);
}

#[test]
fn a_bare_repository_has_it_in_its_commit() {
    let scratch = scratch();
    scratch.write("dashlift.toml", &format!("baseline = '{FILE}'\n"));
    scratch.run(&["baseline", "write"]);
    scratch.commit();
    scratch.git(&["clone", "-q", "--bare", ".", "bare.git"]);
    let ran = scratch.run(&["check", "bare.git"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err.contains("2 findings of the baseline"),
        "{}",
        ran.err
    );
    let ran = scratch.run(&["baseline", "write", "bare.git"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("name a file with --output"), "{}", ran.err);
}

#[test]
fn one_folder_leaves_the_others_alone() {
    let scratch = Scratch::repository(&[]);
    for app in ["one", "two"] {
        for (path, text) in APP {
            scratch.write(&format!("{app}/{path}"), text);
        }
    }
    scratch.run(&["baseline", "write"]);
    let text = scratch.read(FILE);
    assert_eq!(text.matches("DL101").count(), 2);
    fs::remove_file(scratch.path().join("one/runtime.txt")).unwrap();
    fs::remove_file(scratch.path().join("two/runtime.txt")).unwrap();
    let ran = scratch.run(&["check", "--baseline", FILE, "one"]);
    assert!(
        ran.err
            .contains("1 finding of the baseline is there no more"),
        "{}",
        ran.err
    );
    let ran = scratch.run(&["baseline", "write", "one"]);
    assert_eq!(
        ran.out,
        format!("Wrote 0 findings to {FILE}, and 1 of what was not looked at\n")
    );
    assert!(scratch.read(FILE).contains("two/runtime.txt"));
}

#[test]
fn files_that_are_no_baseline_are_refused_and_left_alone() {
    let scratch = scratch();
    scratch.write("notes.json", "{\"mine\": true}\n");
    let ran = scratch.run(&["check", "--baseline", "notes.json"]);
    assert_eq!(ran.code, 2);
    assert_eq!(
        ran.err,
        "error: notes.json is no baseline of dashlift (it does not say its version); name another \
         file, or write a baseline anew with `dashlift baseline write`\n"
    );
    let ran = scratch.run(&["baseline", "write", "--output", "notes.json"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("and is left as it is"), "{}", ran.err);
    assert_eq!(scratch.read("notes.json"), "{\"mine\": true}\n");
    scratch.write("new.json", "{\"dashlift-baseline\": 9}\n");
    let ran = scratch.run(&["check", "--baseline", "new.json"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err
            .contains("version 9; this dashlift knows none above 2")
    );
}

#[test]
fn without_apps_nothing_is_written() {
    let scratch = Scratch::folder(&[("notes.txt", "x\n")]);
    assert_eq!(scratch.run(&["baseline", "write"]).code, 3);
    assert!(!scratch.path().join(FILE).exists());
    let scratch = Scratch::folder(DONE);
    let ran = scratch.run(&["baseline", "write"]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (0, "Wrote 0 findings to dashlift-baseline.json\n")
    );
}
