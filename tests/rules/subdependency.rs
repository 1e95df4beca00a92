//! Tests of subdependency.

use std::sync::Arc;

use crate::harness::{Case, app};
use dashlift::packages::edges::{Metadata, Origin};
use dashlift::rules::{Category, Safety};

/// What pip-compile would write for an app that asks for dash and gunicorn.
const FROZEN: &str = "\
click==8.1.7  # via flask
dash==2.9.3  # via -r requirements.in
flask==2.2.5  # via dash
gunicorn==20.1.0  # via -r requirements.in
";

fn case(requirements: &str) -> Case {
    app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", requirements),
    ])
    .rule("DL204")
}

#[test]
fn what_others_bring_moves_to_constraints() {
    let after = case(FROZEN).fix();
    assert_eq!(
        after.fixed,
        ["requirements.txt:1:1: DL204 2 of 4 requirements are brought along by others"]
    );
    assert_eq!(
        after.text("requirements.txt"),
        "-c constraints.txt\ndash==2.9.3  # via -r requirements.in\ngunicorn==20.1.0  # via -r requirements.in\n"
    );
    assert_eq!(
        after.text("constraints.txt"),
        "# Versions of what the requirements bring along.\nclick==8.1.7  # via flask\nflask==2.2.5  # via dash\n"
    );
    assert!(after.open.is_empty());
}

#[test]
fn the_finding_shows_who_brings_each_line() {
    let finding = case(FROZEN).findings().remove(0);
    assert_eq!(finding.category, Category::May);
    let notes: Vec<&str> = finding.evidence.iter().map(|it| it.note.as_str()).collect();
    assert_eq!(notes, ["brought by dash > flask", "brought by dash"]);
    let fix = finding.fix.unwrap();
    assert_eq!(fix.safety, Safety::Safe);
    assert_eq!(
        fix.title,
        "keep 2 lines, and move the versions of the others to constraints.txt"
    );
}

#[test]
fn versions_are_forgotten_only_when_asked_and_not_safely() {
    let mut case = case(FROZEN);
    case.settings.drop_pins = true;
    let after = case.fix();
    assert_eq!(after.text("requirements.txt"), FROZEN);
    let after = case.unsafe_fixes().fix();
    assert_eq!(
        after.text("requirements.txt"),
        "dash==2.9.3  # via -r requirements.in\ngunicorn==20.1.0  # via -r requirements.in\n"
    );
    assert_eq!(after.paths(), ["Procfile", "requirements.txt"]);
}

#[test]
fn lists_by_hand_are_left_alone() {
    for list in [
        "dash==2.9.3\ngunicorn==20.1.0\n",
        "dash\nflask\n",
        "dash==2.9.3\nflask==2.2.5\n",
        "dash>=2  # via -r requirements.in\nflask  # via dash\n",
        "",
    ] {
        assert!(case(list).check().is_empty(), "{list}");
    }
}

#[test]
fn an_environment_that_was_named_tells_what_is_needed() {
    let list = "acme-charts==1.0\nacme-colours==1.0\n";
    let case = case(list);
    assert!(case.check().is_empty());
    let mut case = case;
    let mut installed = Metadata::new(Origin::Environment(".venv".to_owned()));
    installed.add("acme-charts", "1.0", ["acme_colours (>=1)"]);
    installed.add("acme-colours", "1.0", []);
    case.settings.installed = Some(Arc::new(installed));
    let after = case.fix();
    assert_eq!(
        after.text("requirements.txt"),
        "-c constraints.txt\nacme-charts==1.0\n"
    );
}

#[test]
fn what_stands_in_the_way_is_named() {
    let list = format!("{FROZEN}six = = 1\n");
    let case = case(&list);
    let finding = case.findings().remove(0);
    assert!(finding.fix.is_none());
    assert_eq!(
        finding.steps[0].text,
        "See to requirements.txt line 5 first: `six = = 1` cannot be read. Then run dashlift again."
    );
    assert_eq!(case.fix().text("requirements.txt"), list);
}

#[test]
fn hashes_want_every_line() {
    let list = FROZEN.replace("==20.1.0", "==20.1.0 --hash=sha256:ab");
    assert!(case(&list).check().is_empty());
}

#[test]
fn it_waits_until_it_is_clear_which_list_counts() {
    let both = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", FROZEN),
        ("environment.yml", "dependencies:\n  - python=3.9\n"),
    ]);
    assert!(both.rule("DL204").check().is_empty());
}

#[test]
fn the_list_of_conda_is_reduced() {
    let after = app([
        ("Procfile", "web: gunicorn app:server\n"),
        (
            "environment.yml",
            "dependencies:\n  - python=3.9\n  - pip\n  - pip:\n    - acme-charts==1.0\n    - acme-colours==1.0\n",
        ),
    ])
    .rule("DL204");
    let mut case = after;
    let mut installed = Metadata::new(Origin::Environment("env".to_owned()));
    installed.add("acme-charts", "1.0", ["acme-colours"]);
    installed.add("acme-colours", "1.0", []);
    case.settings.installed = Some(Arc::new(installed));
    let after = case.fix();
    assert_eq!(
        after.text("environment.yml"),
        "dependencies:\n  - python=3.9\n  - pip\n  - pip:\n    - acme-charts==1.0\n    - -c constraints.txt\n"
    );
    assert!(
        after
            .text("constraints.txt")
            .ends_with("\nacme-colours==1.0\n")
    );
}

#[test]
fn a_tool_that_makes_the_list_is_told_of() {
    let list = format!("# This file is autogenerated by pip-compile\n#\n{FROZEN}");
    let steps = case(&list).fix().steps;
    assert!(steps[0].starts_with("A tool made the list"), "{steps:?}");
}

#[test]
fn it_comes_to_rest_with_the_other_rules() {
    let list = format!("dash-enterprise-auth==0.0.4\nflask==2.2.5\n{FROZEN}enum34==1.1.10\n");
    let after = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", list.as_str()),
    ])
    .rules("DL2")
    .unsafe_fixes()
    .fix();
    assert!(
        after
            .text("requirements.txt")
            .contains("dash-enterprise-auth>=0.0.6")
    );
    assert!(!after.text("requirements.txt").contains("enum34"));
}

#[test]
fn what_conda_brings_goes_with_consent_and_its_versions_are_said() {
    let environment = "channels: [defaults]\ndependencies:\n  - _libgcc_mutex=0.1=main\n  - click=7.1.2=py37_0\n  - flask=1.1.2=py37_0\n  - itsdangerous=1.1.0=py37_0\n  - jinja2=2.11.2=py37_0\n  - markupsafe=1.1.1=py37_0\n  - openssl=1.1.1g=h7b6447c_0\n  - pip=20.0.2=py37_1\n  - python=3.7.7=hcff3b4d_5\n  - werkzeug=1.0.1=py37_0\n  - pip:\n    - gunicorn==20.0.4\n";
    let case = app([
        ("Procfile", "web: gunicorn app:server\n"),
        (
            "app.py",
            "from flask import Flask\nserver = Flask(__name__)\n",
        ),
        ("environment.yml", environment),
    ])
    .rule("DL204");
    let finding = case.check();
    assert_eq!(finding.len(), 1, "{finding:?}");
    assert_eq!(case.fix().text("environment.yml"), environment);
    let after = case.unsafe_fixes().fix();
    assert_eq!(
        after.text("environment.yml"),
        "channels: [defaults]\ndependencies:\n  - flask=1.1.2=py37_0\n  - itsdangerous=1.1.0=py37_0\n  - jinja2=2.11.2=py37_0\n  - markupsafe=1.1.1=py37_0\n  - pip=20.0.2=py37_1\n  - python=3.7.7=hcff3b4d_5\n  - werkzeug=1.0.1=py37_0\n  - pip:\n    - gunicorn==20.0.4\n"
    );
    let steps = after.said.join("\n");
    for gone in ["click=7.1.2", "openssl=1.1.1g", "_libgcc_mutex"] {
        assert!(steps.contains(gone), "{gone}: {steps}");
    }
}
