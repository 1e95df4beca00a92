//! The tables of `rules/data/`, read. What a table means is known where it is used.

use std::sync::Mutex;

use serde::de::DeserializeOwned;

/// The table `rules/data/NAME.toml`, in the form that the build gave it (`build.rs`).
macro_rules! table {
    ($name:literal) => {
        $crate::tables::read(
            $name,
            include_str!(concat!(env!("OUT_DIR"), "/", $name, ".json")),
        )
    };
}

pub(crate) use table;

/// The tables of this build that could not be read.
static BROKEN: Mutex<Vec<&str>> = Mutex::new(Vec::new());

/// Reads an embedded table. The tests read every table strictly; one that does not parse for all
/// that is the empty one, so that the other rules go on, and [`broken`] tells of it.
pub(crate) fn read<T: DeserializeOwned + Default>(name: &'static str, json: &str) -> T {
    let table = serde_json::from_str(json);
    debug_assert!(table.is_ok(), "{name}: {:?}", table.as_ref().err());
    table.unwrap_or_else(|_| {
        if let Ok(mut broken) = BROKEN.lock() {
            broken.push(name);
        }
        T::default()
    })
}

/// The tables that could not be read so far: what was said without them is not the whole truth.
pub(crate) fn broken() -> Vec<&'static str> {
    BROKEN
        .lock()
        .map(|broken| broken.clone())
        .unwrap_or_default()
}

/// The table `rules/data/NAME.toml` as it is written, which must parse.
#[cfg(test)]
pub(crate) fn strict<T: DeserializeOwned>(name: &str) -> T {
    let path = format!("{}/rules/data/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    toml_edit::de::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}
