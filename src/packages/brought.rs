//! What the lists of an app bring: the distributions that they name, and all that those need, as far
//! as the snapshot tells. Versions that no line fixes are the newest that fit.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::{Version, VersionSpecifiers};

use super::snapshot::{self, Installs, Release};
use super::{Dependency, Target};
use crate::app::conda_names::conda_only;
use crate::app::{App, RequirementList, Role};
use crate::files::requirements::{Requirement, RequirementSource, never_on_linux, normalized_name};

/// The most distributions that are followed; lists of people stay far below it.
const MOST: usize = 2000;

/// What comes with the lists.
#[derive(Debug, Clone, Default)]
pub struct Brought {
    /// The distributions, by normalised name, with the version that is expected.
    names: BTreeMap<String, Option<Version>>,
    /// Those of which nobody knows what they need, each with the one that brings it, unless a line
    /// names it.
    unknown: BTreeMap<String, Option<String>>,
    /// Those that a line names.
    direct: BTreeSet<String>,
    /// Whether something is installed that no line names: an editable project, an archive.
    nameless: bool,
}

/// Something that comes, and what brings it; none for a line of a list.
struct Asked {
    asked: Dependency,
    by: Option<String>,
}

impl Asked {
    fn by_line(asked: Dependency) -> Self {
        Self { asked, by: None }
    }
}

impl Brought {
    /// What the lists of the app bring to `target`; of `private` distributions nobody knows what
    /// they need.
    pub fn gather(app: &App, target: Target, private: &BTreeSet<String>) -> Self {
        let mut found = Self {
            nameless: !app.requirements().is_complete(),
            ..Self::default()
        };
        let mut open: Vec<Asked> = Vec::new();
        for (list, _, requirement) in app.requirements().requirements() {
            let text = list.text.as_str();
            let marker = requirement.marker.map(|it| it.slice(text));
            if marker.is_some_and(never_on_linux) {
                continue;
            }
            found.direct.extend(requirement.key.clone());
            match parse_dependency(requirement, text) {
                Some(asked) if is_from_index(requirement) && !private.contains(&asked.name) => {
                    open.push(Asked::by_line(asked));
                }
                Some(asked) => found.add_unknown(asked.name),
                None => found.nameless = true,
            }
        }
        found.add_conda(app, private, &mut open);
        while let Some(asked) = open.pop().filter(|_| found.names.len() < MOST) {
            found.follow(app, &asked, target, private, &mut open);
        }
        found
    }

    /// Whether the distribution (normalised name) comes.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// The version in which it is expected to come.
    pub fn version(&self, name: &str) -> Option<&Version> {
        self.names.get(name)?.as_ref()
    }

    /// Whether a line of the lists names the distribution.
    pub fn is_direct(&self, name: &str) -> bool {
        self.direct.contains(name)
    }

    /// The names of all that comes.
    pub fn names(&self) -> BTreeSet<String> {
        self.names.keys().cloned().collect()
    }

    /// Whether all is known, so that what is not there does not come.
    pub fn is_complete(&self) -> bool {
        self.unknown.is_empty() && !self.nameless
    }

    /// Whether something comes that no line names, so that nothing can be said to be missing.
    pub fn is_nameless(&self) -> bool {
        self.nameless
    }

    /// The distributions of which nobody knows what they need.
    pub fn unknown(&self) -> impl Iterator<Item = &String> {
        self.unknown.keys()
    }

    /// The distribution that brings an unknown one which no line names.
    pub fn bringer(&self, unknown: &str) -> Option<&str> {
        self.unknown.get(unknown)?.as_deref()
    }

    fn add_unknown(&mut self, name: String) {
        self.names.entry(name.clone()).or_default();
        self.unknown.insert(name, None);
    }

    /// What conda's lines name: packages that hold a distribution that the snapshot knows bring what
    /// that one needs; what others bring is not known.
    fn add_conda(&mut self, app: &App, private: &BTreeSet<String>, open: &mut Vec<Asked>) {
        let lines = app.requirements().conda.iter();
        for (_, _, requirement) in lines.flat_map(RequirementList::requirements) {
            let Some(name) = requirement.key.clone() else {
                self.nameless = true;
                continue;
            };
            if conda_only(&name).is_some() {
                self.names.entry(name).or_default();
            } else if snapshot::find(&name).is_some() && !private.contains(&name) {
                self.direct.insert(name.clone());
                open.extend(parse_dependency(requirement, "").map(Asked::by_line));
            } else {
                self.add_unknown(name);
                self.nameless = true;
            }
        }
        let built_by_pip = app.has("requirements.txt") && !app.was_built_by_conda();
        if let Some(file) = app.environment().present()
            && !built_by_pip
        {
            self.nameless |=
                app.requirements().conda.is_none() && !file.model.dependencies().is_empty();
        }
        if app.was_built_by_conda() {
            self.nameless = true;
        }
        if app.has("Pipfile") {
            self.nameless = true;
        }
    }

    fn follow(
        &mut self,
        app: &App,
        Asked { asked, by }: &Asked,
        target: Target,
        private: &BTreeSet<String>,
        open: &mut Vec<Asked>,
    ) {
        let is_new = !self.names.contains_key(&asked.name);
        if !is_new && asked.extras.is_empty() {
            return;
        }
        if private.contains(&asked.name) {
            return self.add_unknown(asked.name.clone());
        }
        let version = expected(app, asked, target);
        let needs = version
            .as_ref()
            .and_then(|it| snapshot::needs(&asked.name, it));
        self.names.insert(asked.name.clone(), version);
        let Some(needs) = needs else {
            let by = by.clone().filter(|_| !self.is_direct(&asked.name));
            self.unknown.insert(asked.name.clone(), by);
            return;
        };
        let wanted = needs
            .into_iter()
            .filter(|it| it.applies(target, &asked.extras));
        // Asked again for its extras: what it needs anyway is there, what they bring is new.
        let wanted = wanted.filter(|it| is_new || !self.names.contains_key(&it.name));
        open.extend(wanted.map(|it| Asked {
            asked: it,
            by: Some(asked.name.clone()),
        }));
    }
}

fn is_from_index(requirement: &Requirement) -> bool {
    matches!(
        requirement.source,
        RequirementSource::Any | RequirementSource::Specifiers(_)
    ) && !requirement.editable
}

fn parse_dependency(requirement: &Requirement, text: &str) -> Option<Dependency> {
    let extras = requirement.extras.iter();
    Some(Dependency {
        name: requirement.key.clone()?,
        extras: extras
            .map(|it| normalized_name(it.slice(text).trim()))
            .collect(),
        versions: requirement.versions.clone(),
        marker: None,
    })
}

/// The newest release that fits the line, the app's constraints, and the target.
fn expected(app: &App, asked: &Dependency, target: Target) -> Option<Version> {
    let distribution = snapshot::find(&asked.name)?;
    let limits = limits(app, &asked.name);
    let fits = |version: &Version| {
        let mut all = asked.versions.iter().chain(&limits);
        all.all(|versions| versions.contains(version))
    };
    let releases = distribution.releases();
    let is_usual = |it: &&Release| !it.yanked && !it.version.any_prerelease();
    let mut newest = releases.iter().rev();
    let fitting = newest.find(|it| fits(&it.version) && it.allows(target) && is_usual(it));
    let asked = fitting.or_else(|| releases.iter().rev().find(|it| fits(&it.version)))?;
    // What has wheels for other Pythons only has to move: to the nearest newer one with its own.
    let installs = !asked.has_wheels() || asked.installs(target) == Installs::Wheel;
    let mut newer = releases.iter().filter(|it| it.version > asked.version);
    let moved = newer.find(|it| is_usual(it) && it.installs(target) == Installs::Wheel);
    let moved = moved.filter(|_| !installs).unwrap_or(asked);
    Some(moved.version.clone())
}

/// What other lines of the app's lists, constraints too, say about a distribution.
fn limits(app: &App, name: &str) -> Vec<VersionSpecifiers> {
    let lists = app.requirements().lists.iter();
    let lists =
        lists.filter(|list| list.role == Role::Constraints || list.role == Role::Requirements);
    let named = lists.flat_map(crate::app::RequirementList::requirements);
    named
        .filter(|(_, _, it)| it.key.as_deref() == Some(name) && it.marker.is_none())
        .filter_map(|(_, _, it)| it.versions.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{MemoryTree, TreePath};

    fn of(list: &str) -> Brought {
        let tree = MemoryTree::new([("requirements.txt", list)]);
        let app = App::new(&tree, TreePath::root());
        Brought::gather(
            &app,
            Target::new(10),
            &BTreeSet::from(["in-house".to_owned()]),
        )
    }

    #[test]
    fn what_others_bring_comes_too() {
        let found = of("dash==2.9.3\n");
        assert!(found.has("flask") && found.has("werkzeug") && found.has("plotly"));
        assert!(!found.has("celery") && !found.has("openpyxl"));
        assert!(of("dash[celery]==2.9.3\n").has("celery"));
        assert!(of("dash[Celery]==2.9.3\nflower==1.2.0\n").has("redis"));
        assert_eq!(
            found.version("dash").map(ToString::to_string).as_deref(),
            Some("2.9.3")
        );
    }

    #[test]
    fn what_is_not_known_is_said() {
        assert!(of("dash==2.9.3\n").is_complete());
        for list in [
            "in-house\n",
            "no-such-thing-here==1\n",
            "-e .\n",
            "-r missing.txt\n",
        ] {
            assert!(!of(list).is_complete(), "{list}");
        }
        let found = of("in_house\ndash==2.9.3\n");
        assert!(found.unknown().eq(["in-house"]));
        assert_eq!(found.bringer("in-house"), None);
    }

    #[test]
    fn what_brings_an_unknown_one_is_said() {
        let found = of("dash==99.0\n");
        assert!(found.unknown().eq(["dash"]));
        // Every unknown one that no line names has something that brings it.
        for list in [
            "dash\n",
            "pandas\nboto3\nfastapi[all]\n",
            "dash[celery,diskcache]\n",
        ] {
            let found = of(list);
            for name in found.unknown() {
                let by = found.bringer(name);
                assert!(by.is_some_and(|by| found.has(by)), "{list}: {name}");
            }
        }
    }
}
