//! Whether lists are frozen: made by `pip freeze` or a tool, not by hand.

use super::{Judgement, LineVerdict};
use crate::app::conda_names::conda_only;

impl Judgement<'_> {
    /// Whether the lists name everything that they install, at exact versions, as `pip freeze`
    /// writes them, and some of it is brought by other lines. A few lines that people changed
    /// since do not matter: one for each eight that go. A list by hand names what the app needs,
    /// so that most of what its lines bring is missing from it.
    pub fn is_frozen(&self) -> bool {
        let dropped = self.dropped().count();
        let tolerated = dropped / 8;
        let loose = self.lines.iter().filter(|line| {
            let kept = !matches!(line.verdict, LineVerdict::Dropped { .. });
            let is_library = line.entry.name.as_deref().and_then(conda_only).is_some();
            kept && !is_library && line.entry.bar.is_none() && line.entry.pin.is_none()
        });
        let exact = self.dropped().all(|line| line.entry.pin.is_some());
        dropped > 0 && exact && loose.count() <= tolerated && self.missing.len() <= tolerated
    }
}
