//! Tests of package-floor.

use crate::harness::{Case, app};

fn case(requirements: &str) -> Case {
    app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", requirements),
    ])
    .rule("DL202")
}

fn raised(requirements: &str) -> String {
    let after = case(requirements).fix();
    assert!(after.open.is_empty(), "{:?}", after.open);
    after.text("requirements.txt").to_owned()
}

#[test]
fn old_versions_become_the_floor() {
    for (before, after) in [
        (
            "dash-enterprise-auth==0.0.4\n",
            "dash-enterprise-auth>=0.0.6\n",
        ),
        (
            "Dash_Enterprise.Auth == 0.0.5  # login\r\n",
            "Dash_Enterprise.Auth >=0.0.6  # login\r\n",
        ),
        (
            "dash_snapshots[x]<2 ; python_version > '3'",
            "dash_snapshots[x]>=2.2.1 ; python_version > '3'",
        ),
        ("dash-snapshots (==1.4.1)\n", "dash-snapshots (>=2.2.1)\n"),
        (
            "dash-enterprise-auth>=0.0.4,<1\n",
            "dash-enterprise-auth>=0.0.6,<1\n",
        ),
        (
            "dash-enterprise-auth~=0.0.2\n",
            "dash-enterprise-auth>=0.0.6\n",
        ),
    ] {
        assert_eq!(raised(before), after);
    }
}

#[test]
fn what_excludes_the_old_versions_stays() {
    for line in [
        "dash-enterprise-auth==0.0.6",
        "dash-enterprise-auth>=0.0.6",
        "dash-enterprise-auth",
        "dash-enterprise-auth>=0.0.6,<0.1",
        "dash-snapshots~=2.2.1",
        "dash-snapshots==2.*,>2.2.1",
        "dash-snapshots===local-build",
        "dash-snapshots==${VERSION}",
        "dash-enterprise-authority==0.0.1",
        "dash-enterprise-auth==0.0.4 ; sys_platform == 'win32'",
        "# dash-snapshots==1.0",
    ] {
        assert_eq!(case(line).check(), Vec::<String>::new(), "{line}");
    }
}

#[test]
fn dash_3_needs_a_newer_auth() {
    assert_eq!(
        case("dash>=3.0\ndash-enterprise-auth==0.1.1\n").check(),
        [
            "requirements.txt:2:1: DL202 dash-enterprise-auth ==0.1.1 is too old for Dash Enterprise 5, which needs 0.2.5 or newer with Dash 3"
        ]
    );
    assert_eq!(
        raised("dash==3.0.4\ndash-enterprise-auth==0.0.4\n"),
        "dash==3.0.4\ndash-enterprise-auth>=0.2.5\n"
    );
    assert!(
        case("dash==2.9\ndash-enterprise-auth==0.1.1\n")
            .check()
            .is_empty()
    );
    assert!(
        case("dash\ndash-enterprise-auth==0.1.1\n")
            .check()
            .is_empty()
    );
}

#[test]
fn an_open_specifier_works_by_luck() {
    let findings = case("dash-snapshots>=1.0\n").findings();
    assert_eq!(findings[0].category, dashlift::rules::Category::Should);
    assert_eq!(
        findings[0].message,
        "dash-snapshots >=1.0 allows versions that are too old for Dash Enterprise 5, which needs 2.2.1 or newer"
    );
    assert_eq!(
        case("dash-snapshots==1.0\n").findings()[0].category,
        dashlift::rules::Category::Must
    );
}

#[test]
fn hashes_of_the_line_go_and_it_is_said() {
    let list = "dash-enterprise-auth[a]==0.0.4 ; python_version > '3' \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb  # login\ndash\n";
    let after = case(list).fix();
    assert_eq!(
        after.text("requirements.txt"),
        "dash-enterprise-auth[a]>=0.0.6 ; python_version > '3'  # login\ndash\n"
    );
    let findings = case(list).findings();
    assert!(
        findings[0]
            .fix
            .as_ref()
            .unwrap()
            .title
            .contains("without the hashes")
    );
}

#[test]
fn where_pip_checks_all_hashes_the_list_is_made_anew() {
    let list = "dash-enterprise-auth==0.0.4 --hash=sha256:aa\ndash==2.0 --hash=sha256:bb\n";
    let after = case(list).fix();
    assert_eq!(after.text("requirements.txt"), list);
    assert!(after.steps[0].contains("make it anew"));
}

#[test]
fn constraints_and_included_lists_are_raised() {
    let after = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", "-r base.txt\n-c constraints.txt\n"),
        ("base.txt", "dash-snapshots==1.0"),
        ("constraints.txt", "dash_enterprise_auth==0.0.1\n"),
    ])
    .rule("DL202")
    .fix();
    assert_eq!(after.text("base.txt"), "dash-snapshots>=2.2.1");
    assert_eq!(
        after.text("constraints.txt"),
        "dash_enterprise_auth>=0.0.6\n"
    );
}

#[test]
fn the_list_of_conda_is_raised() {
    let environment = "dependencies:\n  - python=3.9\n  - pip\n  - pip:\n    - \"dash-snapshots==1.0 ; python_version > '3'\"\n    - \"dash-enterprise\\x2Dauth==0.0.1\"\n";
    let after = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("environment.yml", environment),
    ])
    .rule("DL202")
    .fix();
    assert_eq!(
        after.text("environment.yml"),
        environment.replace("dash-snapshots==1.0", "dash-snapshots>=2.2.1")
    );
    assert_eq!(after.open.len(), 1);
    assert!(
        after
            .steps
            .contains(&"Write `dash-enterprise-auth>=0.0.6` in its place.".to_owned())
    );
}
