use super::*;

fn modules(facts: &Facts) -> Vec<&str> {
    facts
        .imports
        .iter()
        .map(|import| import.module.as_str())
        .collect()
}

#[test]
fn python_2_is_recovered() {
    let code = "import os\nprint \"x %s\" % os.getenv('A')\ntry:\n    import json\nexcept ImportError, e:\n    print >>f, `e`\nexec \"y\"\nraise E, 'z'\nx = ur'\\d' + 0777L\nif a <> b: import c\nopen('/data/x')\n";
    let facts = read(code);
    assert_ne!(facts.parse, Parse::Parsed);
    assert_eq!(modules(&facts), ["os", "json", "c"]);
    assert!(
        facts
            .literals
            .iter()
            .any(|literal| literal.value == "/data/x")
    );
    assert_eq!(facts.environment[0].name, "A");
    let error = facts.error.unwrap();
    assert_eq!(error.span.start, code.find("\"x").unwrap());
    assert!(!error.message.is_empty());
}

#[test]
fn broken_code_never_loses_its_imports() {
    let broken = [
        "import a\nx = (1,\nimport b\nfrom c import d\n",
        "import a\nx = '''never closed\nimport b\ny = '/data'\nfrom c import d\n",
        "import a\ndef f(:\n  import b\n   return\n from c import d\n",
        "<<<<<<< HEAD\nimport a\n=======\nimport b\n>>>>>>> x\nfrom c import d\n",
        "import a\n\"\"\" one \"\"\" \"\"\"\nimport b\nfrom c import (d,\n  e)\n",
        "import a\nx = {'k': [1, 2\nfor i in x:\n  import b\nclass X(\nfrom c import d\n",
        "import a\n  import b\n f\"{x!\nfrom c import d\n",
    ];
    for code in broken {
        let facts = read(code);
        assert_ne!(facts.parse, Parse::Parsed, "{code}");
        let mut found = modules(&facts);
        found.dedup();
        assert_eq!(found, ["a", "b", "c"], "{code} {:?}", facts.parse);
    }
}

#[test]
fn lost_literals_come_from_the_scan() {
    let code = "x = '''never closed\nimport b\ny = r'/data'  # '/no'\nz = 'a\\tb' f'{q}/'\n";
    let facts = read(code);
    assert_eq!(facts.parse, Parse::Tokens);
    let values: Vec<_> = facts
        .literals
        .iter()
        .map(|l| (l.value.as_str(), l.verbatim, l.kind))
        .collect();
    assert!(
        values.contains(&("/data", true, LiteralKind::Text)),
        "{values:?}"
    );
    assert!(
        values.contains(&("a\\tb", false, LiteralKind::Text)),
        "{values:?}"
    );
    assert!(
        values.contains(&("{q}/", false, LiteralKind::Part)),
        "{values:?}"
    );
    assert!(!values.iter().any(|value| value.0 == "/no"), "{values:?}");
}

#[test]
fn text_in_strings_is_no_import() {
    let code = "x = '''\nimport no\n'''\nprint 'y'\n";
    let facts = read(code);
    assert_eq!((facts.parse, facts.imports.len()), (Parse::Recovered, 0));
}

#[test]
fn the_scan_reads_all_forms() {
    let code = "import a.b as c, d\nfrom ..e import f as g, h\nfrom i import (j,  # k\n    l as m,\n)\nfrom . import n\nfrom o import *\nimport\nfrom x\nimportant = 1\n";
    let found = super::super::scan::scan(code).imports;
    let rows: Vec<_> = found
        .iter()
        .map(|i| {
            (
                i.level,
                i.module.as_str(),
                i.name.as_deref(),
                i.alias.as_deref(),
                i.span.slice(code),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            (0, "a.b", None, Some("c"), "a.b as c"),
            (0, "d", None, None, "d"),
            (2, "e", Some("f"), Some("g"), "f as g"),
            (2, "e", Some("h"), None, "h"),
            (0, "i", Some("j"), None, "j"),
            (0, "i", Some("l"), Some("m"), "l as m"),
            (1, "", Some("n"), None, "n"),
            (0, "o", Some("*"), None, "*"),
        ]
    );
    assert_eq!(found[0].statement.slice(code), "import a.b as c, d");
}

#[test]
fn places_never_cut_a_character() {
    let code = "{t\"\n\u{2ee5e}\"";
    let mut facts = read(code);
    facts.each_span(|span| assert!(code.get(span.range()).is_some(), "{span:?}"));
}
