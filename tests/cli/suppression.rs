//! Comments and patterns that keep findings back: every command agrees, and counts them.

use crate::support::{APP, Scratch};

/// An app with one finding that a comment keeps back and one that is repaired.
fn app() -> Scratch {
    let list = "dash==2.9.0\ngunicorn==20.1.0\npkg-resources==0.0.0  # dashlift: ignore[DL206]\n";
    let mut files: Vec<(&str, &str)> = APP.to_vec();
    files.retain(|(path, _)| *path != "requirements.txt");
    files.push(("requirements.txt", list));
    Scratch::repository(&files)
}

#[test]
fn all_commands_agree() {
    let scratch = app();
    let ran = scratch.run(&["check"]);
    assert_eq!(ran.code, 1);
    assert!(!ran.out.contains("DL206"), "{}", ran.out);
    assert_eq!(
        ran.err,
        "1 finding: 1 must (1 suppressed)\n1 can be fixed with `dashlift fix`\n"
    );
    let ran = scratch.run(&["diff"]);
    assert!(!ran.out.contains("pkg-resources"), "{}", ran.out);
    assert!(ran.err.contains(" (1 suppressed)\n"), "{}", ran.err);
    let document: serde_json::Value =
        serde_json::from_str(&scratch.run(&["diff", "--format", "json"]).out).unwrap();
    assert_eq!(document["summary"]["suppressed"], 1);
    assert_eq!(document["repositories"][0]["summary"]["suppressed"], 1);
    let ran = scratch.run(&["migrate"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let list = scratch.git(&["show", "dash-enterprise-5:requirements.txt"]);
    assert!(list.ends_with("# dashlift: ignore[DL206]\n"), "{list}");
    let ran = scratch.run(&["fix"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err
            .contains("Nothing left to find: 1 finding fixed in 1 app (1 suppressed)\n"),
        "{}",
        ran.err
    );
    assert_eq!(scratch.read("requirements.txt"), list);
    let ran = scratch.run(&["check"]);
    assert_eq!(ran.err, "Nothing to do (1 app checked, 1 suppressed)\n");
}

#[test]
fn an_unused_comment_is_advice_with_a_fix() {
    let mut files: Vec<(&str, &str)> = APP.to_vec();
    files.retain(|(path, _)| *path != "requirements.txt" && *path != "runtime.txt");
    files.push((
        "requirements.txt",
        "dash==2.9.0\ngunicorn==20.1.0  # dashlift: ignore[DL206]\n",
    ));
    let scratch = Scratch::repository(&files);
    let ran = scratch.run(&["check", "--format", "concise"]);
    assert_eq!(ran.code, 0);
    assert_eq!(
        ran.out,
        "requirements.txt:2:19: DL001 `# dashlift: ignore[DL206]` keeps nothing back\n"
    );
    assert_eq!(scratch.run(&["check", "--strict"]).code, 1);
    assert_eq!(scratch.run(&["check", "--ignore", "DL001"]).out, "");
    assert_eq!(scratch.run(&["fix"]).code, 0);
    assert_eq!(
        scratch.read("requirements.txt"),
        "dash==2.9.0\ngunicorn==20.1.0\n"
    );
}

#[test]
fn patterns_are_seen_from_the_folder_of_their_file() {
    let files: Vec<(String, &str)> = ["a", "b"]
        .iter()
        .flat_map(|folder| {
            APP.iter()
                .map(move |(path, text)| (format!("{folder}/{path}"), *text))
        })
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), *text))
        .collect();
    let scratch = Scratch::repository(&files);
    let told = |arguments: &[&str]| scratch.run(arguments).code;
    scratch.write(
        "a/dashlift.toml",
        "[per-file-ignores]\n\"/runtime.txt\" = [\"runtime-txt\"]\n",
    );
    assert_eq!(told(&["check", "a"]), 0);
    assert_eq!(told(&["check", "b"]), 1);
    scratch.write(
        "dashlift.toml",
        "[per-file-ignores]\n\"/runtime.txt\" = [\"DL101\"]\n",
    );
    assert_eq!(told(&["check", "b"]), 1);
    scratch.write(
        "dashlift.toml",
        "per-file-ignores = { \"b/*\" = [\"DL1\"] }\n",
    );
    assert_eq!(told(&["check", "b"]), 0);
    assert_eq!(told(&["check", "b", "--no-config"]), 1);
    let pattern = "--per-file-ignores";
    assert_eq!(told(&["check", "b", "--no-config", pattern, "b/:DL101"]), 0);
    assert_eq!(told(&["check", "b", pattern, "a/:DL101,b/:DL2"]), 1);
}

#[test]
fn a_wrong_pattern_is_a_wrong_usage() {
    let scratch = Scratch::repository(APP);
    for (told, expected) in [
        (
            "runtime.txt",
            "`runtime.txt` names no rule; write PATTERN:CODE",
        ),
        ("runtime.txt:DL999", "`DL999` selects no rule"),
        ("!x:DL1", "`!x` takes files back"),
    ] {
        let ran = scratch.run(&["check", "--per-file-ignores", told]);
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(expected), "{}", ran.err);
    }
}
