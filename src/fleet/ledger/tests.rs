//! A state that is taken up is whole, and only one at a time writes it.

use std::fs;

use serde_json::json;
use tempfile::TempDir;

use super::super::state::{Ending, Record, VERSION};
use super::*;

fn header(command: &str, shard: Option<&str>) -> Header {
    Header {
        version: VERSION,
        tool: "0.1.0".to_owned(),
        command: command.to_owned(),
        configuration: "c".to_owned(),
        source: "apps".to_owned(),
        shard: shard.map(|shard| shard.parse().unwrap()),
    }
}

fn done(repository: &str, outcome: Ending) -> Record {
    Record {
        brief: Brief {
            repository: repository.to_owned(),
            commit: None,
            dirty: false,
            configuration: "c".to_owned(),
            outcome,
            exit_code: 0,
            finished: 0,
        },
        error: None,
        seconds: 0.5,
        result: json!(null),
    }
}

fn writing(repository: &str) -> Writing {
    Writing {
        repository: repository.to_owned(),
        branch: "b".to_owned(),
        commit: "0".to_owned(),
    }
}

#[test]
fn the_last_word_on_each_repository_counts_and_a_cut_line_goes() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("s");
    let (ledger, earlier) = Ledger::open(&path, &header("check", None), false).unwrap();
    assert!(earlier.done.is_empty());
    ledger.write(&writing("a")).unwrap();
    ledger.write(&done("a", Ending::Failed)).unwrap();
    ledger.write(&done("a", Ending::Clean)).unwrap();
    ledger.write(&writing("b")).unwrap();
    drop(ledger);
    let whole = fs::read(&path).unwrap();
    let mut torn = whole.clone();
    torn.extend_from_slice(b"{\"kind\":\"done\",\"repos");
    fs::write(&path, &torn).unwrap();
    let (_ledger, earlier) = Ledger::open(&path, &header("check", None), true).unwrap();
    assert_eq!(earlier.done.len(), 1);
    assert_eq!(earlier.done["a"].outcome, Ending::Clean);
    assert_eq!(earlier.writing.keys().collect::<Vec<_>>(), ["b"]);
    let now = fs::read(&path).unwrap();
    assert!(now.starts_with(&whole));
    let rest = String::from_utf8(now[whole.len()..].to_vec()).unwrap();
    assert!(
        rest.starts_with("{\"kind\":\"header\"") && rest.ends_with("}\n"),
        "{rest}"
    );
}

#[test]
fn a_state_is_never_written_over() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("s");
    let open = |header: &Header, go_on| Ledger::open(&path, header, go_on);
    let said = |result: Result<(Ledger, Earlier), LedgerError>| match result {
        Ok(_) => "fine".to_owned(),
        Err(error) => error.to_string(),
    };
    let first = open(&header("check", Some("1/2")), true).unwrap();
    let same = header("check", Some("1/2"));
    assert!(said(open(&same, true)).contains("another dashlift works with"));
    drop(first);
    let before = fs::read(&path).unwrap();
    assert!(said(open(&same, false)).contains("--resume"));
    let other = said(open(&header("migrate", Some("1/2")), true));
    assert!(
        other.contains("is the state of --check, and this is --migrate"),
        "{other}"
    );
    let other = said(open(&header("check", Some("2/2")), true));
    assert!(
        other.contains("is the state of part 1/2, and this is part 2/2"),
        "{other}"
    );
    let other = said(open(&header("check", None), true));
    assert!(other.contains("this is all repositories"), "{other}");
    assert_eq!(fs::read(&path).unwrap(), before);
    fs::write(&path, "my notes\n").unwrap();
    assert!(said(open(&same, true)).contains("is no state of a batch"));
    fs::write(&path, "my notes").unwrap();
    assert!(said(open(&same, false)).contains("is no state of a batch"));
    assert_eq!(fs::read(&path).unwrap(), b"my notes");
}

#[test]
fn a_first_line_that_was_cut_off_is_written_again() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("s");
    drop(Ledger::open(&path, &header("check", None), false).unwrap());
    let whole = fs::read(&path).unwrap();
    for cut in 0..whole.len() {
        fs::write(&path, &whole[..cut]).unwrap();
        drop(Ledger::open(&path, &header("check", None), false).unwrap());
        assert_eq!(fs::read(&path).unwrap(), whole, "{cut}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    // No state is a device, so the file is put in the place of one that was opened.
    let file = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let ledger = Ledger {
        path: "/dev/full".into(),
        disk: file.try_clone().unwrap(),
        lines: Mutex::new(Lines { file, end: 0 }),
    };
    let error = ledger.write(&header("check", None)).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("/dev/full cannot be written: "),
        "{error}"
    );
}
