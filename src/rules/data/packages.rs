//! The distributions and package indexes that matter to a move.

use std::str::FromStr;
use std::sync::LazyLock;

use pep440_rs::Version;
use serde::Deserialize;

use super::table;

static FLOORS: LazyLock<Floors> = LazyLock::new(|| table!("package_floors"));
static STUBS: LazyLock<Stubs> = LazyLock::new(|| table!("stub_packages"));
static INDEXES: LazyLock<Indexes> = LazyLock::new(|| table!("index_urls"));
static FOREIGN: LazyLock<ForeignTable> = LazyLock::new(|| table!("foreign_platform"));

#[derive(Debug, Default, Deserialize)]
struct Floors {
    floor: Vec<Floor>,
}

/// The oldest version of a distribution that works on DE5.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct Floor {
    /// The distribution, normalised.
    pub(in crate::rules) name: String,
    at_least: String,
    /// Only for apps that ask for this.
    pub(in crate::rules) with: Option<With>,
}

/// Another distribution that a floor depends on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct With {
    /// The distribution, normalised.
    pub(in crate::rules) name: String,
    at_least: String,
    /// As a message names it.
    pub(in crate::rules) shown: String,
}

impl Floor {
    /// The version; `None` if the row holds none, which a test excludes.
    pub(in crate::rules) fn version(&self) -> Option<Version> {
        Version::from_str(&self.at_least).ok()
    }
}

impl With {
    /// The version of the other distribution from which on the floor holds.
    pub(in crate::rules) fn version(&self) -> Option<Version> {
        Version::from_str(&self.at_least).ok()
    }
}

/// All floors.
pub(in crate::rules) fn floors() -> &'static [Floor] {
    &FLOORS.floor
}

/// Distributions that the public index has as raising stubs only.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct Stubs {
    version: String,
    names: Vec<String>,
}

impl Stubs {
    /// Whether the public index has a stub of this (normalised) name.
    pub(in crate::rules) fn has(&self, name: &str) -> bool {
        self.names.iter().any(|stub| stub == name)
    }

    /// The version of the stubs.
    pub(in crate::rules) fn version(&self) -> Option<Version> {
        Version::from_str(&self.version).ok()
    }
}

/// The stubs.
pub(in crate::rules) fn stubs() -> &'static Stubs {
    &STUBS
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Indexes {
    de4_paths: Vec<String>,
    de5_path: String,
}

/// Whether a URL's path is that of a DE4 package index, or lies below one.
pub(in crate::rules) fn is_de4_index(path: &str) -> bool {
    let path = path.trim_end_matches('/').to_ascii_lowercase();
    INDEXES.de4_paths.iter().any(|known| {
        path.strip_prefix(&known.to_ascii_lowercase())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// The package index of a DE5 server.
pub(in crate::rules) fn de5_index(host: &str) -> String {
    format!("https://{host}{}", INDEXES.de5_path)
}

#[derive(Debug, Default, Deserialize)]
struct ForeignTable {
    distribution: Vec<Foreign>,
}

/// A distribution that has no place on DE5.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct Foreign {
    name: String,
    version: Option<String>,
    /// Why.
    pub(in crate::rules) kind: ForeignKind,
    /// Whether it installs on Linux too, and does nothing there.
    #[serde(default)]
    pub(in crate::rules) installs: bool,
}

/// Why a distribution has no place on DE5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::rules) enum ForeignKind {
    /// It exists for Windows only.
    Windows,
    /// It exists for macOS only.
    Macos,
    /// It is no distribution: a freeze of Debian's pip invented it.
    Nothing,
}

impl Foreign {
    /// The version that the row is limited to.
    pub(in crate::rules) fn version(&self) -> Option<Version> {
        Version::from_str(self.version.as_deref()?).ok()
    }

    fn covers(&self, name: &str) -> bool {
        match self.name.strip_suffix('*') {
            Some(beginning) => name.starts_with(beginning),
            None => self.name == name,
        }
    }
}

/// The row about a (normalised) name.
pub(in crate::rules) fn foreign(name: &str) -> Option<&'static Foreign> {
    FOREIGN.distribution.iter().find(|row| row.covers(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::requirements::normalized_name;
    use crate::tables::strict;

    #[test]
    fn every_floor_is_a_version_of_a_name() {
        let table: Floors = strict("package_floors");
        assert!(!table.floor.is_empty());
        for row in &table.floor {
            assert_eq!(row.name, normalized_name(&row.name));
            assert!(row.version().is_some());
            if let Some(with) = &row.with {
                assert!(with.version().is_some() && !with.shown.is_empty());
                assert_eq!(with.name, normalized_name(&with.name));
            }
        }
    }

    #[test]
    fn every_stub_is_a_name() {
        let table: Stubs = strict("stub_packages");
        assert!(table.version().is_some() && table.names.len() == 20 && table.names.is_sorted());
        for name in &table.names {
            assert_eq!(*name, normalized_name(name));
            assert!(stubs().has(name));
        }
        assert!(!stubs().has("dash-enterprise-auth"));
    }

    #[test]
    fn every_index_is_a_path() {
        let table: Indexes = strict("index_urls");
        for path in table.de4_paths.iter().chain([&table.de5_path]) {
            assert!(path.starts_with('/') && !path.ends_with('/'));
        }
        assert!(is_de4_index("/docs/packages/") && is_de4_index("/Docs/packages/simple"));
        assert!(!is_de4_index("/packages") && !is_de4_index("/Docs/packages2"));
        assert_eq!(
            de5_index("dash.example.com"),
            "https://dash.example.com/packages"
        );
    }

    #[test]
    fn every_foreign_distribution_says_why() {
        let table: ForeignTable = strict("foreign_platform");
        for row in &table.distribution {
            let name = row.name.trim_end_matches('*');
            assert_eq!(name, normalized_name(name));
            assert_eq!(row.version.is_some(), row.version().is_some());
        }
        assert_eq!(foreign("pyobjc-core").unwrap().kind, ForeignKind::Macos);
        assert!(foreign("dash").is_none());
    }
}
