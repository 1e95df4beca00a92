//! Tests of stub-packages.

use crate::harness::{Case, app};

fn case(requirements: &str) -> Case {
    app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", requirements),
    ])
    .rule("DL203")
}

#[test]
fn a_stub_without_an_index_is_found() {
    assert_eq!(
        case("dash\nDash_Design-Kit>=0\n").check(),
        [
            "requirements.txt:2:1: DL203 dash-design-kit is asked for without a Dash Enterprise package index: the public index has only a stub of that name, which installs and then raises on import"
        ]
    );
    for name in [
        "dash-snapshots",
        "de-client",
        "dash-enterprise",
        "dash-enterprise-libraries",
        "dash_embedded",
        "dash-notes",
        "dash-user-analytics",
    ] {
        assert_eq!(case(name).check().len(), 1, "{name}");
    }
}

#[test]
fn a_pin_fails_in_another_way() {
    let found = case("dash-design-kit==1.6.8\n").check();
    assert!(
        found[0].ends_with("a stub of that name, not this version"),
        "{found:?}"
    );
}

#[test]
fn the_guide_names_the_server_when_it_is_known() {
    let after = case("dash-design-kit\n").host("dash.example.com").fix();
    assert!(after.steps[0].contains("`--extra-index-url https://dash.example.com/packages`"));
    assert_eq!(after.text("requirements.txt"), "dash-design-kit\n");
}

#[test]
fn any_way_to_another_index_is_enough() {
    for option in [
        "--extra-index-url https://dash.example.com/packages",
        "-i https://mirror.example.com/simple",
        "--find-links ./wheels",
        "--no-index",
    ] {
        assert!(
            case(&format!("{option}\ndash-design-kit\n"))
                .check()
                .is_empty(),
            "{option}"
        );
    }
    assert!(case("dash-design-kit\n").remove_index().check().is_empty());
    let found = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", "dash-design-kit\n"),
        (
            "pip.conf",
            "[global]\nextra-index-url = https://dash.example.com/packages\n",
        ),
    ])
    .rule("DL203")
    .check();
    assert!(found.is_empty());
}

#[test]
fn what_is_not_taken_from_an_index_is_no_stub() {
    for line in [
        "dash-enterprise-auth",
        "dash-design-kit-extras",
        "./dash_design_kit-1.6.8-py3-none-any.whl",
        "dash-design-kit @ https://example.com/dash_design_kit-1.6.8.zip",
        "# dash-design-kit",
        "dash-design-kit ; sys_platform == 'win32'",
    ] {
        assert!(case(line).check().is_empty(), "{line}");
    }
}

#[test]
fn the_list_of_conda_is_a_list() {
    let environment = "dependencies:\n  - python=3.9\n  - pip\n  - pip:\n      - dash-snapshots\n";
    let found = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("environment.yml", environment),
    ])
    .rule("DL203")
    .check();
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("environment.yml:5:9: DL203 dash-snapshots is asked for"));
}
