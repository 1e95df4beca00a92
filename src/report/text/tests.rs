use proptest::prelude::*;

use super::*;
use crate::engine;
use crate::rules::{Fix, Subject};
use crate::text::Text;

fn reported(path: &str, text: &str, span: Option<Span>) -> Reported {
    let path = TreePath::new(path).unwrap();
    let rule = crate::rules::find("DL101").unwrap();
    let draft = rule.report(
        *rule.cases.first().unwrap(),
        Subject::Whole,
        &path,
        "a fact",
    );
    let draft = match span {
        Some(span) => draft.span(span),
        None => draft,
    };
    engine::Reported {
        finding: draft.fix(Fix::safe("mend it")),
        text: span.map(|_| Text::new(text)),
        evidence: Vec::new(),
    }
}

fn shown(reported: &Reported) -> String {
    let styled = finding(reported, &PathPrefix::plain());
    anstream::adapter::strip_str(&styled).to_string()
}

#[test]
fn a_finding_shows_its_line() {
    let finding = reported(
        "runtime.txt",
        "# Python\r\npython-3.9.6\r\n",
        Some(Span::new(10, 22)),
    );
    assert_eq!(
        shown(&finding),
        "\
error[DL101]: a fact
 --> runtime.txt:2:1
  |
2 | python-3.9.6
  | ^^^^^^^^^^^^
  |
  = help: [safe fix] mend it

"
    );
}

#[test]
fn a_finding_about_a_whole_file_has_no_line() {
    assert_eq!(
        shown(&reported("runtime.txt", "", None)),
        "\
error[DL101]: a fact
--> runtime.txt
 = help: [safe fix] mend it

"
    );
}

#[test]
fn lone_carriage_returns_end_lines() {
    let text = shown(&reported("r.txt", "a\rb\rc", Some(Span::new(4, 5))));
    assert!(text.contains("r.txt:3:1"), "{text}");
    assert!(text.contains("3 | c"), "{text}");
}

#[test]
fn the_place_behind_the_last_line_is_an_empty_line() {
    let text = shown(&reported("r.txt", "a\n", Some(Span::at(2))));
    assert!(text.contains("r.txt:2:1"), "{text}");
}

#[test]
fn credentials_and_controls_of_the_source_are_not_shown() {
    let line = "--index-url https://me:pä@dash.example.com \u{1b}[2J\n";
    let text = shown(&reported("r.txt", line, Some(Span::new(27, 43))));
    assert!(!text.contains("pä"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
    assert!(text.contains("https://*****@dash.example.com"), "{text}");
}

#[test]
fn evidence_is_shown_in_its_own_file() {
    let mut finding = reported("a.txt", "one\ntwo\n", Some(Span::new(0, 3)));
    for (path, span) in [("a.txt", Span::new(4, 7)), ("b.txt", Span::new(0, 2))] {
        finding.finding.evidence.push(crate::rules::Evidence {
            place: Place::span(TreePath::new(path).unwrap(), span),
            note: "seen here".to_owned(),
        });
        finding.evidence.push(Some(Text::new("one\ntwo\n")));
    }
    assert_eq!(
        shown(&finding),
        "\
error[DL101]: a fact
 --> a.txt:1:1
  |
1 | one
  | ^^^
2 | two
  | --- seen here
  |
 ::: b.txt:1:1
  |
1 | one
  | -- seen here
  |
  = help: [safe fix] mend it

"
    );
}

proptest! {
    #[test]
    fn any_span_of_any_text_is_shown(text in "[a-zé\\t\\r\\n\u{1F600}\u{1b}\u{200d}]{0,40}", start in 0..60_usize, length in 0..60_usize) {
        let finding = reported("a.txt", &text, Some(Span::new(start, start + length)));
        let shown = shown(&finding);
        prop_assert!(shown.starts_with("error[DL101]: a fact"));
        let inside = start <= text.len();
        let place = format!("a.txt:{}", finding.position());
        prop_assert!(!inside || shown.contains(&place), "{} without {}", shown, place);
    }
}
