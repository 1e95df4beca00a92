//! What the universe says for one target, asked once: the releases of a distribution as a stock,
//! and the needs of a release as places on other stocks.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use pep440_rs::{Version, VersionSpecifier, VersionSpecifiers};
use pubgrub::VersionSet;

use super::set::Places;
use super::universe::{Candidate, Universe};
use crate::packages::{Dependency, Target};

/// The releases of a distribution, oldest first. A place is an index into them.
#[derive(Debug)]
pub(super) struct Stock {
    pub(super) candidates: Vec<Candidate>,
    /// Whether its pre-releases count like others, because a requirement of the app names one.
    has_previews: bool,
}

/// Something that a release needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tie {
    pub(super) name: String,
    pub(super) extras: Vec<String>,
    pub(super) places: Places,
    /// The requirement, as a message shows it: `flask >=1.0`.
    pub(super) text: String,
    pub(super) kind: TieKind,
}

/// Who says that it is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TieKind {
    /// The metadata.
    Stated,
    /// A companion row, with its error.
    Known(String),
    /// A companion row that counts only where the other is there anyway.
    Weak(String),
}

/// What is needed by a release.
#[derive(Debug, Default)]
pub(super) struct Ties {
    pub(super) all: Vec<Tie>,
    /// What it needs and the universe does not know.
    pub(super) unknown: Vec<String>,
    /// Whether nothing is known of what it needs.
    pub(super) is_unknown: bool,
}

/// A distribution, one of its extras or none, a place.
type Key = (String, Option<String>, u32);

/// See the module.
pub(super) struct Catalogue<'u> {
    pub(super) universe: &'u dyn Universe,
    pub(super) target: Target,
    /// Distributions of which a requirement of the app names a pre-release.
    previews: Vec<String>,
    stocks: RefCell<HashMap<String, Option<Rc<Stock>>>>,
    needs: RefCell<HashMap<Key, Rc<Ties>>>,
}

impl<'u> Catalogue<'u> {
    pub(super) fn new(universe: &'u dyn Universe, target: Target, previews: Vec<String>) -> Self {
        Self {
            universe,
            target,
            previews,
            stocks: RefCell::default(),
            needs: RefCell::default(),
        }
    }

    /// The releases of a distribution; `None` where the universe does not know it.
    pub(super) fn stock(&self, name: &str) -> Option<Rc<Stock>> {
        if let Some(known) = self.stocks.borrow().get(name) {
            return known.clone();
        }
        let candidates = self.universe.candidates(name, self.target);
        let stock = candidates.map(|candidates| {
            Rc::new(Stock {
                candidates,
                has_previews: self.previews.iter().any(|it| it == name),
            })
        });
        self.stocks
            .borrow_mut()
            .insert(name.to_owned(), stock.clone());
        stock
    }

    /// What the release at a place needs; with an extra, what that adds.
    pub(super) fn needs(&self, name: &str, extra: Option<&str>, place: u32) -> Rc<Ties> {
        let key = (name.to_owned(), extra.map(str::to_owned), place);
        if let Some(known) = self.needs.borrow().get(&key) {
            return known.clone();
        }
        let needs = Rc::new(self.ask_needs(name, extra, place));
        self.needs.borrow_mut().insert(key, needs.clone());
        needs
    }

    fn ask_needs(&self, name: &str, extra: Option<&str>, place: u32) -> Ties {
        let stock = self.stock(name);
        let candidate = stock.as_ref().and_then(|stock| stock.at(place));
        let Some(candidate) = candidate else {
            return Ties::default();
        };
        let stated = self.universe.needs(name, &candidate.version);
        let mut needs = Ties {
            is_unknown: stated.is_none(),
            ..Ties::default()
        };
        let extras: Vec<String> = extra.map(str::to_owned).into_iter().collect();
        for one in stated.unwrap_or_default() {
            let applies = match extra {
                None => one.applies(self.target, &[]),
                // What holds anyway is needed by the distribution itself.
                Some(_) => one.applies(self.target, &extras) && !one.applies(self.target, &[]),
            };
            if applies {
                self.add_stated(&mut needs, name, one);
            }
        }
        if extra.is_none() {
            self.add_known(&mut needs, name, &candidate.version);
        }
        needs
    }

    fn add_stated(&self, needs: &mut Ties, name: &str, one: Dependency) {
        let Some(stock) = self.stock(&one.name) else {
            needs.unknown.push(one.name);
            return;
        };
        let is_own = one.name == name && one.extras.is_empty();
        if is_own {
            return;
        }
        needs.all.push(Tie {
            places: stock.places(one.versions.as_ref()),
            text: requirement(&one.name, one.versions.as_ref()),
            name: one.name,
            extras: one.extras,
            kind: TieKind::Stated,
        });
    }

    fn add_known(&self, needs: &mut Ties, name: &str, version: &Version) {
        for row in self.universe.companions(name, version, self.target) {
            let Some(stock) = self.stock(&row.name) else {
                needs.unknown.extend((!row.is_weak).then_some(row.name));
                continue;
            };
            needs.all.push(Tie {
                places: stock.places(row.bound.as_ref()),
                text: requirement(&row.name, row.bound.as_ref()),
                name: row.name,
                extras: Vec::new(),
                kind: if row.is_weak {
                    TieKind::Weak(row.error)
                } else {
                    TieKind::Known(row.error)
                },
            });
        }
    }
}

/// A requirement as messages show it.
pub(super) fn requirement(name: &str, versions: Option<&VersionSpecifiers>) -> String {
    match versions.map(ToString::to_string) {
        Some(versions) if !versions.is_empty() => format!("{name} {versions}"),
        _ => name.to_owned(),
    }
}

impl Stock {
    /// The release at a place.
    pub(super) fn at(&self, place: u32) -> Option<&Candidate> {
        self.candidates.get(usize::try_from(place).ok()?)
    }

    /// Whether its pre-releases count like others.
    pub(super) fn has_previews(&self) -> bool {
        self.has_previews
    }

    /// The place of a version.
    pub(super) fn place(&self, version: &Version) -> Option<u32> {
        let found = self
            .candidates
            .binary_search_by(|it| it.version.cmp(version));
        u32::try_from(found.ok()?).ok()
    }

    /// All places with their releases.
    pub(super) fn all(&self) -> impl DoubleEndedIterator<Item = (u32, &Candidate)> {
        let candidates = self.candidates.iter().enumerate();
        candidates.filter_map(|(at, one)| Some((u32::try_from(at).ok()?, one)))
    }

    /// The places that specifiers allow. Pre-releases by pip's rule: where a specifier names one,
    /// or nothing else is allowed.
    pub(super) fn places(&self, versions: Option<&VersionSpecifiers>) -> Places {
        let named = versions.into_iter().flat_map(|all| all.iter());
        let mut named = named.map(VersionSpecifier::version);
        let with_previews = self.has_previews || named.any(Version::any_prerelease);
        let allowed = |with: bool| {
            let all = self.all().filter(move |(_, it)| {
                let is_preview = it.version.any_prerelease();
                (with || !is_preview)
                    && versions.is_none_or(|versions| versions.contains(&it.version))
            });
            Places::collect(all.map(|(place, _)| place))
        };
        let found = allowed(with_previews);
        if found == Places::empty() && !with_previews {
            return allowed(true);
        }
        found
    }

    /// The newest release that is no preview, of those that were not withdrawn.
    pub(super) fn newest(&self) -> Option<&Candidate> {
        let mut all = self.candidates.iter().rev();
        let finals = all
            .clone()
            .find(|it| !it.version.any_prerelease() && !it.yanked);
        finals.or_else(|| all.next())
    }
}

/// The versions of a solution by name, for what comes after the search.
pub(super) type Picks = BTreeMap<String, u32>;
