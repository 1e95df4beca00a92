//! The Pythons that each release installs. The rows are in `rules/data/pythons.toml`.

use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;

use super::table;
use crate::packages::Target;
use crate::rules::settings::Release;

/// A Python minor: the 3.9 of 3.9.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(in crate::rules) struct Minor {
    pub(in crate::rules) major: u16,
    pub(in crate::rules) minor: u16,
}

impl fmt::Display for Minor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl TryFrom<String> for Minor {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::of_range(&text).ok_or(text)
    }
}

impl Minor {
    /// The Python 3 of this minor, as lists are checked for it; `None` for Python 2.
    pub(in crate::rules) fn target(self) -> Option<Target> {
        let minor = u8::try_from(self.minor).ok()?;
        (self.major == 3).then(|| Target::new(minor))
    }

    /// The one minor that a version range of `project.toml` allows: `3.9.*`, `3.9`, `~3.9.6`,
    /// `3.9.6`. `None` for ranges over several minors.
    pub(in crate::rules) fn of_range(range: &str) -> Option<Self> {
        let version = range.trim().trim_start_matches(['~', '=']).trim();
        let mut parts = version.split('.');
        let number = |part: &str| -> Option<u16> {
            part.parse()
                .ok()
                .filter(|_| part.bytes().all(|b| b.is_ascii_digit()))
        };
        let major = number(parts.next()?)?;
        let minor = number(parts.next()?)?;
        let rest_fits = parts.all(|part| part == "*" || part == "x" || number(part).is_some());
        rest_fits.then_some(Self { major, minor })
    }
}

/// What one release installs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct Pythons {
    from: u8,
    /// The Python of an app that chooses none.
    pub(in crate::rules) default: Minor,
    /// All Pythons, oldest first.
    pub(in crate::rules) minors: Vec<Minor>,
}

impl Pythons {
    /// Whether the release installs this Python.
    pub(in crate::rules) fn has(&self, minor: Minor) -> bool {
        self.minors.contains(&minor)
    }

    /// "3.7 to 3.12"; every table is without gaps.
    pub(in crate::rules) fn range(&self) -> String {
        match (self.minors.first(), self.minors.last()) {
            (Some(first), Some(last)) => format!("{first} to {last}"),
            _ => String::new(),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PythonTable {
    release: Vec<Pythons>,
}

static TABLE: LazyLock<PythonTable> = LazyLock::new(|| table!("pythons"));

/// What `release` installs; `None` only when the table does not say.
pub(in crate::rules) fn pythons(release: Release) -> Option<&'static Pythons> {
    TABLE
        .release
        .iter()
        .rfind(|row| row.from <= release.minor())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_sound() {
        let table: PythonTable = crate::tables::strict("pythons");
        assert_eq!(table.release.first().unwrap().from, 0);
        assert!(table.release.is_sorted_by(|a, b| a.from < b.from));
        for row in &table.release {
            assert!(row.has(row.default), "{row:?}");
            let neighbours = row.minors.windows(2);
            neighbours.for_each(|pair| assert_eq!(pair[0].minor + 1, pair[1].minor));
        }
    }

    #[test]
    fn releases_find_their_row() {
        let range = |release: &str| pythons(release.parse().unwrap()).unwrap().range();
        assert_eq!(range("5.0"), "3.6 to 3.9");
        assert_eq!(range("5.2"), "3.7 to 3.11");
        assert_eq!(range("5.9"), "3.7 to 3.12");
        assert_eq!(range("5.x"), "3.7 to 3.12");
    }

    #[test]
    fn ranges_of_one_minor_are_read() {
        let read = |range: &str| Minor::of_range(range).map(|minor| minor.to_string());
        for range in ["3.9", "3.9.*", "3.9.x", "~3.9", "3.9.6", "==3.9.*"] {
            assert_eq!(read(range).as_deref(), Some("3.9"), "{range}");
        }
        for range in ["3", "3.*", ">=3.8", "3.8,3.9", "", "3.a", "3.+9"] {
            assert_eq!(read(range), None, "{range}");
        }
    }
}
