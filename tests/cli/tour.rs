//! `docs/tour.md`: its transcripts are what the program prints, on the app of `testdata/tour`.
//! `DASHLIFT_BLESS=1 cargo test --test cli tour` writes them anew; read them before you commit.

use std::fs;
use std::path::Path;

use regex::Regex;

use crate::support::{Scratch, ran};

/// The fences of a transcript: longer than those of the Markdown that the program prints.
const OPEN: &str = "````console\n";
const CLOSE: &str = "````\n";

#[test]
fn the_tour_is_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = root.join("docs/tour.md");
    let recorded = fs::read_to_string(&page).unwrap();
    let scratch = app(&root.join("testdata/tour/before"));
    let mut true_page = String::new();
    for (index, part) in recorded.split(OPEN).enumerate() {
        if index == 0 {
            true_page.push_str(part);
            continue;
        }
        let (transcript, words) = part.split_once(CLOSE).unwrap();
        let command = transcript.lines().next().unwrap();
        let printed = run(&scratch, command.strip_prefix("$ ").unwrap());
        for text in [OPEN, command, "\n", &printed, CLOSE, words] {
            true_page.push_str(text);
        }
    }
    if std::env::var_os("DASHLIFT_BLESS").is_some() {
        fs::write(&page, &true_page).unwrap();
    }
    assert_eq!(true_page, fs::read_to_string(&page).unwrap());
}

/// The app, committed in a folder that has its name.
fn app(from: &Path) -> Scratch {
    let scratch = Scratch::folder(&[]);
    copy(&scratch, from, "sales-explorer");
    for arguments in [
        &["init", "-q", "-b", "main"][..],
        &["config", "user.name", "Ada"],
        &["config", "user.email", "ada@example.com"],
        &["add", "-A"],
        &["commit", "-q", "-m", "The sales explorer"],
    ] {
        scratch.git_in("sales-explorer", arguments);
    }
    scratch
}

fn copy(scratch: &Scratch, from: &Path, to: &str) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = format!("{to}/{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            copy(scratch, &entry.path(), &to);
        } else {
            scratch.write(&to, &fs::read_to_string(entry.path()).unwrap());
        }
    }
}

/// What a command prints, the result first. Numbers of commits are not the same every time.
fn run(scratch: &Scratch, command: &str) -> String {
    let words = shlex::split(command).unwrap();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let printed = match words.as_slice() {
        ["git", rest @ ..] => scratch.git_in("sales-explorer", rest),
        ["dashlift", rest @ ..] => {
            let mut program = scratch.program(rest);
            program.current_dir(scratch.path().join("sales-explorer"));
            let ran = ran(program);
            ran.out + &ran.err
        }
        other => unreachable!("{other:?}"),
    };
    let commit = Regex::new(r"\b[0-9a-f]{9}\b").unwrap();
    commit.replace_all(&printed, "500aff6b9").into_owned()
}
