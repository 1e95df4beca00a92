//! What installs what, closed: only between distributions that the lists name, at the versions
//! that they name. A distribution and each of its extras is a node of its own, so that an extra
//! brings something only where it is asked for.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use pep440_rs::Version;

use crate::packages::edges::{Origin, Sources};
use crate::packages::{Dependency, Target};

/// A distribution, or an extra of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct GraphNode {
    pub(super) name: String,
    pub(super) extra: Option<String>,
}

/// The versions of the distributions that there are; none where one is not known.
pub(super) type World = BTreeMap<String, Option<Version>>;

/// The most names of a way that is told: each line of a long list has one.
const LONGEST_WAY: usize = 16;

/// Freeze leaves these out, and Python brings them.
const NEVER_LISTED: &[&str] = &["pip", "setuptools", "wheel", "distribute"];

/// The nodes that lists can reach, and their edges.
pub(super) struct Graph {
    nodes: Vec<GraphNode>,
    index: BTreeMap<GraphNode, usize>,
    edges: Vec<Vec<usize>>,
    /// The edges turned around: what needs each node.
    needed_by: Vec<Vec<usize>>,
    /// Who says what each distribution needs.
    pub(super) origins: BTreeMap<String, Origin>,
    /// Needed distributions that no list names.
    pub(super) missing: BTreeSet<String>,
    /// What needs another version of a distribution than the listed one.
    pub(super) conflicts: BTreeMap<String, Conflict>,
    /// What is needed on other systems or Pythons only, and by what.
    pub(super) elsewhere: BTreeMap<String, String>,
}

/// A need that the listed version does not meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The distribution that needs it.
    pub by: String,
    /// The versions that it needs.
    pub versions: String,
}

/// How a graph is made.
struct Builder<'b> {
    graph: Graph,
    world: &'b World,
    sources: &'b Sources<'b>,
    target: Target,
    needs: BTreeMap<String, Vec<Dependency>>,
    waiting: VecDeque<usize>,
}

impl Graph {
    /// Everything that `roots` reach.
    pub(super) fn reach(
        roots: impl IntoIterator<Item = GraphNode>,
        world: &World,
        sources: &Sources,
        target: Target,
    ) -> Self {
        let mut builder = Builder {
            graph: Self {
                nodes: Vec::new(),
                index: BTreeMap::new(),
                edges: Vec::new(),
                needed_by: Vec::new(),
                origins: BTreeMap::new(),
                missing: BTreeSet::new(),
                conflicts: BTreeMap::new(),
                elsewhere: BTreeMap::new(),
            },
            world,
            sources,
            target,
            needs: BTreeMap::new(),
            waiting: VecDeque::new(),
        };
        for root in roots {
            builder.node(root);
        }
        while let Some(at) = builder.waiting.pop_front() {
            builder.expand(at);
        }
        let mut graph = builder.graph;
        let needed = graph.edges.iter().flatten();
        let needed = needed.filter_map(|at| graph.nodes.get(*at));
        for node in needed {
            graph.elsewhere.remove(&node.name);
        }
        graph.needed_by = vec![Vec::new(); graph.nodes.len()];
        for (at, next) in graph.edges.iter().enumerate() {
            for next in next {
                if let Some(needed_by) = graph.needed_by.get_mut(*next) {
                    needed_by.push(at);
                }
            }
        }
        graph
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether a node from which `to` is reached, or `to` itself, passes the test. It looks at what
    /// is near first, and no further than it has to: most lists name what they need.
    pub(super) fn is_reached_from(&self, to: usize, mut test: impl FnMut(usize) -> bool) -> bool {
        let mut seen = HashSet::from([to]);
        let mut waiting = VecDeque::from([to]);
        while let Some(at) = waiting.pop_front() {
            if test(at) {
                return true;
            }
            let before = self.needed_by.get(at).into_iter().flatten();
            waiting.extend(before.filter(|before| seen.insert(**before)));
        }
        false
    }

    /// The places of these nodes.
    pub(super) fn places(&self, nodes: &[GraphNode]) -> Vec<usize> {
        let places = nodes.iter().filter_map(|node| self.index.get(node));
        places.copied().collect()
    }

    /// For each node the one that it was reached from; itself for a root, none for what is not
    /// reached. The ways are the shortest.
    pub(super) fn ways(&self, roots: impl IntoIterator<Item = usize>) -> Vec<Option<usize>> {
        let mut from: Vec<Option<usize>> = vec![None; self.nodes.len()];
        let mut waiting = VecDeque::new();
        for root in roots {
            if let Some(way @ None) = from.get_mut(root) {
                *way = Some(root);
                waiting.push_back(root);
            }
        }
        while let Some(at) = waiting.pop_front() {
            for next in self.edges.get(at).into_iter().flatten() {
                if let Some(way @ None) = from.get_mut(*next) {
                    *way = Some(at);
                    waiting.push_back(*next);
                }
            }
        }
        from
    }

    /// The names on the way to a node, from a root, without the node's own. Of a way of more than
    /// [`LONGEST_WAY`] names those in the middle are `...`.
    pub(super) fn chain(&self, ways: &[Option<usize>], to: usize) -> Vec<String> {
        let own = self.nodes.get(to).map(|node| node.name.as_str());
        let mut chain: Vec<&str> = Vec::new();
        let mut at = to;
        while let Some(Some(before)) = ways.get(at).copied()
            && before != at
        {
            at = before;
            if let Some(node) = self.nodes.get(at)
                && Some(node.name.as_str()) != own
                && chain.last() != Some(&node.name.as_str())
            {
                // The one furthest away stays the last.
                if chain.len() > LONGEST_WAY {
                    chain.pop();
                    if let Some(last) = chain.last_mut() {
                        *last = "...";
                    }
                }
                chain.push(&node.name);
            }
        }
        chain.into_iter().rev().map(str::to_owned).collect()
    }

    /// The names that were reached, each with its extras.
    pub(super) fn reached(&self, ways: &[Option<usize>]) -> BTreeMap<String, BTreeSet<String>> {
        let mut reached: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let nodes = self.nodes.iter().zip(ways).filter(|(_, way)| way.is_some());
        for (node, _) in nodes {
            let extras = reached.entry(node.name.clone()).or_default();
            extras.extend(node.extra.clone());
        }
        reached
    }
}

impl Builder<'_> {
    fn node(&mut self, node: GraphNode) -> usize {
        if let Some(at) = self.graph.index.get(&node) {
            return *at;
        }
        let at = self.graph.nodes.len();
        self.graph.index.insert(node.clone(), at);
        self.graph.nodes.push(node);
        self.graph.edges.push(Vec::new());
        self.waiting.push_back(at);
        at
    }

    fn expand(&mut self, at: usize) {
        let Some(node) = self.graph.nodes.get(at).cloned() else {
            return;
        };
        self.learn(&node.name);
        let extras: Vec<String> = node.extra.iter().cloned().collect();
        let needs = self.needs.get(&node.name).cloned().unwrap_or_default();
        let mut next = Vec::new();
        if node.extra.is_some() {
            let name = node.name.clone();
            next.push(self.node(GraphNode { name, extra: None }));
        }
        for need in needs {
            if !need.applies(self.target, &extras) {
                self.note_elsewhere(&node.name, &need, &extras);
            } else if self.is_there(&node.name, &need) {
                let own = std::iter::once(None);
                let all = own.chain(need.extras.into_iter().map(Some));
                for extra in all {
                    let name = need.name.clone();
                    next.push(self.node(GraphNode { name, extra }));
                }
            }
        }
        if let Some(edges) = self.graph.edges.get_mut(at) {
            *edges = next;
        }
    }

    /// Asks what a distribution needs, once.
    fn learn(&mut self, name: &str) {
        if self.needs.contains_key(name) {
            return;
        }
        let version = self.world.get(name).cloned().flatten();
        let known = version.and_then(|version| self.sources.needs(name, &version));
        let (needs, origin) = known.unzip();
        self.needs
            .insert(name.to_owned(), needs.unwrap_or_default());
        if let Some(origin) = origin {
            self.graph.origins.insert(name.to_owned(), origin);
        }
    }

    /// Remembers what another system or Python would need with the same extras.
    fn note_elsewhere(&mut self, by: &str, need: &Dependency, extras: &[String]) {
        let marker = need.marker.as_ref();
        if marker.is_some_and(|marker| marker.may_hold(extras)) {
            let known = self.graph.elsewhere.entry(need.name.clone());
            known.or_insert_with(|| by.to_owned());
        }
    }

    /// Whether what is needed is in the lists, in a version that meets the need.
    fn is_there(&mut self, by: &str, need: &Dependency) -> bool {
        let Some(version) = self.world.get(&need.name) else {
            if !NEVER_LISTED.contains(&need.name.as_str()) {
                self.graph.missing.insert(need.name.clone());
            }
            return false;
        };
        let (Some(versions), Some(version)) = (&need.versions, version) else {
            return true;
        };
        let meets = versions.contains(version);
        if !meets {
            let conflict = Conflict {
                by: by.to_owned(),
                versions: versions.to_string(),
            };
            let known = self.graph.conflicts.entry(need.name.clone());
            known.or_insert(conflict);
        }
        meets
    }
}
