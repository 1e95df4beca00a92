//! Which lines of a list are needed, when the others install what they need: a verdict for each
//! line with its evidence, the reduced list, and the proof that it means the same.

mod facts;
mod frozen;
mod graph;
mod lists;
mod proof;
mod reduce;

use std::collections::{BTreeMap, BTreeSet};

use super::Target;
use super::edges::{Origin, Sources, annotation};
use super::evidence::Use;
use crate::text::Span;
use crate::tree::{Tree, TreePath};
use graph::{Graph, Node, World};

pub use facts::{Facts, listed};
pub use graph::Conflict;
pub use lists::{Bar, Blocked, Entry, Lists, Obstacle};
pub use reduce::{Reduction, Wanted, Write};

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
    pub uses: &'a BTreeMap<String, Vec<Use>>,
    /// Distributions that the target has no use for, each with the reason.
    pub obsolete: &'a BTreeMap<String, String>,
}

/// What becomes of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It stays.
    Kept(Kept),
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
pub enum Kept {
    /// The app uses it.
    Used(Vec<Use>),
    /// Somebody wrote that the list should have it: what, and where in the list.
    Asked(String, Span),
    /// Its line cannot go.
    Barred(Bar),
    /// It and others bring one another; one of them has to stay.
    Circle,
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
    pub entry: Entry<'a>,
    /// What becomes of it.
    pub verdict: Verdict,
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
    /// The lines that others bring.
    pub fn dropped(&self) -> impl Iterator<Item = &Judged<'_>> {
        let lines = self.lines.iter();
        lines.filter(|line| matches!(line.verdict, Verdict::Dropped { .. }))
    }
}

/// The verdict of every line.
pub fn judge<'a>(question: &Question<'a>) -> Judgement<'a> {
    let entries = question.lists.entries(question.root, question.target);
    let world = world(question, &entries);
    let graph = Graph::of(
        entries.iter().flat_map(roots),
        &world,
        question.sources,
        question.target,
    );
    let judge = Judge::of(question, &entries, &graph);
    let kept = judge.kept();
    let ways = graph.ways(judge.places_of(&kept));
    let verdicts = judge.verdicts(&kept, &ways);
    let whole = graph.ways(judge.places_of(&vec![true; entries.len()]));
    let closure: Closure = graph.reached(&whole);
    let unknown = closure
        .keys()
        .filter(|name| !graph.origins.contains_key(*name));
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
fn world(question: &Question, entries: &[Entry]) -> World {
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
            (None, limit) => limit,
        };
        let known = entry.bar.is_none_or(|bar| !is_elsewhere(bar));
        world.insert(name.clone(), version.filter(|_| known));
    }
    world
}

/// Whether the distribution is not the one of that name and version that others know.
fn is_elsewhere(bar: Bar) -> bool {
    matches!(bar, Bar::Editable | Bar::Url | Bar::Path | Bar::Version)
}

/// What a line installs by itself.
fn roots(entry: &Entry) -> Vec<Node> {
    let Some(name) = entry.name.as_ref().filter(|_| entry.installs) else {
        return Vec::new();
    };
    let own = std::iter::once(None);
    let all = own.chain(entry.extras.iter().cloned().map(Some));
    all.map(|extra| Node {
        name: name.clone(),
        extra,
    })
    .collect()
}

/// Lines at work.
struct Judge<'j, 'a> {
    question: &'j Question<'a>,
    entries: &'j [Entry<'a>],
    graph: &'j Graph,
    places: Vec<Vec<usize>>,
    /// For each line, those that are installed wherever its list is.
    together: Vec<Vec<bool>>,
}

impl<'j, 'a> Judge<'j, 'a> {
    fn of(question: &'j Question<'a>, entries: &'j [Entry<'a>], graph: &'j Graph) -> Self {
        let places = entries.iter().map(|entry| graph.places(&roots(entry)));
        let included = reduce::included(question.lists);
        let together = entries.iter().map(|entry| {
            let reaches = included.get(&entry.list.path);
            let is_there =
                |other: &Entry| reaches.is_some_and(|reaches| reaches.contains(&other.list.path));
            entries.iter().map(is_there).collect()
        });
        Self {
            question,
            entries,
            graph,
            places: places.collect(),
            together: together.collect(),
        }
    }

    fn places_of(&self, lines: &[bool]) -> Vec<usize> {
        let places = self.places.iter().zip(lines).filter(|(_, kept)| **kept);
        places
            .flat_map(|(places, _)| places.iter().copied())
            .collect()
    }

    /// Whether these lines install what line `index` does, wherever its list is installed.
    fn bring(&self, lines: &[bool], index: usize) -> bool {
        let together = self.together.get(index).map_or(&[][..], Vec::as_slice);
        let others = lines.iter().zip(together).enumerate();
        let others: Vec<bool> = others
            .map(|(other, (kept, there))| *kept && *there && other != index)
            .collect();
        let ways = self.graph.ways(self.places_of(&others));
        let places = self.places.get(index).map_or(&[][..], Vec::as_slice);
        let reached = |place: &usize| ways.get(*place).is_some_and(Option::is_some);
        !places.is_empty() && places.iter().all(reached)
    }

    fn is_obsolete(&self, entry: &Entry) -> bool {
        let name = entry.name.as_ref();
        name.is_some_and(|name| self.question.obsolete.contains_key(name))
    }

    /// The lines that stay. Those that are needed to bring the others are chosen without a look at
    /// what is used, so that another use never takes a line away: it only adds.
    fn kept(&self) -> Vec<bool> {
        let mut needed: Vec<bool> = self
            .entries
            .iter()
            .map(|it| !self.is_obsolete(it))
            .collect();
        for index in (0..self.entries.len()).rev() {
            let may_go = self.entries.get(index).is_some_and(|it| it.bar.is_none());
            if may_go
                && needed.get(index) == Some(&true)
                && self.bring(&needed, index)
                && let Some(it) = needed.get_mut(index)
            {
                *it = false;
            }
        }
        let entries = self.entries.iter().zip(needed);
        entries
            .map(|(entry, needed)| needed || entry.bar.is_some() || self.wanted(entry).is_some())
            .collect()
    }

    /// Why the app itself wants a line.
    fn wanted(&self, entry: &Entry) -> Option<Kept> {
        let name = entry.name.as_ref()?;
        if let Some(uses) = self.question.uses.get(name).filter(|uses| !uses.is_empty()) {
            return Some(Kept::Used(uses.clone()));
        }
        let annotation = annotation(entry.list, entry.index)?;
        let (what, span) = annotation.asked.into_iter().next()?;
        Some(Kept::Asked(what, span))
    }

    fn verdicts(&self, kept: &[bool], ways: &[Option<usize>]) -> Vec<Verdict> {
        let entries = self.entries.iter().enumerate();
        entries
            .map(|(index, entry)| {
                if kept.get(index) == Some(&true) {
                    return Verdict::Kept(self.reason(index, entry));
                }
                let name = entry.name.clone().unwrap_or_default();
                let place = self.graph.places(&[Node { name, extra: None }]);
                let reached = |at: &&usize| ways.get(**at).is_some_and(Option::is_some);
                match place.first().filter(reached) {
                    Some(at) if self.bring(kept, index) => Verdict::Dropped {
                        chain: self.graph.chain(ways, *at),
                    },
                    _ => Verdict::Obsolete {
                        reason: self.obsolete_reason(entry),
                    },
                }
            })
            .collect()
    }

    fn obsolete_reason(&self, entry: &Entry) -> String {
        let name = entry.name.as_ref();
        let reason = name.and_then(|name| self.question.obsolete.get(name));
        reason.cloned().unwrap_or_default()
    }

    fn reason(&self, index: usize, entry: &Entry) -> Kept {
        if let Some(wanted) = self.wanted(entry) {
            return wanted;
        }
        if let Some(bar) = entry.bar {
            return Kept::Barred(bar);
        }
        let others: Vec<bool> = self
            .entries
            .iter()
            .map(|it| !self.is_obsolete(it))
            .collect();
        if self.bring(&others, index) {
            return Kept::Circle;
        }
        let name = entry.name.clone().unwrap_or_default();
        if let Some(conflict) = self.graph.conflicts.get(&name) {
            return Kept::Conflict(conflict.clone());
        }
        if self.graph.origins.contains_key(&name) {
            Kept::Alone
        } else {
            Kept::Unknown
        }
    }
}

#[cfg(test)]
mod tests;
