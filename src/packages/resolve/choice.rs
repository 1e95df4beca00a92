//! The answer: which requirements can be kept together, the most important first; where the others
//! go; and why.
//!
//! A requirement stays whenever a set of releases exists that keeps it beside every more important
//! one. The search alone does not promise that: it decides in this order, and steps back by what it
//! learns. So each requirement that its first set moves is asked for once more.

use std::collections::{BTreeMap, BTreeSet};

use pubgrub::VersionSet;

use super::catalogue::{Catalogue, Picks};
use super::preference::{Wish, is_tool, order};
use super::question::{Demand, Inquiry, ResolvedReleases};
use super::reasons::{Against, Case, Holder, MoveCause};
use super::search::{Derivation, Held, Setup, Stop, search};
use super::set::Places;
use super::universe::Universe;
use crate::packages::solve::is_dash_family;

/// Answers a question.
pub fn answer(universe: &dyn Universe, question: &Inquiry) -> ResolvedReleases {
    let catalogue = Catalogue::new(universe, question.target, previews(question));
    let mut choice = ReleaseChoice::new(&catalogue, question);
    choice.decide();
    choice.tell()
}

/// The distributions of which a requirement names a pre-release.
fn previews(question: &Inquiry) -> Vec<String> {
    let named = question
        .requirements
        .iter()
        .filter(|one| one.names_preview());
    named.map(|one| one.name.clone()).collect()
}

/// Something to keep.
pub(super) struct Preference {
    pub(super) name: String,
    pub(super) places: Places,
    pub(super) who: Against,
}

/// How much it counts; the least is kept first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Source,
    Dash,
    Range,
    Imported,
    Other,
    Companion,
}

pub(super) struct ReleaseChoice<'a> {
    pub(super) catalogue: &'a Catalogue<'a>,
    pub(super) question: &'a Inquiry<'a>,
    pub(super) setup: Setup,
    /// The most important first.
    items: Vec<Preference>,
    held: Held,
    holders: Vec<Holder>,
    /// What was given up, each with the derivation that says why.
    pub(super) lost: Vec<(Preference, Option<Box<Derivation>>)>,
    /// The best set so far.
    pub(super) found: Picks,
    pub(super) answer: ResolvedReleases,
}

impl<'a> ReleaseChoice<'a> {
    fn new(catalogue: &'a Catalogue<'a>, question: &'a Inquiry<'a>) -> Self {
        let mut choice = Self {
            catalogue,
            question,
            setup: Setup {
                roots: BTreeMap::new(),
                wishes: BTreeMap::new(),
                ranks: BTreeMap::new(),
                other: question.era.map_or(Wish::Newest, Wish::OfEra),
                until: question.until,
            },
            items: Vec::new(),
            held: Held::new(),
            holders: Vec::new(),
            lost: Vec::new(),
            found: Picks::new(),
            answer: ResolvedReleases::default(),
        };
        let mut weighed = Vec::new();
        for (at, one) in question.requirements.iter().enumerate() {
            weighed.extend(choice.weigh(at, one));
        }
        for (at, one) in question.source.iter().enumerate() {
            if let Some(stock) = catalogue.stock(&one.name) {
                let places = stock.places(Some(&one.versions));
                let (name, who) = (one.name.clone(), Against::Source(at));
                let item = Preference { name, places, who };
                weighed.push((Weight::Source, one.versions.to_string(), item));
            }
        }
        choice.wish_what_ran();
        weighed.sort_by(|a, b| (a.0, &a.2.name, &a.1).cmp(&(b.0, &b.2.name, &b.1)));
        for (_, _, item) in &weighed {
            let next = choice.setup.ranks.len();
            choice.setup.ranks.entry(item.name.clone()).or_insert(next);
        }
        choice.items = weighed.into_iter().map(|(_, _, item)| item).collect();
        choice.lead_with_dash();
        choice
    }

    /// Whatever no line pins is wanted as it ran, but for the tools of an installation and a Dash
    /// family that goes to its newest.
    fn wish_what_ran(&mut self) {
        for (name, version) in self.question.ran.iter() {
            let goes_on = self.question.latest_dash && is_dash_family(name);
            if !goes_on && !is_tool(name) {
                let wish = self.setup.wishes.entry(name.to_owned());
                wish.or_insert_with(|| Wish::Near(version.clone()));
            }
        }
    }

    /// Dash is decided before everything else.
    fn lead_with_dash(&mut self) {
        for rank in self.setup.ranks.values_mut() {
            *rank += 1;
        }
        self.setup.ranks.insert("dash".to_owned(), 0);
    }

    /// Takes a requirement in, as a root and, where it has versions, as something to keep.
    fn weigh(&mut self, at: usize, one: &Demand) -> Option<(Weight, String, Preference)> {
        let Some(stock) = self.catalogue.stock(&one.name) else {
            self.answer.unknown.push(at);
            return None;
        };
        let newest = stock.newest().map(|one| &one.version);
        if let (Some(highest), Some(newest)) = (one.highest(), newest)
            && highest > newest
            && stock.places(one.versions.as_ref()) == Places::empty()
        {
            self.answer.private.push(at);
            return None;
        }
        if !one.is_constraint {
            let extras = self.setup.roots.entry(one.name.clone()).or_default();
            extras.extend(one.extras.iter().cloned());
        }
        if self.question.latest_dash && is_dash_family(&one.name) {
            self.setup.wishes.insert(one.name.clone(), Wish::Newest);
            return None;
        }
        let versions = one.versions.as_ref().filter(|all| !all.is_empty())?;
        if let Some(pin) = one.pin() {
            // Two pins of one distribution exclude each other: which one is near must not depend
            // on the order of the lines.
            let wish = self.setup.wishes.entry(one.name.clone());
            let wish = wish.or_insert_with(|| Wish::Near(pin.clone()));
            if matches!(wish, Wish::Near(other) if pin > other) {
                *wish = Wish::Near(pin.clone());
            }
        }
        let item = Preference {
            name: one.name.clone(),
            places: stock.places(Some(versions)),
            who: Against::Line(at),
        };
        Some((self.weight(one), versions.to_string(), item))
    }

    fn weight(&self, one: &Demand) -> Weight {
        if one.name == "dash" {
            Weight::Dash
        } else if one.pin().is_none() {
            Weight::Range
        } else if one.is_imported {
            Weight::Imported
        } else if self.catalogue.universe.is_companion(&one.name) {
            Weight::Companion
        } else {
            Weight::Other
        }
    }

    fn decide(&mut self) {
        if self.begin() {
            let items = std::mem::take(&mut self.items);
            let (source, lines): (Vec<Preference>, Vec<Preference>) = items
                .into_iter()
                .partition(|item| matches!(item.who, Against::Source(_)));
            for item in source {
                self.keep(item);
            }
            self.lead_to_newest();
            for item in lines {
                self.keep(item);
            }
            self.settle();
        }
    }

    /// Takes the Dash family to its newest releases that fit together, Dash itself first.
    fn lead_to_newest(&mut self) {
        let wishes = self.setup.wishes.iter();
        let newest = wishes.filter(|(_, wish)| **wish == Wish::Newest);
        let mut names: Vec<String> = newest.map(|(name, _)| name.clone()).collect();
        names.sort_by_key(|name| (name != "dash", name.clone()));
        for name in names {
            self.bring_near(&name);
        }
    }

    /// The first set, with nothing held; what no set can have is left out.
    fn begin(&mut self) -> bool {
        match search(self.catalogue, &self.setup, &self.held) {
            Ok(found) => {
                self.found = found;
                return true;
            }
            Err(Stop::TimedOut) => {
                self.answer.is_cut_short = true;
                return false;
            }
            Err(Stop::Nothing(_)) => {}
        }
        let roots = std::mem::take(&mut self.setup.roots);
        let mut names: Vec<_> = roots.into_iter().collect();
        let last = self.setup.ranks.len();
        names.sort_by_key(|(name, _)| {
            (
                self.setup.ranks.get(name).copied().unwrap_or(last),
                name.clone(),
            )
        });
        for (name, extras) in names {
            self.setup.roots.insert(name.clone(), extras);
            match search(self.catalogue, &self.setup, &self.held) {
                Ok(found) => self.found = found,
                Err(Stop::Nothing(tree)) => {
                    self.setup.roots.remove(&name);
                    self.leave_out(&name, &tree);
                }
                Err(Stop::TimedOut) => {
                    self.setup.roots.remove(&name);
                    self.answer.is_cut_short = true;
                }
            }
        }
        true
    }

    fn leave_out(&mut self, name: &str, tree: &Derivation) {
        let reason = self.no_file(name).unwrap_or_else(|| {
            let places = Places::full();
            self.case(name, &places, &self.found).explain(tree)
        });
        let asks = self.question.requirements.iter().enumerate();
        let asks = asks.filter(|(_, one)| one.name == name && !one.is_constraint);
        let places = asks.map(|(at, _)| (at, reason.clone()));
        self.answer.impossible.extend(places);
        self.items.retain(|item| item.name != name);
    }

    /// Why no release of a distribution can be used, where that is so: what is wrong with the
    /// newest.
    fn no_file(&self, name: &str) -> Option<MoveCause> {
        let stock = self.catalogue.stock(name)?;
        let is_any = stock.candidates.iter().any(|one| one.file.is_ok());
        let newest = stock.newest().filter(|_| !is_any)?;
        let why = newest.file.clone().err()?;
        Some(MoveCause::Unfit {
            what: format!("{name} {}", newest.version),
            why,
            target: self.question.target,
        })
    }

    /// Holds an item, if some set has it beside all that is held.
    fn keep(&mut self, item: Preference) {
        let held = self.held.get(&item.name);
        let places = held.map_or_else(|| item.places.clone(), |it| it.intersection(&item.places));
        let place = self.found.get(&item.name);
        let is_kept = place.is_none_or(|place| places.contains(place));
        if is_kept && places != Places::empty() {
            self.hold(item, places);
            return;
        }
        let mut held = self.held.clone();
        held.insert(item.name.clone(), places.clone());
        match search(self.catalogue, &self.setup, &held) {
            Ok(found) => {
                self.found = found;
                self.hold(item, places);
            }
            Err(Stop::Nothing(tree)) => self.lost.push((item, Some(tree))),
            Err(Stop::TimedOut) => {
                self.answer.is_cut_short = true;
                self.lost.push((item, None));
            }
        }
    }

    fn hold(&mut self, item: Preference, places: Places) {
        self.held.insert(item.name.clone(), places);
        self.holders.push(Holder {
            name: item.name,
            places: item.places,
            who: item.who,
        });
    }

    /// What was given up goes to the first release of its order that fits, the most important
    /// first; then everything else once more, with all of that.
    fn settle(&mut self) {
        let lost: Vec<String> = self
            .lost
            .iter()
            .map(|(item, _)| item.name.clone())
            .collect();
        for name in lost {
            self.bring_near(&name);
        }
        match search(self.catalogue, &self.setup, &self.held) {
            Ok(found) => self.found = found,
            Err(_) => self.answer.is_cut_short = true,
        }
    }

    fn bring_near(&mut self, name: &str) {
        let Some(stock) = self.catalogue.stock(name) else {
            return;
        };
        let wish = self.setup.wishes.get(name).unwrap_or(&self.setup.other);
        let order = order(name, &stock, wish);
        while let Some(place) = self.found.get(name).copied() {
            let better = order.iter().copied().take_while(|it| *it != place);
            let better: BTreeSet<u32> = better.collect();
            let better = Places::collect(better);
            let held = self.held.get(name).cloned();
            let better = held.map_or(better.clone(), |held| held.intersection(&better));
            let mut held = self.held.clone();
            held.insert(name.to_owned(), better.clone());
            if better != Places::empty()
                && let Ok(found) = search(self.catalogue, &self.setup, &held)
            {
                self.found = found;
                continue;
            }
            self.held.insert(name.to_owned(), Places::singleton(place));
            return;
        }
    }

    pub(super) fn case<'c>(
        &'c self,
        name: &'c str,
        places: &'c Places,
        chosen: &'c Picks,
    ) -> Case<'c> {
        Case {
            catalogue: self.catalogue,
            holders: &self.holders,
            chosen,
            name,
            places,
        }
    }
}
