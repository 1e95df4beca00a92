//! Work on many things side by side. The one place that knows of threads.

use std::cell::Cell;
use std::sync::Once;

use rayon::prelude::*;

/// Stack of a worker thread, in bytes: deeply nested Python needs more than the two megabytes
/// that a thread has by itself.
const STACK: usize = 16 * 1024 * 1024;

static POOL: Once = Once::new();

thread_local! {
    static ALONE: Cell<bool> = const { Cell::new(false) };
}

/// `work`, in which nothing is done side by side: for who is one of many already. A thread pool
/// that one of them holds for long would hold them all.
pub(crate) fn alone<R>(work: impl FnOnce() -> R) -> R {
    let before = ALONE.replace(true);
    let result = work();
    ALONE.set(before);
    result
}

/// `work` on each item, on all cores, the results in the items' order. One item alone is worked on
/// right here: a thread pool takes longer to start than one app to check.
pub(crate) fn map<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    if items.len() < 2 || ALONE.get() {
        return items.into_iter().map(work).collect();
    }
    POOL.call_once(|| {
        let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK);
        // It fails only where somebody made the pool before; then that one serves.
        let _ = pool.build_global();
    });
    items.into_par_iter().map(work).collect()
}
