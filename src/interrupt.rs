//! Ctrl-C, and the requests to end that a terminal or a scheduler sends, for work that has
//! something to finish or to clean up. The one place that knows of signals.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Once, PoisonError, RwLock, RwLockReadGuard};

static ASKED: AtomicBool = AtomicBool::new(false);
static WATCHED: AtomicBool = AtomicBool::new(false);
static HANDLER: Once = Once::new();

/// Whoever is about to leave something half done reads it; whoever ends the program writes it, and
/// so waits for them, and nobody begins after that.
static GATE: RwLock<()> = RwLock::new(());

/// From now on Ctrl-C (and a request to terminate) does not end the program but is told by
/// [`requested`]; a second one ends it.
pub(crate) fn watch() {
    WATCHED.store(true, Ordering::SeqCst);
    handle();
}

/// From now on Ctrl-C and a request to terminate do nothing: the parent of this process hears
/// them too, and says what becomes of the work.
pub(crate) fn leave_to_parent() {
    HANDLER.call_once(|| {
        // Without a handler the process ends at once, which its parent sees.
        let _ = ctrlc::set_handler(|| {});
    });
}

/// Whether somebody asked the program to stop.
pub(crate) fn requested() -> bool {
    ASKED.load(Ordering::SeqCst)
}

/// Work that a signal does not cut in two; the program is ended when it is done. Not to be taken
/// twice by one thread.
pub(crate) struct Hold {
    _gate: RwLockReadGuard<'static, ()>,
}

/// Keeps the program alive until what comes back is dropped.
pub(crate) fn hold() -> Hold {
    handle();
    Hold {
        _gate: GATE.read().unwrap_or_else(PoisonError::into_inner),
    }
}

fn handle() {
    HANDLER.call_once(|| {
        // Without a handler Ctrl-C ends the program at once, as it does by itself.
        let _ = ctrlc::set_handler(|| {
            if WATCHED.load(Ordering::SeqCst) && !ASKED.swap(true, Ordering::SeqCst) {
                return;
            }
            let _gate = GATE.write().unwrap_or_else(PoisonError::into_inner);
            #[allow(
                clippy::exit,
                reason = "who asks to end, or asks twice, does not want to wait for anything else"
            )]
            std::process::exit(130);
        });
    });
}
