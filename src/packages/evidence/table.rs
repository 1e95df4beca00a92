//! What uses a distribution without an import: the rows of `rules/data/use_evidence.toml`.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::tables::table;

/// Distributions by a word of some kind.
pub(super) type Words = BTreeMap<String, Vec<String>>;

static TABLE: LazyLock<EvidenceTable> = LazyLock::new(|| table!("use_evidence"));

static BY_NAME: LazyLock<HashMap<&'static str, Vec<&'static CallRow>>> =
    LazyLock::new(|| index(|row| &row.names));

static BY_METHOD: LazyLock<HashMap<&'static str, Vec<&'static CallRow>>> =
    LazyLock::new(|| index(|row| &row.methods));

fn index(words: fn(&CallRow) -> &[String]) -> HashMap<&'static str, Vec<&'static CallRow>> {
    let mut map: HashMap<&str, Vec<&CallRow>> = HashMap::new();
    for row in &TABLE.call {
        for word in words(row) {
            map.entry(word).or_default().push(row);
        }
    }
    map
}

/// The table.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EvidenceTable {
    /// By module, or dotted name in it: what its import loads besides.
    pub(super) imports: Words,
    /// Calls that load something.
    pub(super) call: Vec<CallRow>,
    /// By dialect of a database address: its usual driver.
    pub(super) dialects: Words,
    /// By the driver that a dialect names.
    pub(super) drivers: Words,
    /// By scheme of another address.
    pub(super) schemes: Words,
    /// By environment variable.
    pub(super) environment: Words,
    /// By setting, then by its value.
    pub(super) settings: BTreeMap<String, Words>,
    /// Options of programs that load something.
    pub(super) options: OptionRows,
    /// By program.
    pub(super) programs: Words,
    /// By program or distribution: what it loads if it is there.
    pub(super) loaded: Words,
    /// By path of a file in the app.
    pub(super) files: Words,
    /// By section of a configuration file.
    pub(super) sections: Words,
    /// The files that may hold addresses.
    pub(super) addresses: Addresses,
}

/// Options of programs.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OptionRows {
    /// The options whose values are looked at.
    pub(super) names: Vec<String>,
    /// By value.
    pub(super) values: Words,
}

/// The files that may hold addresses.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Addresses {
    /// Their names.
    pub(super) names: Vec<String>,
    /// The endings of their names.
    pub(super) endings: Vec<String>,
}

/// A call that loads distributions.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallRow {
    names: Vec<String>,
    methods: Vec<String>,
    /// Only calls with this keyword.
    pub(super) keyword: Option<String>,
    /// What it loads.
    pub(super) loads: Vec<String>,
    /// The keyword that chooses.
    pub(super) engine: Option<String>,
    /// What each value of it loads.
    #[serde(default)]
    pub(super) engines: Words,
    /// What the ending of a file's name chooses.
    #[serde(default)]
    pub(super) suffixes: Words,
    /// Whether it loads a driver of databases.
    #[serde(default)]
    pub(super) drivers: bool,
    /// Whether its text arguments are names of modules.
    #[serde(default)]
    pub(super) module: bool,
}

#[cfg(test)]
impl CallRow {
    /// Every word that the row is found by.
    pub(super) fn words(&self) -> impl Iterator<Item = &String> {
        self.names.iter().chain(&self.methods)
    }
}

/// The table, read once.
pub(super) fn rows() -> &'static EvidenceTable {
    &TABLE
}

/// The dotted beginnings of a name, the name itself first.
pub(super) fn beginnings(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |it| it.rsplit_once('.').map(|(front, _)| front))
}

/// What the import of a dotted name loads besides.
pub(super) fn loaded_by_import(name: &str) -> impl Iterator<Item = &'static String> {
    beginnings(name)
        .filter_map(|it| rows().imports.get(it))
        .flatten()
}

/// The rows about a call, by its callee as imports resolve it.
pub(super) fn calls(callee: &str) -> Vec<&'static CallRow> {
    let named = beginnings(callee).filter_map(|it| BY_NAME.get(it));
    let methods = callee.split('.').skip(1).filter_map(|it| BY_METHOD.get(it));
    named.chain(methods).flatten().copied().collect()
}

/// The rows about something that is imported by name and may be called in ways that no call shows.
pub(super) fn named(name: &str) -> impl Iterator<Item = &'static CallRow> {
    let rows = beginnings(name).filter_map(|it| BY_NAME.get(it));
    rows.flatten().copied().filter(|row| row.keyword.is_none())
}

/// All words of methods: looked for in files that no parser can follow.
pub(super) fn methods() -> impl Iterator<Item = (&'static str, &'static CallRow)> {
    let rows = BY_METHOD.iter();
    rows.flat_map(|(word, rows)| rows.iter().map(|row| (*word, *row)))
}

/// All drivers of databases.
pub(super) fn drivers() -> impl Iterator<Item = &'static String> {
    rows()
        .dialects
        .values()
        .chain(rows().drivers.values())
        .flatten()
}
