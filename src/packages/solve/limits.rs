//! What the constraints have to say: every distribution that no line pins and that an installer
//! would choose otherwise.

use std::collections::BTreeSet;

use pep440_rs::{Version, VersionSpecifier, VersionSpecifiers};

use super::Situation;
use crate::packages::Target;
use crate::packages::resolve::{Answer, Demand, Universe, install};
use crate::packages::snapshot::Day;

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
}

/// Each line may let an installer choose other releases elsewhere: so often it is asked anew.
const ROUNDS: usize = 12;

pub(super) fn limits(
    universe: &dyn Universe,
    situation: &Situation,
    target: Target,
    answer: &Answer,
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
            });
        }
        if limits.len() == before {
            break;
        }
    }
    limits.sort_by(|a, b| a.name.cmp(&b.name));
    limits
}

/// The lists as they are written then.
fn changed(situation: &Situation, answer: &Answer) -> Vec<Demand> {
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
