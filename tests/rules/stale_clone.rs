//! Tests of DL404.

use crate::harness::{app, inventory, server_app};

fn found(commits: Option<&[&str]>, commit: Option<&str>) -> Vec<String> {
    let mut sales = server_app("sales", "/srv/a", "r1");
    sales.commit = commit.map(str::to_owned);
    let case = app([("Procfile", "web: gunicorn app:server\n")]).rule("DL404");
    let mut case = case.server(inventory(vec![sales]), "sales");
    case.commits(commits);
    case.check()
}

#[test]
fn a_commit_that_is_not_there_is_told() {
    let found = found(Some(&["aaaa"]), Some("0123456789abcdef"));
    assert_eq!(found.len(), 1);
    assert!(
        found[0].contains("runs `012345678` of `sales`"),
        "{found:?}"
    );
}

#[test]
fn nobody_knows_is_nothing_to_tell() {
    assert!(found(Some(&["0123"]), Some("0123")).is_empty());
    assert!(found(None, Some("0123")).is_empty());
    assert!(found(Some(&[]), None).is_empty());
}
