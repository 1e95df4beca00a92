//! The verdicts: which lines bring which, and which of them have to stay.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Graph, GraphNode};
use super::{KeepReason, LineVerdict, ListEntry, Question, reduce, roots};
use crate::app::conda_names::conda_only;
use crate::packages::edges::annotation;
use crate::tree::TreePath;

/// Lines at work.
pub(super) struct Judge<'j, 'a> {
    question: &'j Question<'a>,
    entries: &'j [ListEntry<'a>],
    graph: &'j Graph,
    places: Vec<Vec<usize>>,
    /// The lines that each node is installed by, the other way around.
    lines_at: Vec<Vec<usize>>,
    /// For each list, those that are installed wherever it is.
    included: BTreeMap<TreePath, BTreeSet<TreePath>>,
    /// The lines that the target has no use for.
    useless: Vec<bool>,
    /// The lines that are there only because of those, and those themselves.
    fading: Vec<bool>,
}

impl<'j, 'a> Judge<'j, 'a> {
    pub(super) fn new(
        question: &'j Question<'a>,
        entries: &'j [ListEntry<'a>],
        graph: &'j Graph,
    ) -> Self {
        let places = entries.iter().map(|entry| graph.places(&roots(entry)));
        let places: Vec<Vec<usize>> = places.collect();
        let mut lines_at = vec![Vec::new(); graph.len()];
        for (index, places) in places.iter().enumerate() {
            for place in places {
                if let Some(lines) = lines_at.get_mut(*place) {
                    lines.push(index);
                }
            }
        }
        let mut judge = Self {
            question,
            entries,
            graph,
            places,
            lines_at,
            included: reduce::included(question.lists),
            useless: Vec::new(),
            fading: Vec::new(),
        };
        judge.useless = judge.useless();
        judge.fading = judge.fading();
        judge
    }

    /// The lines for which the test holds.
    fn lines(&self, holds: impl Fn(usize, &ListEntry) -> bool) -> Vec<bool> {
        let entries = self.entries.iter().enumerate();
        entries.map(|(index, it)| holds(index, it)).collect()
    }

    /// The nodes that these lines install by themselves.
    pub(super) fn places_of(&self, lines: &[bool]) -> Vec<usize> {
        let places = self.places.iter().zip(lines).filter(|(_, kept)| **kept);
        places
            .flat_map(|(places, _)| places.iter().copied())
            .collect()
    }

    fn ways(&self, lines: &[bool]) -> Vec<Option<usize>> {
        self.graph.ways(self.places_of(lines))
    }

    /// Whether these lines install what line `index` does, wherever its list is installed.
    fn bring(&self, lines: &[bool], index: usize) -> bool {
        let list = |index: usize| self.entries.get(index).map(|entry| &entry.list.path);
        let together = list(index).and_then(|own| self.included.get(own));
        let is_conda = |index: usize| self.entries.get(index).is_some_and(ListEntry::is_conda);
        let by_conda = is_conda(index);
        let brings = |other: usize| {
            // pip runs behind conda: what it installs brings nothing for conda.
            let is_there = || {
                together
                    .zip(list(other))
                    .is_some_and(|(all, it)| all.contains(it))
                    && (!by_conda || is_conda(other))
            };
            other != index && lines.get(other) == Some(&true) && is_there()
        };
        let is_brought = |place: &usize| {
            let of = |at: usize| self.lines_at.get(at).into_iter().flatten();
            let graph = self.graph;
            graph.is_reached_from(*place, |at| of(at).any(|other| brings(*other)))
        };
        let places = self.places.get(index).map_or(&[][..], Vec::as_slice);
        !places.is_empty() && places.iter().all(is_brought)
    }

    /// Whether the ways lead to any part of line `index`.
    fn touch(&self, ways: &[Option<usize>], index: usize) -> bool {
        let mut places = self.places.get(index).into_iter().flatten();
        places.any(|place| is_reached(ways, *place))
    }

    /// The lines that the target has no use for: tables say so, or their only needs are those of
    /// other systems or Pythons.
    fn useless(&self) -> Vec<bool> {
        self.lines(|_, entry| {
            let name = entry.name.as_ref().filter(|_| entry.bar.is_none());
            name.is_some_and(|name| {
                self.question.obsolete.contains_key(name) || self.graph.elsewhere.contains_key(name)
            })
        })
    }

    /// Where useless lines go: they, and those that would be brought by nothing without them. What
    /// is used does not count here, so that another use takes no line away.
    fn fading(&self) -> Vec<bool> {
        if !self.useless.contains(&true) || !self.question.wanted.obsolete {
            return vec![false; self.entries.len()];
        }
        let all = vec![true; self.entries.len()];
        let ways = self.ways(&self.useless);
        let comes_along = |index: usize, entry: &ListEntry| {
            !self.is_useless(index) && entry.bar.is_none() && self.touch(&ways, index)
        };
        let standing = self.lines(|index, it| !self.is_useless(index) && !comes_along(index, it));
        self.lines(|index, entry| {
            let is_left = || self.bring(&all, index) && !self.bring(&standing, index);
            self.is_useless(index) || (comes_along(index, entry) && is_left())
        })
    }

    fn is_useless(&self, index: usize) -> bool {
        self.useless.get(index) == Some(&true)
    }

    fn is_fading(&self, index: usize) -> bool {
        self.fading.get(index) == Some(&true)
    }

    /// The lines that bring all others but the fading ones, chosen without a look at what is used.
    fn needed(&self) -> Vec<bool> {
        let mut needed = self.lines(|index, _| !self.is_fading(index));
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
        needed
    }

    /// The needed lines and those that the app wants, with what came along with these.
    fn mark_kept(&self, needed: &[bool]) -> Vec<bool> {
        let is_needed = |index: usize| needed.get(index) == Some(&true);
        let wanted = self.lines(|_, entry| self.find_reason(entry).is_some());
        let is_wanted = |index: usize| wanted.get(index) == Some(&true);
        let used = self.lines(|index, _| self.is_fading(index) && is_wanted(index));
        let ways = self.ways(&used);
        self.lines(|index, entry| {
            let held =
                || self.is_fading(index) && self.touch(&ways, index) && !self.bring(needed, index);
            is_needed(index) || entry.bar.is_some() || is_wanted(index) || held()
        })
    }

    /// The kept lines, less those held ones that the others bring: where useless lines go, the
    /// next run would find them.
    fn spared(&self, needed: &[bool], mut kept: Vec<bool>) -> Vec<bool> {
        if !self.question.wanted.obsolete {
            return kept;
        }
        for (index, entry) in self.entries.iter().enumerate().rev() {
            let is_held = kept.get(index) == Some(&true)
                && needed.get(index) != Some(&true)
                && self.is_fading(index)
                && self.find_reason(entry).is_none();
            if is_held
                && self.bring(&kept, index)
                && let Some(it) = kept.get_mut(index)
            {
                *it = false;
            }
        }
        kept
    }

    /// Why the app itself wants a line.
    fn find_reason(&self, entry: &ListEntry) -> Option<KeepReason> {
        let name = entry.name.as_ref()?;
        if let Some(uses) = self.question.uses.get(name).filter(|uses| !uses.is_empty()) {
            return Some(KeepReason::Used(uses.clone()));
        }
        let annotation = annotation(entry.list, entry.index)?;
        let (what, span) = annotation.asked.into_iter().next()?;
        Some(KeepReason::Asked(what, span))
    }

    /// The verdict of each line.
    pub(super) fn verdicts(&self) -> Vec<LineVerdict> {
        let needed = self.needed();
        let kept = self.spared(&needed, self.mark_kept(&needed));
        let standing = self.lines(|index, _| !self.is_fading(index));
        let ways = self.ways(&kept);
        let entries = self.entries.iter().enumerate();
        entries
            .map(|(index, entry)| {
                let stays = kept.get(index) == Some(&true);
                let goes = self.is_fading(index) && !stays && !self.bring(&kept, index);
                let may_go = stays && self.is_useless(index) && self.find_reason(entry).is_none();
                if goes || (may_go && !self.is_fading(index)) {
                    let reason = self.useless_for(index, entry);
                    return LineVerdict::Obsolete { reason };
                }
                if stays {
                    return LineVerdict::Kept(self.reason(&standing, index, entry));
                }
                LineVerdict::Dropped {
                    chain: self.chain(&ways, entry),
                }
            })
            .collect()
    }

    /// The names on the way to a line.
    fn chain(&self, ways: &[Option<usize>], entry: &ListEntry) -> Vec<String> {
        let name = entry.name.clone().unwrap_or_default();
        let place = self.graph.places(&[GraphNode { name, extra: None }]);
        let place = place.first().copied();
        place.map_or_else(Vec::new, |place| self.graph.chain(ways, place))
    }

    /// The fading line that brings this one.
    fn source(&self, own: usize, entry: &ListEntry) -> String {
        let others = self.lines(|index, _| self.is_fading(index) && index != own);
        let chain = self.chain(&self.ways(&others), entry);
        chain.into_iter().next().unwrap_or_default()
    }

    fn useless_for(&self, index: usize, entry: &ListEntry) -> String {
        let name = entry.name.as_deref().unwrap_or_default();
        if let Some(reason) = self.question.obsolete.get(name) {
            return reason.clone();
        }
        match self.graph.elsewhere.get(name) {
            Some(by) if self.is_useless(index) => {
                format!("{by} needs it only on other systems or Pythons")
            }
            _ => {
                let by = self.source(index, entry);
                format!("only {by} brings it, which is of no use any more")
            }
        }
    }

    /// Why a line stays; `standing` are those that do not fade.
    fn reason(&self, standing: &[bool], index: usize, entry: &ListEntry) -> KeepReason {
        if let Some(wanted) = self.find_reason(entry) {
            return wanted;
        }
        if let Some(bar) = entry.bar {
            return KeepReason::Barred(bar);
        }
        if self.is_fading(index) {
            return KeepReason::Held(self.source(index, entry));
        }
        if self.bring(standing, index) {
            return KeepReason::Circle;
        }
        let name = entry.name.clone().unwrap_or_default();
        if let Some(conflict) = self.graph.conflicts.get(&name) {
            return KeepReason::Conflict(conflict.clone());
        }
        if self.graph.origins.contains_key(&name) || conda_only(&name).is_some() {
            KeepReason::Alone
        } else {
            KeepReason::Unknown
        }
    }
}

fn is_reached(ways: &[Option<usize>], place: usize) -> bool {
    ways.get(place).is_some_and(Option::is_some)
}
