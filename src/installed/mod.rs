//! Installed environments: a virtual environment, conda's, or a `site-packages` folder, given by
//! its path. Read only what their metadata says; no Python is started.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::files::Model;
use crate::files::core_metadata::{CoreMetadata, requires_txt};
use crate::files::requirements::normalized_name;
use crate::text::Text;

/// More header bytes than any metadata has: what is longer is not read on.
const LONGEST: usize = 1024 * 1024;

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
    /// The operating system said no.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
}

/// Reads the environment at `folder`: those of its distributions whose normalised names are
/// `wanted`, or all.
///
/// # Errors
/// When the folder is no environment, or cannot be read.
pub fn open(folder: &Path, wanted: Option<&BTreeSet<String>>) -> Result<Environment, OpenError> {
    let entries = names(folder)?;
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
    for name in names(&place)? {
        let Some(kind) = Kind::of(&name) else {
            continue;
        };
        let own = normalized_name(kind.distribution(&name));
        if wanted.is_some_and(|wanted| !wanted.contains(&own)) {
            continue;
        }
        match kind.read(&place.join(&name)) {
            Ok(distribution) => environment.distributions.push(distribution),
            Err(why) => environment.problems.push(format!("{name} {why}")),
        }
    }
    Ok(environment)
}

/// The names in a folder, sorted: what is found must not depend on the disk.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.extend(entry?.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

/// The folders that hold what is installed, the newest Python first, each with its minor.
fn site_packages(folder: &Path, entries: &[String]) -> Vec<(PathBuf, Option<u8>)> {
    if entries.iter().any(|name| Kind::of(name).is_some()) {
        let version = folder.parent().and_then(Path::file_name);
        let minor = version.and_then(|name| minor_of_folder(&name.to_string_lossy()));
        return vec![(folder.to_owned(), minor)];
    }
    let below = names(&folder.join("lib")).unwrap_or_default();
    let pythons = below
        .iter()
        .filter_map(|name| Some((name, minor_of_folder(name)?)));
    let mut found: Vec<(PathBuf, Option<u8>)> = pythons
        .map(|(name, minor)| {
            let place = folder.join("lib").join(name).join("site-packages");
            (place, Some(minor))
        })
        .filter(|(place, _)| place.is_dir())
        .collect();
    found.sort_by_key(|(_, minor)| std::cmp::Reverse(*minor));
    let windows = folder.join("Lib").join("site-packages");
    if found.is_empty() && windows.is_dir() {
        found.push((windows, None));
    }
    if found.is_empty() && folder.file_name().is_some_and(|it| it == "site-packages") {
        found.push((folder.to_owned(), None));
    }
    found
}

/// The 9 of `python3.9`.
fn minor_of_folder(name: &str) -> Option<u8> {
    name.strip_prefix("python3.")?.parse().ok()
}

/// The 9 of `version = 3.9.6` in `pyvenv.cfg`; `version_info` is how older tools write it.
fn of_pyvenv(folder: &Path) -> Option<u8> {
    let text = fs::read_to_string(folder.join("pyvenv.cfg")).ok()?;
    text.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        let is_version = matches!(key.trim(), "version" | "version_info");
        is_version.then(|| minor_of(value.trim())).flatten()
    })
}

/// The 9 of `conda-meta/python-3.9.6-h12.json`.
fn of_conda(folder: &Path) -> Option<u8> {
    let records = names(&folder.join("conda-meta")).ok()?;
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
enum Kind {
    DistInfo,
    EggInfo,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
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

    fn read(self, path: &Path) -> Result<Distribution, String> {
        let metadata = match self {
            Self::DistInfo => path.join("METADATA"),
            Self::EggInfo if path.is_file() => path.to_owned(),
            Self::EggInfo => path.join("PKG-INFO"),
        };
        let bytes = headers(&metadata).map_err(|error| format!("cannot be read: {error}"))?;
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
        if requires.is_empty() && beside.is_file() {
            let text = fs::read_to_string(&beside);
            let text = text.map_err(|error| format!("has a requires.txt that {error}"))?;
            requires = requires_txt(&text);
        }
        Ok(Distribution {
            name: normalized_name(name),
            version: version.to_owned(),
            requires,
        })
    }
}

/// The file up to its first empty line: a description may be long.
fn headers(path: &Path) -> io::Result<Vec<u8>> {
    let mut reader = BufReader::new(File::open(path)?);
    let mut bytes = Vec::new();
    loop {
        let before = bytes.len();
        reader.read_until(b'\n', &mut bytes)?;
        let line = bytes.get(before..).unwrap_or_default();
        if line.trim_ascii().is_empty() || bytes.len() > LONGEST {
            return Ok(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

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
