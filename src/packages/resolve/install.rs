//! What an installation brings today: the newest of everything that the metadata allows. It knows
//! nothing of eras, companions, or what does not start.

use std::collections::BTreeMap;

use pep440_rs::Version;
use pubgrub::VersionSet;

use super::catalogue::Catalogue;
use super::preference::Wish;
use super::question::Demand;
use super::search::{Held, Setup, search};
use super::universe::{Bond, Candidate, Form, Unfit, Universe};
use crate::packages::{Dependency, Target};

/// The releases that an installation of these lists brings, by name; `None` where they do not
/// install.
pub fn install(
    universe: &dyn Universe,
    target: Target,
    demands: &[Demand],
) -> Option<BTreeMap<String, Version>> {
    let blind = Blind(universe);
    let mut setup = Setup {
        roots: BTreeMap::new(),
        wishes: BTreeMap::new(),
        ranks: BTreeMap::new(),
        other: Wish::Installed,
        until: None,
    };
    let named = demands.iter().filter(|one| one.names_preview());
    let previews = named.map(|one| one.name.clone()).collect();
    let catalogue = Catalogue::new(&blind, target, previews);
    let mut held = Held::new();
    for one in demands {
        let Some(stock) = catalogue.stock(&one.name) else {
            continue;
        };
        if !one.is_constraint {
            let extras = setup.roots.entry(one.name.clone()).or_default();
            extras.extend(one.extras.iter().cloned());
        }
        if let Some(versions) = &one.versions {
            let places = stock.places(Some(versions));
            let known = held.get(&one.name);
            let both = known.map_or_else(|| places.clone(), |it| it.intersection(&places));
            held.insert(one.name.clone(), both);
        }
        let next = setup.ranks.len();
        setup.ranks.entry(one.name.clone()).or_insert(next);
    }
    let found = search(&catalogue, &setup, &held).ok()?;
    let versions = found.into_iter().filter_map(|(name, place)| {
        let version = catalogue.stock(&name)?.at(place)?.version.clone();
        Some((name, version))
    });
    Some(versions.collect())
}

/// A universe as an installer sees it.
struct Blind<'u>(&'u dyn Universe);

impl Universe for Blind<'_> {
    fn candidates(&self, name: &str, target: Target) -> Option<Vec<Candidate>> {
        let mut all = self.0.candidates(name, target)?;
        for one in &mut all {
            match one.file {
                Err(Unfit::DoesNotStart(_)) => one.file = Ok(Form::Wheel),
                Err(Unfit::Compiles(_) | Unfit::BrokenBuild(_)) => one.file = Ok(Form::Source),
                Ok(_) | Err(Unfit::NoFile | Unfit::RequiresPython(_)) => {}
            }
        }
        Some(all)
    }

    fn needs(&self, name: &str, version: &Version) -> Option<Vec<Dependency>> {
        self.0.needs(name, version)
    }

    fn companions(&self, _: &str, _: &Version, _: Target) -> Vec<Bond> {
        Vec::new()
    }

    fn is_companion(&self, _: &str) -> bool {
        false
    }
}
