//! Names that a version of a distribution no longer has. The rows are in
//! `rules/data/removed_names.toml`.

use std::str::FromStr;
use std::sync::LazyLock;

use pep440_rs::{Version, VersionSpecifiers};
use serde::Deserialize;

use crate::tables::table;

static TABLE: LazyLock<RemovedTable> = LazyLock::new(|| table!("removed_names"));

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RemovedTable {
    removed: Vec<Removed>,
}

/// Names that are gone from some version on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Removed {
    /// The distribution, normalised; `python` for the standard library.
    pub(crate) distribution: String,
    version: String,
    /// The specifier that keeps the old version; none for Python.
    pub(crate) bound: Option<String>,
    /// Dotted names.
    #[serde(default)]
    pub(crate) names: Vec<String>,
    /// The calls that make the object of `methods`, or that take `keywords`.
    #[serde(default)]
    pub(crate) of: Vec<String>,
    /// Methods and attributes.
    #[serde(default)]
    pub(crate) methods: Vec<String>,
    /// Keyword arguments.
    #[serde(default)]
    pub(crate) keywords: Vec<String>,
    /// What a name was another name of.
    pub(crate) builtin: Option<String>,
    /// What the version needs and has not, where the name is not gone.
    pub(crate) needs: Option<String>,
    /// What a person writes, a sentence.
    pub(crate) replacement: String,
    #[cfg_attr(
        not(test),
        expect(
            dead_code,
            reason = "for who reads the table; a test asks every row for it"
        )
    )]
    source: String,
}

impl Removed {
    /// The first version without the names.
    pub(crate) fn version(&self) -> Option<Version> {
        Version::from_str(&self.version).ok()
    }

    /// The versions that still have the names; `None` for Python.
    pub(crate) fn kept_by(&self) -> Option<VersionSpecifiers> {
        VersionSpecifiers::from_str(self.bound.as_deref()?).ok()
    }

    /// The version as people read it: `3` of `3.0.0a0`.
    pub(crate) fn shown_version(&self) -> &str {
        let end = self.version.find(|c: char| c.is_ascii_alphabetic());
        let plain = self.version.get(..end.unwrap_or(self.version.len()));
        let plain = plain.unwrap_or_default();
        plain.trim_end_matches(".0")
    }

    /// A name that stays, of all that the row is about.
    pub(crate) fn key(&self) -> &str {
        let mut all = self.names.iter().chain(&self.methods).chain(&self.keywords);
        all.next().map_or("", String::as_str)
    }

    /// Whether a callee is one that makes the object.
    pub(crate) fn is_made_by(&self, callee: &str) -> bool {
        self.of.iter().any(|it| match it.strip_suffix(".*") {
            Some(front) => callee
                .strip_prefix(front)
                .is_some_and(|rest| rest.starts_with('.')),
            None => it == callee,
        })
    }

    #[cfg(test)]
    fn words(&self) -> impl Iterator<Item = &str> {
        let all = self.names.iter().chain(&self.methods).chain(&self.keywords);
        all.map(String::as_str)
    }
}

/// All rows.
pub(crate) fn removed() -> &'static [Removed] {
    &TABLE.removed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::requirements::normalized_name;
    use std::collections::BTreeSet;

    #[test]
    fn every_row_is_sound() {
        let table: RemovedTable = crate::tables::strict("removed_names");
        assert!(table.removed.len() > 40);
        let mut seen = BTreeSet::new();
        for row in &table.removed {
            assert_eq!(row.distribution, normalized_name(&row.distribution));
            assert!(row.version().is_some() && !row.source.is_empty(), "{row:?}");
            assert!(row.replacement.ends_with('.'), "{row:?}");
            assert!(row.words().next().is_some());
            let is_python = row.distribution == "python";
            assert_eq!(row.bound.is_none(), is_python, "{row:?}");
            assert_eq!(row.kept_by().is_none(), is_python, "{row:?}");
            let needs_object = !row.methods.is_empty() || !row.keywords.is_empty();
            assert_eq!(needs_object, !row.of.is_empty(), "{row:?}");
            for name in &row.names {
                assert!(seen.insert((name, &row.version)), "{name} stands twice");
            }
        }
    }

    #[test]
    fn versions_are_shown_as_people_write_them() {
        let shown: BTreeSet<&str> = removed().iter().map(Removed::shown_version).collect();
        for version in ["3", "2.3", "1.24", "3.10", "0.23"] {
            assert!(shown.contains(version), "{version} of {shown:?}");
        }
    }
}
