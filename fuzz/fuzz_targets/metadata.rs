//! `METADATA` and `PKG-INFO` of installed distributions, `requires.txt`, and what they need.
#![no_main]

use dashlift::files::core_metadata::{CoreMetadata, requires_txt};
use dashlift::packages::{Dependency, Target};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((text, metadata)) = dashlift_fuzz::read::<CoreMetadata>(bytes) else {
        return;
    };
    for header in metadata.headers() {
        dashlift_fuzz::assert_inside(&text, header.value);
    }
    let of_file = metadata.requires_dist().map(str::to_owned);
    for value in of_file.chain(requires_txt(text.as_str())) {
        let Some(dependency) = Dependency::parse(&value) else {
            continue;
        };
        let _ = dependency.applies(Target::new(10), &["web".to_owned()]);
        let again = Dependency::parse(&dependency.to_string());
        assert_eq!(again.as_ref(), Some(&dependency), "{value}");
    }
});
