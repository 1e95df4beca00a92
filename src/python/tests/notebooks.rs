use super::*;

fn notebook(json: &str) -> Source {
    Source::from_text(Text::new(json), SourceKind::Notebook).unwrap()
}

fn fail(json: &str) -> SourceError {
    Source::from_text(Text::new(json), SourceKind::Notebook).unwrap_err()
}

#[test]
fn places_are_places_in_the_file() {
    let json = "{\"cells\": [\n {\"cell_type\": \"markdown\", \"source\": \"import no\"},\n {\"cell_type\": \"code\", \"source\": [\n  \"import dash_table\\n\",\n  \"%matplotlib inline\\n\",\n  \"!pip install x\\n\",\n  \"p = \\\"/dat\\u00e9\\\" # caf\u{e9}\\n\",\n  \"open('/plain')\"\n ], \"outputs\": [{\"text\": \"import out\"}]},\n {\"source\": \"from a import b\\nopen(p)\", \"cell_type\": \"code\"}\n], \"metadata\": {}, \"nbformat\": 4}\n";
    let source = notebook(json);
    let facts = &source.facts;
    assert_eq!((facts.parse, &facts.error), (Parse::Parsed, &None));
    let imports: Vec<_> = facts
        .imports
        .iter()
        .map(|i| (i.statement.slice(json), i.span.slice(json)))
        .collect();
    assert_eq!(
        imports,
        [
            ("import dash_table", "dash_table"),
            ("from a import b", "b")
        ]
    );
    let escapes: Vec<_> = facts
        .escapes
        .iter()
        .map(|e| (e.kind.as_str(), e.command.as_str(), e.span.slice(json)))
        .collect();
    assert_eq!(
        escapes,
        [
            ("%", "matplotlib inline", "%matplotlib inline"),
            ("!", "pip install x", "!pip install x")
        ]
    );
    let literals: Vec<_> = facts
        .literals
        .iter()
        .map(|l| (l.span.slice(json), l.value.as_str(), l.verbatim))
        .collect();
    assert_eq!(
        literals,
        [
            ("\\\"/dat\\u00e9\\\"", "/dat\u{e9}", false),
            ("'/plain'", "/plain", true)
        ]
    );
    assert_eq!(facts.comments[0].span.slice(json), "# caf\u{e9}");
    assert_eq!(
        source.cells.iter().map(|c| c.number).collect::<Vec<_>>(),
        [2, 3]
    );
    assert_eq!(
        source.cell_at(facts.imports[1].span.start).unwrap().number,
        3
    );
    // The cells share one module: `p` of the first reaches the second.
    assert!(
        facts
            .constants
            .iter()
            .any(|c| c.span.slice(json) == "p" && c.value == "/dat\u{e9}")
    );
    assert!(
        source.is_editable(facts.imports[0].statement)
            && !source.is_editable(facts.literals[0].span)
    );
    assert_eq!(source.spell("x = \"a\"\n"), "x = \\\"a\\\"\\n");
}

#[test]
fn old_formats_are_read() {
    let json = r#"{"metadata": {"name": ""}, "nbformat": 3, "worksheets": [{"cells": [
        {"cell_type": "code", "input": ["import a\n", "print 'x'"], "language": "python"},
        {"cell_type": "code", "input": "import b"}]}, {"cells": [{"cell_type": "code", "input": "import c"}]}]}"#;
    let source = notebook(json);
    let modules: Vec<_> = source
        .facts
        .imports
        .iter()
        .map(|i| i.module.as_str())
        .collect();
    assert_eq!(modules, ["a", "b", "c"]);
    assert_eq!(source.facts.parse, Parse::Recovered);
    assert_eq!(source.facts.error.unwrap().span.slice(json), "'x'");
}

#[test]
fn cells_that_are_not_python_are_commands() {
    let json = r#"{"cells": [
        {"cell_type": "code", "source": ["%%bash\n", "pip install x\n"]},
        {"cell_type": "code", "source": "%%time\nimport a"},
        {"cell_type": "code", "source": "broken ( ["},
        {"cell_type": "code", "source": "import b\n"},
        {"cell_type": "code", "source": []},
        {"cell_type": "code"}, 7]}"#;
    let source = notebook(json);
    let modules: Vec<_> = source
        .facts
        .imports
        .iter()
        .map(|i| i.module.as_str())
        .collect();
    assert_eq!(modules, ["a", "b"]);
    assert_eq!(source.facts.escapes[0].command, "bash\npip install x\n");
    assert_eq!(source.facts.escapes[1].command, "time");
    assert_eq!(source.facts.parse, Parse::Recovered);
}

#[test]
fn notebooks_of_other_languages_say_nothing() {
    for metadata in [
        r#""language_info": {"name": "R"}"#,
        r#""kernelspec": {"language": "julia"}"#,
    ] {
        let json = format!(
            r#"{{"metadata": {{{metadata}}}, "cells": [{{"cell_type": "code", "source": "import a"}}]}}"#
        );
        assert_eq!(notebook(&json).facts.imports, []);
    }
}

#[test]
fn bad_notebooks_are_errors_with_a_place() {
    let place = |json: &str| match fail(json) {
        SourceError::NotJson { offset, position } => (offset, position.to_string()),
        other => panic!("{other}"),
    };
    assert_eq!(place("{\"cells\": [\n  1,,\n]}"), (16, "2:5".to_owned()));
    assert_eq!(place(""), (0, "1:1".to_owned()));
    assert_eq!(place("{\"a\": \"\u{e9}\u{e9}\" x}").1, "1:12");
    assert_eq!(place("{\n\"cells\": [").1, "2:10");
    assert_eq!(fail("{\"nbformat\": 4}"), SourceError::NotNotebook);
    assert_eq!(fail("[1]"), SourceError::NotNotebook);
    assert_eq!(
        fail("{\"cells\": [], \"cells\": \"\u{0}\"}").to_string(),
        "a NUL byte (byte 24)"
    );
}

#[test]
fn deep_json_costs_no_stack() {
    let deep = 200_000;
    let json = format!(
        "{{\"cells\": [], \"x\": {}{}}}",
        "[".repeat(deep),
        "]".repeat(deep)
    );
    let read = || {
        Source::from_text(Text::new(json.clone()), SourceKind::Notebook)
            .map(|source| source.cells.len())
    };
    let small = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(256 * 1024);
        thread.spawn_scoped(scope, read).unwrap().join().unwrap()
    });
    assert_eq!(small, Ok(0));
}
