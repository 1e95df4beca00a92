//! What pip makes of a line was compared with pip's own parser for each case here.

use super::*;

mod laws;
mod refusals;

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
    assert_eq!(found.name.unwrap().slice(text), "Dash_Core");
    assert_eq!(found.key.as_deref(), Some("dash-core"));
    let extras: Vec<&str> = found.extras.iter().map(|extra| extra.slice(text)).collect();
    assert_eq!(extras, ["a", "b.c"]);
    assert!(
        matches!(found.source, RequirementSource::Specifiers(span) if span.slice(text) == ">=1.0, <2")
    );
    assert_eq!(found.versions.clone().unwrap().to_string(), ">=1.0, <2");
    assert_eq!(
        found.marker.unwrap().slice(text),
        "python_version < \"3.8\""
    );
    assert_eq!(found.hashes().next().unwrap().text, "sha256:ab");
    assert!(found.span.slice(text).starts_with("Dash_Core"));
    assert!(found.span.slice(text).ends_with("sha256:ab"));
    let line = only(text);
    assert_eq!(line.comment.unwrap().slice(text), "# why");
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
    assert!(
        matches!(found.source, RequirementSource::Specifiers(span) if span.slice(joined) == "==1.0")
    );
    assert_eq!(found.options[0].span.slice(joined), "--hash=sha256:ab");
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
        matches!(found.source, RequirementSource::Specifiers(span) if unfolded(span.slice(text)) == ">=1.0,<2")
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
    assert_eq!(items[0].value.unwrap().slice(quoted), "a b");
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
        assert!(matches!(found.source, RequirementSource::Url(_)), "{text}");
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
        assert!(matches!(found.source, RequirementSource::Path(_)), "{text}");
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
fn an_item_of_a_list_is_a_line() {
    let file = "  - pip:\n    - dash==1.0 # why\n";
    let span = Span::new(15, 24);
    let line = Requirements::item("dash==1.0", span, true);
    assert_eq!((line.full, line.verbatim), (span, true));
    let Content::Requirement(found) = line.content else {
        panic!("not read");
    };
    assert_eq!(found.name.unwrap().slice(file), "dash");

    let line = Requirements::item("dash==1.0", Span::new(3, 20), false);
    let Content::Requirement(found) = line.content else {
        panic!("not read");
    };
    assert_eq!(found.name, Some(Span::new(3, 20)));
    assert_eq!(found.key.as_deref(), Some("dash"));
}

#[test]
fn urls_have_parts() {
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
    assert!(is_false_on("python_version < '3.8'", 8));
    assert!(!is_false_on("python_version < '3.8'", 7));
    assert!(!is_false_on("python_version < '${X}'", 8));
}

#[test]
fn a_marker_holds_or_not_or_nobody_knows() {
    let rows = [
        ("python_version >= '3.8'", Some(true)),
        ("'3.8' <= python_version", Some(true)),
        ("python_version == '3.*'", Some(true)),
        ("python_version ~= '3.9'", Some(true)),
        ("python_version not in '2.7, 3.6'", Some(true)),
        ("python_version < '3.9'", Some(false)),
        // As strings `3.10` would come before `3.9`.
        ("python_full_version < '3.9'", Some(false)),
        ("os.name == 'posix' and sys.platform != 'win32'", Some(true)),
        ("sys_platform == '3'", Some(false)),
        ("'linux' in sys_platform", Some(true)),
        ("extra == 'Web_X'", Some(true)),
        ("extra != 'web-x'", Some(false)),
        ("extra == 'other'", Some(false)),
        // `and` binds closer than `or`.
        (
            "os_name == 'posix' or os_name == 'nt' and os_name == 'nt'",
            Some(true),
        ),
        (
            "(os_name == 'posix' or os_name == 'nt') and os_name == 'nt'",
            Some(false),
        ),
        // What cannot be compared, and what is not known of the server.
        ("'linux' ~= sys_platform", None),
        ("sys_platform ~= 'linux'", None),
        ("python_version > 'three'", None),
        ("python_version > '3.*'", None),
        ("'linux' == 'linux'", None),
        ("platform_release >= '5'", None),
        ("platform_release >= '5' or os_name == 'posix'", Some(true)),
        ("platform_release >= '5' and os_name == 'nt'", Some(false)),
    ];
    for (text, expected) in rows {
        let marker = Marker::parse(text).unwrap();
        assert_eq!(
            marker.holds_on(10, &["web-x".to_owned()]),
            expected,
            "{text}"
        );
    }
    let deep = |depth| format!("{}os_name == 'nt'{}", "(".repeat(depth), ")".repeat(depth));
    assert!(Marker::parse(&deep(32)).is_some());
    assert!(Marker::parse(&deep(33)).is_none());
    let web = Marker::parse("extra == 'web' and sys_platform == 'win32'").unwrap();
    assert!(web.may_hold(&["web".to_owned()]) && !web.may_hold(&[]));
}

/// What pip 18.1, 22.0, 23.2 and 24.2 say of these was tried.
#[test]
fn pip_stops_where_compatible_is_asked_of_what_is_no_version() {
    let stops = |text: &str| Marker::parse(text).unwrap().stops_pip();
    for text in [
        "'linux' ~= sys_platform",
        "sys_platform ~= 'linux'",
        "python_version ~= '3'",
        "python_version ~= '3.6.*'",
        "python_version > '3' or (os_name == 'nt' and python_version ~= 'x')",
    ] {
        assert!(stops(text), "{text}");
    }
    for text in [
        "python_version ~= '3.6'",
        "python_version ~= ' 3.6 '",
        "'3.7' ~= python_version",
        "'x' ~= platform_release",
        "sys_platform > '3' and os_name in 'x'",
    ] {
        assert!(!stops(text), "{text}");
    }
}

#[test]
fn a_marker_of_a_thousand_pairs_is_judged_at_once() {
    // Multiplied out it would have two to the thousandth parts.
    let pair = |n: usize| format!("'a{n}' in os_name and 'b{n}' in sys_platform");
    let pairs: Vec<String> = (0..1000).map(pair).collect();
    assert!(never_on_linux(&pairs.join(" or ")));
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
