//! The packed form of the snapshot, which `build.rs` writes (`pack`) and the program
//! reads ([`super::packed`]): records of fixed size, found by their number, that point into tables
//! of texts. All numbers are little endian.
//!
//! ```text
//! head           SECTIONS numbers of 4 bytes: where each section begins
//! DISTRIBUTIONS  sorted by name: name, first release, releases
//! RELEASES       of one distribution after the other, oldest first
//! NEEDS          the dependencies of a release: how many, then their numbers
//! DEPENDENCIES   name, extras, specifiers, marker
//! PYTHONS        the texts of `Requires-Python`, each with the minors that it allows
//! WHEELS         the minors that have a wheel
//! SPECIFIERS     texts
//! MARKERS        texts
//! TEXTS          their bytes; first the day of the snapshot
//! ```
//!
//! A text is named by where it begins and how long it is ([`TEXT`] bytes).

/// The sections, as places in the head.
pub(crate) const DISTRIBUTIONS: usize = 0;
pub(crate) const RELEASES: usize = 1;
pub(crate) const NEEDS: usize = 2;
pub(crate) const DEPENDENCIES: usize = 3;
pub(crate) const PYTHONS: usize = 4;
pub(crate) const WHEELS: usize = 5;
pub(crate) const SPECIFIERS: usize = 6;
pub(crate) const MARKERS: usize = 7;
pub(crate) const TEXTS: usize = 8;
/// How many there are.
pub(crate) const SECTIONS: usize = 9;

/// The bytes of a text's name: where it begins (4), how long it is (2).
pub(crate) const TEXT: usize = 6;

/// Bytes of a distribution: its name, the number of its first release (4), how many it has (2).
pub(crate) const DISTRIBUTION: usize = TEXT + 6;

/// Bytes of a release: its version (8), how that is written (1), flags (1), the day (2), the
/// number of its `Requires-Python` (2) and of its wheels (2), its place in NEEDS (4).
pub(crate) const RELEASE: usize = 20;
/// How many segments a version of plain numbers has at most; each takes two bytes. Another
/// version is a text.
pub(crate) const SEGMENTS: usize = 4;
/// A release was withdrawn.
pub(crate) const YANKED: u8 = 1;
/// A release has a source archive.
pub(crate) const SOURCE: u8 = 2;
/// The day of which nobody asked.
pub(crate) const NO_DAY: u16 = u16::MAX;
/// The place in NEEDS of what nobody knows.
pub(crate) const UNKNOWN: u32 = u32::MAX;

/// Bytes of a number in NEEDS.
pub(crate) const NEED: usize = 4;

/// Bytes of a dependency: its name and, behind that, its extras with commas between (where they
/// begin 4, length of the name 1, of the extras 1), the number of its specifiers (2), of its
/// marker (2).
pub(crate) const DEPENDENCY: usize = 10;

/// Bytes of a `Requires-Python`: its text and a bit for each minor that it allows (4).
pub(crate) const PYTHON: usize = TEXT + 4;

/// Bytes of the wheels of a release: a bit for each minor of Python 3, the last one for all later.
pub(crate) const WHEEL: usize = 4;
