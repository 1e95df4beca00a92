//! Lines come back as they were; what is no state says so.

use std::fs;
use std::path::PathBuf;

use serde_json::json;
use tempfile::TempDir;

use super::*;

fn header() -> Header {
    Header {
        version: VERSION,
        tool: "0.1.0".to_owned(),
        command: "check".to_owned(),
        configuration: "c".to_owned(),
        source: "apps".to_owned(),
        shard: Some("2/4".parse().unwrap()),
    }
}

fn record(repository: &str) -> Record {
    Record {
        brief: Brief {
            repository: repository.to_owned(),
            commit: Some("0123".to_owned()),
            dirty: false,
            configuration: "c".to_owned(),
            outcome: Ending::TimedOut,
            exit_code: 2,
            finished: 1_700_000_000,
        },
        error: Some("too long".to_owned()),
        seconds: 0.25,
        result: json!({"path": repository, "apps": []}),
    }
}

fn writing() -> Writing {
    Writing {
        repository: "a".to_owned(),
        branch: "b".to_owned(),
        commit: "0".to_owned(),
    }
}

fn file(folder: &TempDir, text: &str) -> PathBuf {
    let path = folder.path().join("state.jsonl");
    fs::write(&path, text).unwrap();
    path
}

fn text() -> String {
    let lines = [
        serde_json::to_string(&header()).unwrap(),
        serde_json::to_string(&writing()).unwrap(),
        serde_json::to_string(&record("a")).unwrap(),
    ];
    lines.join("\n") + "\n"
}

#[test]
fn lines_come_back() {
    let folder = TempDir::new().unwrap();
    let mut reader = Reader::open(&file(&folder, &text())).unwrap();
    assert_eq!(reader.header(), &header());
    assert_eq!(
        reader.next_line().unwrap(),
        Some(StateLine::Writing(writing()))
    );
    assert_eq!(
        reader.next_line().unwrap(),
        Some(StateLine::Done(Box::new(record("a"))))
    );
    assert_eq!(reader.next_line().unwrap(), None);
    assert_eq!(
        serde_json::to_value(record("a")).unwrap(),
        json!({
            "kind": "done", "repository": "a", "commit": "0123", "dirty": false,
            "configuration": "c", "outcome": "timed_out", "exit_code": 2,
            "finished": 1_700_000_000, "error": "too long",
            "seconds": 0.25, "result": {"path": "a", "apps": []},
        })
    );
}

#[test]
fn a_line_that_was_cut_off_is_passed_over_wherever_the_cut_is() {
    let folder = TempDir::new().unwrap();
    let text = text();
    let first = text.find('\n').unwrap() + 1;
    for cut in 0..text.len() {
        let opened = Reader::open(&file(&folder, &text[..cut]));
        if cut < first {
            assert!(matches!(opened, Err(StateError::Torn(_))), "{cut}");
            continue;
        }
        let mut reader = opened.unwrap();
        let mut lines = 1;
        while reader.next_short().unwrap().is_some() {
            lines += 1;
        }
        assert_eq!(lines, text[..cut].matches('\n').count());
        assert_eq!(
            usize::try_from(reader.end()).unwrap(),
            text[..cut].rfind('\n').unwrap() + 1
        );
    }
}

#[test]
fn what_is_no_state_says_so() {
    let folder = TempDir::new().unwrap();
    let said = |text: &str| {
        let mut reader = match Reader::open(&file(&folder, text)) {
            Ok(reader) => reader,
            Err(error) => return error.to_string(),
        };
        loop {
            match reader.next_line() {
                Ok(Some(_)) => {}
                Ok(None) => return "fine".to_owned(),
                Err(error) => return error.to_string(),
            }
        }
    };
    assert!(said("").contains("nothing was done"));
    assert!(said("hello").contains("is no state of a batch"));
    assert!(said("hello\n").contains("is no state of a batch"));
    let done = serde_json::to_string(&record("a")).unwrap();
    assert!(said(&format!("{done}\n")).contains("is no state of a batch"));
    let newer = "{\"kind\":\"header\",\"version\":9,\"other\":1}\n";
    assert!(
        said(newer).contains("is a state of version 9, and this program reads versions up to 2")
    );
    let damaged = text() + "{}\n" + &done + "\n";
    assert!(said(&damaged).contains("state.jsonl:4: this is no line of a state"));
}

#[test]
fn every_part_holds_its_own() {
    let names: Vec<String> = (0..1000)
        .map(|number| format!("apps/app-{number}"))
        .collect();
    let shards: Vec<Shard> = (1..=7).map(|n| format!("{n}/7").parse().unwrap()).collect();
    let mut counts = [0; 7];
    for name in &names {
        let holders: Vec<usize> = (0..7).filter(|n| shards[*n].holds(name)).collect();
        assert_eq!(holders.len(), 1, "{name}");
        counts[holders[0]] += 1;
    }
    assert!(
        counts.iter().all(|count| (100..200).contains(count)),
        "{counts:?}"
    );
    // These must never change: machines of different versions share the parts.
    let third: Vec<&String> = names
        .iter()
        .filter(|name| shards[2].holds(name))
        .take(3)
        .collect();
    assert_eq!(third, ["apps/app-6", "apps/app-25", "apps/app-27"]);
}

#[test]
fn a_part_has_a_number_in_its_range() {
    let parse = |text: &str| text.parse::<Shard>().map(|shard| shard.to_string());
    assert_eq!(parse("1/1").unwrap(), "1/1");
    for wrong in ["", "1", "a/b", "1/0", "-1/2", "1/2/3"] {
        assert!(matches!(parse(wrong), Err(ShardError::Form(_))), "{wrong}");
    }
    for wrong in ["0/2", "3/2"] {
        assert!(
            matches!(parse(wrong), Err(ShardError::Range { of: 2, .. })),
            "{wrong}"
        );
    }
}
