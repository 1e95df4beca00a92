//! Which lines of a list are needed, when the others install what they need: a verdict for each
//! line with its evidence, the reduced list, and the proof that it means the same.

mod facts;
mod frozen;
mod graph;
mod judge;
mod lists;
mod proof;
mod reduce;

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;

use super::Target;
use super::edges::{Origin, Sources};
use super::evidence::DistributionUse;
use crate::app::conda_names::conda_only;
use crate::text::Span;
use crate::tree::{Tree, TreePath};
use graph::{Graph, GraphNode, World};
use judge::Judge;

pub use facts::{ListFacts, listed};
pub use graph::Conflict;
pub use lists::{Bar, Blocked, ListEntry, Lists, Obstacle};
pub(super) use reduce::conda;
pub use reduce::{Reduction, ReductionOptions};
pub(crate) use reduce::{appended, file_for, head};

/// What is asked.
pub struct Question<'a> {
    /// The tree that holds them.
    pub tree: &'a dyn Tree,
    /// The app's folder.
    pub root: &'a TreePath,
    /// Its lists.
    pub lists: &'a Lists<'a>,
    /// The Python that they are to install on.
    pub target: Target,
    /// Who knows what distributions need.
    pub sources: &'a Sources<'a>,
    /// What in the app uses each distribution.
    pub uses: &'a BTreeMap<String, Vec<DistributionUse>>,
    /// Distributions that the target has no use for, each with the reason.
    pub obsolete: &'a BTreeMap<String, String>,
    /// The versions that ran of what no list limits ([`ListFacts::ran`]).
    pub ran: &'a BTreeMap<String, Version>,
    /// How the lists are to be reduced.
    pub wanted: ReductionOptions,
}

/// What becomes of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineVerdict {
    /// It stays.
    Kept(KeepReason),
    /// Others bring it: from a kept line to what needs it.
    Dropped {
        /// The names on the way.
        chain: Vec<String>,
    },
    /// Nothing brings it, and the target has no use for it.
    Obsolete {
        /// Why.
        reason: String,
    },
}

/// Why a line stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeepReason {
    /// The app uses it.
    Used(Vec<DistributionUse>),
    /// Somebody wrote that the list should have it: what, and where in the list.
    Asked(String, Span),
    /// Its line cannot go.
    Barred(Bar),
    /// It and others bring one another; one of them has to stay.
    Circle,
    /// It came with a line that is of no use by itself, and that the app uses all the same.
    Held(String),
    /// Something brings it in another version.
    Conflict(Conflict),
    /// Nothing brings it, no use of it was found, and nobody knows what it is.
    Unknown,
    /// Nothing brings it, and no use of it was found.
    Alone,
}

/// A line with its verdict.
#[derive(Debug, Clone)]
pub struct Judged<'a> {
    /// The line.
    pub entry: ListEntry<'a>,
    /// What becomes of it.
    pub verdict: LineVerdict,
}

/// The verdicts of all lines.
pub struct Judgement<'a> {
    /// By name.
    pub lines: Vec<Judged<'a>>,
    /// Who said what each distribution needs.
    pub origins: BTreeMap<String, Origin>,
    /// Distributions of which nobody knows what they need.
    pub unknown: BTreeSet<String>,
    /// Distributions that are needed and not listed.
    pub missing: BTreeSet<String>,
}

/// Distributions with their extras.
type Closure = BTreeMap<String, BTreeSet<String>>;

impl Judgement<'_> {
    /// Whether a line can go only with its version: conda reads no constraints, so that nothing
    /// can keep the version of what conda installs without a line.
    pub fn is_let_go(&self, line: &Judged) -> bool {
        let LineVerdict::Dropped { chain } = &line.verdict else {
            return false;
        };
        let by_conda = |first: &String| {
            let mut lines = self.lines.iter();
            lines.any(|it| it.entry.is_conda() && it.entry.name.as_ref() == Some(first))
        };
        line.entry.is_conda() || chain.first().is_some_and(by_conda)
    }

    /// The lines that others bring.
    pub fn dropped(&self) -> impl Iterator<Item = &Judged<'_>> {
        let lines = self.lines.iter();
        lines.filter(|line| matches!(line.verdict, LineVerdict::Dropped { .. }))
    }
}

/// The verdict of every line.
pub fn judge<'a>(question: &Question<'a>) -> Judgement<'a> {
    let entries = question.lists.entries(question.root, question.target);
    let world = world(question, &entries);
    let graph = Graph::reach(
        entries.iter().flat_map(roots),
        &world,
        question.sources,
        question.target,
    );
    let judge = Judge::new(question, &entries, &graph);
    let verdicts = judge.verdicts();
    let whole = graph.ways(judge.places_of(&vec![true; entries.len()]));
    let closure: Closure = graph.reached(&whole);
    let unknown = closure
        .keys()
        .filter(|name| !graph.origins.contains_key(*name) && conda_only(name).is_none());
    Judgement {
        unknown: unknown.cloned().collect(),
        lines: entries
            .into_iter()
            .zip(verdicts)
            .map(|(entry, verdict)| Judged { entry, verdict })
            .collect(),
        missing: graph.missing,
        origins: graph.origins,
    }
}

/// The versions of what the lists name: of requirements first, else of constraints.
fn world(question: &Question, entries: &[ListEntry]) -> World {
    let mut world = question.lists.constrained(question.target);
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for entry in entries.iter().filter(|entry| entry.installs) {
        let Some(name) = &entry.name else { continue };
        let first = seen.insert(name);
        let limit = world.get(name).cloned().flatten();
        let version = match (&entry.pin, limit) {
            // Two lines, or a line and a constraint, that disagree.
            (Some(pin), Some(limit)) if *pin != limit => None,
            (Some(_), None) if !first => None,
            (Some(pin), _) => Some(pin.clone()),
            (None, limit) => limit.or_else(|| question.ran(entry).cloned()),
        };
        let known = entry.bar.is_none_or(|bar| !is_elsewhere(bar));
        world.insert(name.clone(), version.filter(|_| known));
    }
    world
}

impl Question<'_> {
    /// The version that ran of a line that says none: the line's own, once a constraint says it.
    /// Where versions are to be forgotten, none.
    fn ran(&self, entry: &ListEntry) -> Option<&Version> {
        let is_open = entry.pin.is_none() && entry.bar.is_none() && !self.wanted.drop_pins;
        let version = self.ran.get(entry.name.as_ref()?).filter(|_| is_open)?;
        let versions = entry.requirement.versions.as_ref();
        let is_allowed = versions.is_none_or(|all| all.contains(version));
        is_allowed.then_some(version)
    }
}

/// Whether the distribution is not the one of that name and version that others know.
fn is_elsewhere(bar: Bar) -> bool {
    matches!(bar, Bar::Editable | Bar::Url | Bar::Path | Bar::Version)
}

/// What a line installs by itself.
fn roots(entry: &ListEntry) -> Vec<GraphNode> {
    let Some(name) = entry.name.as_ref().filter(|_| entry.installs) else {
        return Vec::new();
    };
    let own = std::iter::once(None);
    let all = own.chain(entry.extras.iter().cloned().map(Some));
    all.map(|extra| GraphNode {
        name: name.clone(),
        extra,
    })
    .collect()
}

#[cfg(test)]
mod tests;
