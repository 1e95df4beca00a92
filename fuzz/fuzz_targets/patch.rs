//! The patch writer: what it writes, applied to what was there, gives what should be there, and no
//! name of a file adds a line to it. The input: a line with the path, what was there, a line `====`,
//! and what should be there.
#![no_main]

use std::collections::BTreeMap;

use dashlift::report::diff::unified;
use dashlift::report::patch::coloured;
use dashlift::tree::{Change, EntryKind, MemoryTree, TreePath};
use libfuzzer_sys::fuzz_target;

const BETWEEN: &[u8] = b"\n====\n";

fuzz_target!(|bytes: &[u8]| {
    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
        return;
    };
    let name = std::str::from_utf8(&bytes[..end]).unwrap_or("a");
    let name = name.replace("\\n", "\n");
    let Ok(path) = TreePath::new(&name) else {
        return;
    };
    if path.is_root() {
        return;
    }
    let rest = &bytes[end + 1..];
    let between = rest.windows(BETWEEN.len()).position(|it| it == BETWEEN);
    let (old, new) = match between {
        Some(at) => (Some(&rest[..=at]), &rest[at + BETWEEN.len()..]),
        None => (None, rest),
    };
    let tree = MemoryTree::new(old.map(|old| (path.as_str().to_owned(), old.to_vec())));
    let change = Change::Write {
        contents: new.into(),
        kind: EntryKind::File,
    };
    let patch = unified(&tree, &BTreeMap::from([(path, change)])).expect("a patch is written");
    let _ = coloured(&patch);
    if old == Some(new) {
        assert!(patch.is_empty());
        return;
    }
    if patch.windows(4).any(|it| it == b"GIT ") {
        return;
    }
    assert_eq!(apply(old.unwrap_or_default(), &patch), new);
});

/// The old lines with the patch applied, strictly: places, counts and context have to fit.
fn apply(old: &[u8], patch: &[u8]) -> Vec<u8> {
    let old: Vec<&[u8]> = old.split_inclusive(|byte| *byte == b'\n').collect();
    let mut lines = patch.split_inclusive(|byte| *byte == b'\n').peekable();
    // Nothing but the head is in front of the hunks: a name with a line end would add a line.
    let heads: [&[u8]; 5] = [b"diff --git ", b"index ", b"new file mode ", b"--- ", b"+++ "];
    while let Some(line) = lines.next_if(|line| !line.starts_with(b"@@ ")) {
        assert!(heads.iter().any(|head| line.starts_with(head)), "{line:?}");
    }
    let (mut new, mut at): (Vec<u8>, usize) = (Vec::new(), 0);
    while let Some(head) = lines.next() {
        let [mut before, mut after] = counts(head, |start, count| {
            let start = if count == 0 { start } else { start - 1 };
            for line in &old[at..start] {
                new.extend_from_slice(line);
            }
            at = start;
        });
        while before + after > 0 {
            let line = lines.next().expect("a hunk has its lines");
            let (sign, mut text) = (line[0], &line[1..]);
            if lines.next_if(|it| it.starts_with(b"\\")).is_some() {
                text = &text[..text.len() - 1];
            }
            if sign != b'+' {
                assert_eq!(old[at], text);
                (at, before) = (at + 1, before - 1);
            }
            if sign != b'-' {
                new.extend_from_slice(text);
                after -= 1;
            }
        }
    }
    for line in &old[at..] {
        new.extend_from_slice(line);
    }
    new
}

/// The counts of lines before and after in `@@ -START,COUNT +START,COUNT @@`; tells where it begins.
fn counts(head: &[u8], begin: impl FnOnce(usize, usize)) -> [usize; 2] {
    let head = std::str::from_utf8(head).expect("a hunk's head is ASCII");
    let mut sides = head.split(' ').skip(1).take(2).map(|side| {
        let (start, count) = side[1..].split_once(',').unwrap_or((&side[1..], "1"));
        let number = |text: &str| text.parse().expect("a number");
        (number(start), number(count))
    });
    let (old, new) = (sides.next().expect("old"), sides.next().expect("new"));
    begin(old.0, old.1);
    [old.1, new.1]
}
