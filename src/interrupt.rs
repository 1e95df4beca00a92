//! Ctrl-C, for work that has something to finish or to clean up. The one place that knows of
//! signals.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);
static HANDLER: Once = Once::new();

/// From now on Ctrl-C (and a request to terminate) does not end the program but is told by
/// [`requested`]; a second one ends it the usual way.
pub(crate) fn watch() {
    HANDLER.call_once(|| {
        // Without a handler Ctrl-C ends the program at once, as it does by itself.
        let _ = ctrlc::set_handler(|| {
            if ASKED.swap(true, Ordering::SeqCst) {
                #[allow(
                    clippy::exit,
                    reason = "who asks twice does not want to wait for anything"
                )]
                std::process::exit(130);
            }
        });
    });
}

/// Whether somebody asked the program to stop.
pub(crate) fn requested() -> bool {
    ASKED.load(Ordering::SeqCst)
}
