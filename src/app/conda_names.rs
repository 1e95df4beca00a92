//! conda's names: which distribution of an index a conda package holds where the names differ, and
//! which packages hold no Python module. The rows are in `rules/data/conda_names.toml`.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::tables::table;

static TABLE: LazyLock<CondaNameTable> = LazyLock::new(|| table!("conda_names"));

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct CondaNameTable {
    libraries: BTreeSet<String>,
    programs: BTreeSet<String>,
    names: HashMap<String, Vec<String>>,
}

/// What a conda package holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// Distributions of an index, under these (normalised) names.
    Distributions(Vec<String>),
    /// A library: no app imports it, and what needs it brings it.
    Library,
    /// A program that an app may start.
    Program,
}

/// The name of a conda package that holds no distribution of an index, told apart from all names
/// of an index by its colons.
pub fn conda_key(name: &str) -> String {
    format!("conda::{name}")
}

/// The name of the package if `key` is of [`conda_key`].
pub fn conda_only(key: &str) -> Option<&str> {
    key.strip_prefix("conda::")
}

/// The conda package that holds a distribution (normalised name), where the names differ.
pub fn find_package(distribution: &str) -> Option<&'static str> {
    // A part of the package that has the distribution's own name is not what is meant.
    let is_part = |package: &str| {
        let behind = package.strip_prefix(distribution);
        behind.is_some_and(|behind| behind.starts_with('-'))
    };
    let held = |names: &[String]| names.first().is_some_and(|name| name == distribution);
    let mut packages: Vec<&str> = TABLE
        .names
        .iter()
        .filter(|(package, names)| held(names) && !is_part(package))
        .map(|(package, _)| package.as_str())
        .collect();
    packages.sort_by_key(|package| (package.len(), *package));
    packages.first().copied()
}

/// What the conda package of this name (lower case) holds. A name without a row is that of the
/// distribution.
pub fn find_held(name: &str) -> Held {
    if TABLE.libraries.contains(name) {
        Held::Library
    } else if TABLE.programs.contains(name) {
        Held::Program
    } else if let Some(names) = TABLE.names.get(name) {
        Held::Distributions(names.clone())
    } else {
        Held::Distributions(vec![crate::files::requirements::normalized_name(name)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::requirements::normalized_name;
    use crate::tables::strict;

    #[test]
    fn every_name_has_one_meaning() {
        let table: CondaNameTable = strict("conda_names");
        for name in table.libraries.iter().chain(&table.programs) {
            assert_eq!(*name, name.to_lowercase());
            assert!(!table.names.contains_key(name), "{name} twice");
        }
        assert!(table.libraries.is_disjoint(&table.programs));
        for (name, held) in &table.names {
            assert_eq!(*name, name.to_lowercase());
            assert!(!held.is_empty(), "{name}");
            assert!(held.iter().all(|it| *it == normalized_name(it)), "{name}");
            assert!(!held.contains(name), "{name} needs no row");
            assert_eq!(find_held(name), Held::Distributions(held.clone()));
        }
        assert_eq!(find_package("torch"), Some("pytorch"));
        assert_eq!(find_package("numpy"), None);
        assert_eq!(conda_only(&conda_key("git")), Some("git"));
        assert_eq!(find_held("openssl"), Held::Library);
        assert_eq!(find_held("pandoc"), Held::Program);
        let same = Held::Distributions(vec!["typing-extensions".to_owned()]);
        assert_eq!(find_held("typing_extensions"), same);
    }
}
