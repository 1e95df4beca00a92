//! The formats of a result: which command has which, and what each looks like.

use crate::support::{APP, Scratch};

#[test]
fn a_format_that_a_command_does_not_have_is_refused() {
    let scratch = Scratch::repository(APP);
    let cases: &[(&[&str], &str)] = &[
        (
            &["plan", "--format", "sarif"],
            "error: `plan` has no format sarif; it has text, concise, json and markdown\n",
        ),
        (
            &["man", "--format", "json"],
            "error: `man` has no format json; it has text\n",
        ),
        (
            &["explain", "DL101", "--format", "html"],
            "error: `explain` has no format html; it has text and json\n",
        ),
    ];
    for (arguments, sentence) in cases {
        let ran = scratch.run(arguments);
        assert_eq!((ran.code, ran.err.as_str()), (2, *sentence));
        assert_eq!(ran.out, "");
    }
}

#[test]
fn every_command_has_text_first() {
    let scratch = Scratch::repository(APP);
    for command in ["check", "diff", "plan", "rules"] {
        let plain = scratch.run(&[command]);
        let text = scratch.run(&[command, "--format", "text"]);
        assert_eq!(plain.out, text.out);
    }
}

#[test]
fn the_plan_is_markdown_already() {
    let scratch = Scratch::repository(APP);
    let text = scratch.run(&["plan"]);
    let markdown = scratch.run(&["plan", "--format", "markdown"]);
    assert_eq!((markdown.code, &markdown.out), (0, &text.out));
}
