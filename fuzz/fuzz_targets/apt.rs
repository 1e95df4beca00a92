//! `Aptfile`, `apt-packages` and the sources of apt.
#![no_main]

use dashlift::files::apt::sources::AptSources;
use dashlift::files::apt::{AptPackages, name_problem};
use dashlift::files::aptfile::Aptfile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some((text, file)) = dashlift_fuzz::read::<Aptfile>(bytes) {
        for span in file.names().chain(file.repositories()) {
            dashlift_fuzz::assert_inside(&text, span);
        }
    }
    if let Some((text, file)) = dashlift_fuzz::read::<AptPackages>(bytes) {
        for span in file.names() {
            dashlift_fuzz::assert_inside(&text, span);
            let _ = name_problem(span.of(text.as_str()));
        }
    }
    let _ = dashlift_fuzz::read::<AptSources>(bytes);
});
