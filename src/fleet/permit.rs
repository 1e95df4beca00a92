//! The permit of one repository's work: it is asked for before anything is written, and taken away
//! when the time is up. Whoever comes first decides, so that work that was given up never writes,
//! and work that ended is never given up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

const OPEN: u8 = 0;
const WRITING: u8 = 1;
const ENDED: u8 = 2;
const GIVEN_UP: u8 = 3;

/// Whether one repository's work may write.
#[derive(Debug, Clone, Default)]
pub struct Permit(Arc<AtomicU8>);

impl Permit {
    /// Asks to write. False when the work was given up; nothing may be written then. After true it
    /// is not given up until it had time to finish.
    pub fn to_write(&self) -> bool {
        self.turn(&[OPEN, WRITING], WRITING)
    }

    /// Says that the work ended. False when it was given up before.
    pub(super) fn end(&self) -> bool {
        self.turn(&[OPEN, WRITING], ENDED)
    }

    /// Gives the work up, unless it writes or ended.
    pub(super) fn give_up(&self) -> bool {
        self.turn(&[OPEN], GIVEN_UP)
    }

    /// Gives the work up although it writes, unless it ended.
    pub(super) fn abandon(&self) -> bool {
        self.turn(&[OPEN, WRITING], GIVEN_UP)
    }

    fn turn(&self, from: &[u8], to: u8) -> bool {
        let next = |state: u8| from.contains(&state).then_some(to);
        self.0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, next)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_first_decides() {
        let permit = Permit::default();
        assert!(permit.to_write());
        assert!(!permit.give_up());
        assert!(permit.to_write());
        assert!(permit.abandon());
        assert!(!permit.to_write() && !permit.end());

        let permit = Permit::default();
        assert!(permit.give_up());
        assert!(!permit.to_write() && !permit.end());

        let permit = Permit::default();
        assert!(permit.end());
        assert!(!permit.give_up() && !permit.abandon());
    }
}
