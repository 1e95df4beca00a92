//! Distributions that another one loads by name. The rows are in `rules/data/engines.toml`.

use std::str::FromStr;
use std::sync::LazyLock;

use pep440_rs::Version;
use serde::Deserialize;

use super::table;

static TABLE: LazyLock<EngineTable> = LazyLock::new(|| table!("engines"));

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct EngineTable {
    engine: Vec<Engine>,
    address: Vec<Address>,
}

/// A call that loads one of several distributions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct Engine {
    #[serde(default)]
    pub(in crate::rules) calls: Vec<String>,
    #[serde(default)]
    pub(in crate::rules) methods: Vec<String>,
    pub(in crate::rules) of: Option<String>,
    #[serde(default)]
    pub(in crate::rules) keywords: Vec<String>,
    #[serde(default)]
    pub(in crate::rules) endings: Vec<String>,
    #[serde(default)]
    pub(in crate::rules) without: Vec<String>,
    #[serde(rename = "engine")]
    pub(in crate::rules) name: Option<String>,
    since: Option<(String, String)>,
    /// The distributions, the usual one first.
    pub(in crate::rules) any: Vec<String>,
    #[cfg_attr(
        not(test),
        expect(
            dead_code,
            reason = "for who reads the table; a test asks every row for it"
        )
    )]
    source: String,
}

impl Engine {
    /// The distribution and the version from which on the row holds.
    pub(in crate::rules) fn since(&self) -> Option<(&str, Version)> {
        let (name, version) = self.since.as_ref()?;
        Some((name, Version::from_str(version).ok()?))
    }
}

/// A driver that the address of a database loads.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct Address {
    pub(in crate::rules) schemes: Vec<String>,
    /// The distributions, the usual one first.
    pub(in crate::rules) any: Vec<String>,
    #[cfg_attr(
        not(test),
        expect(
            dead_code,
            reason = "for who reads the table; a test asks every row for it"
        )
    )]
    source: String,
}

/// The calls.
pub(in crate::rules) fn engines() -> &'static [Engine] {
    &TABLE.engine
}

/// The addresses.
pub(in crate::rules) fn addresses() -> &'static [Address] {
    &TABLE.address
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::requirements::normalized_name;

    #[test]
    fn every_row_names_what_is_taken() {
        let table: EngineTable = crate::tables::strict("engines");
        assert!(table.engine.len() > 12 && table.address.len() > 5);
        for row in &table.engine {
            assert!(!row.calls.is_empty() || !row.methods.is_empty(), "{row:?}");
            assert_eq!(row.methods.is_empty(), row.of.is_none(), "{row:?}");
            assert_eq!(row.since.is_some(), row.since().is_some(), "{row:?}");
            assert!(row.endings.is_empty() || row.without.is_empty());
            assert!(!row.source.is_empty());
        }
        for row in &table.address {
            assert!(row.schemes.iter().all(|it| it.ends_with("://")) && !row.source.is_empty());
        }
        let any = table.engine.iter().map(|it| &it.any);
        for names in any.chain(table.address.iter().map(|it| &it.any)) {
            assert!(!names.is_empty());
            assert!(
                names.iter().all(|name| *name == normalized_name(name)),
                "{names:?}"
            );
        }
    }
}
