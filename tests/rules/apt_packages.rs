//! Tests of DL102.

use crate::harness::{After, Case, app};

fn case<const N: usize>(files: [(&str, &str); N]) -> Case {
    let mut all = vec![
        ("requirements.txt", "dash==2.9.3\n"),
        ("Procfile", "web: gunicorn app:server\n"),
    ];
    all.extend(files);
    app(all).rule("DL102")
}

/// The only file that matters here; the old ones are gone.
#[track_caller]
fn aptfile(after: &After) -> &str {
    let old = after
        .paths()
        .into_iter()
        .find(|path| path.starts_with("apt-"));
    assert_eq!(old, None);
    after.text("Aptfile")
}

#[test]
fn a_plain_list_is_renamed_byte_for_byte() {
    let findings = case([("apt-packages", "libsnappy-dev\nllvm")]).findings();
    let fix = findings[0].fix.as_ref().unwrap();
    assert_eq!(fix.title, "rename apt-packages to Aptfile");
    let after = case([("apt-packages", "libsnappy-dev\nllvm")]).fix();
    assert_eq!(aptfile(&after), "libsnappy-dev\nllvm");
    assert_eq!(after.open, [""; 0]);
}

#[test]
fn layout_becomes_what_the_buildpack_reads() {
    let old = "\u{feff}  libxml2-dev\tlibxslt1-dev # for lxml\r\n   # all of Java\r\nopenjdk-8*\r\n\r\ncurl=7.68.0-1\r\nlibxml2-dev\r\n";
    let after = case([("apt-packages", old)]).fix();
    assert_eq!(
        aptfile(&after),
        "# for lxml\nlibxml2-dev libxslt1-dev\n# all of Java\nopenjdk-8*\n\ncurl=7.68.0-1\n"
    );
    assert_eq!(
        after.fixed,
        [
            "apt-packages:1:3: DL102 apt-packages names 4 packages that Dash Enterprise 5 looks for in Aptfile"
        ]
    );
}

#[test]
fn utf16_is_read() {
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend("libaio1\r\n".encode_utf16().flat_map(u16::to_le_bytes));
    let after = app([
        ("Procfile", b"web: gunicorn app:server\n".to_vec()),
        ("apt-packages", bytes),
    ])
    .rule("DL102")
    .fix();
    assert_eq!(aptfile(&after), "libaio1\n");
}

#[test]
fn an_existing_aptfile_gets_what_it_lacks() {
    let after = case([
        ("Aptfile", "# ours\ncurl  libaio1"),
        (
            "apt-packages",
            "# ours\nlibaio1 unzip\ncurl\n\n# zip\nzip\n",
        ),
    ])
    .fix();
    assert_eq!(
        aptfile(&after),
        "# ours\ncurl  libaio1\nunzip\n# zip\nzip\n"
    );
}

#[test]
fn an_aptfile_that_says_it_all_stays_as_it_is() {
    let after = case([
        ("Aptfile", "unzip\r\ncurl"),
        ("apt-packages", "# note\ncurl\n"),
    ])
    .fix();
    assert_eq!(aptfile(&after), "unzip\r\ncurl");
}

#[test]
fn an_empty_list_goes() {
    let after = case([("apt-packages", "\n")]).fix();
    assert!(
        !after.paths().contains(&"apt-packages"),
        "{:?}",
        after.paths()
    );
}

#[test]
fn words_that_an_aptfile_cannot_say_keep_the_file() {
    let list = "curl\n-t bionic-backports git\n./pkgs/tool.deb\n<<<<<<< HEAD\nhttps://dash.example.com/x.deb\n";
    let case = case([("apt-packages", list)]);
    assert_eq!(
        case.check(),
        [
            "apt-packages:2:1: DL102 `-t` in apt-packages is an option of apt-get, not a package",
            "apt-packages:3:1: DL102 `./pkgs/tool.deb` in apt-packages ends in `deb`, so Dash Enterprise 5 fetches it as a URL, which it is not",
            "apt-packages:4:1: DL102 `<<<<<<<` in apt-packages is not the name of a Debian package",
            "apt-packages:4:9: DL102 `HEAD` in apt-packages has upper-case letters, which no Debian package name has",
        ]
    );
    assert_eq!(case.fix().text("apt-packages"), list);
}

#[test]
fn sources_become_repo_lines() {
    let after = case([
        ("apt-packages", "tool\n"),
        ("apt-repositories", "# tools\r\ndeb [arch=amd64] https://apt.example.com/tools jammy main\r\n"),
        ("apt-sources-list", "deb https://apt.example.com/ubuntu jammy-updates main universe # mirror\ndeb [arch=amd64] https://apt.example.com/tools jammy main\n"),
    ])
    .fix();
    assert_eq!(
        aptfile(&after),
        "tool\n# tools\n:repo:deb [arch=amd64] https://apt.example.com/tools jammy main\n# mirror\n:repo:deb https://apt.example.com/ubuntu jammy-updates main universe\n"
    );
    let steps = after.steps.join("\n");
    assert!(steps.contains("[trusted=yes]"), "{steps}");
    assert!(
        steps.contains("took the place of Ubuntu's own sources"),
        "{steps}"
    );
}

#[test]
fn a_trusted_source_needs_no_step() {
    let line = "deb [trusted=yes] https://apt.example.com/tools stable main\n";
    let after = case([("apt-repositories", line)]).fix();
    assert_eq!(aptfile(&after), format!(":repo:{line}"));
    assert_eq!(after.steps, [""; 0]);
}

#[test]
fn sources_that_de5_cannot_take_are_left_while_packages_move() {
    let repositories = "ppa:ubuntugis/ppa\nuniverse\ndeb [signed-by=/usr/share/keyrings/a.gpg] https://apt.example.com/a jammy main\n";
    let list = "deb https://apt.example.com/ubuntu bionic main\ndeb https://apt.example.com/pg xenial-pgdg main\n";
    let after = case([
        ("apt-packages", "gdal-bin\n"),
        ("apt-repositories", repositories),
        ("apt-sources-list", list),
    ])
    .fix();
    assert_eq!(after.text("Aptfile"), "gdal-bin\n");
    assert_eq!(after.text("apt-repositories"), repositories);
    assert_eq!(after.text("apt-sources-list"), list);
    assert_eq!(
        after.open,
        [
            "apt-repositories:1:1: DL102 apt-repositories adds `ppa:ubuntugis/ppa`, and Dash Enterprise 5 takes no PPA",
            "apt-repositories:2:1: DL102 apt-repositories has a line that is no package source for Dash Enterprise 5: no `deb` at its beginning",
            "apt-repositories:3:6: DL102 apt-repositories has a source that is signed by a key file, and Dash Enterprise 5 imports no keys",
            "apt-sources-list:1:36: DL102 apt-sources-list takes packages built for bionic; Dash Enterprise 5 runs Ubuntu 22.04 (jammy)",
            "apt-sources-list:2:32: DL102 apt-sources-list takes packages built for xenial; Dash Enterprise 5 runs Ubuntu 22.04 (jammy)",
        ]
    );
}

#[test]
fn what_has_no_counterpart_is_said_and_left() {
    let case = case([
        ("apt-conf", "Acquire::Retries \"3\";\n"),
        ("apt-debconf", "a a/b boolean true\n"),
        (
            "apt-env",
            "export LLVM_CONFIG=/usr/bin/llvm-config-11\nTOKEN=s3cret\n",
        ),
        ("apt-keys", "https://apt.example.com/key.asc\n"),
        ("apt-preferences", "Package: *\nPin: release a=bionic\n"),
        ("dpkg-packages/tool.deb", "!<arch>\n"),
        ("dpkg-packages/README", "x"),
    ]);
    assert_eq!(
        case.check(),
        [
            "apt-conf:1:1: DL102 apt-conf configures apt, and Dash Enterprise 5 reads no configuration of apt",
            "apt-debconf:1:1: DL102 apt-debconf answers the questions of packages while they are installed; Dash Enterprise 5 only unpacks packages",
            "apt-env:1:1: DL102 apt-env set LLVM_CONFIG, TOKEN while Dash Enterprise 4 installed packages; Dash Enterprise 5 does not read it",
            "apt-keys:1:1: DL102 apt-keys names keys of package sources, and Dash Enterprise 5 imports no keys",
            "apt-preferences:1:1: DL102 apt-preferences pins packages to a source, which Dash Enterprise 5 cannot do",
            "dpkg-packages:1:1: DL102 dpkg-packages/ holds packages that Dash Enterprise 5 does not install: tool.deb",
        ]
    );
    let findings = format!("{:?}", case.findings());
    assert!(!findings.contains("s3cret") && !findings.contains("llvm-config-11"));
    assert_eq!(case.fix().paths().len(), 9);
}

#[test]
fn an_empty_companion_goes() {
    let after = case([("apt-keys", "\n"), ("apt-env", "")]).fix();
    assert_eq!(after.paths(), ["Procfile", "requirements.txt"]);
    assert_eq!(after.open, [""; 0]);
}

#[test]
fn bytes_that_are_no_text_are_left() {
    let files = [
        ("Procfile", b"web: gunicorn app:server\n".to_vec()),
        ("apt-packages", b"curl\nlib\xE9\n".to_vec()),
    ];
    let after = app(files).rule("DL102").fix();
    assert_eq!(
        after.open,
        ["apt-packages:2:4: DL102 apt-packages cannot be used: a byte that is not UTF-8 (byte 8)"]
    );
    assert_eq!(after.files["apt-packages"], b"curl\nlib\xE9\n");
}

#[test]
fn a_broken_aptfile_comes_first() {
    let files = [
        ("Procfile", b"web: gunicorn app:server\n".to_vec()),
        ("apt-packages", b"curl\n".to_vec()),
        ("Aptfile", b"lib\xE9\n".to_vec()),
    ];
    let after = app(files).rule("DL1").fix();
    assert_eq!(after.files["Aptfile"], b"lib\xE9\n");
    assert!(after.paths().contains(&"apt-packages"));
    assert!(
        after
            .steps
            .iter()
            .any(|step| step.starts_with("Mend Aptfile first")),
        "{:?}",
        after.steps
    );
    let broken = after
        .open
        .iter()
        .filter(|line| line.contains("cannot be used"));
    assert_eq!(broken.count(), 1);
}

#[test]
fn an_app_without_packages_is_quiet() {
    assert_eq!(case([("apt-packages.md", "x")]).check(), [""; 0]);
}
