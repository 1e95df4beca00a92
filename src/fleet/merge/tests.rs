//! The newest record of each repository comes out once.

use std::fs;

use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::fleet::state::VERSION;

fn header(shard: Option<&str>) -> String {
    json!({
        "kind": "header", "version": 1, "tool": "0.1.0", "command": "check",
        "configuration": "c", "source": "apps", "shard": shard,
    })
    .to_string()
}

fn done(repository: &str, finished: u64, word: &str) -> String {
    json!({
        "kind": "done", "repository": repository, "commit": null, "dirty": false,
        "configuration": "c", "outcome": "clean", "exit_code": 0, "finished": finished,
        "error": null, "seconds": 0.1, "result": word,
    })
    .to_string()
}

fn file(folder: &TempDir, name: &str, lines: &[String], rest: &str) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, lines.join("\n") + "\n" + rest).unwrap();
    path
}

fn taken(merged: &Merged) -> Vec<(String, String)> {
    let mut taken = Vec::new();
    let take = |_: &Header, record: Record| {
        let word = record.result.as_str().unwrap().to_owned();
        taken.push((record.brief.repository, word));
    };
    merged.each(take).unwrap();
    taken.sort();
    taken
}

fn pairs(words: &[(&str, &str)]) -> Vec<(String, String)> {
    let pair = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
    words.iter().map(pair).collect()
}

#[test]
fn the_newest_record_counts() {
    let folder = TempDir::new().unwrap();
    let first = [
        header(None),
        done("a", 50, "a newest"),
        done("b", 10, "b old"),
        done("c", 10, "c cut short"),
        header(None),
        // A clock that was put back does not bring back what was done before.
        done("c", 5, "c again"),
        done("d", 7, "d first"),
    ];
    let second = [
        header(None),
        done("a", 40, "a old"),
        done("b", 20, "b newest"),
        done("d", 7, "d named last"),
    ];
    let first = file(&folder, "first", &first, "{\"kind\":\"do");
    let second = file(&folder, "second", &second, "");
    let merged = Merged::open(&[first.clone(), second]).unwrap();
    let expected = [
        ("a", "a newest"),
        ("b", "b newest"),
        ("c", "c again"),
        ("d", "d named last"),
    ];
    assert_eq!(taken(&merged), pairs(&expected));
    let files = merged.files();
    assert_eq!((files[0].records, files[1].records), (2, 2));
    assert_eq!((files[0].is_cut, files[1].is_cut), (true, false));
    assert_eq!((files[0].headers.len(), files[1].headers.len()), (2, 1));

    // The same file twice is the same file.
    let merged = Merged::open(&[first.clone(), first]).unwrap();
    assert_eq!(taken(&merged).len(), 4);
}

#[test]
fn what_is_no_state_is_refused() {
    let folder = TempDir::new().unwrap();
    let good = file(&folder, "good", &[header(None)], "");
    let next = VERSION + 1;
    let newer = header(None).replace("\"version\":1", &format!("\"version\":{next}"));
    let newer = file(&folder, "newer", &[newer], "");
    let error = Merged::open(&[good, newer]).err().unwrap();
    assert!(matches!(error, StateError::Version { version, .. } if version == next));
}
