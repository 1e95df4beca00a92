//! `app.json`: without its scripts it is still JSON, and has none.
#![no_main]

use dashlift::files::Model;
use dashlift::files::app_json::AppJson;
use dashlift::text::Text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((text, file)) = dashlift_fuzz::read::<AppJson>(bytes) else {
        return;
    };
    for script in file.scripts() {
        dashlift_fuzz::assert_inside(&text, script.span);
    }
    let scripts: Vec<_> = file.scripts().iter().collect();
    if scripts.is_empty() {
        return;
    }
    if let Some(left) = AppJson::without(text.as_str(), &scripts) {
        let left = AppJson::parse(&Text::new(left)).expect("what is left is read");
        assert!(left.scripts().is_empty());
    }
});
