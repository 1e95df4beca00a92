//! Panics of the work on one repository: caught, and turned into a sentence instead of a back trace on the terminal.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static AT_WORK: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

static HUSHED: Once = Once::new();

/// From now on a panic of the work prints nothing. Where it was is kept for [`catch`].
fn hush() {
    HUSHED.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |panic| {
            if AT_WORK.get() {
                PLACE.replace(place(panic));
            } else {
                usual(panic);
            }
        }));
    });
}

fn place(panic: &PanicHookInfo) -> Option<String> {
    panic.location().map(ToString::to_string)
}

/// Works, and catches a panic: here and nowhere else.
///
/// # Errors
/// What a panic said and where it was.
pub fn catch<R>(work: impl FnOnce() -> R) -> Result<R, String> {
    hush();
    AT_WORK.set(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    AT_WORK.set(false);
    result.map_err(|said| {
        let said = words(&*said);
        match PLACE.take() {
            Some(place) => format!("{said} ({place})"),
            None => said.to_owned(),
        }
    })
}

fn words(said: &(dyn Any + Send)) -> &str {
    let text = said.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| said.downcast_ref::<&str>().copied());
    text.unwrap_or("no reason was given")
}
