//! What holds for any text.

use proptest::prelude::*;

use super::parse;
use crate::files::Model;
use crate::files::requirements::*;
use crate::text::{Span, splice};

fn spans_of(line: &Line) -> Vec<Span> {
    let mut spans: Vec<Span> = line.comment.into_iter().collect();
    let option_spans = |options: &[OptionItem]| -> Vec<Span> {
        options
            .iter()
            .flat_map(|option| [Some(option.span), option.value])
            .flatten()
            .collect()
    };
    match &line.content {
        Content::Blank => {}
        Content::Unreadable(refusal) => spans.push(refusal.span),
        Content::Options(options) => spans.extend(option_spans(options)),
        Content::Requirement(found) => {
            spans.push(found.span);
            spans.extend(found.name.iter().chain(&found.extras).chain(&found.marker));
            spans.extend(option_spans(&found.options));
            if let RequirementSource::Specifiers(span)
            | RequirementSource::Url(span)
            | RequirementSource::Path(span) = found.source
            {
                spans.push(span);
            }
        }
    }
    spans
}

/// Lines that are almost requirements: random ones hardly ever are.
fn almost() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("dash".to_owned()),
        Just("==1.0".to_owned()),
        Just(">=1,<2".to_owned()),
        Just("; python_version < '3.8'".to_owned()),
        Just(" ; sys_platform in \"x\"".to_owned()),
        Just("[a,b]".to_owned()),
        Just(" @ ".to_owned()),
        Just("https://u:p@example.com/x.git".to_owned()),
        Just("#egg=x".to_owned()),
        Just("git+".to_owned()),
        Just("-e ".to_owned()),
        Just("-r".to_owned()),
        Just(" --hash=sha256:ab".to_owned()),
        Just("--extra-index-url=".to_owned()),
        Just("\\".to_owned()),
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\r".to_owned()),
        Just(" # c".to_owned()),
        Just("\"".to_owned()),
        Just("${VAR}".to_owned()),
        Just("\u{2028}".to_owned()),
        Just("\u{e9}".to_owned()),
        Just("x-1.0-py3-none-any.whl".to_owned()),
        Just("./".to_owned()),
        Just("=".to_owned()),
        "[ -~]",
        "\\PC"
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// Markers of the grammar, sensible or not: any operator between any terms, nested.
fn markers() -> impl Strategy<Value = String> {
    let term = prop_oneof![
        proptest::sample::select(vec![
            "python_version",
            "python_full_version",
            "implementation_version",
            "sys_platform",
            "os.name",
            "platform_release",
            "platform_version",
            "extra",
        ])
        .prop_map(str::to_owned),
        proptest::sample::select(vec![
            "linux",
            "win32",
            "3",
            "3.*",
            "3.8",
            "3.8.1rc1",
            "2.7, 3.6",
            "1!2.0+local",
            "-",
            ".",
            "",
            "99999999999999999999",
            "é",
        ])
        .prop_map(|text| format!("'{text}'")),
        "[ -!$-&(-~]{0,8}".prop_map(|text| format!("\"{}\"", text.replace(['"', '\\'], "").trim())),
    ];
    let operator = proptest::sample::select(vec![
        "===", "~=", "==", "!=", "<=", ">=", "<", ">", "in", "not in",
    ]);
    let one = (term.clone(), operator, term)
        .prop_map(|(left, operator, right)| format!("{left} {operator} {right}"));
    one.prop_recursive(6, 40, 4, |inner| {
        let word = proptest::sample::select(vec!["and", "or"]);
        (inner.clone(), word, inner, any::<bool>()).prop_map(|(left, word, right, nested)| {
            if nested {
                format!("({left} {word} {right})")
            } else {
                format!("{left} {word} {right}")
            }
        })
    })
}

proptest! {
    #[test]
    fn any_text_has_lines_that_cover_it(text in prop_oneof![".*", "(?s).*", almost()]) {
        let mut at = 0;
        for line in parse(&text) {
            prop_assert_eq!(line.full.start, at);
            prop_assert!(line.span.start == line.full.start && line.span.end <= line.full.end);
            for span in spans_of(&line) {
                prop_assert!(span.start >= line.span.start && span.end <= line.span.end, "{:?} {:?}", span, line);
                prop_assert!(text.get(span.range()).is_some());
            }
            if let Content::Requirement(Requirement { name: Some(name), key: Some(key), .. }) = &line.content {
                prop_assert_eq!(&normalized_name(&unfolded(name.slice(&text))), key);
            }
            at = line.full.end;
        }
        prop_assert_eq!(at, text.len());
    }

    #[test]
    fn messages_never_hold_credentials(text in almost()) {
        for line in parse(&text.replace("u:p@", "user:hunter2@")) {
            if let Content::Unreadable(refusal) = line.content {
                let said = format!("{} {:?}", refusal.kind, refusal.instead);
                prop_assert!(!said.contains("hunter2"), "{}", said);
            }
        }
    }

    #[test]
    fn an_item_is_read_without_panic(value in almost(), verbatim in any::<bool>()) {
        let line = Requirements::item(&value, Span::new(5, 5 + value.len()), verbatim);
        for span in spans_of(&line) {
            prop_assert!(span.start >= 5 && span.end <= 5 + value.len());
        }
    }

    #[test]
    fn a_new_specifier_changes_only_itself(name in "[a-z][a-z0-9]{0,5}", tail in "( ; os_name=='nt')?( # c)?(\r\n|\n|\r|)") {
        let text = format!("flask\n{name}[x]==1.0{tail}");
        let lines = parse(&text);
        let Content::Requirement(Requirement { source: RequirementSource::Specifiers(span), .. }) = lines[1].content else {
            panic!("{text:?}");
        };
        let new = splice(&text, &[(span, ">=2.0".to_owned())]).unwrap();
        prop_assert_eq!(&new, &format!("flask\n{name}[x]>=2.0{tail}"));
        let Content::Requirement(found) = &parse(&new)[1].content else {
            panic!("{new:?}");
        };
        prop_assert_eq!(found.versions.as_ref().unwrap().to_string(), ">=2.0");
    }

    #[test]
    fn any_marker_is_judged_without_panic(marker in prop_oneof![".*".boxed(), markers().boxed()]) {
        let _ = never_on_linux(&marker);
        if let Some(read) = Marker::parse(&marker) {
            prop_assert_eq!(read.as_str(), marker.trim());
            for minor in [6, 10, 14] {
                let holds = read.holds_on(minor, &[]);
                // What holds somewhere may hold.
                prop_assert!(holds != Some(true) || read.may_hold(&[]), "{}", marker);
            }
        }
    }

    #[test]
    fn a_marker_of_the_grammar_is_read(marker in markers()) {
        let parsed = Marker::parse(&marker);
        prop_assert!(parsed.is_some(), "{}", marker);
        // pip takes a word that begins so for an option, inside quotes too.
        prop_assume!(!marker.contains(" -"));
        let line = format!("dash==2.9 ; {marker}");
        let text = Requirements::decode(line.as_bytes()).unwrap();
        let model = Requirements::parse(&text).unwrap();
        let is_refused = match &model.lines()[0].content {
            Content::Requirement(_) => false,
            Content::Unreadable(refusal) => {
                prop_assert!(matches!(refusal.kind, RefusalKind::Incomparable(_)), "{}", line);
                true
            }
            _ => return Err(TestCaseError::fail(line)),
        };
        prop_assert_eq!(is_refused, parsed.is_some_and(|it| it.stops_pip()), "{}", line);
    }

    #[test]
    fn bytes_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..80), bom in 0..4_usize) {
        let marks: [&[u8]; 4] = [b"", b"\xEF\xBB\xBF", b"\xFF\xFE", b"\xFE\xFF"];
        let all = [marks[bom], &bytes].concat();
        if let Ok(text) = Requirements::decode(&all) {
            let model = Requirements::parse(&text).unwrap();
            let printed: String = model.lines().iter().map(|line| line.full.slice(text.as_str())).collect();
            prop_assert_eq!(text.with_content(printed).encode(), all);
        }
    }
}
