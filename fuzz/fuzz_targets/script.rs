//! Shell scripts, and what of them deploys.
#![no_main]

use dashlift::files::ci::CiScript;
use dashlift::files::script::Script;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some((text, script)) = dashlift_fuzz::read::<Script>(bytes) {
        for command in script.commands() {
            dashlift_fuzz::assert_inside(&text, command.span());
            let _ = (command.program(), command.is_sudo());
        }
        for comment in script.comments() {
            dashlift_fuzz::assert_inside(&text, *comment);
        }
    }
    if let Some((text, script)) = dashlift_fuzz::read::<CiScript>(bytes) {
        for deploy in script.deploys() {
            dashlift_fuzz::assert_inside(&text, deploy.span);
        }
    }
});
