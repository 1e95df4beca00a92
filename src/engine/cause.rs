//! One cause, told once.

use std::collections::BTreeMap;

use super::{Outcome, Reported};
use crate::rules::Bond;

impl Outcome<'_> {
    /// Makes one finding of those that have one cause, at the place of the first, for whoever reads
    /// the outcome. A baseline is asked before: it knows each place by itself.
    pub fn join_causes(&mut self) {
        for app in &mut self.apps {
            app.open = join_causes(std::mem::take(&mut app.open));
            app.fixed = join_causes(std::mem::take(&mut app.fixed));
        }
        self.repository = join_causes(std::mem::take(&mut self.repository));
    }
}

/// Makes one finding of those that have one cause, at the place of the first.
pub fn join_causes(all: impl IntoIterator<Item = Reported>) -> Vec<Reported> {
    let mut joined: Vec<Reported> = Vec::new();
    let mut groups: BTreeMap<Bond, (usize, usize)> = BTreeMap::new();
    for reported in all {
        let bond = reported.finding.bond();
        let known = bond.as_ref().and_then(|bond| groups.get_mut(bond));
        let first = known.and_then(|(at, count)| {
            *count += 1;
            joined.get_mut(*at)
        });
        if let Some(first) = first {
            first.evidence.push(reported.text);
            first.evidence.extend(reported.evidence);
            first.finding.take_in(reported.finding);
            continue;
        }
        if let Some(bond) = bond {
            groups.insert(bond, (joined.len(), 1));
        }
        joined.push(reported);
    }
    for (at, count) in groups.into_values().filter(|(_, count)| *count > 1) {
        if let Some(first) = joined.get_mut(at) {
            first.finding.speak_for_all(count);
        }
    }
    joined
}
