//! One search: is there a set of releases that keeps what is held, and which comes first? The crate `pubgrub`,
//! with the order of [`super::preference`]. Decided first: Dash, then pins, then the rest.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::rc::Rc;
use std::time::Instant;

use pubgrub::{
    Dependencies, DependencyConstraints, DependencyProvider, DerivationTree,
    PackageResolutionStatistics, PubGrubError, VersionSet, resolve,
};

use super::catalogue::{Catalogue, Picks, Tie, TieKind};
use super::preference::{Wish, order};
use super::set::Places;

/// What the search decides on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Package {
    /// The app.
    Root,
    /// A distribution.
    Plain(Rc<str>),
    /// A distribution with one of its extras: the same release, and what the extra adds.
    Extra(Rc<str>, Rc<str>),
    /// The release of a distribution, or [`ABSENT`]: what weak companions limit.
    Shadow(Rc<str>),
}

/// The place of a [`Package::Shadow`] whose distribution is not there.
const ABSENT: u32 = u32::MAX - 1;

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("the app"),
            Self::Plain(name) | Self::Shadow(name) => f.write_str(name),
            Self::Extra(name, extra) => write!(f, "{name}[{extra}]"),
        }
    }
}

/// Why nothing fits.
pub(super) type Derivation = DerivationTree<Package, Places, String>;

/// The end of a search that found nothing.
#[derive(Debug)]
pub(super) enum Stop {
    /// No set of releases fits.
    Nothing(Box<Derivation>),
    /// There was no time.
    TimedOut,
}

/// The search had to stop.
#[derive(Debug, thiserror::Error)]
#[error("the time is over")]
pub(super) struct TimeOver;

/// What stays the same over the searches for one answer.
pub(super) struct Setup {
    /// What the app asks for by name, with the extras.
    pub(super) roots: BTreeMap<String, BTreeSet<String>>,
    /// What is wanted of a distribution; the era for all others.
    pub(super) wishes: BTreeMap<String, Wish>,
    /// In which order distributions are decided; all others come later.
    pub(super) ranks: BTreeMap<String, usize>,
    /// What is wanted of all others.
    pub(super) other: Wish,
    /// When to stop.
    pub(super) until: Option<Instant>,
}

/// What must hold, by distribution.
pub(super) type Held = BTreeMap<String, Places>;

/// Looks for a set.
pub(super) fn search(catalogue: &Catalogue, setup: &Setup, held: &Held) -> Result<Picks, Stop> {
    let search = PackageSearch {
        catalogue,
        setup,
        held,
        orders: RefCell::default(),
        seen: RefCell::default(),
    };
    match resolve(&search, Package::Root, 0_u32) {
        Ok(found) => {
            let found = found.into_iter();
            let plain = found.filter_map(|(package, place)| match package {
                Package::Plain(name) => Some((name.to_string(), place)),
                _ => None,
            });
            Ok(plain.collect())
        }
        Err(PubGrubError::NoSolution(tree)) => Err(Stop::Nothing(Box::new(tree))),
        Err(_) => Err(Stop::TimedOut),
    }
}

struct PackageSearch<'a> {
    catalogue: &'a Catalogue<'a>,
    setup: &'a Setup,
    held: &'a Held,
    orders: RefCell<HashMap<Rc<str>, Rc<Vec<u32>>>>,
    /// When a distribution was first needed: what was needed first is decided first.
    seen: RefCell<HashMap<Package, usize>>,
}

impl PackageSearch<'_> {
    fn order(&self, name: &Rc<str>) -> Rc<Vec<u32>> {
        if let Some(known) = self.orders.borrow().get(name) {
            return known.clone();
        }
        let places = self.catalogue.stock(name).map_or_else(Vec::new, |stock| {
            let wish = self.setup.wishes.get(&**name).unwrap_or(&self.setup.other);
            let mut places = order(name, &stock, wish);
            // What only limits is no requirement of the app: nothing else would say it.
            if let Some(limit) = self.held.get(&**name)
                && !self.setup.roots.contains_key(&**name)
            {
                places.retain(|place| limit.contains(place));
            }
            places
        });
        let places = Rc::new(places);
        self.orders
            .borrow_mut()
            .insert(name.clone(), places.clone());
        places
    }

    fn root(&self) -> ReleaseNeeds {
        let mut wanted = ReleaseNeeds::default();
        for (name, extras) in &self.setup.roots {
            if self.catalogue.stock(name).is_some() {
                let places = self.held.get(name).cloned();
                wanted.add(name, extras, &places.unwrap_or_else(Places::full));
            }
        }
        wanted
    }

    fn plain(&self, name: &str, extra: Option<&str>, place: u32) -> ReleaseNeeds {
        let mut wanted = ReleaseNeeds::default();
        for need in &self.catalogue.needs(name, extra, place).all {
            wanted.need(need);
        }
        if extra.is_some() {
            wanted.add(name, &BTreeSet::new(), &Places::singleton(place));
        } else if self.catalogue.universe.is_companion(name) {
            let shadow = Package::Shadow(Rc::from(name));
            wanted.limit(shadow, &Places::singleton(place));
        }
        wanted
    }

    fn mark_seen(&self, wanted: &ReleaseNeeds) {
        let mut seen = self.seen.borrow_mut();
        let mut packages: Vec<&Package> = wanted.0.keys().collect();
        packages.sort_by_key(ToString::to_string);
        for package in packages {
            let next = seen.len();
            seen.entry(package.clone()).or_insert(next);
        }
    }
}

/// What one release needs.
#[derive(Default)]
struct ReleaseNeeds(DependencyConstraints<Package, Places>);

impl ReleaseNeeds {
    fn limit(&mut self, package: Package, places: &Places) {
        let known = self.0.get(&package);
        let both = known.map_or_else(|| places.clone(), |known| known.intersection(places));
        self.0.insert(package, both);
    }

    fn add<'e>(
        &mut self,
        name: &str,
        extras: impl IntoIterator<Item = &'e String>,
        places: &Places,
    ) {
        let name: Rc<str> = Rc::from(name);
        self.limit(Package::Plain(name.clone()), places);
        for extra in extras {
            let extra = Package::Extra(name.clone(), Rc::from(extra.as_str()));
            self.limit(extra, places);
        }
    }

    fn need(&mut self, need: &Tie) {
        match need.kind {
            TieKind::Weak(_) => {
                let places = need.places.union(&Places::singleton(ABSENT));
                self.limit(Package::Shadow(Rc::from(need.name.as_str())), &places);
            }
            _ => self.add(&need.name, &need.extras, &need.places),
        }
    }
}

/// In which order packages are decided; the greatest first.
type Priority = Reverse<(usize, usize, usize)>;

impl DependencyProvider for PackageSearch<'_> {
    type P = Package;
    type V = u32;
    type VS = Places;
    type M = String;
    type Priority = Priority;
    type Err = TimeOver;

    fn prioritize(
        &self,
        package: &Package,
        _: &Places,
        _: &PackageResolutionStatistics,
    ) -> Priority {
        let seen = self.seen.borrow().get(package).copied();
        let seen = seen.unwrap_or(usize::MAX);
        let last = self.setup.ranks.len();
        let rank = |name: &Rc<str>| self.setup.ranks.get(&**name).copied().unwrap_or(last);
        Reverse(match package {
            Package::Root => (0, 0, 0),
            Package::Plain(name) => (rank(name), seen, 0),
            Package::Extra(name, _) => (rank(name), seen, 1),
            Package::Shadow(_) => (usize::MAX, seen, 2),
        })
    }

    fn choose_version(&self, package: &Package, range: &Places) -> Result<Option<u32>, TimeOver> {
        let chosen = match package {
            Package::Root => Some(0),
            Package::Plain(name) | Package::Extra(name, _) => {
                let order = self.order(name);
                order.iter().copied().find(|place| range.contains(place))
            }
            Package::Shadow(_) if range.contains(&ABSENT) => Some(ABSENT),
            Package::Shadow(name) => {
                let stock = self.catalogue.stock(name);
                let mut places = stock.iter().flat_map(|it| it.all()).map(|(place, _)| place);
                places.find(|place| range.contains(place))
            }
        };
        Ok(chosen)
    }

    fn get_dependencies(
        &self,
        package: &Package,
        place: &u32,
    ) -> Result<Dependencies<Package, Places, String>, TimeOver> {
        let wanted = match package {
            Package::Root => self.root(),
            Package::Plain(name) => self.plain(name, None, *place),
            Package::Extra(name, extra) => self.plain(name, Some(extra), *place),
            Package::Shadow(_) => ReleaseNeeds::default(),
        };
        self.mark_seen(&wanted);
        Ok(Dependencies::Available(wanted.0))
    }

    fn should_cancel(&self) -> Result<(), TimeOver> {
        match self.setup.until {
            Some(until) if Instant::now() >= until => Err(TimeOver),
            _ => Ok(()),
        }
    }
}
