//! A small repository of any bytes: the engine comes to rest, its proof holds, a second run changes
//! nothing, and what it says can be printed.
#![no_main]

use dashlift::report::Shown;
use dashlift::report::concise;
use dashlift::report::text::findings;
use dashlift::tree::MemoryTree;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let tree = MemoryTree::new(dashlift_fuzz::files(bytes));
    let settings = dashlift_fuzz::settings();
    let first = dashlift_fuzz::convert(&tree, &settings);
    for app in &first.apps {
        let failure = app.failed.as_ref().map(|failed| failed.failure.to_string());
        assert_eq!(failure, None, "the proof of {}", app.root);
    }
    let _ = findings(&first, &Shown::plain());
    for reported in first.open().chain(first.fixed()) {
        let line = concise::line(reported);
        assert!(!line.contains(['\n', '\r', '\u{1b}', '\u{9b}']), "{line:?}");
    }
    let converted = dashlift_fuzz::memory(&first.result);
    let second = dashlift_fuzz::convert(&converted, &settings);
    let changed: Vec<_> = second.result.changes().keys().collect();
    assert!(changed.is_empty(), "a second run changes {changed:?}");
});
