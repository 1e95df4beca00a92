//! Lines that pip refuses: why, where, and what they were meant to be.

use super::only;
use crate::files::requirements::{Content, Refusal};

fn refusal(text: &str) -> Refusal {
    match only(text).content {
        Content::Unreadable(refusal) => refusal,
        other => panic!("{text:?} is {other:?}"),
    }
}

/// Line, part of the message, place, and what was probably meant.
const CASES: &[(&str, &str, &str, &[&str])] = &[
    ("dash==1.0 \\  ", "does not join", "\\", &[]),
    ("dash==1.0 --hash=sha256:a \\ ", "does not join", "\\", &[]),
    ("dash,", "which is no requirement", "dash,", &["dash"]),
    ("dash - 1.0", "`- 1.0`, which pip passes over", "- 1.0", &[]),
    ("==========", "which is no requirement", "==========", &[]),
    (
        "// the web server",
        "which is no requirement",
        "// the web server",
        &[],
    ),
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
    ("--pre dash", "`dash`, which pip passes over", "dash", &[]),
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
    (
        "dash; 'linux' ~= sys_platform",
        "at which pip stops",
        "'linux' ~= sys_platform",
        &[],
    ),
    (
        "dash; python_version > '3' or python_version ~= '3'",
        "at which pip stops",
        "python_version > '3' or python_version ~= '3'",
        &[],
    ),
    (
        "dash; python_version ~= '3.6.*'",
        "at which pip stops",
        "python_version ~= '3.6.*'",
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
        "git+git@example.com/a/b.git",
        "address of git",
        "git+git@example.com/a/b.git",
        &["git+ssh://git@example.com/a/b.git"],
    ),
    (
        "git+git@example.com:a/b.git#egg=b",
        "address of git",
        "git+git@example.com:a/b.git#egg=b",
        &["git+ssh://git@example.com/a/b.git#egg=b"],
    ),
    (
        "-e git+git@example.com:a/b.git#egg=b",
        "address of git",
        "git+git@example.com:a/b.git#egg=b",
        &["-e git+ssh://git@example.com/a/b.git#egg=b"],
    ),
    (
        "https://example.com/x.whl#sha256=aa",
        "no name of a wheel",
        "x.whl",
        &[],
    ),
    (
        "dash @ https://example.com/dash-1.0-py3.whl",
        "no name of a wheel",
        "dash-1.0-py3.whl",
        &[],
    ),
    (
        "./wheels/dash-1.0-b-py3-none-any.whl",
        "no name of a wheel",
        "dash-1.0-b-py3-none-any.whl",
        &[],
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

#[test]
fn what_pip_refuses_says_why_and_where() {
    for (text, message, place, instead) in CASES {
        let found = refusal(text);
        assert!(
            found.kind.to_string().contains(message),
            "{text}: {}",
            found.kind
        );
        assert_eq!(found.span.slice(text), *place, "{text}");
        assert_eq!(found.instead, *instead, "{text}");
    }
}
