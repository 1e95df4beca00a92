//! DL108.

use crate::harness::{Case, app};

const PROCFILE: &str =
    "web: gunicorn app:server\nworker: celery -A tasks worker\nbeat: celery -A tasks beat\n";

fn with(scale: &str) -> Case {
    app([("Procfile", PROCFILE), ("DOKKU_SCALE", scale)]).rule("DL108")
}

#[test]
fn the_file_goes_and_other_counts_than_one_become_steps() {
    let case = with("web=4\r\nworker=1\r\nbeat=0");
    assert_eq!(
        case.check(),
        [
            "DOKKU_SCALE:1:1: DL108 Dash Enterprise 5 does not read DOKKU_SCALE (web=4, worker=1, beat=0): every process type starts with one replica"
        ]
    );
    let after = case.fix();
    assert_eq!(after.paths(), ["Procfile"]);
    assert_eq!(
        after.steps,
        [
            "Set `web` to 4 replicas in the Scale tab.",
            "Set `beat` to 0 in the Scale tab: Dash Enterprise 5 starts one replica of it."
        ]
    );
}

#[test]
fn more_than_ten_replicas_are_more_than_there_are() {
    let after = with("web=12\nworker=1\nbeat=1\n").fix();
    assert_eq!(
        after.steps,
        [
            "Set `web` to 10 replicas in the Scale tab, the most that Dash Enterprise 5 gives a process type; it had 12."
        ]
    );
}

#[test]
fn processes_that_it_does_not_name_did_not_run() {
    let after = with("web=1\n").fix();
    assert_eq!(after.steps.len(), 2);
    assert!(after.steps[0].starts_with("Set `worker` to 0 in the Scale tab, unless it should run"));
    assert!(after.steps[1].starts_with("Set `beat` to 0"));
}

#[test]
fn one_of_each_leaves_nothing_to_do() {
    let after = with("# ours\nweb=1\nworker=1\nbeat=1\n\n").fix();
    assert_eq!(after.paths(), ["Procfile"]);
    assert!(after.steps.is_empty());
}

#[test]
fn junk_is_said_and_the_file_stays() {
    for (scale, place, what) in [
        (
            "web=1\nworker: 2\n",
            "2:1",
            "`worker: 2` in DOKKU_SCALE cannot be used: a line that is no `type=count`",
        ),
        ("web=-1\n", "1:1", "a count that is no number of replicas"),
        ("web=1\nweb=2\n", "2:1", "a second, different count"),
    ] {
        let case = with(scale).unsafe_fixes();
        let found = case.check();
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with(&format!("DOKKU_SCALE:{place}: ")) && found[0].contains(what),
            "{found:?}"
        );
        assert_eq!(case.fix().text("DOKKU_SCALE"), scale);
    }
}

#[test]
fn an_empty_file_goes() {
    let after = app([("DOKKU_SCALE", "\n"), ("Procfile", "web: x\n")])
        .rule("DL108")
        .fix();
    assert_eq!(after.paths(), ["Procfile"]);
}

#[test]
fn a_procfile_that_cannot_be_read_keeps_the_file() {
    let case = app([
        ("DOKKU_SCALE", "web=1\n"),
        ("Procfile", "web: x\nworker celery\n"),
    ])
    .rule("DL108");
    let after = case.fix();
    assert_eq!(after.text("DOKKU_SCALE"), "web=1\n");
    assert!(after.steps[0].starts_with("Mend the Procfile first"));
}
