//! `project.toml`: printing gives the text back, and what is changed says what was asked for.
#![no_main]

use dashlift::files::project_toml::ProjectToml;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((text, mut file)) = dashlift_fuzz::read::<ProjectToml>(bytes) else {
        return;
    };
    assert_eq!(file.print(), text.as_str());
    let _ = file.to_v1();
    let _ = file.without_schema_version();
    if file.set_build_variable("NAME", "it's \"so\"").is_ok() {
        assert_eq!(file.build_variable("NAME"), Some("it's \"so\""));
    }
    if file.set_script("predeploy", "echo $(date)").is_ok() {
        assert_eq!(file.script("predeploy"), Some("echo $(date)"));
    }
});
