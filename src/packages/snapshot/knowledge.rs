//! What no metadata says of a release: the first Python that it does not start on, how its source
//! builds, and which other distributions it needs or does not go with. The rows are in
//! `rules/data/python_breaks.toml`, `source_builds.toml` and `companions.toml`; each has its
//! evidence, and what has no row is unknown.

use std::collections::{HashMap, HashSet};
use std::str::FromStr;
use std::sync::LazyLock;

use pep440_rs::{Version, VersionSpecifiers};
use serde::{Deserialize, Deserializer};

use super::Day;
use crate::packages::Target;
use crate::tables::table;

static BREAKS: LazyLock<HashMap<&'static str, Vec<&'static Break>>> = LazyLock::new(|| {
    static TABLE: LazyLock<Breaks> = LazyLock::new(|| table!("python_breaks"));
    by_name(TABLE.broken.iter().map(|row| (row.name.as_str(), row)))
});

static BUILDS: LazyLock<HashMap<&'static str, Vec<&'static BuildRow>>> = LazyLock::new(|| {
    static TABLE: LazyLock<Builds> = LazyLock::new(|| table!("source_builds"));
    let rows = TABLE.distribution.iter();
    by_name(rows.flat_map(|row| row.names.iter().map(move |name| (name.as_str(), row))))
});

static COMPANIONS: LazyLock<HashMap<&'static str, Vec<&'static Companion>>> = LazyLock::new(|| {
    static TABLE: LazyLock<Companions> = LazyLock::new(|| table!("companions"));
    by_name(TABLE.companion.iter().map(|row| (row.name.as_str(), row)))
});

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Breaks {
    broken: Vec<Break>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Builds {
    distribution: Vec<BuildRow>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Companions {
    companion: Vec<Companion>,
}

/// Why releases do not start on a Python: what their own code asks of it at import.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Break {
    /// The distribution, normalised.
    pub name: String,
    #[serde(deserialize_with = "read")]
    versions: VersionSpecifiers,
    /// The first minor of Python 3 on which the import raises: 10 for Python 3.10.
    pub minor: u8,
    /// The module that raises, as in `jinja2.sandbox`.
    pub module: String,
    /// Its line in the newest of the releases, counted from 1.
    pub line: u32,
    /// What it asks for that Python no longer has: `collections.Mapping`.
    pub what: String,
}

/// How a source archive becomes an installed distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Build {
    /// Nothing is compiled.
    Pure,
    /// A C extension is tried and left out where there is no compiler.
    Optional,
    /// It needs a compiler or libraries.
    Compiled,
    /// Its `setup.py` fails with the tools of today.
    Broken,
    /// Nobody looked.
    Unknown,
}

/// How the source archives of some releases build, and what to do instead.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BuildRow {
    names: Vec<String>,
    /// The releases; all without it.
    #[serde(default, deserialize_with = "read_some")]
    versions: Option<VersionSpecifiers>,
    /// How it builds.
    #[serde(default = "compiled")]
    pub kind: Build,
    /// What the build needs, read behind "the build needs"; or why it fails.
    pub needs: Option<String>,
    /// Packages of Ubuntu that hold what the build needs.
    #[serde(default)]
    pub apt: Vec<String>,
    /// The distribution with wheels that brings the same module.
    pub instead: Option<String>,
    /// What to do, where moving to a newer release is not enough.
    pub advice: Option<String>,
}

const fn compiled() -> Build {
    Build::Compiled
}

/// How much a companion counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// The release imports it, and its metadata does not say so: it has to be installed.
    Hidden,
    /// The release brings it: the bound always counts.
    Strong,
    /// The bound counts where something else brings it.
    Weak,
}

/// What a release needs or does not go with, though its metadata does not say so.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Companion {
    /// The distribution that fails, normalised.
    pub name: String,
    #[serde(deserialize_with = "read")]
    versions: VersionSpecifiers,
    /// The distribution that it needs or does not go with, normalised.
    pub needs: String,
    /// The versions of that one that go with it; none for any.
    #[serde(default, deserialize_with = "read_some")]
    pub bound: Option<VersionSpecifiers>,
    /// How much it counts.
    pub strength: Strength,
    /// The Pythons on which it counts, as in `>=3.8`; none for all.
    #[serde(default, deserialize_with = "read_some")]
    python: Option<VersionSpecifiers>,
    /// The last line of the error that the bad pair ends with.
    pub error: String,
    /// The day when both pairs were tried on a real Python (`.ci/companions`); none where only
    /// others report it.
    #[serde(default, deserialize_with = "read_day")]
    pub tried: Option<Day>,
    /// Who reports it, where nobody tried it.
    pub source: Option<String>,
}

impl Companion {
    /// Whether it counts on this Python.
    pub fn applies(&self, target: Target) -> bool {
        let python = self.python.as_ref();
        python.is_none_or(|python| python.contains(&target.python()))
    }
}

/// The first Python that this release does not start on, and why; `None` when nothing is known
/// of it, which is no promise that it starts.
pub(super) fn find_break(name: &str, version: &Version) -> Option<&'static Break> {
    let rows = BREAKS.get(name)?.iter();
    let known = rows.filter(|row| row.versions.contains(version));
    known.min_by_key(|row| row.minor).copied()
}

/// How the source of this release builds; `None` where nobody looked.
pub(super) fn find_build(name: &str, version: &Version) -> Option<&'static BuildRow> {
    let mut rows = BUILDS.get(name)?.iter();
    let is_met = |row: &&&BuildRow| match &row.versions {
        Some(versions) => versions.contains(version),
        None => true,
    };
    rows.find(is_met).copied()
}

/// What `name` (normalised) at `version` needs or does not go with beside what its metadata says.
pub fn companions(name: &str, version: &Version) -> Vec<&'static Companion> {
    let rows = COMPANIONS.get(name).into_iter().flatten();
    let rows = rows.filter(|row| row.versions.contains(version));
    rows.copied().collect()
}

/// Whether some companion row is about the versions of this distribution (normalised).
pub fn is_companion(name: &str) -> bool {
    static NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
        let rows = COMPANIONS.values().flatten();
        rows.map(|row| row.needs.as_str()).collect()
    });
    NAMES.contains(name)
}

fn by_name<T>(
    rows: impl Iterator<Item = (&'static str, &'static T)>,
) -> HashMap<&'static str, Vec<&'static T>> {
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for (name, row) in rows {
        found.entry(name).or_default().push(row);
    }
    found
}

fn read<'d, D: Deserializer<'d>>(source: D) -> Result<VersionSpecifiers, D::Error> {
    let text = String::deserialize(source)?;
    VersionSpecifiers::from_str(&text).map_err(serde::de::Error::custom)
}

fn read_some<'d, D: Deserializer<'d>>(source: D) -> Result<Option<VersionSpecifiers>, D::Error> {
    read(source).map(Some)
}

fn read_day<'d, D: Deserializer<'d>>(source: D) -> Result<Option<Day>, D::Error> {
    let text = String::deserialize(source)?;
    let day = Day::from_str(&text).map_err(serde::de::Error::custom)?;
    Ok(Some(day))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::find;
    use super::*;
    use crate::files::requirements::normalized_name;

    /// A table as the program reads it, which must parse.
    macro_rules! strict {
        ($name:literal) => {
            serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/", $name, ".json")))
                .unwrap()
        };
    }

    /// Whether a release of the snapshot is among these.
    fn is_met(name: &str, versions: &VersionSpecifiers) -> bool {
        let known = find(name).unwrap_or_else(|| panic!("{name} is unknown"));
        let mut releases = known.releases().iter();
        releases.any(|it| versions.contains(&it.version))
    }

    #[test]
    fn every_break_is_of_a_release_and_says_where() {
        let table: Breaks = strict!("python_breaks");
        for row in &table.broken {
            assert_eq!(row.name, normalized_name(&row.name));
            assert!(is_met(&row.name, &row.versions), "{row:?}");
            assert!((4..=14).contains(&row.minor) && row.line > 0, "{row:?}");
            assert!(!row.module.is_empty() && !row.what.is_empty(), "{row:?}");
        }
    }

    #[test]
    fn every_build_is_of_a_release_and_says_what_it_needs() {
        let table: Builds = strict!("source_builds");
        let mut seen = BTreeSet::new();
        for row in &table.distribution {
            for name in &row.names {
                assert_eq!(*name, normalized_name(name));
                let versions = row.versions.as_ref().map(ToString::to_string);
                assert!(seen.insert((name, versions)), "{name} twice");
                let all = VersionSpecifiers::empty();
                assert!(
                    is_met(name, row.versions.as_ref().unwrap_or(&all)),
                    "{row:?}"
                );
            }
            let says = row.needs.as_ref().is_some_and(|it| !it.is_empty());
            let must = matches!(row.kind, Build::Compiled | Build::Broken);
            assert_eq!(says, must, "{row:?}");
            assert!(
                must || (row.instead.is_none() && row.apt.is_empty()),
                "{row:?}"
            );
            let instead = row.instead.iter().map(|name| find(name));
            assert!(instead.into_iter().all(|known| known.is_some()), "{row:?}");
        }
    }

    #[test]
    fn every_companion_is_of_a_release_with_its_error_and_bounds_something() {
        let table: Companions = strict!("companions");
        for row in &table.companion {
            assert_eq!(row.name, normalized_name(&row.name));
            assert_eq!(row.needs, normalized_name(&row.needs));
            assert_ne!(row.name, row.needs);
            assert!(!row.error.is_empty(), "{row:?}");
            assert!(row.tried.is_some() != row.source.is_some(), "{row:?}");
            assert!(
                row.bound.is_some() || row.strength == Strength::Hidden,
                "{row:?}"
            );
            assert!(is_met(&row.name, &row.versions), "{row:?}");
            if let Some(bound) = &row.bound {
                assert!(is_met(&row.needs, bound), "{row:?}");
            }
        }
    }

    #[test]
    fn what_has_no_row_is_unknown() {
        let version = Version::new([1]);
        assert_eq!(find_break("no-such", &version), None);
        assert_eq!(find_build("no-such", &version), None);
        assert!(companions("no-such", &version).is_empty());
    }
}
