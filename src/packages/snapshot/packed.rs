//! Reads the packed form ([`super::form`]): records by their number, nothing else is looked at. A
//! place outside the bytes is an answer that nobody knows; the tests read every record.

use std::cmp::Ordering;
use std::str::FromStr;
use std::sync::{LazyLock, OnceLock};

use pep440_rs::{Version, VersionSpecifiers};

use super::Day;
use super::form::{
    DEPENDENCIES, DEPENDENCY, DISTRIBUTION, DISTRIBUTIONS, MARKERS, NEED, NEEDS, NO_DAY, PYTHON,
    PYTHONS, RELEASE, RELEASES, SECTIONS, SEGMENTS, SOURCE, SPECIFIERS, TEXT, TEXTS, UNKNOWN,
    WHEEL, WHEELS, YANKED,
};
use crate::files::requirements::Marker;
use crate::packages::Dependency;

/// The bytes of the snapshot.
static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/snapshot.bin"));

/// The parsed texts of specifiers and markers: few, and shared by many dependencies.
static PARSED_SPECIFIERS: ParsedSection<VersionSpecifiers> =
    ParsedSection::new(SPECIFIERS, |text| VersionSpecifiers::from_str(text).ok());
static PARSED_MARKERS: ParsedSection<Marker> = ParsedSection::new(MARKERS, Marker::parse);

/// A distribution: where its record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    /// Its name, normalised.
    pub(super) name: &'static str,
    first: usize,
    count: usize,
}

/// The record of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ReleaseRecord {
    bytes: &'static [u8],
}

/// A bit for each minor of Python 3, the last one for all later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Minors(u32);

impl Minors {
    pub(super) fn contain(self, minor: u8) -> bool {
        self.0 & (1 << minor.min(31)) != 0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// The day of the snapshot, as in `2026-01-31`.
pub(super) fn date() -> &'static str {
    let day = read_section(TEXTS).get(..10);
    day.and_then(|day| std::str::from_utf8(day).ok())
        .unwrap_or_default()
}

impl Block {
    /// The distribution of this (normalised) name.
    pub(super) fn find(name: &str) -> Option<Self> {
        let (all, _) = read_section(DISTRIBUTIONS).as_chunks::<DISTRIBUTION>();
        let known = |record: &[u8; DISTRIBUTION]| read_text(record, 0).unwrap_or_default();
        let at = all
            .binary_search_by(|record| known(record).cmp(name))
            .ok()?;
        Self::read(all.get(at)?)
    }

    fn read(record: &'static [u8]) -> Option<Self> {
        Some(Self {
            name: read_text(record, 0)?,
            first: to_place(read_u32(record, TEXT)?)?,
            count: usize::from(read_u16(record, TEXT + 4)?),
        })
    }

    /// All distributions, sorted by name.
    #[cfg(test)]
    pub(super) fn all() -> Vec<Self> {
        let (all, _) = read_section(DISTRIBUTIONS).as_chunks::<DISTRIBUTION>();
        all.iter()
            .map(|record| Self::read(record).unwrap())
            .collect()
    }

    /// Its releases, oldest first.
    pub(super) fn records(self) -> impl Iterator<Item = ReleaseRecord> {
        (self.first..self.first + self.count).map_while(ReleaseRecord::read)
    }

    /// Its release of this version: `1.0.0` and `1.0` are one.
    pub(super) fn find_record(self, version: &Version) -> Option<ReleaseRecord> {
        let (mut low, mut high) = (self.first, self.first + self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            let record = ReleaseRecord::read(middle)?;
            match record.version()?.cmp(version) {
                Ordering::Equal => return Some(record),
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
            }
        }
        None
    }
}

impl ReleaseRecord {
    fn read(number: usize) -> Option<Self> {
        let bytes = read_record(RELEASES, number, RELEASE)?;
        Some(Self { bytes })
    }

    pub(super) fn version(self) -> Option<Version> {
        let count = usize::from(*self.bytes.get(2 * SEGMENTS)?);
        if count == 0 {
            return Version::from_str(read_text(self.bytes, 0)?).ok();
        }
        let mut segments = [0; SEGMENTS];
        for (at, segment) in segments.iter_mut().enumerate() {
            *segment = u64::from(read_u16(self.bytes, 2 * at)?);
        }
        Some(Version::new(segments.get(..count)?))
    }

    pub(super) fn is_yanked(self) -> bool {
        self.flags() & YANKED != 0
    }

    pub(super) fn has_source(self) -> bool {
        self.flags() & SOURCE != 0
    }

    fn flags(self) -> u8 {
        self.bytes
            .get(2 * SEGMENTS + 1)
            .copied()
            .unwrap_or_default()
    }

    pub(super) fn uploaded(self) -> Option<Day> {
        let day = read_u16(self.bytes, 2 * SEGMENTS + 2)?;
        (day != NO_DAY).then(|| Day::new(day))
    }

    /// `Requires-Python`, empty where every Python is allowed.
    pub(super) fn python(self) -> &'static str {
        let record = self.python_record();
        record.and_then(|it| read_text(it, 0)).unwrap_or_default()
    }

    /// The minors that `Requires-Python` allows.
    pub(super) fn allowed(self) -> Minors {
        let bits = self.python_record().and_then(|it| read_u32(it, TEXT));
        Minors(bits.unwrap_or_default())
    }

    fn python_record(self) -> Option<&'static [u8]> {
        let number = read_u16(self.bytes, 2 * SEGMENTS + 4)?;
        read_record(PYTHONS, usize::from(number), PYTHON)
    }

    /// The minors that have a wheel.
    pub(super) fn wheels(self) -> Minors {
        let number = read_u16(self.bytes, 2 * SEGMENTS + 6);
        let record = number.and_then(|it| read_record(WHEELS, usize::from(it), WHEEL));
        Minors(record.and_then(|it| read_u32(it, 0)).unwrap_or_default())
    }

    /// The dependencies; `None` where they are unknown.
    pub(super) fn needs(self) -> Option<Vec<Dependency>> {
        let place = read_u32(self.bytes, 2 * SEGMENTS + 8)?;
        if place == UNKNOWN {
            return None;
        }
        let behind = read_section(NEEDS).get(to_place(place)?..)?;
        let count = to_place(read_u32(behind, 0)?)?;
        let numbers = (1..=count).map(|at| read_u32(behind, at * NEED));
        numbers.map(|number| read_dependency(number?)).collect()
    }
}

fn read_dependency(number: u32) -> Option<Dependency> {
    let record = read_record(DEPENDENCIES, to_place(number)?, DEPENDENCY)?;
    let start = to_place(read_u32(record, 0)?)?;
    let (name, extras) = (usize::from(*record.get(4)?), usize::from(*record.get(5)?));
    let text = read_section(TEXTS).get(start..start + name + extras)?;
    let (name, extras) = std::str::from_utf8(text).ok()?.split_at_checked(name)?;
    let extras = extras.split(',').filter(|it| !it.is_empty());
    Some(Dependency {
        name: name.to_owned(),
        extras: extras.map(str::to_owned).collect(),
        versions: PARSED_SPECIFIERS.read(read_u16(record, 6)?).ok()?.cloned(),
        marker: PARSED_MARKERS.read(read_u16(record, 8)?).ok()?.cloned(),
    })
}

/// Texts of a section that are parsed once, when they are first asked for.
struct ParsedSection<T: 'static> {
    section: usize,
    parse: fn(&str) -> Option<T>,
    cells: LazyCells<T>,
}

/// A text that says nothing: the build would have stopped at most of them.
#[derive(Debug)]
struct Unreadable;

type LazyCells<T> = OnceLock<Vec<OnceLock<Option<T>>>>;

impl<T> ParsedSection<T> {
    const fn new(section: usize, parse: fn(&str) -> Option<T>) -> Self {
        Self {
            section,
            parse,
            cells: OnceLock::new(),
        }
    }

    /// What the text with this number says; nothing for the empty text, the first one.
    fn read(&self, number: u16) -> Result<Option<&T>, Unreadable> {
        if number == 0 {
            return Ok(None);
        }
        let count = read_section(self.section).len() / TEXT;
        let empty = || (0..count).map(|_| OnceLock::new()).collect();
        let cells = self.cells.get_or_init(empty);
        let cell = cells.get(usize::from(number)).ok_or(Unreadable)?;
        let parse = || {
            let record = read_record(self.section, usize::from(number), TEXT)?;
            (self.parse)(read_text(record, 0)?)
        };
        cell.get_or_init(parse).as_ref().map(Some).ok_or(Unreadable)
    }
}

/// Where each section lies, read once.
static SECTIONS_READ: LazyLock<[&'static [u8]; SECTIONS]> = LazyLock::new(|| {
    let place = |section| read_u32(BYTES, 4 * section).and_then(to_place);
    std::array::from_fn(|section| {
        let start = place(section).unwrap_or_default();
        let end = if section + 1 == SECTIONS {
            Some(BYTES.len())
        } else {
            place(section + 1)
        };
        BYTES
            .get(start..end.unwrap_or_default())
            .unwrap_or_default()
    })
});

fn read_section(section: usize) -> &'static [u8] {
    SECTIONS_READ.get(section).copied().unwrap_or_default()
}

fn read_record(section: usize, number: usize, size: usize) -> Option<&'static [u8]> {
    let start = number.checked_mul(size)?;
    read_section(section).get(start..start + size)
}

/// The text that is named at this place of a record.
fn read_text(record: &[u8], at: usize) -> Option<&'static str> {
    let start = to_place(read_u32(record, at)?)?;
    let length = usize::from(read_u16(record, at + 4)?);
    let bytes = read_section(TEXTS).get(start..start + length)?;
    std::str::from_utf8(bytes).ok()
}

fn read_u16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn read_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn to_place(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}
