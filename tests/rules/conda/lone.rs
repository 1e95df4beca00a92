//! One conda file without the others: Dash Enterprise 4 did not read it either.

use super::{PROCFILE, RUNTIME};
use crate::harness::app;

#[test]
fn a_list_without_an_installer_was_never_read() {
    let unread = "conda-requirements.txt:1:1: DL104 conda-requirements.txt was not read on Dash Enterprise 4 either: conda ran only where conda-runtime.txt was there too";
    let with_pip = app([
        PROCFILE,
        ("conda-requirements.txt", "vc=14=0\n"),
        ("requirements.txt", "dash\n"),
    ]);
    let after = with_pip.rule("DL104").fix();
    assert_eq!(after.fixed, [unread]);
    assert_eq!(after.paths(), ["Procfile", "requirements.txt"]);
    let empty = app([
        PROCFILE,
        ("conda-requirements.txt", ""),
        ("environment.yml", "dependencies: [python=3.9]\n"),
    ]);
    assert_eq!(
        empty.rule("DL104").fix().paths(),
        ["Procfile", "environment.yml"]
    );
    let alone = app([PROCFILE, ("conda-requirements.txt", "numpy\n")]);
    assert_eq!(alone.rule("DL104").fix().open, [unread]);
    let beside = app([
        PROCFILE,
        ("conda-requirements.txt", "numpy\n"),
        ("environment.yml", "dependencies: [scipy]\n"),
    ]);
    assert_eq!(beside.rule("DL104").fix().open, [unread]);
}

#[test]
fn an_installer_without_a_list_was_never_read() {
    let case = app([PROCFILE, RUNTIME, ("requirements.txt", "dash\n")]).rule("DL104");
    let after = case.fix();
    assert_eq!(
        after.fixed,
        [
            "conda-runtime.txt:1:1: DL104 conda-runtime.txt was not read on Dash Enterprise 4 either: conda ran only where conda-requirements.txt was there too"
        ]
    );
    assert_eq!(after.paths(), ["Procfile", "requirements.txt"]);
}

#[test]
fn channels_of_a_lone_configuration_belong_in_the_environment() {
    let condarc = (".condarc", "channels:\n  - conda-forge\n");
    let case = app([
        PROCFILE,
        condarc,
        ("environment.yml", "dependencies: [python=3.9]\n"),
    ]);
    let after = case.rule("DL104").fix();
    assert_eq!(
        after.fixed,
        [
            ".condarc:2:5: DL104 nothing on Dash Enterprise 5 reads .condarc: its channels belong in environment.yml"
        ]
    );
    assert_eq!(
        after.text("environment.yml"),
        "channels:\n  - conda-forge\ndependencies: [python=3.9]\n"
    );
    assert_eq!(after.paths(), ["Procfile", "environment.yml"]);
    let other = app([PROCFILE, condarc, ("environment.yml", "channels: [x]\n")]);
    assert_eq!(other.rule("DL104").fix().open.len(), 1);
    let pip = app([PROCFILE, condarc, ("requirements.txt", "dash\n")]);
    assert_eq!(
        pip.rule("DL104").fix().open,
        [".condarc:1:1: DL104 nothing on Dash Enterprise 5 reads .condarc"]
    );
}
