//! What the constraints have to say: every distribution that no line pins and that an installer
//! would choose otherwise.

use std::collections::BTreeSet;

use pep440_rs::{Version, VersionSpecifier, VersionSpecifiers};

use super::Situation;
use crate::packages::Target;
use crate::packages::resolve::{Demand, ResolvedReleases, Universe, install};
use crate::packages::snapshot::{Day, companions};

/// A line of the constraints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// The distribution, normalised.
    pub name: String,
    /// The version.
    pub version: Version,
    /// What an installer takes without the line; none where it takes nothing at all.
    pub instead: Option<Version>,
    /// The day on which the version was uploaded.
    pub uploaded: Option<Day>,
    /// What a line of conda's says instead, which reads no constraints: the versions that an old
    /// release goes with.
    pub bound: Option<VersionSpecifiers>,
}

/// Each line may let an installer choose other releases elsewhere: so often it is asked anew.
const ROUNDS: usize = 12;

pub(super) fn limits(
    universe: &dyn Universe,
    situation: &Situation,
    target: Target,
    answer: &ResolvedReleases,
) -> Vec<Limit> {
    let mut demands = changed(situation, answer);
    let pins = demands.iter().filter(|one| one.pin().is_some());
    let mut said: BTreeSet<String> = pins.map(|one| one.name.clone()).collect();
    let mut limits = Vec::new();
    for _ in 0..ROUNDS {
        let brought = install(universe, target, &demands);
        let before = limits.len();
        for one in &answer.releases {
            let taken = brought.as_ref().and_then(|all| all.get(&one.name));
            let is_other = match &brought {
                // What the lists bring is unknown: everything is said.
                None => true,
                Some(_) => taken.is_some_and(|taken| *taken != one.version),
            };
            if !is_other || !said.insert(one.name.clone()) {
                continue;
            }
            demands.push(pinned(&one.name, &one.version, true));
            limits.push(Limit {
                name: one.name.clone(),
                version: one.version.clone(),
                instead: taken.cloned(),
                uploaded: one.uploaded,
                bound: None,
            });
        }
        if limits.len() == before {
            break;
        }
    }
    limits.sort_by(|a, b| a.name.cmp(&b.name));
    of_conda(universe, situation, target, answer, limits)
}

/// The limits as an `environment.yml` can say them. What conda installs is kept by lines alone, and
/// a channel need not have each release of an index: only the bounds are said without which an old
/// release breaks.
fn of_conda(
    universe: &dyn Universe,
    situation: &Situation,
    target: Target,
    answer: &ResolvedReleases,
    limits: Vec<Limit>,
) -> Vec<Limit> {
    if situation.of_conda.is_empty() {
        return limits;
    }
    let brought = brought(universe, &situation.of_conda, target, answer);
    let bound = |limit: &Limit| {
        let rows = answer.releases.iter().flat_map(|one| {
            let rows = companions(&one.name, &one.version).into_iter();
            rows.filter(|row| row.needs == limit.name && row.applies(target))
        });
        let mut bounds = rows.filter_map(|row| row.bound.clone());
        bounds.find(|it| {
            limit
                .instead
                .as_ref()
                .is_none_or(|other| !it.contains(other))
        })
    };
    let said = limits.into_iter().filter_map(|limit| {
        if !brought.contains(&limit.name) {
            return Some(limit);
        }
        let bound = Some(bound(&limit)?);
        Some(Limit { bound, ..limit })
    });
    said.collect()
}

/// What these distributions need, and they themselves, in the releases of an answer.
fn brought(
    universe: &dyn Universe,
    names: &BTreeSet<String>,
    target: Target,
    answer: &ResolvedReleases,
) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<(String, Vec<String>)> = names
        .iter()
        .map(|name| (name.clone(), Vec::new()))
        .collect();
    let mut seen = BTreeSet::new();
    while let Some((name, extras)) = open.pop() {
        if !seen.insert((name.clone(), extras.clone())) {
            continue;
        }
        let version = answer.version(&name);
        let needs = version.and_then(|version| universe.needs(&name, version));
        let needs = needs.into_iter().flatten();
        let needed = needs.filter(|one| one.applies(target, &extras));
        open.extend(needed.map(|one| (one.name, one.extras)));
        found.insert(name);
    }
    found
}

/// The lists as they are written then.
fn changed(situation: &Situation, answer: &ResolvedReleases) -> Vec<Demand> {
    let mut demands = situation.demands.clone();
    for one in &answer.moves {
        if let Some(demand) = demands.get_mut(one.requirement) {
            demand.versions = Some(exactly(&one.to));
        }
    }
    for one in &answer.added {
        demands.push(pinned(&one.name, &one.version, false));
    }
    let left_out: BTreeSet<usize> = answer
        .private
        .iter()
        .chain(&answer.unknown)
        .copied()
        .chain(answer.impossible.iter().map(|(at, _)| *at))
        .collect();
    let kept = demands.into_iter().enumerate();
    let kept = kept.filter(|(at, _)| !left_out.contains(at));
    kept.map(|(_, demand)| demand).collect()
}

fn pinned(name: &str, version: &Version, is_constraint: bool) -> Demand {
    Demand {
        name: name.to_owned(),
        extras: Vec::new(),
        versions: Some(exactly(version)),
        is_constraint,
        is_imported: false,
    }
}

fn exactly(version: &Version) -> VersionSpecifiers {
    let specifier = VersionSpecifier::equals_version(version.clone());
    std::iter::once(specifier).collect()
}
