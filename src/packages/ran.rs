//! What was installed where an app really ran, told as `pip freeze` tells it.

use std::collections::BTreeMap;
use std::str::FromStr;

use pep440_rs::Version;

use crate::files::requirements::normalized_name;

/// The releases that an app ran with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ran(BTreeMap<String, Version>);

impl Ran {
    /// Reads the lines of `pip freeze`. Passed over is what is no plain `name==version` of an index:
    /// editable installs, files and URLs, versions that somebody built themselves (`+…`), and two
    /// lines that disagree.
    pub fn of_freeze<'l>(lines: impl IntoIterator<Item = &'l str>) -> Self {
        let mut found: BTreeMap<String, Option<Version>> = BTreeMap::new();
        for line in lines {
            let Some((name, version)) = line.trim().split_once("==") else {
                continue;
            };
            let name = name.trim_end_matches('=').trim();
            let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            if name.is_empty() || !name.chars().all(is_name) {
                continue;
            }
            let Ok(version) = Version::from_str(version.trim_start_matches('=').trim()) else {
                continue;
            };
            let version = (!version.is_local()).then_some(version);
            let known = found
                .entry(normalized_name(name))
                .or_insert_with(|| version.clone());
            if *known != version {
                *known = None;
            }
        }
        let plain = found.into_iter();
        Self(plain.filter_map(|(name, it)| Some((name, it?))).collect())
    }

    /// The version of a distribution (normalised name), where it was there.
    pub fn version(&self, name: &str) -> Option<&Version> {
        self.0.get(name)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Version)> {
        self.0
            .iter()
            .map(|(name, version)| (name.as_str(), version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_release_of_an_index_is_passed_over() {
        let ran = Ran::of_freeze([
            "Dash_Core.Components==1.16.0",
            "-e git+https://git.example.com/x.git@abc#egg=x",
            "y @ file:///tmp/y-1.0.tar.gz",
            "torch==1.9.0+cpu",
            "two==1.0",
            "two==2.0",
            "## !! Could not determine repository location",
            "odd==what",
            " exact === 1.0 ",
            "",
        ]);
        let all: Vec<String> = ran
            .iter()
            .map(|(name, it)| format!("{name} {it}"))
            .collect();
        assert_eq!(all, ["dash-core-components 1.16.0", "exact 1.0"]);
        assert_eq!(ran.version("two"), None);
    }
}
