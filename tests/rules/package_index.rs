//! Tests of package-index.

use crate::harness::{Case, app};

const OLD: &str = "https://dash4.example.com/Docs/packages";

fn case(requirements: &str) -> Case {
    app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", requirements),
    ])
    .rule("DL201")
}

/// The list after the fix with a known DE5 host.
fn moved(requirements: &str) -> String {
    let after = case(requirements).host("dash5.example.com").fix();
    assert!(after.open.is_empty(), "{:?}", after.open);
    after.text("requirements.txt").to_owned()
}

#[test]
fn every_spelling_is_moved_in_place() {
    for (before, after) in [
        (
            "--extra-index-url https://dash4.example.com/Docs/packages\n",
            "--extra-index-url https://dash5.example.com/packages\n",
        ),
        (
            "--extra-index-url=https://dash4.example.com/Docs/packages/\r\ndash\r\n",
            "--extra-index-url=https://dash5.example.com/packages\r\ndash\r\n",
        ),
        (
            "-i http://dash4.example.com:8443/docs/PACKAGES",
            "-i https://dash5.example.com/packages",
        ),
        (
            "-ihttps://dash4.example.com/Docs/packages\n",
            "-ihttps://dash5.example.com/packages\n",
        ),
        (
            "--find-links 'https://dash4.example.com/Docs/packages'  # ours\n",
            "--find-links 'https://dash5.example.com/packages'  # ours\n",
        ),
        (
            "--pre --index-url \"https://dash4.example.com/Docs/packages\" --no-index\n",
            "--pre --index-url \"https://dash5.example.com/packages\" --no-index\n",
        ),
        (
            "--extra-index-url https://${KEY}@dash4.example.com/Docs/packages\n",
            "--extra-index-url https://dash5.example.com/packages\n",
        ),
        (
            "--extra-index-url \\\n    https://dash4.example.com/Docs/packages\n",
            "--extra-index-url \\\n    https://dash5.example.com/packages\n",
        ),
        (
            "dash==2.0 --extra-index-url https://dash4.example.com/Docs/packages\n",
            "dash==2.0 --extra-index-url https://dash5.example.com/packages\n",
        ),
    ] {
        assert_eq!(moved(before), after);
    }
}

#[test]
fn trust_moves_with_the_index() {
    assert_eq!(
        moved(
            "--extra-index-url https://dash4.example.com/Docs/packages --trusted-host dash4.example.com\ndash\n"
        ),
        "--extra-index-url https://dash5.example.com/packages --trusted-host dash5.example.com\ndash\n"
    );
    assert_eq!(
        moved(
            "--trusted-host Dash4.example.com:443\n--trusted-host mirror.example.com\n-i https://dash4.example.com/Docs/packages\n-f https://dash4.example.com/Docs/packages\n"
        ),
        "--trusted-host dash5.example.com\n--trusted-host mirror.example.com\n-i https://dash5.example.com/packages\n-f https://dash5.example.com/packages\n"
    );
}

#[test]
fn credentials_are_dropped_and_never_shown() {
    let list = "--extra-index-url https://user:hunter2@dash4.example.com/Docs/packages\ndash\n";
    let after = case(list).host("dash5.example.com").fix();
    assert_eq!(
        after.text("requirements.txt"),
        "--extra-index-url https://dash5.example.com/packages\ndash\n"
    );
    assert!(after.steps[0].contains("holds credentials"));
    for finding in case(list).host("dash5.example.com").findings() {
        assert!(
            !format!("{:?}", (finding.message, finding.steps, finding.fix)).contains("hunter2")
        );
    }
    assert_eq!(
        case(list).check(),
        [
            "requirements.txt:1:1: DL201 `--extra-index-url` points to the package index of the Dash Enterprise 4 server dash4.example.com"
        ]
    );
}

#[test]
fn without_a_host_a_person_decides() {
    let after = case(&format!("--extra-index-url {OLD}\n")).fix();
    assert_eq!(
        after.text("requirements.txt"),
        format!("--extra-index-url {OLD}\n")
    );
    assert_eq!(after.open.len(), 1);
    assert!(after.steps[0].contains("--de5-host"));
}

#[test]
fn the_option_can_be_removed() {
    for (before, after) in [
        ("--extra-index-url {}\ndash\n", "dash\n"),
        (
            "dash\r\n--extra-index-url {} --trusted-host dash4.example.com\r\n",
            "dash\r\n",
        ),
        ("--trusted-host dash4.example.com\n-i {}\ndash\n", "dash\n"),
        ("--pre -i {} --no-index\n", "--pre --no-index\n"),
        ("-i {} --pre\n", "--pre\n"),
        ("dash -i {}\n", "dash\n"),
        (
            "--trusted-host dash4.example.com\n-i {}\n-f https://dash4.example.com/other\n",
            "--trusted-host dash4.example.com\n-f https://dash4.example.com/other\n",
        ),
        ("-i {} -f {}\ndash\n", "dash\n"),
    ] {
        let result = case(&before.replace("{}", OLD)).remove_index().fix();
        assert_eq!(result.text("requirements.txt"), after, "{before}");
        assert!(result.open.is_empty(), "{before}: {:?}", result.open);
    }
}

#[test]
fn other_indexes_are_left_alone() {
    let list = "--extra-index-url https://dash5.example.com/packages\n-i https://mirror.example.com/simple\n-f ./wheels\n--extra-index-url https://${HOST}/packages\n--find-links https://example.com/a/Docs/packages2\n# --extra-index-url https://dash4.example.com/Docs/packages\n";
    assert_eq!(
        case(list).host("dash5.example.com").check(),
        Vec::<String>::new()
    );
}

#[test]
fn included_lists_are_seen() {
    let after = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", "-r more/base.txt\n"),
        (
            "more/base.txt",
            "--extra-index-url https://dash4.example.com/Docs/packages\ndash\n",
        ),
        (
            "unused.txt",
            "--extra-index-url https://dash4.example.com/Docs/packages\n",
        ),
    ])
    .rule("DL201")
    .host("dash5.example.com")
    .fix();
    assert_eq!(
        after.text("more/base.txt"),
        "--extra-index-url https://dash5.example.com/packages\ndash\n"
    );
    assert!(after.text("unused.txt").contains("dash4"));
}

#[test]
fn pip_conf_and_pipfile_are_seen() {
    let files = [
        ("Procfile", "web: gunicorn app:server\n"),
        (
            "pip.conf",
            "[global]\nextra-index-url =\n    https://mirror.example.com/simple\n    https://dash4.example.com/Docs/packages\ntrusted-host = dash4.example.com\n",
        ),
        (
            "Pipfile",
            "[[source]]\nname = 'de'\nurl = 'https://dash4.example.com/Docs/packages'\nverify_ssl = true\n",
        ),
        ("requirements.txt", "dash\n"),
    ];
    let after = app(files).rule("DL201").host("dash5.example.com").fix();
    assert_eq!(
        after.text("pip.conf"),
        "[global]\nextra-index-url =\n    https://mirror.example.com/simple\n    https://dash5.example.com/packages\ntrusted-host = dash5.example.com\n"
    );
    assert!(
        after
            .text("Pipfile")
            .contains("url = \"https://dash5.example.com/packages\"\n")
    );
    let after = app(files).rule("DL201").remove_index().fix();
    assert_eq!(
        after.text("pip.conf"),
        "[global]\nextra-index-url =\n    https://mirror.example.com/simple\n"
    );
    assert_eq!(
        after.open,
        [
            "Pipfile:3:7: DL201 `url` points to the package index of the Dash Enterprise 4 server dash4.example.com"
        ]
    );
}

#[test]
fn a_broken_pipfile_is_said() {
    let found = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("Pipfile", "[[source\n"),
        ("requirements.txt", ""),
    ])
    .rule("DL201")
    .check();
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("Pipfile:1:"), "{found:?}");
}

fn conda(pip: &str) -> Case {
    let environment = format!("name: x\ndependencies:\n  - python=3.9\n  - pip\n  - pip:\n{pip}");
    app([
        ("Procfile", "web: gunicorn app:server\n".to_owned()),
        ("environment.yml", environment),
    ])
    .rule("DL201")
}

#[test]
fn the_list_of_conda_is_moved_in_place() {
    for (before, after) in [
        (
            "    - --extra-index-url https://dash4.example.com/Docs/packages  # ours\n    - dash\n",
            "    - --extra-index-url https://dash5.example.com/packages  # ours\n    - dash\n",
        ),
        (
            "    - '--extra-index-url=https://dash4.example.com/Docs/packages'\r\n",
            "    - '--extra-index-url=https://dash5.example.com/packages'\r\n",
        ),
    ] {
        let result = conda(before).host("dash5.example.com").fix();
        assert!(
            result.text("environment.yml").ends_with(after),
            "{:?}",
            result.text("environment.yml")
        );
        assert!(result.open.is_empty());
    }
}

#[test]
fn an_item_of_conda_goes_unless_it_is_the_last() {
    let item = "    - --extra-index-url https://dash4.example.com/Docs/packages\n";
    let after = conda(&format!("{item}    - dash\n")).remove_index().fix();
    assert!(
        after
            .text("environment.yml")
            .ends_with("  - pip:\n    - dash\n")
    );
    let after = conda(item).remove_index().fix();
    assert!(after.text("environment.yml").ends_with(item));
    assert_eq!((after.open.len(), after.steps.len()), (1, 1));
    // Two at once would leave an empty list: one of them stays for a person.
    let after = conda(&item.repeat(2)).remove_index().fix();
    assert!(
        after
            .text("environment.yml")
            .ends_with(&format!("  - pip:\n{item}"))
    );
}

#[test]
fn what_is_written_with_escapes_is_for_a_person() {
    let item =
        "    - \"--extra-index-url https://u:hunter2@dash4.example.com\\x2FDocs/packages\"\n";
    let case = conda(item).host("dash5.example.com");
    let after = case.fix();
    assert!(after.text("environment.yml").ends_with(item));
    assert_eq!(after.open.len(), 1);
    assert!(after.steps.iter().any(|step| step.contains("escapes")));
    let findings = case.findings();
    assert!(!format!("{:?}", (&findings[0].message, &findings[0].steps)).contains("hunter2"));
}
