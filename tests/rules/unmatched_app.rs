//! Tests of DL405.

use crate::harness::{app, inventory, server_app};

fn found(names: &[&str], folder: &str) -> Vec<String> {
    let apps = names.iter().map(|name| server_app(name, "/srv/a", "r1"));
    let case = app([("Procfile", "web: gunicorn app:server\n")]).rule("DL405");
    let mut case = case.server(inventory(apps.collect()), folder);
    case.remote("dokku@dash.example.com:one");
    case.remote("dokku@dash.example.com:two");
    case.check()
}

#[test]
fn an_app_that_the_server_does_not_have_is_told() {
    let found = found(&["costs"], "sales");
    assert_eq!(found.len(), 1);
    assert!(
        found[0].contains("no app of the inventory is called"),
        "{found:?}"
    );
}

#[test]
fn two_candidates_are_told() {
    let found = found(&["one", "two"], "sales");
    assert!(found[0].contains("may be `one` or `two`"), "{found:?}");
}

#[test]
fn one_candidate_is_it() {
    assert!(found(&["two", "sales"], "sales").is_empty());
    assert!(found(&["sales"], "sales").is_empty());
}
