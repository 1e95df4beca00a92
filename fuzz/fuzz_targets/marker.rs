//! Markers: every judgement ends, and what holds somewhere may hold.
#![no_main]

use dashlift::files::requirements::{Marker, Requirements, is_false_on, never_on_linux};
use dashlift::text::Span;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let extras = ["web".to_owned()];
    let never = never_on_linux(text);
    if let Some(marker) = Marker::parse(text) {
        for minor in 6..=14 {
            let holds = marker.holds_on(minor, &extras);
            assert!(holds != Some(true) || marker.may_hold(&extras), "{text}");
            assert!(!never || is_false_on(text, minor), "{text}");
        }
        let again = Marker::parse(marker.as_str());
        assert_eq!(again.as_ref(), Some(&marker));
    }
    let line = format!("dash==2.0; {text}");
    let _ = Requirements::item(&line, Span::new(0, line.len()), true);
});
