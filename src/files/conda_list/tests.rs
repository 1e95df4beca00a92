use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> CondaList {
    CondaList::parse(&Text::new(text)).unwrap()
}

fn content(line: &str) -> CondaContent {
    parse(line).lines()[0].content.clone()
}

/// Channel, name and versions of a spec, as written.
fn parts(line: &str) -> (Option<&str>, &str, String) {
    let CondaContent::Spec(spec) = content(line) else {
        panic!("{line} is {:?}", content(line));
    };
    let versions = match spec.versions {
        Versions::Any => String::new(),
        Versions::Build { version, build } => {
            format!("{}|{}", version.slice(line), build.slice(line))
        }
        Versions::Compatible(span) => format!("~{}", span.slice(line)),
        Versions::Written(span) => span.slice(line).to_owned(),
        Versions::Keys { version, .. } => {
            version.map_or_else(String::new, |it| format!("[{}]", it.slice(line)))
        }
    };
    (
        spec.channel.map(|span| span.slice(line)),
        spec.name.slice(line),
        versions,
    )
}

#[test]
fn specs_are_read() {
    for (line, channel, name, versions) in [
        ("numpy", None, "numpy", ""),
        ("numpy=1.2", None, "numpy", "=1.2"),
        ("numpy==1.2", None, "numpy", "==1.2"),
        ("numpy=1.2=py37_0", None, "numpy", "1.2|py37_0"),
        ("numpy 1.2 py37_0", None, "numpy", "1.2|py37_0"),
        ("numpy 1.2", None, "numpy", "1.2"),
        ("numpy>=1.0", None, "numpy", ">=1.0"),
        ("numpy >=1.0,<2 # why", None, "numpy", ">=1.0,<2"),
        ("numpy = 1.2", None, "numpy", "= 1.2"),
        ("numpy=1.2.*", None, "numpy", "=1.2.*"),
        ("  numpy  ", None, "numpy", ""),
        ("numpy#why", None, "numpy", ""),
        ("conda-forge::numpy", Some("conda-forge"), "numpy", ""),
        (
            "conda-forge::numpy=1.2",
            Some("conda-forge"),
            "numpy",
            "=1.2",
        ),
        (
            "https://conda.example.com/a::numpy",
            Some("https://conda.example.com/a"),
            "numpy",
            "",
        ),
        ("numpy[version='>=1']", None, "numpy", "[>=1]"),
        ("numpy[version=1.7]", None, "numpy", "[1.7]"),
        ("dash~=1.4.2", None, "dash", "~1.4.2"),
        ("openssl=1.0.2l=vc14_0", None, "openssl", "1.0.2l|vc14_0"),
        ("_libgcc_mutex=0.1=main", None, "_libgcc_mutex", "0.1|main"),
        ("anaconda=custom=py38_2", None, "anaconda", "custom|py38_2"),
    ] {
        assert_eq!(parts(line), (channel, name, versions.to_owned()), "{line}");
    }
    let line = "dash=1.0=pypi_0";
    assert!(matches!(content(line), CondaContent::Spec(spec) if spec.is_from_pip(line)));
}

#[test]
fn lines_of_pip_are_told_apart() {
    for line in [
        "dash[diskcache]",
        "dash[diskcache,celery]>=2.1,<3",
        "git+https://git.example.com/x.git#egg=x",
        "pkg @ https://example.com/pkg.zip",
        "pkg@git+ssh://git@git.example.com/x.git",
        "https://example.com/pkg-1.0-py3-none-any.whl",
        "--extra-index-url https://dash.example.com/packages",
        "-e .",
    ] {
        assert_eq!(
            content(line),
            CondaContent::Pip(Span::new(0, line.len())),
            "{line}"
        );
    }
}

#[test]
fn what_is_neither_is_a_problem_with_a_place() {
    for (line, words) in [
        ("@EXPLICIT", "one platform only"),
        (
            "https://conda.example.com/win-64/a-1-0.tar.bz2#0123",
            "one platform only",
        ),
        ("https://example.com/pkg.zip", "a URL"),
        ("-r base.txt", "includes another"),
        ("-c conda-forge", "command line"),
        ("- numpy", "environment.yml"),
        ("dependencies:", "environment.yml"),
        ("<<<<<<< HEAD", "conflict"),
        ("=======", "conflict"),
        ("dash==1.0; python_version<'3'", "marker"),
        ("these are the packages", "neither"),
        ("numpy=>1.0", "neither"),
        ("numpy>=", "neither"),
        ("numpy=", "neither"),
        ("numpy==>1", "neither"),
        ("--what", "an option"),
        ("<html>", "neither"),
    ] {
        let text = format!("a\n  {line}\n");
        let list = parse(&text);
        let problem = list.problem().expect(line);
        assert_eq!(problem.span, Span::new(4, 4 + line.len()), "{line}");
        assert!(
            problem.message.contains(words),
            "{line}: {}",
            problem.message
        );
    }
}

#[test]
fn headers_and_comments_are_kept_apart() {
    let text = "# made by conda\r\n# platform: osx-64\r\n\r\na # b\r\n";
    let list = parse(text);
    assert_eq!(list.platform().unwrap().slice(text), "osx-64");
    assert_eq!(list.lines()[3].comment.unwrap().slice(text), "# b");
    assert_eq!(list.specs().count(), 1);
    assert!(!list.is_empty() && parse("# x\n\n").is_empty());
    assert_eq!(parse("# platform: \n").platform(), None);
}

#[test]
fn powershell_writes_utf16() {
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend("a=1=py_0\r\n".encode_utf16().flat_map(u16::to_le_bytes));
    let text = CondaList::decode(&bytes).unwrap();
    assert_eq!(CondaList::parse(&text).unwrap().specs().count(), 1);
    assert_eq!(text.encode(), bytes);
}

proptest! {
    #[test]
    fn lines_cover_every_byte(text in "[a-c=<>!~:\\[\\]@#;./ \\-\\r\\n0-9']{0,60}") {
        let list = parse(&text);
        let mut end = 0;
        for line in list.lines() {
            prop_assert_eq!(line.full.start, end);
            end = line.full.end;
            if let CondaContent::Spec(spec) = &line.content {
                prop_assert!(!spec.name.slice(&text).is_empty());
                prop_assert!(spec.span.start >= line.span.start && spec.span.end <= line.span.end);
            }
        }
        prop_assert_eq!(end, text.len());
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,40}", bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        parse(&text);
        if let Ok(text) = CondaList::decode(&bytes) {
            CondaList::parse(&text).unwrap();
            prop_assert_eq!(text.encode(), bytes);
        }
    }

    #[test]
    fn a_spec_replaced_changes_its_own_line(before in "[a-z]{1,3}", version in "[0-9]{1,2}\\.[0-9]") {
        let text = format!("{before}\n{before}>=1 # why\nlast");
        let spec = parse(&text).specs().nth(1).unwrap().1.clone();
        let new = text::splice(&text, &[(spec.span, format!("x=={version}"))]).unwrap();
        prop_assert_eq!(&new, &format!("{before}\nx=={version} # why\nlast"));
        prop_assert_eq!(parse(&new).specs().count(), 3);
    }
}
