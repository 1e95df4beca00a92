use super::*;
use proptest::prelude::*;

/// What holds for the facts of every text.
fn check(text: &str, mut facts: Facts) {
    let mut spans = Vec::new();
    facts.each_span(|span| spans.push(*span));
    for span in spans {
        assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
    }
    assert_eq!(facts.parse == Parse::Parsed, facts.error.is_none());
    for literal in &facts.literals {
        assert!(
            literal.span.start <= literal.content.start && literal.content.end <= literal.span.end
        );
        assert!(
            !literal.verbatim || literal.content.slice(text) == literal.value,
            "{literal:?}"
        );
        assert!(literal.site < facts.sites.len() && literal.scope < facts.scopes.len());
    }
    for (number, site) in facts.sites.iter().enumerate().skip(1) {
        assert!(site.parent < number);
        if let Role::Argument { call, slot } = &site.role {
            let call = &facts.calls[*call];
            assert!(call.arguments.iter().any(|argument| argument.slot == *slot));
        }
        if let Some(variable) = site.role.variable() {
            assert!(variable < facts.variables.len());
        }
    }
    check_names(text, &facts);
    for number in 0..facts.literals.len() {
        let sites = facts.reach(number);
        assert!(sites.iter().all(|site| *site < facts.sites.len()));
    }
}

fn check_names(text: &str, facts: &Facts) {
    for constant in &facts.constants {
        check_constant(constant, facts);
    }
    for import in &facts.imports {
        let within =
            |span: Span| import.statement.start <= span.start && span.end <= import.statement.end;
        assert!(
            within(import.span) && within(import.module_span),
            "{import:?} in {text:?}"
        );
    }
    for binding in &facts.bindings {
        assert_eq!(facts.variables[binding.variable].name, binding.name);
        assert!(
            binding
                .call
                .is_none_or(|call| Some(facts.calls[call].span) == binding.value)
        );
        assert!(
            binding
                .import
                .is_none_or(|import| import < facts.imports.len())
        );
    }
    for call in &facts.calls {
        assert!(call.site < facts.sites.len() && !call.callee.is_empty());
    }
    for comment in &facts.comments {
        assert!(comment.span.slice(text).starts_with('#'));
    }
}

fn check_constant(constant: &Constant, facts: &Facts) {
    let known: Vec<_> = constant
        .pieces
        .iter()
        .map_while(|piece| piece.text.as_deref())
        .collect();
    assert_eq!(known.concat(), constant.value);
    assert_eq!(known.len() == constant.pieces.len(), constant.complete);
    assert!(constant.site < facts.sites.len());
    for piece in &constant.pieces {
        if let (Some(literal), Some(text)) = (piece.literal, &piece.text) {
            assert!(facts.literals[literal].value.starts_with(text.as_str()));
        }
    }
}

fn check_text(text: &str) {
    if let Ok(found) = facts(text) {
        assert_eq!(facts(text).as_ref(), Ok(&found));
        check(text, found);
    }
}

/// Words that make Python, and what breaks it, between bars.
const WORDS: &str = "import |from |as |a|b.c|os|'x'|\"/d\"|f'{|}'|f\"\"\"|'''|r'|b'|(|)|[|]|{|}|:|:=|\
    =|==|+|/|%|.|,|;|\n|\r\n|\r|\n    |\n\t|\\\n|#é\n|é|def |class |if |else|try:|except |lambda |for |\
    in |with |match |case |print |not |@|*|**|global |del |return |yield |await |async |type |!|?|%%|$|\
    0777L|<>|`|os.environ|join|open|\u{feff}|\u{c}|\\N{|\\x";

fn word() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(WORDS.split('|').collect::<Vec<_>>())
}

/// An expression that is Python.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("a".to_owned()),
        Just("self.b".to_owned()),
        Just("BASE".to_owned()),
        Just("1".to_owned()),
        "'[a-z/é]{0,5}'",
        "\"[a-z/{}]{0,5}\"",
        "r'[a-z\\\\]{0,3}x'",
        "b'[a-z]{0,3}'",
        Just("'''d\n\"'''".to_owned()),
        Just("'\\n' \"b\"".to_owned()),
        Just("None".to_owned()),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let two = (inner.clone(), inner.clone());
        prop_oneof![
            two.clone().prop_map(|(a, b)| format!("({a} + {b})")),
            two.clone().prop_map(|(a, b)| format!("({a} / {b} % 2)")),
            two.clone()
                .prop_map(|(a, b)| format!("os.path.join({a}, {b})")),
            two.clone()
                .prop_map(|(a, b)| format!("f({a}, k={b}, *c, **d)")),
            two.clone()
                .prop_map(|(a, b)| format!("({a} if {b} else x)")),
            two.clone().prop_map(|(a, b)| format!("{{{a}: {b}, **e}}")),
            two.clone()
                .prop_map(|(a, b)| format!("[{a} for q in [{b}] if q]")),
            two.clone().prop_map(|(a, b)| format!("({a} or not {b})")),
            two.prop_map(|(a, b)| format!("({a} in os.environ, {b} == 2)")),
            inner
                .clone()
                .prop_map(|a| format!("f'/x{{({})!r}}{{{{y{{z:>{{w}}}}'", a.replace('\n', " "))),
            inner.clone().prop_map(|a| format!("(n := {a})")),
            inner.clone().prop_map(|a| format!("(lambda p, q={a}: p)")),
            inner
                .clone()
                .prop_map(|a| format!("Path({a}).joinpath('é')")),
            inner.clone().prop_map(|a| format!("os.environ[{a}]")),
            inner.prop_map(|a| format!("({a}).format(1).x[0]")),
        ]
    })
}

/// Statements that are Python, with the way to indent them.
fn statement() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        expression(),
        expression().prop_map(|value| format!("BASE = {value}")),
        expression().prop_map(|value| format!("x, (y, *self.z) = {value}")),
        expression().prop_map(|value| format!("self.b: int = {value}")),
        expression().prop_map(|value| format!("x += {value}")),
        Just("import os.path, a.b as c".to_owned()),
        Just("from ..m import (n as o, p)  # why".to_owned()),
        Just("from os import environ".to_owned()),
    ];
    leaf.prop_recursive(3, 20, 3, |inner| {
        let body =
            proptest::collection::vec(inner, 1..3).prop_map(|lines| indented(&lines.join("\n")));
        (body, expression(), 0..9_usize).prop_map(|(body, value, way)| match way {
            0 => format!("if {value}:\n{body}\nelse:\n{body}"),
            1 => format!("def f(a, b={value}, *c: int, d=1, **e):\n{body}"),
            2 => format!("@deco({value})\nasync def g[T](a):\n{body}"),
            3 => format!("class C(B, k={value}):\n{body}"),
            4 => format!("try:\n{body}\nexcept ImportError as e:\n{body}\nfinally:\n{body}"),
            5 => format!("for i, j in {value}:\n{body}"),
            6 => format!("with open({value}) as h, b:\n{body}"),
            7 => format!(
                "match {value}:\n    case {{'k': [x, *y]}} | C(z='q') if x:\n{}",
                indented(&body)
            ),
            _ => format!("while (w := {value}):\n{body}"),
        })
    })
}

/// Indents lines, those inside triple quotes too: they stay strings.
fn indented(lines: &str) -> String {
    lines
        .split('\n')
        .map(|line| format!("    {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}

proptest! {
    #[test]
    fn any_text_is_read(text in "(?s).{0,200}") {
        check_text(&text);
    }

    #[test]
    fn any_soup_of_words_is_read(words in proptest::collection::vec(word(), 0..60)) {
        check_text(&words.concat());
    }

    #[test]
    fn python_is_parsed(statements in proptest::collection::vec(statement(), 1..6)) {
        let text = statements.join("\n");
        let found = facts(&text).unwrap();
        prop_assert_eq!(found.parse, Parse::Parsed, "{}\n{:?}", text, found.error);
        let scanned = scan::scan(&text).imports.len();
        prop_assert!(scanned <= found.imports.len());
        check(&text, found);
    }

    #[test]
    fn broken_python_keeps_its_imports(
        statements in proptest::collection::vec(statement(), 0..4),
        soup in proptest::collection::vec(word(), 1..5),
    ) {
        let text = format!("{}\n{}\nimport after\n", statements.join("\n"), soup.concat());
        let found = facts(&text).unwrap();
        if !text.contains("'''") && !text.contains("\"\"\"") && !text.contains("\\\n") {
            let imports = found.imports.iter();
            prop_assert!(imports.map(|import| &import.module).any(|module| module == "after"), "{}", text);
        }
        check(&text, found);
    }

    #[test]
    fn a_cut_anywhere_is_read(statements in proptest::collection::vec(statement(), 1..4), at in any::<prop::sample::Index>()) {
        let text = statements.join("\n");
        let mut at = at.index(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        check_text(&text[..at]);
        check_text(&text[at..]);
    }

    #[test]
    fn a_notebook_says_what_its_code_says(
        cells in proptest::collection::vec(statement(), 1..4),
        lists in any::<bool>(),
        ascii in any::<bool>(),
    ) {
        let source = |cell: &String| if lists {
            cell.split_inclusive('\n').collect::<Vec<_>>().into()
        } else {
            serde_json::Value::from(cell.as_str())
        };
        let json = serde_json::json!({
            "cells": cells.iter().map(|cell| serde_json::json!({
                "cell_type": "code", "outputs": [{"x": ["import y", 1]}], "source": source(cell),
            })).collect::<Vec<_>>(),
        });
        let mut json = serde_json::to_string_pretty(&json).unwrap();
        if ascii {
            json = json.replace('é', "\\u00e9");
        }
        let notebook = Source::from_text(Text::new(json.as_str()), SourceKind::Notebook).unwrap();
        check(&json, notebook.facts.clone());
        let code = facts(&cells.join("\n")).unwrap();
        let values = |facts: &Facts| facts.literals.iter().map(|l| l.value.clone()).collect::<Vec<_>>();
        let imports = |facts: &Facts| facts.imports.iter().map(|i| (i.module.clone(), i.name.clone())).collect::<Vec<_>>();
        prop_assert_eq!(values(&notebook.facts), values(&code));
        prop_assert_eq!(imports(&notebook.facts), imports(&code));
        for import in &notebook.facts.imports {
            prop_assert_eq!(import.statement.slice(&json).starts_with(['i', 'f']), true);
            prop_assert!(notebook.cell_at(import.statement.start).is_some());
        }
    }

    #[test]
    fn any_json_like_text_is_read(words in proptest::collection::vec(proptest::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\"cells\"", "\"cell_type\"", "\"code\"", "\"source\"", "\"x\\n\"",
        "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"%%bash\"", "1", "null", " ", "\n", "\"é", "\"worksheets\"",
    ]), 0..30)) {
        let text = words.concat();
        if let Ok(source) = Source::from_text(Text::new(text.as_str()), SourceKind::Notebook) {
            check(&text, source.facts);
        }
    }

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        for kind in [SourceKind::Module, SourceKind::Notebook] {
            if let Ok(source) = Source::read(&bytes, kind) {
                check(source.text.as_str(), source.facts);
            }
        }
    }
}
