//! The smallest change that makes a list install: the ladder, climbed with a resolver that
//! somebody else is. Nothing here starts a program or knows an index.

mod edits;
mod ladder;
mod list;
mod question;
mod smallest;

use std::collections::BTreeSet;

use pep440_rs::Version;

pub use edits::{Edit, edits};
pub use list::{Aside, AsideReason, Ask, Asked};
pub use question::{
    Choose, Failure, Reason, Refused, Request, Resolution, ResolveError, Resolved, Resolver,
};

use super::Target;

/// What was asked for beside the list itself.
#[derive(Debug, Clone, Default)]
pub struct How {
    /// Whether the Dash family goes to its newest releases first.
    pub latest_dash: bool,
    /// Requirements, by their place among the asks, that others bring: they may go.
    pub droppable: BTreeSet<usize>,
}

/// The rung on which a list resolves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rung {
    /// As it is written.
    AsItStands,
    /// Without pins that other requirements bring.
    Minimised,
    /// Pins that have no file for the target moved to the nearest version that has one.
    Nearest,
    /// Other pins let go within their compatible releases.
    Compatible,
    /// Other pins let go.
    Bare,
}

/// What becomes of a requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// It stays as written.
    Written,
    /// It goes: others bring it.
    Dropped,
    /// `==` this version.
    Exactly(Version),
    /// `~=` this version.
    Compatible(Version),
    /// `>=` this version; to search only.
    AtLeast(Version),
    /// `<=` this version; to search only.
    AtMost(Version),
    /// Any version.
    Bare,
}

impl Wish {
    /// The specifiers that say it, for a requirement that is not kept as written.
    pub fn specifiers(&self) -> String {
        match self {
            Self::Written | Self::Dropped | Self::Bare => String::new(),
            Self::Exactly(version) => format!("=={version}"),
            Self::Compatible(version) => format!("~={version}"),
            Self::AtLeast(version) => format!(">={version}"),
            Self::AtMost(version) => format!("<={version}"),
        }
    }
}

/// Why a requirement changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The resolver refuses it as written.
    Refused(Reason),
    /// The newest Dash was asked for.
    LatestDash,
}

/// A change of a requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its place among the asks.
    pub ask: usize,
    /// What it becomes.
    pub wish: Wish,
    /// Why.
    pub why: Why,
}

/// Requirements of which no releases fit together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Their places among the asks; taking any of them out lets the others resolve.
    pub asks: Vec<usize>,
    /// Why.
    pub reason: Reason,
}

/// A list that resolves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// How far the ladder was climbed.
    pub rung: Rung,
    /// The changes, in the order of the asks; none of them can be left away.
    pub changes: Vec<Change>,
    /// What is installed then.
    pub resolution: Resolution,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The list resolves with these changes.
    Solved(Solution),
    /// It does not resolve even without versions: these requirements are in the way.
    Unsolved(Vec<Conflict>),
}

/// An answer, and the hosts of the list's own indexes that did not answer and were left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solved {
    /// The answer.
    pub answer: Answer,
    /// The indexes that were left out.
    pub unreachable: Vec<String>,
}

/// Climbs the ladder.
///
/// # Errors
/// When the resolver cannot be asked.
pub fn solve(
    resolver: &dyn Resolver,
    asked: &Asked,
    target: Target,
    how: &How,
) -> Result<Solved, Failure> {
    ladder::climb(resolver, asked, target, how)
}

/// The request that asks for a list as it is written.
pub fn request(asked: &Asked, target: Target) -> Request {
    let written = |is_constraint: bool| {
        let asks = asked.asks.iter();
        let asks = asks.filter(move |ask| ask.is_constraint == is_constraint);
        asks.map(Ask::as_written).collect()
    };
    Request {
        target,
        requirements: written(false),
        constraints: written(true),
        options: asked.options.clone(),
        wheels_only: BTreeSet::new(),
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
