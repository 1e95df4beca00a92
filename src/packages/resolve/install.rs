//! What an installation brings today: the newest of everything that the metadata allows; or which
//! lines keep it from there. It knows nothing of eras, companions, or what does not start.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use pep440_rs::Version;
use pubgrub::VersionSet;

use super::catalogue::Catalogue;
use super::choice::answer;
use super::preference::Wish;
use super::question::{Demand, Inquiry, Move};
use super::reasons::{Against, MoveCause};
use super::search::{Held, Setup, search};
use super::universe::{Bond, Candidate, Form, Unfit, Universe};
use crate::packages::{Dependency, Ran, Target};

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

/// The lines that exclude each other through what they need: which of them have to move, where to
/// (the nearest that agree), and why. Numbers are places among the demands. Lines that no release
/// satisfies on the target are left out: what is wrong with them is another question. Which of two
/// lines moves depends on what the code imports: `is_imported` is asked when there is a quarrel.
/// After `until` it answers what it has found so far.
pub fn disagreements(
    universe: &dyn Universe,
    target: Target,
    demands: &[Demand],
    is_imported: impl FnOnce(&BTreeSet<String>) -> BTreeSet<String>,
    until: Option<Instant>,
) -> Vec<Move> {
    let blind = Blind(universe);
    let places: Vec<usize> = (0..demands.len())
        .filter(|at| demands.get(*at).is_some_and(|it| blind.has(it, target)))
        .collect();
    let mut kept: Vec<Demand> = places
        .iter()
        .filter_map(|at| demands.get(*at).cloned())
        .collect();
    if install(universe, target, &kept).is_some() {
        return Vec::new();
    }
    let imported = is_imported(&demands.iter().map(|one| one.name.clone()).collect());
    for one in &mut kept {
        one.is_imported = imported.contains(&one.name);
    }
    let inquiry = Inquiry {
        target,
        requirements: &kept,
        source: &[],
        era: None,
        ran: &Ran::default(),
        latest_dash: false,
        until,
    };
    // Whoever gives way goes to a release that is not itself in need of another.
    let forgiving = Forgiving {
        universe,
        pins: &kept,
    };
    let moves = answer(&forgiving, &inquiry).moves.into_iter();
    let moves = moves.filter_map(|mut one| {
        one.requirement = *places.get(one.requirement)?;
        if let MoveCause::Needed {
            against: Some(Against::Line(at)),
            ..
        } = &mut one.cause
        {
            *at = *places.get(*at)?;
        }
        matches!(one.cause, MoveCause::Needed { .. }).then_some(one)
    });
    moves.collect()
}

/// A universe as an installer sees it where a line pins a release; elsewhere only releases that
/// install without a build that likely fails, and start.
struct Forgiving<'u> {
    universe: &'u dyn Universe,
    pins: &'u [Demand],
}

impl Universe for Forgiving<'_> {
    fn candidates(&self, name: &str, target: Target) -> Option<Vec<Candidate>> {
        let mut all = self.universe.candidates(name, target)?;
        let pins = || self.pins.iter().filter(|it| it.name == name);
        for one in &mut all {
            if pins().any(|it| it.pin() == Some(&one.version)) {
                forgive(one);
            }
        }
        Some(all)
    }

    fn needs(&self, name: &str, version: &Version) -> Option<Vec<Dependency>> {
        self.universe.needs(name, version)
    }

    fn companions(&self, _: &str, _: &Version, _: Target) -> Vec<Bond> {
        Vec::new()
    }

    fn is_companion(&self, _: &str) -> bool {
        false
    }
}

/// Takes a release that has a file for one that installs: whether its build succeeds and whether it
/// starts is another question.
fn forgive(one: &mut Candidate) {
    match one.file {
        Err(Unfit::DoesNotStart(_)) => one.file = Ok(Form::Wheel),
        Err(Unfit::Compiles(_) | Unfit::BrokenBuild(_)) => one.file = Ok(Form::Source),
        Ok(_) | Err(Unfit::NoFile | Unfit::RequiresPython(_)) => {}
    }
}

/// A universe as an installer sees it.
struct Blind<'u>(&'u dyn Universe);

impl Blind<'_> {
    /// Whether some release that the demand allows installs on the target.
    fn has(&self, demand: &Demand, target: Target) -> bool {
        let known = self.candidates(&demand.name, target);
        known.into_iter().flatten().any(|it| {
            let versions = demand.versions.as_ref();
            it.file.is_ok() && versions.is_none_or(|all| all.contains(&it.version))
        })
    }
}

impl Universe for Blind<'_> {
    fn candidates(&self, name: &str, target: Target) -> Option<Vec<Candidate>> {
        let mut all = self.0.candidates(name, target)?;
        all.iter_mut().for_each(forgive);
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
