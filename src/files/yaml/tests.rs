use proptest::prelude::*;

use super::*;

fn read_str(text: &str) -> Result<Node, Problem> {
    read(&Text::new(text))
}

#[test]
fn values_have_places() {
    let text = "a: [x, 'y z', \"q\\n\"]\nb:\n- one # c\n-\n";
    let root = read_str(text).unwrap();
    let items = root.entry("a").unwrap().1.list().unwrap();
    assert_eq!(items[0].span.slice(text), "x");
    assert_eq!(items[1].span.slice(text), "y z");
    assert!(items[1].literal && !items[2].literal);
    assert_eq!(items[2].text(), Some("q\n"));
    let items = root.entry("b").unwrap().1.list().unwrap();
    assert_eq!(items[0].span.slice(text), "one");
    assert_eq!(items[1].content, YamlContent::Null);
}

#[test]
fn aliases_keep_their_meaning_without_a_place_of_their_own() {
    let text = "a: &x [p, q]\nb: *x\n";
    let root = read_str(text).unwrap();
    let (_, alias) = root.entry("b").unwrap();
    assert!(!alias.literal);
    assert_eq!(alias.span.slice(text), "*x");
    assert_eq!(alias.list().unwrap()[1].text(), Some("q"));
    assert_eq!(alias.list().unwrap()[1].span.slice(text), "*x");
}

#[test]
fn errors_have_a_place() {
    for (text, place, words) in [
        ("é: {", 5, "node content"),
        ("a:\n\t- b\n", 3, "cannot start any token"),
        ("a: 1\na: 2\n", 0, "the same key twice"),
        ("a: !!python/unicode 'x'\n", 3, "!!python/unicode"),
        ("a: [1, !mine x]\n", 7, "!mine"),
    ] {
        let problem = read_str(text).unwrap_err();
        assert_eq!(problem.span.start, place, "{text:?} {problem:?}");
        assert!(problem.message.contains(words), "{problem:?}");
    }
    assert!(read_str("a: 1\n---\nb: 1\n").is_err());
    assert!(read_str("a: \0\n").is_err());
}

#[test]
fn hostile_documents_end_soon() {
    let level = |level: usize| {
        let aliases = vec![format!("*a{}", level - 1); 10].join(",");
        format!("a{level}: &a{level} [{aliases}]\n")
    };
    let levels: Vec<String> = (1..12).map(level).collect();
    let laughs = format!("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n{}", levels.concat());
    assert!(read_str(&laughs).is_err());
    assert!(read_str(&"[".repeat(100_000)).is_err());
    assert!(read_str(&"{a: ".repeat(100_000)).is_err());
    assert!(read_str(&"- ".repeat(50_000)).is_err());
    let steps: Vec<String> = (0..2000)
        .map(|step| {
            format!(
                "{}a:
",
                " ".repeat(step)
            )
        })
        .collect();
    assert!(read_str(&steps.concat()).is_err());
}

fn check_places(text: &str, node: &Node) {
    assert!(text.get(node.span.range()).is_some());
    if let (true, Some(value)) = (node.literal, node.text()) {
        assert_eq!(node.span.slice(text), value);
    }
    for item in node.list().unwrap_or_default() {
        check_places(text, item);
    }
    for (key, value) in node.map().unwrap_or_default() {
        check_places(text, key);
        check_places(text, value);
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[-a-c:#\\[\\]{},&*!'\" \\t\\r\\n|>é]{0,60}") {
        if let Ok(root) = read_str(&text) {
            check_places(&text, &root);
        }
    }

    #[test]
    fn any_characters_are_read_or_refused(text in "\\PC{0,40}") {
        if let Ok(root) = read_str(&text) {
            check_places(&text, &root);
        }
    }
}
