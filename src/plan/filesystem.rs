//! The persistent filesystem: the directories that Dash Enterprise 4 mapped into the app, and how
//! much data the repository itself holds.

use std::collections::BTreeMap;

use super::At;
use super::lines::found_at;
use crate::app::{App, discover};
use crate::engine::Reported;
use crate::rules::{Category, Consequence, ServerSetting, Settings};
use crate::tree::TreePath;

/// Endings of files that hold data and nothing else, in lower case.
const DATA: &[&str] = &[
    "csv", "tsv", "parquet", "feather", "arrow", "orc", "xlsx", "xls", "pkl", "pickle", "joblib",
    "npy", "npz", "h5", "hdf5", "nc", "db", "sqlite", "sqlite3", "duckdb", "rds", "mat", "geojson",
];

/// From this size on (bytes) a JSON file is data: smaller ones are configuration.
const DATA_JSON: u64 = 100 * 1024;

/// The most folders that are named.
const MOST_FOLDERS: usize = 5;

/// A directory that Dash Enterprise 4 mapped into the app, as the user told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedDirectory {
    /// The folder on the server.
    pub host: String,
    /// The folder that the app saw.
    pub app: String,
}

/// Data files in one folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFolder {
    /// The folder.
    pub path: TreePath,
    /// How many files.
    pub files: usize,
    /// Their size (bytes).
    pub bytes: u64,
}

/// The data that the repository holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Data {
    /// How many files.
    pub files: usize,
    /// Their size (bytes).
    pub bytes: u64,
    /// The largest folders, the largest first.
    pub folders: Vec<DataFolder>,
}

/// What is known of the app's data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppData {
    /// The mappings that the user told.
    pub directories: Vec<MappedDirectory>,
    /// Where the code uses such a directory, or what looks like one; and what was found there.
    pub uses: Vec<(At, String)>,
    /// The data in the repository.
    pub data: Data,
}

impl AppData {
    /// Whether the app needs the persistent filesystem.
    pub fn need(&self) -> DataNeed {
        if !self.directories.is_empty() {
            DataNeed::Yes
        } else if self.uses.is_empty() {
            DataNeed::No
        } else {
            DataNeed::Perhaps
        }
    }
}

/// Whether the app needs the persistent filesystem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataNeed {
    /// A directory is mapped into it.
    Yes,
    /// Its code looks like it.
    Perhaps,
    /// Nothing shows it.
    No,
}

pub(super) fn filesystem<'a, 'r: 'a>(
    app: &App,
    settings: &Settings,
    findings: impl Iterator<Item = &'a &'r Reported>,
) -> AppData {
    let mappings = settings.mappings_of(app.root()).into_iter();
    let directories = mappings.map(|mapping| MappedDirectory {
        host: mapping.host,
        app: mapping.app,
    });
    let found = findings.filter(|reported| {
        let finding = &reported.finding;
        let needs = Consequence::Setting(ServerSetting::PersistentFilesystem);
        finding.consequences.contains(&needs) && finding.category != Category::May
    });
    let uses = found.map(|reported| {
        let at = found_at(reported, app.tree());
        (at, reported.finding.sentence().to_owned())
    });
    AppData {
        directories: directories.collect(),
        uses: uses.collect(),
        data: data(app),
    }
}

/// The data files of the app, without those of apps in folders below it.
fn data(app: &App) -> Data {
    let tree = app.tree();
    let nested = discover(tree, app.root());
    let inner: Vec<&TreePath> = nested.iter().filter(|root| *root != app.root()).collect();
    let own = tree
        .under(app.root())
        .iter()
        .filter(|entry| !inner.iter().any(|root| entry.path.is_in(root)));
    let mut folders: BTreeMap<TreePath, (usize, u64)> = BTreeMap::new();
    for entry in own {
        if let Some(bytes) = data_size(app, &entry.path) {
            let (files, sum) = folders.entry(entry.path.parent()).or_default();
            *files += 1;
            *sum = sum.saturating_add(bytes);
        }
    }
    summed(folders)
}

/// The size of a file, if it is data.
fn data_size(app: &App, path: &TreePath) -> Option<u64> {
    let (_, ending) = path.name().rsplit_once('.')?;
    let ending = ending.to_ascii_lowercase();
    let is_json = ending == "json";
    if !is_json && !DATA.contains(&ending.as_str()) {
        return None;
    }
    let size = app.tree().size(path)?;
    (!is_json || size >= DATA_JSON).then_some(size)
}

fn summed(folders: BTreeMap<TreePath, (usize, u64)>) -> Data {
    let folders = folders.into_iter();
    let mut folders: Vec<DataFolder> = folders
        .map(|(path, (files, bytes))| DataFolder { path, files, bytes })
        .collect();
    folders.sort_by_key(|folder| std::cmp::Reverse(folder.bytes));
    let bytes = folders.iter().map(|folder| folder.bytes);
    Data {
        files: folders.iter().map(|folder| folder.files).sum(),
        bytes: bytes.fold(0, u64::saturating_add),
        folders: folders.into_iter().take(MOST_FOLDERS).collect(),
    }
}
