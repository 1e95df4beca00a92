use super::*;

/// The constants of code: expression, text, whether that is all.
fn constants(code: &str) -> Vec<(String, String, bool)> {
    let facts = parsed(code);
    facts
        .constants
        .iter()
        .map(|c| (c.span.slice(code).to_owned(), c.value.clone(), c.complete))
        .collect()
}

#[test]
fn one_text_is_known_of_each() {
    let head = "import os\nimport os.path as p\nfrom os.path import join\nfrom pathlib import Path\nimport pathlib\n\
                A = '/srv'\n";
    for (expression, value, complete) in [
        ("os.path.join('/d', 'x', 'y.csv')", "/d/x/y.csv", true),
        ("p.join('/d/', 'x')", "/d/x", true),
        ("join('/d', '/x')", "/x", true),
        ("join('/d', n)", "/d/", false),
        ("join(n, 'x')", "", false),
        ("join(A, 'x')", "/srv/x", true),
        ("Path('/d') / 'x' / n", "/d/x/", false),
        ("pathlib.Path('/d', 'x')", "/d/x", true),
        ("Path(A).joinpath('x')", "/srv/x", true),
        ("'/d' + '/x'", "/d/x", true),
        ("A + '/x' + n", "/srv/x", false),
        ("'/d' '/x'", "/d/x", true),
        ("f'{A}/x/{n}.csv'", "/srv/x/", false),
        ("f'/d' '/x'", "/d/x", true),
        ("f'{n:>9}/x'", "", false),
        ("'/d/{}.csv'.format(n)", "/d/", false),
        ("'/d/%s.csv' % n", "/d/", false),
        ("str(Path('/d'))", "/d", true),
        ("os.path.abspath(join('/d', 'x'))", "/d/x", true),
        ("(Path(A) / 'x').as_posix()", "/srv/x", true),
        ("A", "/srv", true),
    ] {
        let code = format!("{head}use({expression})\n");
        let found = constants(&code);
        let texts: Vec<_> = found.iter().map(|c| (c.1.as_str(), c.2)).collect();
        assert_eq!(texts, [(value, complete)], "{expression}");
    }
}

#[test]
fn what_is_not_constant_is_none() {
    for code in [
        "use(a + b)",
        "use(1 + 2)",
        "use(x / y)",
        "use(x)",
        "use(f(x))",
        "use(os.path.join(a, b))",
        "A = 1\nuse(A)",
        "A = f()\nuse(A)",
        "def f(A): use(A)\nA = '/x'\n",
        "use('plain')",
    ] {
        assert_eq!(constants(code), [], "{code}");
    }
}

#[test]
fn a_variable_counts_only_if_it_has_one_value() {
    let texts = |code: &str| {
        constants(code)
            .into_iter()
            .map(|c| (c.1, c.2))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        texts("A = '/x'\nA = '/y'\nuse(A)"),
        [(String::new(), false)]
    );
    assert_eq!(
        texts("A = '/x'\nA += '/y'\nuse(A)"),
        [(String::new(), false)]
    );
    assert_eq!(
        texts("def f():\n  global A\n  A = '/y'\nA = '/x'\nuse(A)"),
        [(String::new(), false)]
    );
    assert_eq!(
        texts("def f():\n  A = '/y'\n  use(A)\nA = '/x'\n"),
        [("/y".to_owned(), true)]
    );
    assert_eq!(texts("A = A + '/y'\n"), [(String::new(), false)]);
}

#[test]
fn pieces_say_who_spells_what() {
    let code = "import os\nBASE = '/data'\nuse(os.path.join(BASE, 'in', name))\n";
    let facts = parsed(code);
    let [constant] = facts.constants.as_slice() else {
        panic!("{:?}", facts.constants)
    };
    let pieces: Vec<_> = constant
        .pieces
        .iter()
        .map(|piece| {
            (
                piece.span.slice(code),
                piece.text.as_deref(),
                piece
                    .literal
                    .map(|literal| facts.literals[literal].span.slice(code)),
                piece
                    .variable
                    .map(|variable| facts.variables[variable].name.as_str()),
                piece.name.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        pieces,
        [
            ("BASE", Some("/data"), Some("'/data'"), Some("BASE"), None),
            ("", Some("/"), None, None, None),
            ("'in'", Some("in"), Some("'in'"), None, None),
            ("", Some("/"), None, None, None),
            ("name", None, None, None, Some("name")),
        ]
    );
    assert_eq!(
        (constant.kind, constant.value.as_str(), constant.complete),
        (ConstantKind::Join, "/data/in/", false)
    );
    assert_eq!(facts.argument_of(constant.site).unwrap().0.callee, "use");
}

#[test]
fn a_name_from_another_file_keeps_its_dotted_name() {
    let facts = parsed("import os\nfrom .config import DATA as D\nopen(os.path.join(D, 'x'))\n");
    let piece = &facts.constants[0].pieces[0];
    assert_eq!(piece.name.as_deref(), Some(".config.DATA"));
}

#[test]
fn constants_inside_unknown_pieces_are_constants_of_their_own() {
    let found = constants("import os\nuse('/a' + f(os.path.join('/b', 'c')))\n");
    let texts: Vec<_> = found.iter().map(|c| c.1.as_str()).collect();
    assert_eq!(texts, ["/a", "/b/c"]);
}

#[test]
fn names_that_double_each_other_stay_small() {
    let lines = (1..60).map(|n| format!("a{n} = a{} + a{}\n", n - 1, n - 1));
    let code = format!("a0 = '/xxxxxxxx'\n{}open(a59)\n", lines.collect::<String>());
    let facts = parsed(&code);
    assert!(
        facts
            .constants
            .iter()
            .all(|c| c.pieces.len() <= 65 && c.value.len() <= 9000)
    );
}
