//! `rules` and `explain`.

use crate::support::Scratch;

#[test]
fn all_rules_are_listed() {
    let scratch = Scratch::folder(&[]);
    let ran = scratch.run(&["rules"]);
    assert_eq!(ran.code, 0);
    assert!(
        ran.out.starts_with("DL001  unused-suppression  "),
        "{}",
        ran.out
    );
    let lines = ran.out.lines().count();
    let json: serde_json::Value =
        serde_json::from_str(&scratch.run(&["rules", "--format", "json"]).out).unwrap();
    assert_eq!(json.as_array().unwrap().len(), lines);
    assert_eq!(json[0]["code"], "DL001");
    assert_eq!(json[0]["category"], "may");
    assert_eq!(json[1]["code"], "DL101");
    assert_eq!(json[1]["category"], "must");
    let concise = scratch.run(&["rules", "--format", "concise"]).out;
    assert!(
        concise.starts_with("DL001 unused-suppression\nDL101 runtime-txt\n"),
        "{concise}"
    );
}

#[test]
fn a_rule_is_explained_by_code_or_name() {
    let scratch = Scratch::folder(&[]);
    let by_code = scratch.run(&["explain", "dl101"]);
    assert_eq!(by_code.code, 0);
    assert!(
        by_code.out.starts_with("# DL101 runtime-txt\n"),
        "{}",
        by_code.out
    );
    assert_eq!(scratch.run(&["explain", "runtime-txt"]).out, by_code.out);
    let json: serde_json::Value =
        serde_json::from_str(&scratch.run(&["explain", "DL101", "--format", "json"]).out).unwrap();
    assert_eq!(json[0]["page"], by_code.out.as_str());
}

#[test]
fn an_unknown_rule_is_an_error_with_a_suggestion() {
    let scratch = Scratch::folder(&[]);
    let ran = scratch.run(&["explain", "runtme-txt", "DL102"]);
    assert_eq!(ran.code, 2);
    assert_eq!(
        ran.err,
        "error: there is no rule `runtme-txt`; did you mean `runtime-txt`?\n"
    );
    assert!(ran.out.starts_with("# DL102 "), "{}", ran.out);
    let ran = scratch.run(&["explain", "nothing-like-it"]);
    assert!(
        ran.err.contains("`dashlift rules` lists them"),
        "{}",
        ran.err
    );
}
