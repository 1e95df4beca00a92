//! The answer in words of the question: what moves and why, what is brought, what is missing.

use std::collections::BTreeSet;

use super::catalogue::{TieKind, requirement};
use super::choice::{Preference, ReleaseChoice};
use super::question::{Added, Chosen, Demand, Move, ResolvedReleases};
use super::reasons::{Against, MoveCause};
use super::search::Derivation;
use super::set::Places;
use crate::packages::solve::is_dash_family;
use pep440_rs::Version;
use pubgrub::VersionSet;

impl ReleaseChoice<'_> {
    pub(super) fn tell(mut self) -> ResolvedReleases {
        let lost = std::mem::take(&mut self.lost);
        for (item, tree) in &lost {
            let reason = self.reason(item, tree.as_deref());
            let Against::Line(at) = item.who else {
                if let Against::Source(at) = item.who {
                    self.answer.unmet.push((at, reason));
                }
                continue;
            };
            self.tell_move(item, at, reason);
        }
        self.tell_latest();
        self.tell_releases();
        self.tell_added();
        self.answer.moves.sort_by_key(|one| one.requirement);
        self.answer
    }

    fn tell_move(&mut self, item: &Preference, at: usize, reason: MoveCause) {
        let stock = self.catalogue.stock(&item.name);
        let place = self.found.get(&item.name);
        let version = stock.and_then(|stock| Some(stock.at(*place?)?.version.clone()));
        let is_allowed = place.is_some_and(|place| item.places.contains(place));
        match version {
            Some(_) if is_allowed => {}
            Some(to) => self.answer.moves.push(Move {
                requirement: at,
                to,
                cause: reason,
            }),
            None => self.answer.impossible.push((at, reason)),
        }
    }

    /// The Dash family of the upgrade road.
    fn tell_latest(&mut self) {
        for (at, one) in self.question.requirements.iter().enumerate() {
            if !self.question.latest_dash || !is_dash_family(&one.name) {
                continue;
            }
            let stock = self.catalogue.stock(&one.name);
            let place = self.found.get(&one.name);
            let chosen = stock.and_then(|stock| Some(stock.at(*place?)?.version.clone()));
            let is_set = one.versions.as_ref().is_some_and(|all| !all.is_empty());
            let is_other =
                |to: &Version| one.versions.as_ref().is_some_and(|all| !all.contains(to));
            if let Some(to) = chosen.filter(|to| is_set && is_other(to)) {
                self.answer.moves.push(Move {
                    requirement: at,
                    to,
                    cause: MoveCause::LatestDash,
                });
            }
        }
    }

    fn reason(&self, item: &Preference, tree: Option<&Derivation>) -> MoveCause {
        if let Against::Line(at) = item.who
            && let Some(one) = self.question.requirements.get(at)
            && let Some(reason) = self.own_reason(one, item)
        {
            return reason;
        }
        match tree {
            Some(tree) => self
                .case(&item.name, &item.places, &self.found)
                .explain(tree),
            None => MoveCause::Together(Vec::new()),
        }
    }

    /// What is wrong with the release itself.
    fn own_reason(&self, one: &Demand, item: &Preference) -> Option<MoveCause> {
        let stock = self.catalogue.stock(&one.name)?;
        if item.places == Places::empty() {
            let what = requirement(&one.name, one.versions.as_ref());
            return Some(MoveCause::NoRelease { what });
        }
        let allowed = stock.all().filter(|(place, _)| item.places.contains(place));
        let allowed: Vec<_> = allowed.map(|(_, one)| one).collect();
        if allowed.iter().any(|one| one.file.is_ok()) {
            return None;
        }
        let newest = allowed.last()?;
        Some(MoveCause::Unfit {
            what: format!("{} {}", one.name, newest.version),
            why: newest.file.clone().err()?,
            target: self.question.target,
        })
    }

    fn tell_releases(&mut self) {
        for (name, place) in &self.found {
            let Some(stock) = self.catalogue.stock(name) else {
                continue;
            };
            if let Some(one) = stock.at(*place)
                && let Ok(form) = one.file
            {
                self.answer.releases.push(Chosen {
                    name: name.clone(),
                    version: one.version.clone(),
                    form,
                    uploaded: one.uploaded,
                });
            }
            let needs = self.catalogue.needs(name, None, *place);
            let by = stock
                .at(*place)
                .map(|one| format!("{name} {}", one.version));
            if needs.is_unknown {
                self.answer.blind.extend(by.clone());
            }
            let unknown = needs.unknown.iter().cloned();
            let unknown = unknown.filter_map(|it| Some((it, by.clone()?)));
            self.answer.unknown_needs.extend(unknown);
        }
    }

    /// What only companion rows bring.
    fn tell_added(&mut self) {
        let stated = self.closure();
        for (name, place) in &self.found {
            if stated.contains(name) {
                continue;
            }
            let needed = self.found.iter().find_map(|(by, at)| {
                let needs = self.catalogue.needs(by, None, *at);
                let need = needs.all.iter().find(|need| need.name == *name)?;
                let TieKind::Known(error) = &need.kind else {
                    return None;
                };
                let stock = self.catalogue.stock(by)?;
                let version = &stock.at(*at)?.version;
                Some((format!("{by} {version}"), error.clone()))
            });
            let stock = self.catalogue.stock(name);
            let version = stock.and_then(|it| Some(it.at(*place)?.version.clone()));
            if let (Some((by, error)), Some(version)) = (needed, version) {
                self.answer.added.push(Added {
                    name: name.clone(),
                    version,
                    by,
                    error,
                });
            }
        }
    }

    /// The distributions that an installation of the lists brings by their metadata.
    fn closure(&self) -> BTreeSet<String> {
        let mut open: Vec<(String, Option<String>)> = Vec::new();
        for (name, extras) in &self.setup.roots {
            open.push((name.clone(), None));
            open.extend(
                extras
                    .iter()
                    .map(|extra| (name.clone(), Some(extra.clone()))),
            );
        }
        let mut seen: BTreeSet<(String, Option<String>)> = BTreeSet::new();
        while let Some(next) = open.pop() {
            let (name, extra) = &next;
            let Some(place) = self.found.get(name) else {
                continue;
            };
            if !seen.insert(next.clone()) {
                continue;
            }
            let needs = self.catalogue.needs(name, extra.as_deref(), *place);
            for need in &needs.all {
                if need.kind == TieKind::Stated {
                    open.push((need.name.clone(), None));
                    let extras = need.extras.iter();
                    open.extend(extras.map(|extra| (need.name.clone(), Some(extra.clone()))));
                }
            }
        }
        seen.into_iter().map(|(name, _)| name).collect()
    }
}
