//! What pip makes of a line was compared with pip's own parser for each case here.

use super::*;
use crate::text::splice;
use proptest::prelude::*;

fn parse(text: &str) -> Vec<Line> {
    Requirements::parse(&Text::new(text)).unwrap().lines
}

fn only(text: &str) -> Line {
    let lines = parse(text);
    assert_eq!(lines.len(), 1, "{text:?}");
    lines.into_iter().next().unwrap()
}

fn requirement(text: &str) -> Requirement {
    match only(text).content {
        Content::Requirement(requirement) => requirement,
        other => panic!("{text:?} is {other:?}"),
    }
}

fn refusal(text: &str) -> Refusal {
    match only(text).content {
        Content::Unreadable(refusal) => refusal,
        other => panic!("{text:?} is {other:?}"),
    }
}

fn options(text: &str) -> Vec<(&'static str, String)> {
    match only(text).content {
        Content::Options(options) => options
            .into_iter()
            .map(|option| (option.name, option.text))
            .collect(),
        other => panic!("{text:?} is {other:?}"),
    }
}

#[test]
fn a_requirement_has_all_of_its_parts() {
    let text = "  Dash_Core [a, b.c] >=1.0, <2 ; python_version < \"3.8\" --hash=sha256:ab  # why";
    let found = requirement(text);
    assert_eq!(found.name.unwrap().of(text), "Dash_Core");
    assert_eq!(found.key.as_deref(), Some("dash-core"));
    let extras: Vec<&str> = found.extras.iter().map(|extra| extra.of(text)).collect();
    assert_eq!(extras, ["a", "b.c"]);
    assert!(matches!(found.source, Source::Specifiers(span) if span.of(text) == ">=1.0, <2"));
    assert_eq!(found.versions.clone().unwrap().to_string(), ">=1.0, <2");
    assert_eq!(found.marker.unwrap().of(text), "python_version < \"3.8\"");
    assert_eq!(found.hashes().next().unwrap().text, "sha256:ab");
    assert!(found.span.of(text).starts_with("Dash_Core"));
    assert!(found.span.of(text).ends_with("sha256:ab"));
    let line = only(text);
    assert_eq!(line.comment.unwrap().of(text), "# why");
    assert!(!line.text.contains('#'));
}

#[test]
fn continuations_join_before_comments_are_cut() {
    let joined = "dash \\\n  ==1.0 \\\n    --hash=sha256:ab\nflask\n";
    let lines = parse(joined);
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0].text, "dash   ==1.0     --hash=sha256:ab");
    let Content::Requirement(found) = &lines[0].content else {
        panic!("{:?}", lines[0]);
    };
    assert!(matches!(found.source, Source::Specifiers(span) if span.of(joined) == "==1.0"));
    assert_eq!(found.options[0].span.of(joined), "--hash=sha256:ab");
    assert_eq!(lines[0].full.end, joined.find("flask").unwrap());

    // A comment swallows what its line is continued by.
    let lines = parse("dash # a \\\nflask\nnumpy\n");
    assert_eq!((lines.len(), lines[0].text.as_str()), (2, "dash"));
    // A comment line does not continue.
    let lines = parse("# a \\\nflask\n");
    assert_eq!(lines[1].text, "flask");
    // A comment line ends a continuation.
    let lines = parse("dash \\\n  # a \\\nflask\n");
    assert_eq!(
        (lines[0].text.as_str(), lines[1].text.as_str()),
        ("dash", "flask")
    );
    assert_eq!(unfolded("da\\\r\nsh"), "dash");
}

#[test]
fn a_specifier_may_be_cut_by_a_continuation() {
    let text = "dash>=1.0,\\\n<2\n";
    let Content::Requirement(found) = &parse(text)[0].content else {
        panic!("not read");
    };
    assert_eq!(found.versions.as_ref().unwrap().to_string(), ">=1.0, <2");
    assert!(
        matches!(found.source, Source::Specifiers(span) if unfolded(span.of(text)) == ">=1.0,<2")
    );
}

#[test]
fn options_are_read_in_every_spelling() {
    let url = "https://dash.example.com/Docs/packages";
    for spelling in [
        "--extra-index-url {}",
        "--extra-index-url={}",
        "--extra-index-url '{}'",
        "--extra-index={}",
    ] {
        let text = spelling.replace("{}", url);
        assert_eq!(options(&text), [("extra-index-url", url.to_owned())]);
    }
    for spelling in ["-i {}", "-i{}", "--index-url \"{}\"", "--pypi-url={}"] {
        let text = spelling.replace("{}", url);
        assert_eq!(options(&text), [("index-url", url.to_owned())]);
    }
    assert_eq!(
        options("--pre --no-index -f ./wheels --trusted-host=example.com"),
        [
            ("pre", String::new()),
            ("no-index", String::new()),
            ("find-links", "./wheels".into()),
            ("trusted-host", "example.com".into())
        ]
    );
    assert_eq!(options("-rbase.txt"), [("requirement", "base.txt".into())]);
    assert_eq!(
        options("-c \"a b.txt\""),
        [("constraint", "a b.txt".into())]
    );
    let quoted = "--find-links \"a b\"";
    let Content::Options(items) = only(quoted).content else {
        panic!("not options");
    };
    assert_eq!(items[0].value.unwrap().of(quoted), "a b");
}

#[test]
fn urls_and_paths_are_sources() {
    let cases = [
        (
            "git+https://example.com/x.git@v1#egg=Foo[bar]&subdirectory=s",
            Some("foo"),
        ),
        (
            "https://example.com/foo-1.0-py3-none-any.whl ; python_version<'3'",
            Some("foo"),
        ),
        (
            "foo @ https://example.com/x.zip ; os_name == 'nt'",
            Some("foo"),
        ),
        ("foo@git+ssh://git@example.com/a/b.git", Some("foo")),
        ("git://example.com/a.git", None),
        ("${BASE}://example.com/x.zip", None),
    ];
    for (text, key) in cases {
        let found = requirement(text);
        assert!(matches!(found.source, Source::Url(_)), "{text}");
        assert_eq!(found.key.as_deref(), key, "{text}");
    }
    let cases = [
        ("./foo-1.0-py3-none-any.whl[a]", Some("foo")),
        ("wheels/foo-1.0.tar.gz", None),
        ("foo-1.0.tar.gz", None),
        ("-e .", None),
        ("-e ./lib[a]", None),
        ("/srv/wheels/x.zip", None),
        ("C:\\wheels\\x.whl", None),
    ];
    for (text, key) in cases {
        let found = requirement(text);
        assert!(matches!(found.source, Source::Path(_)), "{text}");
        assert_eq!(found.key.as_deref(), key, "{text}");
        assert_eq!(found.editable, text.starts_with("-e"));
    }
    let editable = requirement("-e git+https://example.com/x.git#egg=x ; python_version < '3'");
    assert!(editable.editable && editable.marker.is_some());
    assert_eq!(editable.key.as_deref(), Some("x"));
}

#[test]
fn what_pip_accepts_is_read() {
    let lines = [
        "dash",
        "dash==1.*",
        "dash!=1.*",
        "dash (>=1,<2)",
        "dash(==1.0)",
        "dash===foo",
        "dash===1.0",
        "dash==1!2.0+local",
        "dash ;",
        "dash[]==1",
        "dash;python_version<\"3\"",
        "a",
        "1",
        "dash; (sys_platform=='win32' or os_name != 'nt') and python_version not in '2.7 3.0'",
        "dash==${VERSION}",
        "${NAME}",
        "dash==1.0 --pre",
        "--hash=sha256:ab",
        "dash @ ${URL}/x.zip",
    ];
    for line in lines {
        let content = only(line).content;
        assert!(
            !matches!(content, Content::Unreadable(_)),
            "{line}: {content:?}"
        );
    }
}

#[test]
fn what_pip_refuses_says_why_and_where() {
    let cases: &[(&str, &str, &str, &[&str])] = &[
        (
            "numpy=1.19.2=py37_0",
            "a line as conda exports it",
            "numpy=1.19.2=py37_0",
            &["numpy==1.19.2"],
        ),
        (
            "_libgcc_mutex=0.1=main",
            "a line as conda exports it",
            "_libgcc_mutex=0.1=main",
            &[],
        ),
        ("dash=1.0", "a single `=`", "=", &["dash==1.0"]),
        (
            "dash>==3.0.1",
            "compares as text",
            ">==3.0.1",
            &["dash>=3.0.1"],
        ),
        ("dash>=1.*", "compares as text", ">=1.*", &["dash>=1"]),
        (
            "dash>=1.0<2",
            "compares as text",
            ">=1.0<2",
            &["dash>=1.0,<2"],
        ),
        ("dash=>1", "the specifier `=>1`", "=>1", &["dash>=1"]),
        ("dash>=1,", "the specifier `>=1,`", ">=1,", &["dash>=1"]),
        ("dash==1.5.", "the specifier `==1.5.`", "==1.5.", &[]),
        (
            "pkg==1.0#why",
            "a `#` without a blank",
            "#",
            &["pkg==1.0  #why"],
        ),
        (
            "gunicorn==20.0.4dash==1.2.0",
            "glued together",
            "dash==1.2.0",
            &["gunicorn==20.0.4", "dash==1.2.0"],
        ),
        (
            "numpy==1.1--extra-index-url https://u:p@example.com/x",
            "the option `--extra-index-url` glued",
            "--extra-index-url https://u:p@example.com/x",
            &["numpy==1.1", "--extra-index-url https://***@example.com/x"],
        ),
        (
            "git+https://example.com/a.gitplotly==2.0",
            "glued together",
            "plotly==2.0",
            &["git+https://example.com/a.git", "plotly==2.0"],
        ),
        ("-e ./a -e ./b", "a second `-e`", "-e ./b", &[]),
        (
            "-e git+https://example.com/x.git",
            "without `#egg=NAME`",
            "git+https://example.com/x.git",
            &[],
        ),
        (
            "-e dash==1.0",
            "neither a folder nor a VCS URL",
            "dash==1.0",
            &[],
        ),
        ("--pre dash", "`dash` behind an option", "dash", &[]),
        ("--index-url", "without its value", "--index-url", &[]),
        ("--pre=1", "which takes none", "--pre=1", &[]),
        (
            "--extra_index_url https://example.com",
            "does not know here",
            "--extra_index_url",
            &["--extra-index-url https://example.com"],
        ),
        ("-r 'a", "a quote that is not closed", "'a", &[]),
        (
            "dash --hash=md5:aa",
            "sha256, sha384 or sha512",
            "--hash=md5:aa",
            &[],
        ),
        ("<<<<<<< HEAD", "a conflict marker", "<<<<<<< HEAD", &[]),
        ("=======", "a conflict marker", "=======", &[]),
        ("<!DOCTYPE html>", "HTML", "<!DOCTYPE html>", &[]),
        ("- dash", "an item of a YAML list", "- dash", &["dash"]),
        (
            "Package    Version",
            "`pip list`",
            "Package    Version",
            &[],
        ),
        (
            "---------- -------",
            "`pip list`",
            "---------- -------",
            &[],
        ),
        ("dash 1.0.0", "`pip list`", "dash 1.0.0", &["dash==1.0.0"]),
        (
            "dash==1.0, flask",
            "several requirements",
            "dash==1.0, flask",
            &["dash==1.0", "flask"],
        ),
        ("pip install dash", "a command", "pip install dash", &[]),
        ("\"dash==1.0\",", "quotes", "\"dash==1.0\",", &["dash==1.0"]),
        ("dash==1.0[a]", "extras behind the version", "[a]", &[]),
        ("dash[a", "not a list in", "[a", &[]),
        (
            "dash; python == 3",
            "which is no marker",
            "python == 3",
            &[],
        ),
        ("==1.0", "a version without a name", "==1.0", &[]),
        ("dash-==1.0", "no name of a distribution", "dash-", &[]),
        ("dash\u{a0}==1.0", "the character U+00A0", "\u{a0}", &[]),
        ("a\0b", "a NUL character", "\0", &[]),
        ("dash @ somewhere", "which is no URL", "somewhere", &[]),
        (
            "git@example.com:a/b.git",
            "address of git",
            "git@example.com:a/b.git",
            &["git+ssh://git@example.com/a/b.git"],
        ),
        (
            "https://example.com/x.zip ;os_name=='nt'",
            "a blank inside a URL",
            ";os_name=='nt'",
            &["https://example.com/x.zip ; os_name=='nt'"],
        ),
        (
            "This is my list",
            "which is no requirement",
            "This is my list",
            &[],
        ),
    ];
    for (text, message, place, instead) in cases {
        let found = refusal(text);
        assert!(
            found.kind.to_string().contains(message),
            "{text}: {}",
            found.kind
        );
        assert_eq!(found.span.of(text), *place, "{text}");
        assert_eq!(found.instead, *instead, "{text}");
    }
}

#[test]
fn an_item_of_a_list_is_a_line() {
    let file = "  - pip:\n    - dash==1.0 # why\n";
    let span = Span::new(15, 24);
    let line = Requirements::item("dash==1.0", span, true);
    assert_eq!((line.full, line.verbatim), (span, true));
    let Content::Requirement(found) = line.content else {
        panic!("not read");
    };
    assert_eq!(found.name.unwrap().of(file), "dash");

    let line = Requirements::item("dash==1.0", Span::new(3, 20), false);
    let Content::Requirement(found) = line.content else {
        panic!("not read");
    };
    assert_eq!(found.name, Some(Span::new(3, 20)));
    assert_eq!(found.key.as_deref(), Some("dash"));
}

#[test]
fn credentials_are_never_shown() {
    let cases = [
        ("https://example.com/x", "https://example.com/x"),
        (
            "https://user:secret@example.com/x",
            "https://***@example.com/x",
        ),
        (
            "--i https://user:secret@example.com:8080/x y",
            "--i https://***@example.com:8080/x y",
        ),
        (
            "https://user:sec/ret@example.com/x",
            "https://***@example.com/x",
        ),
        (
            "https://user:s#ec@example.com/x",
            "https://***@example.com/x",
        ),
        (
            "https://user:s?ec@example.com/x",
            "https://***@example.com/x",
        ),
        (
            "https://example.com/x?token=secret",
            "https://example.com/x?***",
        ),
        (
            "git+ssh://git@example.com/x.git@v1#egg=x",
            "git+ssh://git@example.com/x.git@v1#egg=x",
        ),
        (
            "a https://t:secret@a.example.com b https://secret@b.example.com/",
            "a https://***@a.example.com b https://***@b.example.com/",
        ),
    ];
    for (text, shown) in cases {
        assert_eq!(redacted(text), shown);
    }
    let parts = Url::parse("HTTPS://u:p@dash.example.com:443/Docs/packages?x#y").unwrap();
    assert_eq!(
        (parts.credentials, parts.host, parts.port),
        (Some("u:p"), "dash.example.com", Some("443"))
    );
    assert_eq!(parts.path, "/Docs/packages");
    assert_eq!(Url::parse("file:///tmp/x"), None);
}

#[test]
fn markers_are_judged_for_linux() {
    assert!(never_on_linux("sys_platform == 'win32'"));
    assert!(never_on_linux("python_version < '3.0'"));
    assert!(never_on_linux("os_name == 'nt' and python_version > '3.6'"));
    assert!(!never_on_linux("python_version < '3.8'"));
    assert!(!never_on_linux("platform_system == 'Linux'"));
    assert!(!never_on_linux("python ==== 3"));
}

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
            if let Source::Specifiers(span) | Source::Url(span) | Source::Path(span) = found.source
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
                prop_assert_eq!(&normalized_name(&unfolded(name.of(&text))), key);
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
        let Content::Requirement(Requirement { source: Source::Specifiers(span), .. }) = lines[1].content else {
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
    fn any_marker_is_judged_without_panic(marker in prop_oneof![".*", "(python_version|os_name|extra|platform_release) ?(<|~=|===|==|!=|in|not in|>=) ?('[0-9.*a-z]{0,6}'|sys_platform)( (and|or) 'x' in os_name)?"]) {
        let _ = never_on_linux(&marker);
    }

    #[test]
    fn bytes_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..80), bom in 0..4_usize) {
        let marks: [&[u8]; 4] = [b"", b"\xEF\xBB\xBF", b"\xFF\xFE", b"\xFE\xFF"];
        let all = [marks[bom], &bytes].concat();
        if let Ok(text) = Requirements::decode(&all) {
            let model = Requirements::parse(&text).unwrap();
            let printed: String = model.lines().iter().map(|line| line.full.of(text.as_str())).collect();
            prop_assert_eq!(text.with_content(printed).encode(), all);
        }
    }
}

#[test]
fn every_encoding_and_line_end_is_read() {
    let mut utf16 = vec![0xFF, 0xFE];
    utf16.extend(
        "dash==1.0\r\nflask"
            .encode_utf16()
            .flat_map(u16::to_le_bytes),
    );
    let files: [&[u8]; 4] = [
        b"\xEF\xBB\xBFdash==1.0\nflask",
        b"dash==1.0\rflask\r",
        b"dash==1.0\r\nflask\n",
        &utf16,
    ];
    for bytes in files {
        let text = Requirements::decode(bytes).unwrap();
        let lines = Requirements::parse(&text).unwrap().lines;
        let read: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(read, ["dash==1.0", "flask"]);
        assert_eq!(text.encode(), bytes);
    }
}
