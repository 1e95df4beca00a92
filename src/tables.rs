//! The tables of `rules/data/`, read. What a table means is known where it is used.

use serde::de::DeserializeOwned;

/// Reads an embedded table. A table that does not parse is the empty one: a release with a wrong
/// table must not stop the other rules, and the tests read every table strictly.
pub(crate) fn table<T: DeserializeOwned + Default>(toml: &str) -> T {
    toml_edit::de::from_str(toml).unwrap_or_default()
}
