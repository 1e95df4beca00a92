//! Why a requirement cannot stay, out of the derivation of the search.

use std::collections::BTreeSet;
use std::fmt;

use pubgrub::{DerivationTree, External, VersionSet};

use super::catalogue::{Catalogue, Picks, Tie, TieKind};
use super::search::{Derivation, Package};
use super::set::Places;
use super::universe::Unfit;
use crate::packages::Target;

/// Why a requirement cannot stay as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MoveCause {
    /// The universe never had the release.
    NoRelease {
        /// What was asked for: `numpy 1.16.99`.
        what: String,
    },
    /// The release cannot be used on the target.
    Unfit {
        /// What was asked for: `numpy 1.16.4`.
        what: String,
        /// Why not.
        why: Unfit,
        /// The target.
        target: Target,
    },
    /// A release needs something else.
    Needed {
        /// Who needs it: `dash 1.0.0`.
        who: String,
        /// What: `dash-table ==4.0.0`.
        needs: String,
        /// How it ends otherwise, where the metadata does not say it.
        error: Option<String>,
        /// Who excludes that, where it is not the requirement itself.
        against: Option<Against>,
    },
    /// Another requirement, or the code of the app, asks for something else.
    Asked(Against),
    /// The newest Dash was asked for.
    LatestDash,
    /// Releases of these distributions exclude it together.
    Together(Vec<String>),
}

/// The other side of a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Against {
    /// A requirement, by its place in the question.
    Line(usize),
    /// The code, by the place among its asks.
    Source(usize),
    /// A release and what it needs: `flask 2.0.0`, `werkzeug >=2.0`.
    Release {
        /// Who needs it.
        who: String,
        /// What.
        needs: String,
    },
}

impl fmt::Display for Unfit {
    /// What the release does, without its name: `has no file`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFile => f.write_str("has no file that installs"),
            Self::Compiles(None) => f.write_str("has no wheel, and its source has to be compiled,"),
            Self::Compiles(Some(needs)) => write!(f, "has no wheel, and the build needs {needs},"),
            Self::RequiresPython(python) => {
                write!(f, "requires Python {python} and does not install")
            }
            Self::DoesNotStart(what) => write!(f, "does not start ({what})"),
            Self::BrokenBuild(why) => write!(f, "cannot be built ({why})"),
        }
    }
}

/// Who holds the app to what: the side of the app in a derivation.
pub(super) struct Holder {
    pub(super) name: String,
    pub(super) places: Places,
    pub(super) who: Against,
}

/// What is told apart to explain: what was tried in vain, beside what was held and chosen.
pub(super) struct Case<'c> {
    pub(super) catalogue: &'c Catalogue<'c>,
    pub(super) holders: &'c [Holder],
    pub(super) chosen: &'c Picks,
    /// The distribution whose requirement is explained, and the places that it allows.
    pub(super) name: &'c str,
    pub(super) places: &'c Places,
}

/// An edge of a derivation: these releases of one need those of the other.
struct Edge<'t> {
    from: &'t Package,
    of: &'t Places,
    to: &'t Package,
    needs: &'t Places,
}

impl Case<'_> {
    /// Why the requirement fails, by the derivation.
    pub(super) fn explain(&self, tree: &Derivation) -> MoveCause {
        let mut edges = Vec::new();
        collect(tree, &mut edges, 0);
        let found = self.blame_others(&edges);
        let found = found.or_else(|| self.blame_itself(&edges));
        found.unwrap_or_else(|| {
            let named = edges.iter().flat_map(|edge| [edge.from, edge.to]);
            let named = named.filter_map(name_of).filter(|name| *name != self.name);
            let named: BTreeSet<String> = named.map(str::to_owned).collect();
            MoveCause::Together(named.into_iter().collect())
        })
    }

    /// Something that is chosen needs other releases of it.
    fn blame_others(&self, edges: &[Edge]) -> Option<MoveCause> {
        let onto = |edge: &&Edge| name_of(edge.to) == Some(self.name) && !is_same(edge);
        let excluding = |edge: &&Edge| edge.needs.is_disjoint(self.places);
        let mut own = edges.iter().filter(onto).filter(excluding);
        own.clone()
            .find_map(|edge| {
                let (who, need) = self.side(edge)?;
                Some(MoveCause::Needed {
                    who,
                    needs: need.text.clone(),
                    error: error(&need),
                    against: None,
                })
            })
            .or_else(|| {
                let is_root = own.any(|edge| *edge.from == Package::Root);
                let holder = self.holder(self.name, self.places).filter(|_| is_root)?;
                Some(MoveCause::Asked(holder))
            })
    }

    /// What it needs itself is excluded by something.
    fn blame_itself(&self, edges: &[Edge]) -> Option<MoveCause> {
        let own = edges
            .iter()
            .filter(|edge| name_of(edge.from) == Some(self.name));
        let mut own = own.filter(|edge| !edge.of.is_disjoint(self.places));
        own.find_map(|edge| {
            let (stock, needed) = (self.catalogue.stock(self.name)?, name_of(edge.to)?);
            let mut places = stock.all().map(|(place, _)| place);
            let place = places.find(|it| self.places.contains(it) && edge.of.contains(it))?;
            let need = self.need(edge.from, place, needed)?;
            let version = &stock.at(place)?.version;
            Some(MoveCause::Needed {
                who: format!("{} {version}", self.name),
                needs: need.text.clone(),
                error: error(&need),
                against: Some(self.opponent(edges, needed, edge.needs)?),
            })
        })
    }

    /// Who excludes what is needed of a distribution.
    fn opponent(&self, edges: &[Edge], name: &str, needs: &Places) -> Option<Against> {
        if let Some(holder) = self.holder(name, needs) {
            return Some(holder);
        }
        let others = edges.iter().filter(|edge| name_of(edge.to) == Some(name));
        let mut others = others.filter(|edge| edge.needs.is_disjoint(needs));
        others.find_map(|edge| {
            let (who, need) = self.side(edge)?;
            Some(Against::Release {
                who,
                needs: need.text,
            })
        })
    }

    /// The requirement or ask of the app that leaves none of these places.
    fn holder(&self, name: &str, places: &Places) -> Option<Against> {
        let mut holders = self.holders.iter();
        let found = holders.find(|it| it.name == name && it.places.is_disjoint(places));
        found.map(|it| it.who.clone())
    }

    /// The chosen release at the beginning of an edge, and what it needs there.
    fn side(&self, edge: &Edge) -> Option<(String, Tie)> {
        let name = name_of(edge.from)?;
        let place = *self.chosen.get(name)?;
        let stock = self.catalogue.stock(name)?;
        let version = &stock.at(place)?.version;
        let need = self.need(edge.from, place, name_of(edge.to)?)?;
        edge.of
            .contains(&place)
            .then(|| (format!("{name} {version}"), need))
    }

    fn need(&self, from: &Package, place: u32, name: &str) -> Option<Tie> {
        let (from, extra) = match from {
            Package::Extra(name, extra) => (name, Some(&**extra)),
            Package::Plain(name) => (name, None),
            Package::Root | Package::Shadow(_) => return None,
        };
        let needs = self.catalogue.needs(from, extra, place);
        let all = needs.all.iter().filter(|need| need.name == name);
        // A companion row says more than the metadata, and where both bound it, is the tighter.
        all.max_by_key(|need| need.kind != TieKind::Stated).cloned()
    }
}

/// The error of a companion row.
fn error(need: &Tie) -> Option<String> {
    match &need.kind {
        TieKind::Stated => None,
        TieKind::Known(error) | TieKind::Weak(error) => Some(error.clone()),
    }
}

/// The distribution of a package.
fn name_of(package: &Package) -> Option<&str> {
    match package {
        Package::Root => None,
        Package::Plain(name) | Package::Extra(name, _) | Package::Shadow(name) => Some(name),
    }
}

/// Whether an edge only ties the parts of one distribution together.
fn is_same(edge: &Edge) -> bool {
    name_of(edge.from) == name_of(edge.to)
}

/// Derivations are deeper than a person reads, and shared parts come twice.
const DEEPEST: usize = 400;

fn collect<'t>(tree: &'t Derivation, edges: &mut Vec<Edge<'t>>, depth: usize) {
    match tree {
        DerivationTree::External(External::FromDependencyOf(from, of, to, needs)) => {
            edges.push(Edge {
                from,
                of,
                to,
                needs,
            });
        }
        DerivationTree::Derived(derived) if depth < DEEPEST && edges.len() < DEEPEST => {
            collect(&derived.cause1, edges, depth + 1);
            collect(&derived.cause2, edges, depth + 1);
        }
        DerivationTree::External(_) | DerivationTree::Derived(_) => {}
    }
}
