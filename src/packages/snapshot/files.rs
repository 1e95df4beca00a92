//! The files of a release: on which Pythons of Linux x86-64 there is a wheel, and whether there is
//! a source archive.

use crate::packages::Target;

/// The files of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Files {
    /// A bit for each minor of Python 3 that has a wheel.
    wheels: u64,
    /// Whether there is a source archive.
    pub(super) source: bool,
}

impl Files {
    /// Reads `6-9,11s`, `*s`, `8+`, `s`, `-`. What cannot be read is no file.
    pub(super) fn read(text: &str) -> Self {
        let (wheels, source) = match text.strip_suffix('s') {
            Some(wheels) => (wheels, true),
            None => (text, false),
        };
        let runs = wheels.split(',').filter_map(minors);
        Self {
            wheels: runs.fold(0, |all, run| all | run),
            source,
        }
    }

    /// Whether a wheel fits the target.
    pub(super) fn has_wheel(self, target: Target) -> bool {
        target.minor() < 64 && self.wheels & (1 << target.minor()) != 0
    }

    /// Whether there is a wheel for any Python 3.
    pub(super) fn has_wheels(self) -> bool {
        self.wheels != 0
    }
}

/// The bits of `6-9`, `11`, `8+`, `*`.
fn minors(run: &str) -> Option<u64> {
    if run == "*" {
        return Some(u64::MAX);
    }
    if let Some(first) = run.strip_suffix('+') {
        return from(first.parse().ok()?);
    }
    let (first, last) = run.split_once('-').unwrap_or((run, run));
    let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
    let above = from(last.checked_add(1)?)?;
    Some(from(first)? & !above)
}

/// The bits from this minor on.
fn from(minor: u32) -> Option<u64> {
    u64::MAX.checked_shl(minor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitting(text: &str) -> Vec<u8> {
        let files = Files::read(text);
        let minors = (0..20).filter(|minor| files.has_wheel(Target::new(*minor)));
        minors.collect()
    }

    #[test]
    fn every_form_is_read() {
        assert_eq!(fitting("6-8,11s"), [6, 7, 8, 11]);
        assert_eq!(fitting("17+"), [17, 18, 19]);
        assert_eq!(fitting("*s").len(), 20);
        assert_eq!(fitting("7,9+").len(), 12);
        for none in ["-", "s", "", "x", "9-x", "99"] {
            assert!(fitting(none).is_empty(), "{none}");
        }
        assert!(Files::read("s").source && Files::read("*s").source);
        assert!(!Files::read("-").source && !Files::read("6").source);
        assert!(!Files::read("*").has_wheel(Target::new(200)));
    }
}
