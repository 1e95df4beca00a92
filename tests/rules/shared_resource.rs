//! Tests of DL403.

use crate::harness::{app, inventory, server_app};

fn case(folder: &str, service: &str) -> Vec<String> {
    let told = inventory(vec![
        server_app("sales", "/srv/a", "r1"),
        server_app("costs", folder, service),
    ]);
    app([("Procfile", "web: gunicorn app:server\n")])
        .rule("DL403")
        .server(told, "sales")
        .check()
}

#[test]
fn a_folder_of_two_apps_is_found() {
    let found = case("/srv/a", "r2");
    assert_eq!(found.len(), 1);
    assert!(
        found[0].contains("shares the folder `/srv/a`") && found[0].contains("with `costs`"),
        "{found:?}"
    );
}

#[test]
fn a_service_of_two_apps_is_found() {
    let found = case("/srv/b", "r1");
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("shares the service `r1`"), "{found:?}");
}

#[test]
fn what_an_app_has_alone_is_not() {
    assert!(case("/srv/ab", "r2").is_empty());
    let without = app([("Procfile", "web: gunicorn app:server\n")]).rule("DL403");
    assert!(without.check().is_empty());
}
