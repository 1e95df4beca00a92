//! DL115.

use crate::harness::{Case, app};

fn with(names: &[&str]) -> Case {
    let files = names.iter().map(|name| ((*name).to_owned(), "x\n"));
    app(files.chain([("requirements.txt".to_owned(), "dash==2.9.3\n")])).rule("DL115")
}

#[test]
fn all_of_them_are_one_finding() {
    let found = with(&["Procfile", "docker-compose.yml", "Dockerfile"]).check();
    assert_eq!(
        found,
        [
            "Dockerfile:1:1: DL115 Dash Enterprise 5 does not read Dockerfile and docker-compose.yml: buildpacks build the app, and the Procfile starts it"
        ]
    );
}

#[test]
fn others_are_left_alone() {
    for names in [
        &["Procfile"][..],
        &["Procfile", "docker/Dockerfile"],
        &["Procfile", "Dockerfile.dev"],
    ] {
        assert!(with(names).check().is_empty(), "{names:?}");
    }
}

#[test]
fn nothing_is_changed() {
    let after = with(&["Procfile", "Dockerfile"]).unsafe_fixes().fix();
    assert_eq!(after.text("Dockerfile"), "x\n");
    assert_eq!(after.open.len(), 1);
}
