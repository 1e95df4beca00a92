//! DL107.

use crate::harness::{Case, app};

fn with(checks: &str) -> Case {
    app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("CHECKS", checks),
    ])
    .rule("DL107")
}

#[test]
fn what_was_checked_is_said_and_the_file_stays() {
    let checks = "WAIT=5\r\nTIMEOUT=10\r\n\r\n/cells/_dash-layout  World Cells\r\n/x\r\n";
    let case = with(checks);
    assert_eq!(
        case.check(),
        [
            "CHECKS:4:1: DL107 CHECKS made Dash Enterprise 4 test `/cells/_dash-layout` (for \"World Cells\") and `/x` before a new version took over; no reader of the file is known on Dash Enterprise 5"
        ]
    );
    assert_eq!(case.unsafe_fixes().fix().text("CHECKS"), checks);
}

#[test]
fn a_file_without_checks_is_quiet() {
    assert!(
        with("WAIT=5\nATTEMPTS=3\n# /<app>/_dash-layout  Sample App\n")
            .check()
            .is_empty()
    );
    assert!(with("").check().is_empty());
}

#[test]
fn bytes_that_are_no_text_are_said() {
    let case = app([("Procfile", &b"web: x\n"[..]), ("CHECKS", b"/a\n\xff\n")]).rule("DL107");
    assert!(case.check()[0].starts_with("CHECKS:2:1: DL107 CHECKS cannot be used"));
}
