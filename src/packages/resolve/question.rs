//! What is asked and what is answered.

use std::time::Instant;

use pep440_rs::{Operator, Version, VersionSpecifier, VersionSpecifiers};

use super::reasons::MoveCause;
use super::universe::Form;
use crate::packages::snapshot::Day;
use crate::packages::{Ran, Target};
use crate::tree::TreePath;

/// A requirement of the app's lists that counts on the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// The distribution, normalised.
    pub name: String,
    /// The extras that are asked of it, normalised.
    pub extras: Vec<String>,
    /// The versions that it allows; none for any.
    pub versions: Option<VersionSpecifiers>,
    /// Whether it only limits versions.
    pub is_constraint: bool,
    /// Whether the app's code imports it.
    pub is_imported: bool,
}

impl Demand {
    /// The version of a pin: the only one that it allows.
    pub fn pin(&self) -> Option<&Version> {
        let mut specifiers = self.versions.iter().flat_map(|all| all.iter());
        let first = specifiers.next()?;
        let is_equal = matches!(first.operator(), Operator::Equal | Operator::ExactEqual);
        (is_equal && specifiers.next().is_none()).then(|| first.version())
    }

    /// Whether it names a pre-release, which then counts like any other.
    pub(super) fn names_preview(&self) -> bool {
        let mut specifiers = self.versions.iter().flat_map(|all| all.iter());
        specifiers.any(|one| one.version().any_prerelease())
    }

    /// The highest version that it speaks of, but for those that it excludes.
    pub(super) fn highest(&self) -> Option<&Version> {
        let specifiers = self.versions.iter().flat_map(|all| all.iter());
        let named = specifiers
            .filter(|one| !matches!(one.operator(), Operator::NotEqual | Operator::NotEqualStar));
        named.map(VersionSpecifier::version).max()
    }
}

/// What the code of the app needs of a distribution: `import plotly.plotly` works with plotly
/// below 4 only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceDemand {
    /// The distribution, normalised.
    pub name: String,
    /// The versions that have it.
    pub versions: VersionSpecifiers,
    /// What the code uses: `plotly.plotly`.
    pub what: String,
    /// Where.
    pub path: TreePath,
    /// The line, from 1.
    pub line: usize,
}

/// A question for one target.
#[derive(Debug, Clone)]
pub struct Inquiry<'q> {
    /// The Python to install on.
    pub target: Target,
    /// What the lists ask for.
    pub requirements: &'q [Demand],
    /// What the code asks for.
    pub source: &'q [SourceDemand],
    /// What the list leaves open is what ran, or near it.
    pub ran: &'q Ran,
    /// What neither tells is of this day; the newest without one.
    pub era: Option<Day>,
    /// Whether the Dash family goes to the newest releases that the target has.
    pub latest_dash: bool,
    /// When to stop with the best answer so far.
    pub until: Option<Instant>,
}

/// What comes of a question. Numbers are places among the requirements of the question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResolvedReleases {
    /// The releases, by name.
    pub releases: Vec<Chosen>,
    /// Requirements that have to change, in the order of the question.
    pub moves: Vec<Move>,
    /// Distributions that no line and no metadata brings, and without which a release does not
    /// start.
    pub added: Vec<Added>,
    /// Requirements that no release satisfies, whatever the others are.
    pub impossible: Vec<(usize, MoveCause)>,
    /// What the code asks for (places among the asks of the source) and cannot have.
    pub unmet: Vec<(usize, MoveCause)>,
    /// Requirements whose distribution the universe does not know.
    pub unknown: Vec<usize>,
    /// Requirements of versions that are newer than any that is known: they are private.
    pub private: Vec<usize>,
    /// Distributions that a release needs, that nobody asks for by name and that are unknown; with
    /// the release.
    pub unknown_needs: Vec<(String, String)>,
    /// Releases of which it is unknown what they need: `shap 0.20.0`.
    pub blind: Vec<String>,
    /// Whether the time was over before all was tried.
    pub is_cut_short: bool,
}

/// A release of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The distribution, normalised.
    pub name: String,
    /// Its version.
    pub version: Version,
    /// How it comes.
    pub form: Form,
    /// The day of its upload, where it is known.
    pub uploaded: Option<Day>,
}

/// A requirement that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Its place among the requirements of the question.
    pub requirement: usize,
    /// The version that it becomes.
    pub to: Version,
    /// Why it cannot stay.
    pub cause: MoveCause,
}

/// A distribution that has to be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// The distribution, normalised.
    pub name: String,
    /// Its version.
    pub version: Version,
    /// Which release does not start without it: `dash 1.0.0`.
    pub by: String,
    /// How it ends without.
    pub error: String,
}

impl ResolvedReleases {
    /// The version of a distribution in it.
    pub fn version(&self, name: &str) -> Option<&Version> {
        let found = self
            .releases
            .binary_search_by(|it| it.name.as_str().cmp(name));
        self.releases.get(found.ok()?).map(|it| &it.version)
    }

    /// Whether nothing has to change and nothing is in the way. What is unknown is said apart.
    pub fn is_clean(&self) -> bool {
        self.is_solved() && self.moves.is_empty() && self.added.is_empty()
    }

    /// Whether all that is asked for can be had, with the changes.
    pub fn is_solved(&self) -> bool {
        self.impossible.is_empty() && self.unmet.is_empty()
    }
}
