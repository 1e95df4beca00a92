//! What DL104 and DL105 look up: the Python of an installer, the platform of a package.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::table;
use crate::files::conda_runtime::CondaRuntime;

/// `rules/data/miniconda.toml`.
#[derive(Debug, Default, Deserialize)]
struct Miniconda {
    below: u8,
    installer: BTreeMap<String, u8>,
}

/// `rules/data/conda-platforms.toml`.
#[derive(Debug, Default, Deserialize)]
struct Platforms {
    windows: Vec<String>,
    macos: Vec<String>,
}

/// `rules/data/conda-base.toml`.
#[derive(Debug, Default, Deserialize)]
struct Base {
    packages: Vec<String>,
    installers: Vec<String>,
}

static MINICONDA: LazyLock<Miniconda> = LazyLock::new(|| table!("miniconda"));

static PLATFORMS: LazyLock<Platforms> = LazyLock::new(|| table!("conda-platforms"));

static BASE: LazyLock<Base> = LazyLock::new(|| table!("conda-base"));

/// The packages of conda's own installation.
pub(in crate::rules) fn base_packages() -> &'static [String] {
    &BASE.packages
}

/// Whether the package installs others, and comes with Python.
pub(in crate::rules) fn is_installer(package: &str) -> bool {
    BASE.installers
        .iter()
        .any(|it| package.eq_ignore_ascii_case(it))
}

/// The first Python 3 minor that Dash Enterprise 4 did not let conda install.
pub(in crate::rules) fn first_minor_refused() -> u8 {
    MINICONDA.below
}

/// The Python 3 minor that an installer brings; none where nobody wrote it down.
pub(in crate::rules) fn minor_of(runtime: &CondaRuntime, version: &str) -> Option<u8> {
    runtime
        .minor
        .or_else(|| MINICONDA.installer.get(version).copied())
}

/// The only platform that has the conda package.
pub(in crate::rules) fn platform_of(package: &str) -> Option<&'static str> {
    let package = package.to_ascii_lowercase();
    let names = |list: &[String]| list.contains(&package);
    if names(&PLATFORMS.windows) {
        Some("Windows")
    } else if names(&PLATFORMS.macos) {
        Some("macOS")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_read_and_sound() {
        assert_eq!(first_minor_refused(), 8);
        assert_eq!(MINICONDA.installer.get("4.5.12"), Some(&7));
        for (version, minor) in &MINICONDA.installer {
            assert!(version.split('.').all(|part| part.parse::<u8>().is_ok()));
            assert!(*minor < first_minor_refused(), "{version}");
        }
        for list in [&PLATFORMS.windows, &PLATFORMS.macos] {
            assert!(list.is_sorted() || list.len() < 10, "{list:?}");
            assert!(list.iter().all(|name| *name == name.to_ascii_lowercase()));
        }
        for list in [&BASE.packages, &BASE.installers] {
            assert!(!list.is_empty() && list.is_sorted(), "{list:?}");
            assert!(list.iter().all(|name| *name == name.to_ascii_lowercase()));
        }
        assert!(is_installer("Pip") && !is_installer("numpy"));
        assert_eq!(platform_of("VC"), Some("Windows"));
        assert_eq!(platform_of("appnope"), Some("macOS"));
        assert_eq!(platform_of("numpy"), None);
    }
}
