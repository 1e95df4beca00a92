//! The lines of an app's lists as the resolver in the process reads them: what DL210 and DL211 ask.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::{Version, VersionSpecifiers};

use crate::app::conda_names::conda_only;
use crate::app::{App, RequirementList, Role};
use crate::files::requirements::{
    Line, Requirement, RequirementSource, is_false_on, normalized_name, unfolded,
};
use crate::packages::Target;
use crate::packages::resolve::{Demand, KnownPackages, install};
use crate::packages::snapshot::{self, companions};

/// The lines that count on a target.
pub(super) struct TargetLines<'a> {
    target: Target,
    pub(super) demands: Vec<Demand>,
    /// The lines of the demands, in their order.
    pub(super) written: Vec<(&'a RequirementList, &'a Line, &'a Requirement)>,
    /// What comes from somewhere else than an index, in a version that nobody knows.
    pub(super) elsewhere: BTreeSet<String>,
}

/// A line that keeps a distribution at releases that a row is about.
pub(super) struct Old<'a> {
    pub(super) name: &'a str,
    pub(super) list: &'a RequirementList,
    line: &'a Line,
    pub(super) requirement: &'a Requirement,
}

impl<'a> Old<'a> {
    /// The name as the line writes it.
    pub(super) fn get_name(&self) -> &'a str {
        let written = self.requirement.name.filter(|_| self.line.verbatim);
        written.map_or(self.name, |name| name.slice(self.list.text.as_str()))
    }
}

impl<'a> TargetLines<'a> {
    /// Reads the lists of an app.
    pub(super) fn read(app: &'a App, target: Target) -> Self {
        let mut found = Self {
            target,
            demands: Vec::new(),
            written: Vec::new(),
            elsewhere: BTreeSet::new(),
        };
        let lists = app.requirements().all_lists();
        for (list, line, requirement) in lists.flat_map(RequirementList::requirements) {
            let text = list.text.as_str();
            let marker = requirement.marker.map(|it| it.slice(text));
            let counts = marker.is_none_or(|it| !is_false_on(unfolded(it).trim(), target.minor()));
            let of_index = |name: &String| conda_only(name).is_none();
            let Some(name) = requirement.key.clone().filter(|it| counts && of_index(it)) else {
                continue;
            };
            let from_index = matches!(
                requirement.source,
                RequirementSource::Any | RequirementSource::Specifiers(_)
            );
            if !from_index || requirement.editable {
                found.elsewhere.insert(name);
                continue;
            }
            let extras = requirement.extras.iter();
            found.demands.push(Demand {
                name,
                extras: extras
                    .map(|it| normalized_name(it.slice(text).trim()))
                    .collect(),
                versions: requirement.versions.clone().filter(|it| !it.is_empty()),
                is_constraint: list.role == Role::Constraints,
                is_imported: false,
            });
            found.written.push((list, line, requirement));
        }
        found
    }

    /// Leaves the lines out that are about such distributions.
    pub(super) fn leave_out(&mut self, is_out: impl Fn(&str) -> bool) {
        let keeps: Vec<bool> = self.demands.iter().map(|it| !is_out(&it.name)).collect();
        let mut keeps_demand = keeps.iter();
        self.demands
            .retain(|_| *keeps_demand.next().unwrap_or(&true));
        let mut keeps_line = keeps.iter();
        self.written.retain(|_| *keeps_line.next().unwrap_or(&true));
    }

    /// The lines that keep a distribution below its newest release, at one that a row is about.
    pub(super) fn olds(&self) -> Vec<Old<'a>> {
        let found = self.written.iter().filter_map(|(list, line, requirement)| {
            let name = requirement.key.as_deref()?;
            let versions = requirement.versions.as_ref()?;
            let known = snapshot::find(name)?;
            let newest = known.releases().last()?;
            let mut kept = known.releases().iter();
            let is_met = !versions.contains(&newest.version)
                && kept.any(|it| {
                    versions.contains(&it.version) && !companions(name, &it.version).is_empty()
                });
            is_met.then_some(Old {
                name,
                list,
                line,
                requirement,
            })
        });
        found.collect()
    }

    /// What an installation brings today, with these bounds beside the lists; `None` where they do
    /// not install, as far as the snapshot knows.
    pub(super) fn install(
        &self,
        bounds: &[(String, VersionSpecifiers)],
    ) -> Option<BTreeMap<String, Version>> {
        let bounds = bounds.iter().map(|(name, versions)| Demand {
            name: name.clone(),
            extras: Vec::new(),
            versions: Some(versions.clone()),
            is_constraint: true,
            is_imported: false,
        });
        let all: Vec<Demand> = self.demands.iter().cloned().chain(bounds).collect();
        install(&KnownPackages, self.target, &all)
    }

    /// What the lists pin.
    pub(super) fn pins(&self) -> BTreeMap<String, Version> {
        let installed = self.demands.iter().filter(|one| !one.is_constraint);
        let pins = installed.filter_map(|one| Some((one.name.clone(), one.pin()?.clone())));
        pins.collect()
    }

    /// Whether a line says one version of the distribution.
    pub(super) fn is_pinned(&self, name: &str) -> bool {
        let mut named = self.demands.iter().filter(|one| one.name == name);
        named.any(|one| one.pin().is_some())
    }

    /// The first line about the distribution.
    pub(super) fn line_of(&self, name: &str) -> Option<(&'a RequirementList, &'a Requirement)> {
        let mut all = self.written.iter();
        let found = all.find(|(_, _, it)| it.key.as_deref() == Some(name));
        found.map(|(list, _, requirement)| (*list, *requirement))
    }

    /// Whether a line has hashes, so that pip asks all lines for them.
    pub(super) fn has_hashes(&self) -> bool {
        let mut all = self.written.iter();
        all.any(|(_, _, it)| it.hashes().next().is_some())
    }
}
