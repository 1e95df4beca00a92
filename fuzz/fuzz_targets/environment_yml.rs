//! `environment.yml`: an addition keeps what was there, or is not made.
#![no_main]

use dashlift::files::Model;
use dashlift::files::environment_yml::Environment;
use dashlift::files::environment_yml::{Change, edit};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((text, before)) = dashlift_fuzz::read::<Environment>(bytes) else {
        return;
    };
    let name = |text: &str| Change::Dependency(text.to_owned());
    for change in [
        Change::Channel("conda-forge".to_owned()),
        Change::FirstDependency("python=3.10".to_owned()),
        name("six>=1.0 # x"),
        Change::PipItem("dash==2.0; python_version > '3'".to_owned()),
    ] {
        if let Ok(edited) = edit(&text, &[change]) {
            let after = Environment::parse(&edited);
            let after = after.expect("what was edited is read");
            let count = |it: &Environment| {
                it.channels().len() + it.dependencies().len() + it.pip_items().len()
            };
            assert!(count(&after) > count(&before), "{}", edited.as_str());
        }
    }
});
