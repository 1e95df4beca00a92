//! The small formats: `runtime.txt`, `DOKKU_SCALE`, `CHECKS`, `.buildpacks`, `pip.conf`, `Pipfile`.
#![no_main]

use dashlift::files::buildpacks::Buildpacks;
use dashlift::files::checks::Checks;
use dashlift::files::pip_conf::PipConf;
use dashlift::files::pipfile::Pipfile;
use dashlift::files::runtime_txt::RuntimeTxt;
use dashlift::files::scale::Scale;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = dashlift_fuzz::read::<RuntimeTxt>(bytes);
    let _ = dashlift_fuzz::read::<Scale>(bytes);
    let _ = dashlift_fuzz::read::<Checks>(bytes);
    let _ = dashlift_fuzz::read::<Pipfile>(bytes);
    if let Some((text, file)) = dashlift_fuzz::read::<Buildpacks>(bytes) {
        for entry in file.entries() {
            let _ = entry.repository(text.as_str());
            let _ = entry.foreign_language(text.as_str());
        }
    }
    if let Some((text, file)) = dashlift_fuzz::read::<PipConf>(bytes) {
        for word in file.entries().iter().flat_map(|entry| &entry.words) {
            dashlift_fuzz::assert_inside(&text, *word);
        }
    }
});
