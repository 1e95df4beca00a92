//! The tables of `rules/data/`, read. What a table means is known where it is used.

use serde::de::DeserializeOwned;

/// The table `rules/data/NAME.toml`, in the form that the build gave it (`build.rs`).
macro_rules! table {
    ($name:literal) => {
        $crate::tables::read(include_str!(concat!(env!("OUT_DIR"), "/", $name, ".json")))
    };
}

pub(crate) use table;

/// Reads an embedded table. A table that does not parse is the empty one: a release with a wrong
/// table must not stop the other rules, and the tests read every table strictly.
pub(crate) fn read<T: DeserializeOwned + Default>(json: &str) -> T {
    serde_json::from_str(json).unwrap_or_default()
}

/// The table `rules/data/NAME.toml` as it is written, which must parse.
#[cfg(test)]
pub(crate) fn strict<T: DeserializeOwned>(name: &str) -> T {
    let path = format!("{}/rules/data/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    toml_edit::de::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}
