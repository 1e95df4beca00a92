//! Lists that install and start: what has to change in the lists of an app for a Python, what its
//! constraints have to say, and why. Nothing here starts a program or knows an index; what one
//! says is put in by whoever asked it ([`Resolver`]).

mod hashes;
mod limits;
mod list;
mod pythons;
mod question;
mod situation;
mod source;
mod write;

use std::time::Instant;

use pep440_rs::Version;

pub use limits::Limit;
pub use list::{Aside, AsideReason, Ask, Asked};
pub use pythons::{PythonRow, compare, least};
pub use question::{
    Choose, Reason, RefusedRequest, Resolution, ResolveError, Resolved, Resolver, SolveFailure,
    SolveRequest,
};
pub use situation::{Past, Situation};
pub use write::{NotWritten, writes};

use super::Target;
use super::resolve::era::Era;
use super::resolve::{Inquiry, ResolvedReleases, Universe, answer};
use crate::packages::snapshot::Day;

/// Which way the lists go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Road {
    /// Whether Dash and its family go to the newest that the Python has; else they stay as they
    /// were.
    pub latest_dash: bool,
    /// The day to take instead of the one that the app shows.
    pub as_of: Option<Day>,
    /// Whether constraints say upper bounds instead of versions.
    pub caps: bool,
}

/// What makes the lists of an app install and start on one Python.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// The Python.
    pub target: Target,
    /// The day of what is not pinned; none where nothing tells it.
    pub era: Option<Era>,
    /// The releases, and which requirements move.
    pub answer: ResolvedReleases,
    /// What the constraints have to say, by name.
    pub limits: Vec<Limit>,
}

impl Solution {
    /// How many lines of the lists change; constraints are not counted.
    pub fn changed_lines(&self) -> usize {
        self.answer.moves.len() + self.answer.added.len()
    }

    /// Whether nothing has to be written and nothing is in the way.
    pub fn is_clean(&self) -> bool {
        self.answer.is_clean() && self.limits.is_empty()
    }

    /// The version of a distribution in it.
    pub fn version(&self, name: &str) -> Option<&Version> {
        self.answer.version(name)
    }
}

/// Solves the lists of an app for one Python.
pub fn solve(
    universe: &dyn Universe,
    situation: &Situation,
    target: Target,
    road: Road,
    until: Option<Instant>,
) -> Solution {
    let era = situation.era(road);
    let inquiry = Inquiry {
        target,
        requirements: &situation.demands,
        source: situation.source(road),
        ran: situation.ran(),
        era: era.as_ref().map(|era| era.day),
        latest_dash: road.latest_dash,
        until,
    };
    let mut answer = answer(universe, &inquiry);
    // Up to 3.11 every new environment has it.
    answer
        .added
        .retain(|one| one.name != "setuptools" || target.minor() > 11);
    let limits = limits::limits(universe, situation, target, &answer);
    Solution {
        target,
        era,
        answer,
        limits,
    }
}

/// The request that asks for a list as it is written.
pub fn request(asked: &Asked, target: Target) -> SolveRequest {
    let written = |is_constraint: bool| {
        let asks = asked.asks.iter();
        let asks = asks.filter(move |ask| ask.is_constraint == is_constraint);
        asks.map(Ask::as_written).collect()
    };
    SolveRequest {
        target,
        requirements: written(false),
        constraints: written(true),
        options: asked.options.clone(),
        wheels_only: std::collections::BTreeSet::new(),
        choose: Choose::Newest,
        with_dependencies: true,
    }
}

/// Whether a distribution (normalised name) is of the Dash family, which moves together.
pub fn is_dash_family(name: &str) -> bool {
    name == "dash" || name == "plotly" || name.starts_with("dash-")
}

#[cfg(test)]
mod tests;
