//! Installed environments: a virtual environment, conda's, or a `site-packages` folder, given by
//! its path. Read only what their metadata says; no Python is started.

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::disk::{DiskError, FileKind, Folder, Standing};
use crate::files::Model;
use crate::files::core_metadata::{CoreMetadata, requires_txt};
use crate::files::requirements::normalized_name;
use crate::text::Text;

/// More header bytes than any metadata has: what is longer is not read on.
const LONGEST: u64 = FileKind::Metadata.limit();

/// What is installed in one place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// The 9 of Python 3.9, where a folder or file tells it.
    pub python: Option<u8>,
    /// The distributions that were asked for and are there.
    pub distributions: Vec<Distribution>,
    /// What could not be read, a sentence each; these distributions are not known.
    pub problems: Vec<String>,
}

/// One installed distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    /// Its name, normalised.
    pub name: String,
    /// Its version, as written.
    pub version: String,
    /// What it needs: values of `Requires-Dist`.
    pub requires: Vec<String>,
}

/// Why a folder is no environment.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Nothing there looks installed.
    #[error(
        "is no Python environment: it has no lib/python3.*/site-packages, no Lib/site-packages and \
         no *.dist-info"
    )]
    NotAnEnvironment,
    /// It was not opened.
    #[error("{0}")]
    Disk(#[from] DiskError),
}

/// Reads the environment in `folder`, and nothing outside it: those of its distributions whose normalised names are
/// `wanted`, or all.
///
/// # Errors
/// When the folder is no environment, or cannot be read.
pub fn open(folder: &Folder, wanted: Option<&BTreeSet<String>>) -> Result<Environment, OpenError> {
    let entries = names(folder, "")?;
    let places = site_packages(folder, &entries);
    let Some((place, minor)) = places.into_iter().next() else {
        return Err(OpenError::NotAnEnvironment);
    };
    let mut environment = Environment {
        python: minor
            .or_else(|| of_pyvenv(folder))
            .or_else(|| of_conda(folder)),
        ..Environment::default()
    };
    for name in names(folder, &place)? {
        let Some(kind) = RecordKind::from_name(&name) else {
            continue;
        };
        let own = normalized_name(kind.distribution(&name));
        if wanted.is_some_and(|wanted| !wanted.contains(&own)) {
            continue;
        }
        match kind.read(folder, &place.join(&name)) {
            Ok(distribution) => environment.distributions.push(distribution),
            Err(why) => environment.problems.push(format!("{name} {why}")),
        }
    }
    Ok(environment)
}

/// The names in a folder, sorted: what is found must not depend on the disk.
fn names(folder: &Folder, below: impl AsRef<Path>) -> Result<Vec<String>, DiskError> {
    let names = folder.names(below)?.into_iter();
    Ok(names.filter_map(|it| it.name.into_string().ok()).collect())
}

/// The folders that hold what is installed, from the folder of the environment, the newest Python
/// first, each with its minor.
fn site_packages(folder: &Folder, entries: &[String]) -> Vec<(PathBuf, Option<u8>)> {
    if entries
        .iter()
        .any(|name| RecordKind::from_name(name).is_some())
    {
        let version = folder.path().parent().and_then(Path::file_name);
        let minor = version.and_then(|name| minor_of_folder(&name.to_string_lossy()));
        return vec![(PathBuf::new(), minor)];
    }
    let is_folder = |place: &Path| folder.open_below(place).is_ok();
    let below = names(folder, "lib").unwrap_or_default();
    let pythons = below
        .iter()
        .filter_map(|name| Some((name, minor_of_folder(name)?)));
    let mut found: Vec<(PathBuf, Option<u8>)> = pythons
        .map(|(name, minor)| {
            let place = Path::new("lib").join(name).join("site-packages");
            (place, Some(minor))
        })
        .filter(|(place, _)| is_folder(place))
        .collect();
    found.sort_by_key(|(_, minor)| std::cmp::Reverse(*minor));
    let windows = Path::new("Lib").join("site-packages");
    if found.is_empty() && is_folder(&windows) {
        found.push((windows, None));
    }
    let own = folder.path().file_name();
    if found.is_empty() && own.is_some_and(|it| it == "site-packages") {
        found.push((PathBuf::new(), None));
    }
    found
}

/// The 9 of `python3.9`.
fn minor_of_folder(name: &str) -> Option<u8> {
    name.strip_prefix("python3.")?.parse().ok()
}

/// The 9 of `version = 3.9.6` in `pyvenv.cfg`; `version_info` is how older tools write it.
fn of_pyvenv(folder: &Folder) -> Option<u8> {
    let bytes = folder.read("pyvenv.cfg", FileKind::Metadata).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    text.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        let is_version = matches!(key.trim(), "version" | "version_info");
        is_version.then(|| minor_of(value.trim())).flatten()
    })
}

/// The 9 of `conda-meta/python-3.9.6-h12.json`.
fn of_conda(folder: &Folder) -> Option<u8> {
    let records = names(folder, "conda-meta").ok()?;
    records.iter().find_map(|name| {
        let version = name.strip_prefix("python-")?;
        version.starts_with("3.").then(|| minor_of(version))?
    })
}

fn minor_of(version: &str) -> Option<u8> {
    version
        .strip_prefix("3.")?
        .split(['.', '-'])
        .next()?
        .parse()
        .ok()
}

/// How a distribution is recorded.
#[derive(Clone, Copy)]
enum RecordKind {
    DistInfo,
    EggInfo,
}

impl RecordKind {
    fn from_name(name: &str) -> Option<Self> {
        match Path::new(name).extension()?.to_str()? {
            "dist-info" => Some(Self::DistInfo),
            "egg-info" => Some(Self::EggInfo),
            _ => None,
        }
    }

    /// The name in `name-1.0.dist-info` and `name-1.0-py3.9.egg-info`, where `-` in names is `_`.
    fn distribution(self, name: &str) -> &str {
        let end = match self {
            Self::DistInfo => ".dist-info",
            Self::EggInfo => ".egg-info",
        };
        let stem = name.strip_suffix(end).unwrap_or(name);
        stem.split('-').next().unwrap_or_default()
    }

    fn read(self, folder: &Folder, path: &Path) -> Result<Distribution, String> {
        let metadata = match self {
            Self::DistInfo => path.join("METADATA"),
            Self::EggInfo if folder.standing(path) != Some(Standing::Folder) => path.to_owned(),
            Self::EggInfo => path.join("PKG-INFO"),
        };
        let bytes = headers(folder, &metadata)?;
        let text = Text::decode(&bytes).map_err(|error| format!("is no text: {error}"))?;
        let read = CoreMetadata::parse(&text).map_err(|problem| problem.message)?;
        if let Some(problem) = read.problems().first() {
            let line = text.position(problem.span.start).line;
            return Err(format!("has {} (line {line})", problem.message));
        }
        let (Some(name), Some(version)) = (read.name(), read.version()) else {
            return Err("tells no name or no version".to_owned());
        };
        let mut requires: Vec<String> = read.requires_dist().map(str::to_owned).collect();
        let beside = path.join("requires.txt");
        if requires.is_empty() {
            match folder.read(&beside, FileKind::Metadata) {
                Ok(bytes) => requires = requires_txt(&String::from_utf8_lossy(&bytes)),
                Err(DiskError::NotFound) => {}
                Err(error) => return Err(format!("has a requires.txt that {error}")),
            }
        }
        Ok(Distribution {
            name: normalized_name(name),
            version: version.to_owned(),
            requires,
        })
    }
}

/// The file up to its first empty line: a description may be long.
fn headers(folder: &Folder, path: &Path) -> Result<Vec<u8>, String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let file = folder.open_file(path);
    let file = file.map_err(|error| format!("cannot be read: its {name} {error}"))?;
    read_headers(BufReader::new(file.take(LONGEST)))
        .map_err(|error| format!("cannot be read: {error}"))
}

fn read_headers(mut reader: impl BufRead) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let before = bytes.len();
        reader.read_until(b'\n', &mut bytes)?;
        let line = bytes.get(before..).unwrap_or_default();
        if line.trim_ascii().is_empty() {
            return Ok(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    fn open(path: &Path, wanted: Option<&BTreeSet<String>>) -> Result<Environment, OpenError> {
        super::open(&Folder::open(path)?, wanted)
    }

    fn environment(files: &[(&str, &str)]) -> TempDir {
        let folder = TempDir::new().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn wanted(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    const DASH: &str = "Metadata-Version: 2.1\nName: dash\nVersion: 2.9.3\nRequires-Dist: Flask>=1.0.4\n\nWords.\n";

    #[test]
    fn an_environment_is_found_wherever_it_keeps_its_packages() {
        for place in [
            "lib/python3.9/site-packages",
            "Lib/site-packages",
            "site-packages",
        ] {
            let file = format!("{place}/dash-2.9.3.dist-info/METADATA");
            let folder = environment(&[(&file, DASH), ("pyvenv.cfg", "version = 3.9.6\n")]);
            let root = if place == "site-packages" {
                folder.path().join(place)
            } else {
                folder.path().to_owned()
            };
            let found = open(&root, Some(&wanted(&["dash"]))).unwrap();
            assert_eq!(found.distributions.len(), 1, "{place}");
            let dash = &found.distributions[0];
            assert_eq!(
                (dash.name.as_str(), dash.version.as_str()),
                ("dash", "2.9.3")
            );
            assert_eq!(dash.requires, ["Flask>=1.0.4"]);
            if place != "site-packages" {
                assert_eq!(found.python, Some(9), "{place}");
            }
            assert!(
                open(&root, Some(&wanted(&["six"])))
                    .unwrap()
                    .distributions
                    .is_empty()
            );
        }
    }

    #[test]
    fn the_newest_python_and_conda_s_are_told() {
        let folder = environment(&[
            ("lib/python3.9/site-packages/x", ""),
            ("lib/python3.10/site-packages/x", ""),
        ]);
        assert_eq!(
            open(folder.path(), Some(&wanted(&[]))).unwrap().python,
            Some(10)
        );
        let folder = environment(&[
            ("Lib/site-packages/x", ""),
            ("conda-meta/python-3.7.12-hb7a2778_100_cpython.json", "{}"),
        ]);
        assert_eq!(
            open(folder.path(), Some(&wanted(&[]))).unwrap().python,
            Some(7)
        );
    }

    #[test]
    fn eggs_are_read() {
        let folder = environment(&[
            (
                "lib/python3.8/site-packages/six-1.0-py3.8.egg-info",
                "Name: six\nVersion: 1.0\n",
            ),
            (
                "lib/python3.8/site-packages/my_lib.egg-info/PKG-INFO",
                "Name: My.Lib\nVersion: 2\n",
            ),
            (
                "lib/python3.8/site-packages/my_lib.egg-info/requires.txt",
                "six\n\n[a]\nx\n",
            ),
        ]);
        let found = open(folder.path(), Some(&wanted(&["six", "my-lib"]))).unwrap();
        let told: Vec<_> = found
            .distributions
            .iter()
            .map(|it| (it.name.as_str(), it.requires.len()))
            .collect();
        assert_eq!(told, [("my-lib", 2), ("six", 0)]);
    }

    #[test]
    fn what_is_broken_is_said_and_not_known() {
        let at = "lib/python3.8/site-packages";
        let folder = environment(&[
            (&format!("{at}/a-1.dist-info/RECORD"), ""),
            (&format!("{at}/b-1.dist-info/METADATA"), "Name: b\noops\n"),
            (&format!("{at}/c-1.dist-info/METADATA"), "Name: c\n"),
            (&format!("{at}/dash-2.9.3.dist-info/METADATA"), DASH),
        ]);
        let found = open(folder.path(), Some(&wanted(&["a", "b", "c", "dash"]))).unwrap();
        assert_eq!(found.distributions.len(), 1);
        assert!(found.problems[0].starts_with("a-1.dist-info cannot be read: "));
        assert_eq!(
            found.problems[1..],
            [
                "b-1.dist-info has a line that is no `Key: value` (line 2)",
                "c-1.dist-info tells no name or no version",
            ]
        );
    }

    #[test]
    fn a_plain_folder_is_no_environment() {
        let folder = environment(&[("app.py", "")]);
        let error = open(folder.path(), Some(&wanted(&[]))).unwrap_err();
        assert!(error.to_string().starts_with("is no Python environment"));
        assert!(open(&folder.path().join("x"), Some(&wanted(&[]))).is_err());
    }
}
