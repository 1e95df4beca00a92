//! `Procfile`, and the shell words of its commands.
#![no_main]

use dashlift::files::procfile::Procfile;
use dashlift::files::script::Script;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((text, file)) = dashlift_fuzz::read::<Procfile>(bytes) else {
        return;
    };
    for process in file.processes() {
        dashlift_fuzz::assert_inside(&text, process.command);
        let _ = Script::of_line(process.command.of(text.as_str()));
    }
    for problem in file.problems() {
        dashlift_fuzz::assert_inside(&text, problem.span);
    }
});
