use super::*;

/// Runs on a stack as small as that of a thread of rayon.
fn on_small_stack<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(2 * 1024 * 1024);
    thread.spawn(run).unwrap().join().unwrap()
}

/// A way to nest: what opens `depth` levels, and what closes them.
fn nested(way: &str, depth: usize) -> String {
    let around =
        |open: &str, close: &str| format!("x = {}1{}\n", open.repeat(depth), close.repeat(depth));
    let block = |head: &str| {
        let lines = (0..depth).map(|level| format!("{}{head}\n", " ".repeat(level)));
        lines.collect::<String>() + &" ".repeat(depth) + "pass\n"
    };
    match way {
        "block" => block("if x:"),
        "def" => block("def f(a=b):"),
        "class" => block("class C(a):"),
        "try" => block("try:"),
        "suffix" => format!("x = a{}\n", ".b".repeat(depth)),
        "calls" => format!("x = a{}\n", ".b('c')".repeat(depth)),
        "indices" => format!("x = a{}\n", "['c']".repeat(depth)),
        "plus" => format!("x = 'a'{}\n", " + 'a'".repeat(depth)),
        "power" => format!("x = 1{}\n", "**1".repeat(depth)),
        "f-string" => around("f'{", "}'"),
        "dict" => around("{1:", "}"),
        "comprehension" => around("[y for z in ", "]"),
        "conditional" => around("1 if 1 else ", ""),
        "match" => format!(
            "match x:\n case {}y{}: pass\n",
            "(".repeat(depth),
            ")".repeat(depth)
        ),
        "unclosed" => format!("x = {}1\ny = 1\n", "f(".repeat(depth)),
        "lambda default" => around("lambda y=", ""),
        other => around(other, &")".repeat(other.matches('(').count())),
    }
}

const WAYS: [&str; 25] = [
    "block",
    "def",
    "class",
    "try",
    "suffix",
    "calls",
    "indices",
    "plus",
    "power",
    "f-string",
    "dict",
    "comprehension",
    "conditional",
    "match",
    "unclosed",
    "lambda default",
    "(",
    "f(a=",
    "os.path.join('a',(",
    "not ",
    "-",
    "lambda: ",
    "await ",
    "async ",
    "*",
];

#[test]
fn nesting_costs_neither_stack_nor_time() {
    for way in WAYS {
        for depth in [50, 150, 190, 390, 780, 2_000, 20_000] {
            // Blocks grow with the square of the depth.
            if depth > 2_000 && ["block", "def", "class", "try"].contains(&way) {
                continue;
            }
            let code = nested(way, depth);
            let result = on_small_stack(move || facts(&code).map(|facts| facts.parse));
            let deep = matches!(
                result,
                Err(SourceError::TooDeep { .. } | SourceError::TooLarge { .. })
            );
            assert!(deep || result.is_ok(), "{way} {depth} {result:?}");
            assert!(deep || depth < 2_000, "{way} {depth} {result:?}");
            assert!(!deep || depth > 50, "{way} {depth} {result:?}");
        }
    }
}

#[test]
fn long_is_not_deep() {
    let list = format!(
        "x = [{}]\n",
        "f(a.b, 'c', -1, d + e, lambda q: q),\n".repeat(190)
    );
    let dict = format!("x = {{{}}}\n", "'k': {'a.b': -1.5, **c}, ".repeat(3_000));
    let text = format!(
        "x = '{}'\ny = f'''{}{{z}}'''\n",
        "(+".repeat(9_000),
        "[(+.".repeat(9_000)
    );
    let comment = format!("# {}\n", "((+.".repeat(9_000));
    let statements = "x = a.b.c(d)[e] + -f ** g\nif x: y = 1\nelse: y = 2\n".repeat(3_000);
    let elifs = format!("if a: pass\n{}", "elif b.c == 'd': pass\n".repeat(3_000));
    let methods = format!(
        "class C:\n{}",
        "    def f(self): return self.x + 1\n".repeat(3_000)
    );
    for code in [list, dict, text, comment, statements, elifs, methods] {
        let facts = facts(&code).unwrap();
        assert_eq!(facts.parse, Parse::Parsed, "{}", code.get(..60).unwrap());
    }
}

#[test]
fn the_place_of_too_deep_is_told() {
    let code = format!("a = 1\nx = {}", "(".repeat(5_000));
    let SourceError::TooDeep { position, .. } = facts(&code).unwrap_err() else {
        panic!()
    };
    assert_eq!((position.line, position.column > 500), (2, true));
}

#[test]
fn large_and_binary_files_are_errors() {
    let long = "x".repeat(10 * 1024 * 1024);
    assert!(matches!(
        Source::read(long.as_bytes(), SourceKind::Module),
        Err(SourceError::TooLarge {
            size: 10_485_760,
            limit: LARGEST_MODULE
        })
    ));
    let nul = Source::read(b"import a\nx = '\0'\n", SourceKind::Module).unwrap_err();
    assert_eq!(nul.to_string(), "a NUL byte (byte 14)");
    assert!(matches!(
        Source::read(b"x = '\xFF'\n", SourceKind::Module),
        Err(SourceError::Undecodable(_))
    ));
    let latin = Source::read(b"# coding: latin-1\nx = '/d\xE9'\n", SourceKind::Module).unwrap();
    assert_eq!(latin.facts.literals[0].value, "/d\u{e9}");
    let marked = Source::read(b"\xEF\xBB\xBFimport a\n", SourceKind::Module).unwrap();
    assert_eq!(marked.facts.imports[0].statement, Span::new(0, 8));
}

#[test]
fn hostile_texts_end_in_time() {
    let size = 200_000;
    let hostile = [
        "\n".repeat(size),
        "import a\n".repeat(size / 9) + "x = (",
        "'''\"\"\"".repeat(size / 6),
        "from a import (\n".repeat(size / 16),
        "'a',".repeat(size / 4) + ")",
        "a+".repeat(size / 2),
        "x = a\n".repeat(size / 6),
        "f'{a}'\n".repeat(size / 7),
        "# c\n".repeat(size / 4),
        "x = '/a'\n".repeat(size / 9) + "open(x)\n",
        format!(
            "x = [{}]\n{}",
            "'/a',".repeat(size / 10),
            "open(x)\n".repeat(size / 16)
        ),
    ];
    for code in hostile {
        let start = std::time::Instant::now();
        if let Ok(facts) = facts(&code) {
            (0..facts.literals.len().min(500)).for_each(|literal| {
                facts.reach(literal);
            });
        }
        let head = code.get(..10).unwrap();
        assert!(
            start.elapsed().as_secs() < 20,
            "{head:?} {:?}",
            start.elapsed()
        );
    }
}

#[test]
fn needles_are_found_anywhere() {
    let needles = Needles::new(["dash_table", "os.environ"]);
    assert!(needles.occur_in(b"\xFFimport dash_table2"));
    assert!(!needles.occur_in(b"import dash\nos_environ"));
    assert!(!Needles::new([]).occur_in(b"anything"));
    assert!(needles.occur_in(b"\xFF\xFEi\0m\0"));
}

#[test]
fn names_are_found_whole() {
    let names = Needles::names(["load", "Path"]);
    for code in [
        "np.load(x)",
        "from numpy import load",
        r#""import os\nPath('x')""#,
    ] {
        assert!(names.occur_in(code.as_bytes()), "{code}");
    }
    for code in [
        "dcc.Loading()",
        "loading",
        "reload",
        "os.path",
        "load_model",
    ] {
        assert!(!names.occur_in(code.as_bytes()), "{code}");
    }
    let either = names.or(|bytes| memchr::memmem::find(bytes, b"'w'").is_some());
    assert!(either.occur_in(b"open(p, 'w')") && either.occur_in(b"Path"));
    assert!(!either.occur_in(b"'width'"));
}

#[test]
fn names_tell_the_kind() {
    assert_eq!(SourceKind::of_name("app.py"), Some(SourceKind::Module));
    assert_eq!(SourceKind::of_name("a.b.ipynb"), Some(SourceKind::Notebook));
    assert_eq!(SourceKind::of_name("py"), None);
    assert_eq!(SourceKind::of_name("app.pyc"), None);
}
