//! Tests of the two apt models.

use super::sources::{AptSources, SourceContent, read};
use super::*;
use proptest::prelude::*;

fn shown(text: &str, spans: impl IntoIterator<Item = Span>) -> Vec<&str> {
    spans.into_iter().map(|span| span.slice(text)).collect()
}

#[test]
fn several_names_stand_on_a_line() {
    let text = Text::new(" libxml2-dev\tcurl=7.68.0 # for lxml\r\n# all of Java\nopenjdk-8*\n\n");
    let model = AptPackages::parse(&text).unwrap();
    let content = text.as_str();
    assert_eq!(
        shown(content, model.names()),
        ["libxml2-dev", "curl=7.68.0", "openjdk-8*"]
    );
    let comments = model.lines().iter().filter_map(|line| line.comment);
    assert_eq!(shown(content, comments), ["# for lxml", "# all of Java"]);
    assert_eq!(model.lines().len(), 4);
}

#[test]
fn words_that_an_aptfile_cannot_ask_for() {
    for sound in [
        "openjdk-8*",
        "curl=7.68.0-1ubuntu2.7",
        "libgl1:i386",
        "g++",
        "libstdc++6",
        "r-base/jammy",
        "https://dash.example.com/tool_1.0_amd64.deb",
        "libv8-3.14-dev",
        "0ad",
    ] {
        assert_eq!(name_problem(sound), None, "{sound}");
    }
    for (word, problem) in [
        ("--no-install-recommends", NameProblem::Option),
        ("nano-", NameProblem::Option),
        ("pkgs/tool.deb", NameProblem::Archive),
        ("libXt", NameProblem::UpperCase),
        ("<<<<<<<", NameProblem::NotAName),
        ("libxml2,", NameProblem::NotAName),
        ("caf\u{e9}", NameProblem::NotAName),
        ("https://dash.example.com/x", NameProblem::NotAName),
    ] {
        assert_eq!(name_problem(word), Some(problem), "{word}");
    }
    assert_eq!(bare_name("curl=7.68.0"), "curl");
}

#[test]
fn sources_are_read_with_their_options() {
    let line = "deb [arch=amd64 signed-by=/a.gpg] https://apt.example.com/x bionic-pgdg main # db";
    let (content, comment) = read(line, Span::new(0, line.len()));
    let SourceContent::Source(source) = content else {
        panic!("{content:?}");
    };
    assert_eq!(source.url.slice(line), "https://apt.example.com/x");
    assert_eq!(source.suite.slice(line), "bionic-pgdg");
    assert_eq!(shown(line, source.components.clone()), ["main"]);
    assert_eq!(source.other_system(line), Some("bionic"));
    assert!(source.has_option(line, "signed-by") && !source.is_trusted(line));
    assert_eq!(comment.map(|span| span.slice(line)), Some("# db"));
}

#[test]
fn what_is_no_source_says_why() {
    let text = Text::new(
        "ppa:team/name\n\n# note\nuniverse\ndeb [arch=amd64 https://x\ndeb https://x\ndeb x y\n",
    );
    let model = AptSources::parse(&text).unwrap();
    let said: Vec<String> = model
        .lines()
        .iter()
        .map(|line| match &line.content {
            SourceContent::Blank => "blank".to_owned(),
            SourceContent::Source(_) => "source".to_owned(),
            SourceContent::Ppa(span) => span.slice(text.as_str()).to_owned(),
            SourceContent::Unreadable(problem) => problem.message.clone(),
        })
        .collect();
    assert_eq!(
        said,
        [
            "ppa:team/name",
            "blank",
            "blank",
            "no `deb` at its beginning",
            "a `[` that is not closed",
            "no suite behind the URL",
            "no URL",
        ]
    );
}

/// Bytes as such files have them, and any others.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "(deb |\\[a=b\\] |ppa:|https://x |#|jammy |:repo:|[a-z*=. \t\r\n\u{e9}]){0,20}"
            .prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>(), 0..80),
    ]
}

proptest! {
    #[test]
    fn lines_cover_every_byte_and_words_are_words(bytes in bytes()) {
        let Ok(text) = Text::decode(&bytes) else { return Ok(()) };
        prop_assert_eq!(text.encode(), bytes);
        let content = text.as_str();
        let packages = AptPackages::parse(&text).unwrap();
        let covered: String = packages.lines().iter().map(|line| line.full.slice(content)).collect();
        prop_assert_eq!(&covered, content);
        for name in packages.names() {
            prop_assert!(!name.slice(content).is_empty());
            prop_assert!(!name.slice(content).contains([' ', '\t', '\n', '\r', '#']) || !name.slice(content).starts_with('#'));
            let _ = name_problem(name.slice(content));
        }
        let sources = AptSources::parse(&text).unwrap();
        let covered: String = sources.lines().iter().map(|line| line.full.slice(content)).collect();
        prop_assert_eq!(&covered, content);
        for line in sources.lines() {
            if let SourceContent::Source(source) = &line.content {
                prop_assert!(source.span.slice(content).starts_with("deb"));
                prop_assert!(source.span.start <= source.url.start && source.url.end <= source.suite.start);
            }
        }
    }

    #[test]
    fn a_replaced_name_is_the_new_name(content in "[a-z #\r\n]{0,40}", new in "[a-z][a-z0-9]{1,6}", pick in 0..9_usize) {
        let text = Text::new(content.clone());
        let before = AptPackages::parse(&text).unwrap();
        let names: Vec<Span> = before.names().collect();
        let Some(span) = names.get(pick).copied() else { return Ok(()) };
        let edited = text::splice(&content, &[(span, new.clone())]).unwrap();
        let after = AptPackages::parse(&Text::new(edited.clone())).unwrap();
        let mut expected: Vec<String> = names.iter().map(|name| name.slice(&content).to_owned()).collect();
        expected[pick] = new;
        let found: Vec<String> = after.names().map(|name| name.slice(&edited).to_owned()).collect();
        prop_assert_eq!(found, expected);
    }
}
