//! Sources that nobody can read: skipped with a note, in bounded time, without a crash.

use std::fs;
use std::time::{Duration, Instant};

use crate::support::{DONE, Scratch};

/// The most that one of these runs may take; far more than it does, for a busy machine.
const LIMIT: Duration = Duration::from_secs(20);

/// The lines of standard error of a verbose `check` over an app with one more file.
fn notes(name: &str, bytes: &[u8]) -> String {
    let scratch = Scratch::folder(DONE);
    fs::write(scratch.path().join(name), bytes).unwrap();
    run(&scratch)
}

fn run(scratch: &Scratch) -> String {
    let before = Instant::now();
    let ran = scratch.run(&["check", "-v", "--mapping", "/srv/data:/data"]);
    assert!(before.elapsed() < LIMIT, "{:?}", before.elapsed());
    assert_eq!(ran.code, 0, "{}\n{}", ran.out, ran.err);
    ran.err
}

fn assert_skipped(name: &str, bytes: &[u8], reason: &str) {
    let notes = notes(name, bytes);
    let note = format!("note: {name} was skipped: {reason}");
    assert!(notes.contains(&note), "{note}\n{notes}");
}

#[test]
fn what_is_no_text_is_skipped_with_a_note() {
    assert_skipped(
        "x.py",
        b"x = '/data/\xe9'\n",
        "a byte that is not UTF-8 (byte 11)",
    );
    assert_skipped("x.py", b"x = '/data'\0\n", "a NUL byte (byte 11)");
    let wide: Vec<u8> = "x = '/data'"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_skipped("x.py", &wide, "a NUL byte (byte 1)");
    let long = format!("x = '{}'\n", "/data".repeat(2_000_000));
    assert_skipped("x.py", long.as_bytes(), "it is too large");
}

#[test]
fn deep_code_is_skipped_with_a_note() {
    let start = "x = open('/data/x')\n";
    let deep = |unit: &str, end: &str| format!("{start}y = {}{end}\n", unit.repeat(2_000));
    let blocks: Vec<String> = (0..1_400).map(|n| " ".repeat(n) + "def f():\n").collect();
    let blocks = blocks.concat();
    for text in [
        deep("(", ""),
        deep("[", "]"),
        deep("{1:", ""),
        deep("1+", "1"),
        deep("a.", "b"),
        deep("lambda: ", "1"),
        deep("not ", "1"),
        deep("f'{", ""),
        deep("1 if a else ", "1"),
        format!("{start}{blocks}"),
    ] {
        assert_skipped("x.py", text.as_bytes(), "nested more than 600 levels deep");
    }
}

#[test]
fn a_notebook_that_is_none_is_skipped_with_a_note() {
    assert_skipped(
        "x.ipynb",
        b"{\"cells\": [{\"source\": [\"x = 1\\n",
        "not JSON",
    );
    assert_skipped(
        "x.ipynb",
        b"{\"source\": \"/data/x\"}",
        "JSON without cells",
    );
    assert_skipped("x.ipynb", "[".repeat(2_000).as_bytes(), "not JSON");
}

#[test]
fn a_notebook_with_large_outputs_is_read() {
    let scratch = Scratch::folder(DONE);
    let picture = "QUJD".repeat(2_000_000);
    let text = format!(
        "{{\"cells\": [{{\"cell_type\": \"code\", \"outputs\": [{{\"data\": \"{picture}\"}}], \"source\": [\"x = open('/data/x')\"]}}]}}"
    );
    scratch.write("x.ipynb", &text);
    let ran = scratch.run(&[
        "check",
        "--format",
        "concise",
        "--mapping",
        "/srv/data:/data",
    ]);
    assert!(ran.out.contains("DL301"), "{}\n{}", ran.out, ran.err);
}

#[test]
fn json_tells_what_was_skipped() {
    let scratch = Scratch::folder(DONE);
    scratch.write("x.py", "x = '/tmp'\0");
    let ran = scratch.run(&["check", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let skipped = &document["repositories"][0]["apps"][0]["skipped"];
    assert_eq!(skipped[0]["path"], "x.py");
    assert_eq!(skipped[0]["reason"], "a NUL byte (byte 10)");
}

#[test]
fn without_v_nothing_is_said() {
    let scratch = Scratch::folder(DONE);
    scratch.write("x.py", "x = '/tmp'\0");
    assert!(!scratch.run(&["check"]).err.contains("skipped"));
}

#[cfg(unix)]
#[test]
fn a_folder_a_pipe_and_a_loop_are_no_sources() {
    let scratch = Scratch::folder(DONE);
    let root = scratch.path();
    fs::create_dir(root.join("folder.py")).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(root.join("pipe.py"))
        .status();
    assert!(made.is_ok_and(|status| status.success()));
    std::os::unix::fs::symlink("loop.py", root.join("loop.py")).unwrap();
    std::os::unix::fs::symlink("..", root.join("up")).unwrap();
    let notes = run(&scratch);
    assert!(notes.contains("note: loop.py was skipped: it "), "{notes}");
}
