//! What changed between the releases of Dash.

use std::str::FromStr;
use std::sync::LazyLock;

use pep440_rs::Version;
use serde::Deserialize;

use super::table;

static CHANGES: LazyLock<Changes> = LazyLock::new(|| table!("dash_versions"));

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Changes {
    module: Vec<Module>,
    modules: Modules,
    run_server: Renamed,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Modules {
    since: String,
    packages_until: String,
}

/// A package that became a module of `dash`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct Module {
    /// The package, as it is imported.
    pub(in crate::rules) package: String,
    /// The distribution, normalised.
    pub(in crate::rules) distribution: String,
    /// The module's name in `dash`.
    pub(in crate::rules) name: String,
    /// Modules in it that `dash` imports by itself.
    pub(in crate::rules) submodules: Vec<String>,
    floor: String,
}

impl Module {
    /// The first version of the package that only hands out the module.
    pub(in crate::rules) fn floor(&self) -> Option<Version> {
        Version::from_str(&self.floor).ok()
    }
}

/// A method that has another name.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct Renamed {
    /// The classes that have it, as imports resolve them.
    pub(in crate::rules) classes: Vec<String>,
    /// The old name.
    pub(in crate::rules) old: String,
    /// The new one.
    pub(in crate::rules) new: String,
    since: String,
    gone: String,
}

impl Renamed {
    /// The first version that has the new name.
    pub(in crate::rules) fn since(&self) -> Option<Version> {
        Version::from_str(&self.since).ok()
    }

    /// The first version without the old name.
    pub(in crate::rules) fn gone(&self) -> Option<Version> {
        Version::from_str(&self.gone).ok()
    }
}

/// A first version as people write it: `2.4` for 2.4.0a0; empty where there is none, which a test
/// excludes.
pub(in crate::rules) fn shown_floor(since: Option<Version>) -> String {
    let parts = since.map(|it| it.release().to_vec()).unwrap_or_default();
    let end = parts
        .iter()
        .rposition(|part| *part != 0)
        .map_or(1, |at| at + 1);
    let parts = parts.iter().take(end).map(u64::to_string);
    parts.collect::<Vec<_>>().join(".")
}

/// The packages that became modules of `dash`.
pub(in crate::rules) fn modules() -> &'static [Module] {
    &CHANGES.module
}

/// The first Dash that has the modules.
pub(in crate::rules) fn modules_since() -> Option<Version> {
    Version::from_str(&CHANGES.modules.since).ok()
}

/// The first Dash that does not bring the packages of the modules' old names.
pub(in crate::rules) fn packages_until() -> Option<Version> {
    Version::from_str(&CHANGES.modules.packages_until).ok()
}

/// What became of `app.run_server`.
pub(in crate::rules) fn run_server() -> &'static Renamed {
    &CHANGES.run_server
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_versions() {
        let table: Changes = crate::tables::strict("dash_versions");
        assert_eq!(table.module.len(), 3);
        for module in modules() {
            assert!(module.floor().is_some() && !module.name.is_empty());
            assert_eq!(module.package.replace('_', "-"), module.distribution);
        }
        assert!(modules_since() < packages_until() && modules_since().is_some());
        let renamed = run_server();
        assert!(renamed.since() < renamed.gone() && renamed.since().is_some());
        assert!(!renamed.classes.is_empty());
        assert_eq!(shown_floor(renamed.since()), "2.4");
        assert_eq!(shown_floor(modules_since()), "2");
        assert_eq!(
            (renamed.old.as_str(), renamed.new.as_str()),
            ("run_server", "run")
        );
    }
}
