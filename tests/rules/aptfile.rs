//! Tests of DL103.

use crate::harness::{Case, app};

fn case(aptfile: &str) -> Case {
    app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("Aptfile", aptfile),
    ])
    .rule("DL103")
}

#[test]
fn a_sound_aptfile_is_quiet() {
    for sound in [
        "",
        "# a comment\nlibgl1-mesa-glx openjdk-8*\n\ncurl=7.81.0\n",
        ":repo:deb [trusted=yes] https://apt.example.com/x jammy main\nhttps://dash.example.com/tool.deb\n",
        "unzip",
    ] {
        assert_eq!(case(sound).check(), [""; 0], "{sound}");
        assert_eq!(case(sound).fix().text("Aptfile"), sound);
    }
}

#[test]
fn line_ends_become_line_feeds() {
    let case = case("libxml2-dev\r\ncurl\nunzip\rzip");
    assert_eq!(
        case.check(),
        [
            "Aptfile:1:12: DL103 Aptfile has Windows or Mac line ends, which Dash Enterprise 5 reads as part of a package name"
        ]
    );
    let after = case.fix();
    assert_eq!(after.text("Aptfile"), "libxml2-dev\ncurl\nunzip\nzip");
    assert_eq!(after.open, [""; 0]);
}

#[test]
fn comments_and_sources_come_to_column_one_in_one_go() {
    let after =
        case("  # a b\r\n\tcurl wget  # c \r\n :repo:deb https://apt.example.com/x jammy main\r\n")
            .fix();
    assert_eq!(
        after.text("Aptfile"),
        "# a b\n# c\ncurl wget \n:repo:deb https://apt.example.com/x jammy main\n"
    );
    assert_eq!(after.fixed.len(), 4);
    assert_eq!(after.open, [""; 0]);
}

#[test]
fn another_encoding_becomes_utf8() {
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend("curl # c\r\n".encode_utf16().flat_map(u16::to_be_bytes));
    let files = [
        ("Procfile", b"web: gunicorn app:server\n".to_vec()),
        ("Aptfile", bytes),
    ];
    assert_eq!(
        app(files).rule("DL103").fix().text("Aptfile"),
        "# c\ncurl\n"
    );
    let after = case("\u{feff}curl\n").fix();
    assert_eq!(after.text("Aptfile"), "curl\n");
    assert_eq!(
        after.fixed,
        [
            "Aptfile:1:1: DL103 Aptfile is written in UTF-8 with a byte order mark, which Dash Enterprise 5 reads as part of a package name"
        ]
    );
}

#[test]
fn words_that_are_no_packages_are_left_to_a_person() {
    let text = "libXt\npkgs/tool.deb --yes\ncurl, wget\nfoo :repo:deb https://apt.example.com/x jammy main\n";
    let case = case(text);
    assert_eq!(
        case.check()[..4],
        [
            "Aptfile:1:1: DL103 `libXt` in Aptfile has upper-case letters, which no Debian package name has",
            "Aptfile:2:1: DL103 `pkgs/tool.deb` in Aptfile ends in `deb`, so Dash Enterprise 5 fetches it as a URL, which it is not",
            "Aptfile:2:15: DL103 `--yes` in Aptfile is an option of apt-get, not a package",
            "Aptfile:3:1: DL103 `curl,` in Aptfile is not the name of a Debian package",
        ]
    );
    assert_eq!(case.fix().text("Aptfile"), text);
}

#[test]
fn names_that_are_gone_say_what_to_write() {
    let case = case("libv8-3.14-dev python-dev=2.7\nlibjasper-dev llvm-14\n");
    assert_eq!(
        case.check(),
        [
            "Aptfile:1:1: DL103 `libv8-3.14-dev` is not in Ubuntu 22.04: V8 3.14 left after 18.04; libnode-dev brings the headers of a newer V8",
            "Aptfile:1:16: DL103 `python-dev=2.7` is not in Ubuntu 22.04: it was Python 2's; 22.04 has no package of this name",
            "Aptfile:2:1: DL103 `libjasper-dev` is not in Ubuntu 22.04: JasPer left after 16.04",
        ]
    );
    let steps = case.fix().steps;
    assert!(
        steps[0].starts_with("Write `libnode-dev` instead"),
        "{steps:?}"
    );
    assert!(steps[2].starts_with("Take the package out"), "{steps:?}");
}

#[test]
fn names_that_are_gone_are_known_before_the_move() {
    let files = [
        ("requirements.txt", "dash\n"),
        ("Procfile", "web: gunicorn app:server\n"),
        ("apt-packages", "curl\nllvm-8\n"),
    ];
    let case = app(files).rule("DL10");
    let said = "DL103 `llvm-8` is not in Ubuntu 22.04: 22.04 has LLVM 11 and newer; llvmlite's wheels bring the LLVM that they need";
    assert!(case.check().contains(&format!("apt-packages:2:1: {said}")));
    let after = case.fix();
    assert_eq!(after.text("Aptfile"), "curl\nllvm-8\n");
    assert_eq!(after.open, [format!("Aptfile:2:1: {said}")]);
}

#[test]
fn sources_for_another_system_are_said() {
    let case = case(
        ":repo:ppa:a/b\n:repo:deb https://apt.example.com/x focal main\n:repo:\n :repo:nothing\n",
    );
    assert_eq!(
        case.check(),
        [
            "Aptfile:1:7: DL103 `ppa:a/b` is a PPA, which Dash Enterprise 5 does not take",
            "Aptfile:2:37: DL103 a package source built for focal; Dash Enterprise 5 runs Ubuntu 22.04 (jammy)",
            "Aptfile:3:7: DL103 `:repo:` without a package source behind it",
            "Aptfile:4:2: DL103 `:repo:` is not in column one, so Dash Enterprise 5 reads the line as package names",
            "Aptfile:4:8: DL103 `:repo:` with no `deb` at its beginning behind it",
        ]
    );
}
