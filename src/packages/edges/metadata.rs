//! What metadata says that was read elsewhere: of an installed environment, or from an index.

use std::collections::BTreeMap;
use std::str::FromStr;

use pep440_rs::Version;

use super::{Needs, Origin};
use crate::packages::{Dependency, Target};

/// Distributions at exact versions, with what each needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// Who says so.
    pub origin: Origin,
    /// The Python it was installed for, where that is known.
    pub python: Option<Target>,
    /// What could not be read, a sentence each; these distributions are not known.
    pub problems: Vec<String>,
    known: BTreeMap<String, Vec<(Version, Vec<Dependency>)>>,
}

impl Metadata {
    /// Knows nothing yet.
    pub fn new(origin: Origin) -> Self {
        Self {
            origin,
            python: None,
            problems: Vec::new(),
            known: BTreeMap::new(),
        }
    }

    /// Knows nothing yet, and is told by a resolver.
    pub fn online(tool: &str) -> Self {
        Self::new(Origin::Online(tool.to_owned()))
    }

    /// Adds a distribution: its normalised name, its version, its values of `Requires-Dist`. One
    /// that cannot be read is a problem and stays unknown.
    pub fn add<'r>(
        &mut self,
        name: &str,
        version: &str,
        requires: impl IntoIterator<Item = &'r str>,
    ) {
        let Ok(parsed) = Version::from_str(version) else {
            let problem = format!("{name} has a version that is none: `{version}`");
            self.problems.push(problem);
            return;
        };
        let mut needs = Vec::new();
        for text in requires {
            let Some(dependency) = Dependency::parse(text) else {
                let problem = format!("{name} {version} needs something unreadable: `{text}`");
                self.problems.push(problem);
                return;
            };
            needs.push(dependency);
        }
        self.insert(name, parsed, needs);
    }

    /// Adds a distribution of which everything is read.
    pub(super) fn insert(&mut self, name: &str, version: Version, needs: Vec<Dependency>) {
        let versions = self.known.entry(name.to_owned()).or_default();
        versions.push((version, needs));
    }

    /// How many distributions it knows.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

impl Needs for Metadata {
    fn needs(&self, name: &str, version: &Version) -> Option<Vec<Dependency>> {
        let versions = self.known.get(name)?.iter();
        let mut matching = versions.filter(|(known, _)| known == version);
        let (_, needs) = matching.next()?;
        // Twice in one environment, and not the same: nobody knows which one counts.
        matching
            .all(|(_, others)| others == needs)
            .then(|| needs.clone())
    }

    fn origin(&self, _name: &str) -> Origin {
        self.origin.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_version_is_known() {
        let mut metadata = Metadata::new(Origin::Environment(".venv".to_owned()));
        metadata.add(
            "dash",
            "2.9.3",
            ["Flask (>=1.0.4)", "redis; extra == 'celery'"],
        );
        metadata.add("old", "what", []);
        metadata.add("odd", "1.0", ["flask", "???"]);
        metadata.add("twice", "1.0", ["flask"]);
        metadata.add("twice", "1.0.0", ["six"]);
        let needs = |name: &str, version: &str| metadata.needs(name, &version.parse().unwrap());
        assert_eq!(needs("dash", "2.9.3").unwrap().len(), 2);
        assert_eq!(needs("dash", "2.9.3.0").unwrap()[0].name, "flask");
        for (name, version) in [
            ("dash", "2.9.2"),
            ("old", "1"),
            ("odd", "1.0"),
            ("twice", "1.0"),
        ] {
            assert_eq!(needs(name, version), None, "{name}");
        }
        assert_eq!(
            metadata.problems,
            [
                "old has a version that is none: `what`",
                "odd 1.0 needs something unreadable: `???`"
            ]
        );
    }
}
