//! The proof that reduced lists mean the same: they are written in memory, read again, and must
//! install the same distributions with the same extras, limited to the same versions.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;

use super::graph::Graph;
use super::lists::{Blocked, ListEntry, Lists, Obstacle};
use super::reduce::Reduction;
use super::{Closure, Judged, Judgement, LineVerdict, Question, judge, roots, world};
use crate::app::App;
use crate::files::requirements::Content;
use crate::tree::{Overlay, apply_edits};

/// Holds when the reduction means what the lists did, less what the target has no use for.
///
/// # Errors
/// What would be different.
pub(super) fn prove<'a>(
    question: &Question<'a>,
    judgement: &Judgement<'a>,
    reduction: &Reduction,
) -> Result<(), Obstacle> {
    let mut tree = Overlay::new(question.tree);
    let written = apply_edits(&reduction.edits, &mut tree);
    written.map_err(|misfit| obstacle(question, misfit.to_string()))?;
    let app = App::new(&tree, question.root.clone());
    let lists = Lists::from_app(&app);
    let lists = lists.ok_or_else(|| obstacle(question, "nothing is left".to_owned()))?;
    if let Some(obstacle) = lists.obstacle {
        return Err(obstacle);
    }
    let proof = Proof {
        before: question,
        after: &lists,
        judgement,
        ran: &reduction.ran,
        taken: reduction.taken.iter().copied().collect(),
    };
    let holds = proof
        .lines()
        .and_then(|()| proof.closures())
        .and_then(|()| proof.versions());
    let rests = || {
        rest(&Question {
            tree: &tree,
            lists: &lists,
            ..*question
        })
    };
    holds
        .and_then(|()| rests())
        .map_err(|why| obstacle(question, why))
}

/// A second run finds nothing to do: lines that need one another in a circle could move on.
fn rest(after: &Question) -> Result<(), String> {
    let obsolete = after.wanted.obsolete;
    let judgement = judge(after);
    let mut lines = judgement.lines.iter();
    let moves = lines.find(|line| match line.verdict {
        LineVerdict::Kept(_) => false,
        LineVerdict::Dropped { .. } => obsolete || !judgement.is_let_go(line),
        LineVerdict::Obsolete { .. } => obsolete,
    });
    moves.map_or(Ok(()), |line| {
        Err(format!(
            "a second run would take out {}, too",
            line.entry.show_line()
        ))
    })
}

fn obstacle(question: &Question, why: String) -> Obstacle {
    let root = question.root;
    let list = question.lists.installing.first();
    Obstacle {
        path: list.map_or_else(|| root.clone(), |list| list.path.clone()),
        span: None,
        why: Blocked::Unproven(why),
    }
}

/// Both sides of the proof.
struct Proof<'p, 'a> {
    before: &'p Question<'a>,
    after: &'p Lists<'p>,
    judgement: &'p Judgement<'a>,
    ran: &'p BTreeMap<String, Version>,
    taken: BTreeSet<usize>,
}

impl Proof<'_, '_> {
    fn judged(&self, taken: bool) -> impl Iterator<Item = &Judged<'_>> {
        let lines = self.judgement.lines.iter().enumerate();
        let of = lines.filter(move |(index, _)| self.taken.contains(index) == taken);
        of.map(|(_, line)| line)
    }

    /// Every other line is there as it was, and nothing is new but names of constraints.
    fn lines(&self) -> Result<(), String> {
        let mut before = write_lines(self.before.lists);
        for line in self.judged(true) {
            let text = &line.entry.line.text;
            let at = before.iter().position(|other| other == text);
            let at = at.ok_or_else(|| format!("`{}` is not found", line.entry.show_line()))?;
            before.remove(at);
        }
        let mut rest = before;
        for text in write_lines(self.after) {
            match rest.iter().position(|other| *other == text) {
                Some(at) => {
                    rest.remove(at);
                }
                None if text.starts_with("-c ") => {}
                None => return Err("a line would be new".to_owned()),
            }
        }
        match rest.first() {
            None => Ok(()),
            Some(_) => Err("another line would be gone".to_owned()),
        }
    }

    /// The same distributions are installed, with the same extras, by the same edges.
    fn closures(&self) -> Result<(), String> {
        let before = self
            .before
            .lists
            .entries(self.before.root, self.before.target);
        let versions = world(self.before, &before);
        let gone: BTreeSet<&str> = self.obsolete().collect();
        let is_left = |entry: &&ListEntry| {
            let name = entry.name.as_deref();
            name.is_none_or(|name| !gone.contains(name))
        };
        let closure = |entries: &[&ListEntry]| -> Closure {
            let roots = entries.iter().flat_map(|entry| roots(entry));
            let graph = Graph::reach(
                roots.clone(),
                &versions,
                self.before.sources,
                self.before.target,
            );
            let places = graph.places(&roots.collect::<Vec<_>>());
            graph.reached(&graph.ways(places))
        };
        let expected = closure(&before.iter().filter(is_left).collect::<Vec<_>>());
        let after = self.after.entries(self.before.root, self.before.target);
        let found = closure(&after.iter().collect::<Vec<_>>());
        if expected == found {
            return Ok(());
        }
        let lost = expected.keys().find(|name| !found.contains_key(*name));
        Err(lost.map_or_else(
            || "other extras would be installed".to_owned(),
            |name| format!("{name} would not be installed"),
        ))
    }

    /// What goes for good.
    fn obsolete(&self) -> impl Iterator<Item = &str> {
        let gone = self.judged(true);
        let gone = gone.filter(|line| matches!(line.verdict, LineVerdict::Obsolete { .. }));
        gone.filter_map(|line| line.entry.name.as_deref())
    }

    /// Every version is limited as before, by requirements or constraints; what no list limited is
    /// as it ran, where the reduction needs that.
    fn versions(&self) -> Result<(), String> {
        let mut before = self.before.lists.all_limits();
        let mut after = self.after.all_limits();
        for (name, version) in self.ran {
            let limits = before.entry(name.clone()).or_default();
            limits.insert((format!("=={version}"), String::new()));
        }
        let forgotten = self.judged(true).filter(|line| {
            self.before.wanted.drop_pins
                || matches!(line.verdict, LineVerdict::Obsolete { .. })
                || self.judgement.is_let_go(line)
        });
        for name in forgotten.filter_map(|line| line.entry.name.as_ref()) {
            before.remove(name);
            after.remove(name);
        }
        if before == after {
            return Ok(());
        }
        let other = before
            .iter()
            .find(|(name, limits)| after.get(*name) != Some(limits));
        let name = other.map_or("something", |(name, _)| name.as_str());
        Err(format!("{name} could get another version"))
    }
}

/// What the installing lists say, line by line.
fn write_lines(lists: &Lists) -> Vec<String> {
    let lines = lists.installing.iter().flat_map(|list| &list.lines);
    lines
        .filter(|line| line.content != Content::Blank)
        .map(|line| line.text.clone())
        .collect()
}
