//! Which release of a distribution is tried first, second, third: the order of the places of its
//! stock that can be used on the target.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use pep440_rs::Version;

use super::catalogue::Stock;
use super::universe::{Candidate, Form};
use crate::packages::snapshot::Day;

/// What is wanted of a distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    /// The newest of this day.
    OfEra(Day),
    /// The newest of all; a wheel before a source within a step.
    Newest,
    /// What an installer takes: the newest of all.
    Installed,
    /// This version, or one near it.
    Near(Version),
}

/// What the tools of an installation are: never of the era.
const TOOLS: [&str; 3] = ["pip", "setuptools", "wheel"];

/// Whether a distribution (normalised name) is one of them.
pub(super) fn is_tool(name: &str) -> bool {
    TOOLS.contains(&name)
}

/// The places to try, the best first.
pub(super) fn order(name: &str, stock: &Stock, wish: &Wish) -> Vec<u32> {
    match wish {
        Wish::Near(version) => near(stock, version),
        Wish::Newest => newest(stock),
        Wish::OfEra(_) if is_tool(name) => newest(stock),
        Wish::OfEra(day) => of_era(stock, *day),
        Wish::Installed => {
            let all: Vec<Usable> = usable(stock).collect();
            let newest_first = all.into_iter().rev().collect();
            places(stock, &[newest_first])
        }
    }
}

/// A release that can be used, and its place.
type Usable<'s> = (u32, &'s Candidate, Form);

fn usable(stock: &Stock) -> impl Iterator<Item = Usable<'_>> {
    let all = stock.all().filter(|(_, one)| !one.yanked);
    all.filter_map(|(place, one)| Some((place, one, *one.file.as_ref().ok()?)))
}

/// Releases that differ in their last parts only are one step: `1.2.0` and `1.2.3`.
fn step(version: &Version) -> (u64, u64, u64) {
    let part = |at: usize| version.release().get(at).copied().unwrap_or(0);
    (version.epoch(), part(0), part(1))
}

fn major(version: &Version) -> (u64, u64) {
    let (epoch, major, _) = step(version);
    (epoch, major)
}

/// Newest step first, and there a wheel before a source.
fn descending(usable: &mut [Usable]) {
    usable.sort_by_key(|(place, one, file)| (Reverse(step(&one.version)), *file, Reverse(*place)));
}

/// Oldest step first, and there a wheel before a source.
fn ascending(usable: &mut [Usable]) {
    usable.sort_by_key(|(place, one, file)| (step(&one.version), *file, *place));
}

/// The places of parts, each in its order; previews come last.
fn places(stock: &Stock, parts: &[Vec<Usable>]) -> Vec<u32> {
    let all = parts.iter().flatten();
    let is_last = |one: &Candidate| !stock.has_previews() && one.version.any_prerelease();
    let (last, first): (Vec<&Usable>, Vec<&Usable>) = all.partition(|(_, one, _)| is_last(one));
    let all = first.into_iter().chain(last);
    all.map(|(place, _, _)| *place).collect()
}

fn newest(stock: &Stock) -> Vec<u32> {
    let mut all: Vec<Usable> = usable(stock).collect();
    descending(&mut all);
    places(stock, &[all])
}

/// The newest that was there on the day; else the first after it; else what was made for older
/// lines later.
fn of_era(stock: &Stock, day: Day) -> Vec<u32> {
    let days = days(stock);
    let is_in = |place: u32| days.get(&place).is_none_or(|uploaded| *uploaded <= day);
    let known = stock
        .all()
        .filter(|(place, one)| is_in(*place) && !one.version.any_prerelease());
    let newest = known.map(|(place, _)| place).max();
    let (mut then, later): (Vec<Usable>, Vec<Usable>) =
        usable(stock).partition(|(place, _, _)| is_in(*place));
    let is_behind = |place: u32| newest.is_none_or(|newest| place > newest);
    let (mut behind, mut before): (Vec<Usable>, Vec<Usable>) = later
        .into_iter()
        .partition(|(place, _, _)| is_behind(*place));
    descending(&mut then);
    by_day(&mut behind, &days);
    descending(&mut before);
    places(stock, &[then, behind, before])
}

/// The day of each place. Of a release whose day is not known (it was withdrawn) it is that of the
/// next one that has a day, of the newest ones that of the last; of no release where none is known.
fn days(stock: &Stock) -> BTreeMap<u32, Day> {
    let mut days = BTreeMap::new();
    let last = stock.all().rev().find_map(|(_, one)| one.uploaded);
    let mut next = last;
    for (place, one) in stock.all().rev() {
        next = one.uploaded.or(next);
        days.extend(next.map(|day| (place, day)));
    }
    days
}

/// The step that came first, and there a wheel before a source.
fn by_day(usable: &mut [Usable], days: &BTreeMap<u32, Day>) {
    let mut first: BTreeMap<(u64, u64, u64), Day> = BTreeMap::new();
    for (place, one, _) in usable.iter() {
        if let Some(day) = days.get(place) {
            let known = first.entry(step(&one.version)).or_insert(*day);
            *known = (*day).min(*known);
        }
    }
    let day = |one: &Candidate| first.get(&step(&one.version)).copied();
    usable.sort_by_key(|(place, one, file)| (day(one), step(&one.version), *file, *place));
}

/// The version itself; the next newer ones, its own major first; the next older ones.
fn near(stock: &Stock, version: &Version) -> Vec<u32> {
    let itself = stock.place(version);
    let itself = itself.filter(|place| stock.at(*place).is_some_and(|one| one.file.is_ok()));
    let others = usable(stock).filter(|(place, _, _)| Some(*place) != itself);
    let (mut newer, mut older): (Vec<Usable>, Vec<Usable>) =
        others.partition(|(_, one, _)| one.version > *version);
    ascending(&mut newer);
    descending(&mut older);
    let (own, other): (Vec<Usable>, Vec<Usable>) = newer
        .into_iter()
        .partition(|(_, one, _)| major(&one.version) == major(version));
    let rest = places(stock, &[own, other, older]);
    itself.into_iter().chain(rest).collect()
}
