//! What the search has to know of the world, as one small trait: the snapshot is one, tests make
//! up others.

use pep440_rs::{Version, VersionSpecifiers};

use crate::packages::snapshot::Day;
use crate::packages::{Dependency, Target};

/// A release, as it is for one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its version.
    pub version: Version,
    /// Whether its authors withdrew it: installed for an exact pin only.
    pub yanked: bool,
    /// The day on which its first file was uploaded, where it is known.
    pub uploaded: Option<Day>,
    /// How it comes, or why it cannot be used.
    pub file: Result<Form, Unfit>,
}

/// How a release comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// As a wheel.
    Wheel,
    /// As source, which builds without a compiler as far as is known.
    Source,
}

/// Why a release cannot be used on a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// No file fits: its wheels are for other Pythons, or there is none.
    NoFile,
    /// Only its source would do, and that needs more than Python to build: what, where it is known.
    Compiles(Option<String>),
    /// `Requires-Python` excludes it.
    RequiresPython(String),
    /// It installs and does not start: `collections.Mapping, in jinja2.sandbox line 22`.
    DoesNotStart(String),
    /// The build of its source is known to fail: why.
    BrokenBuild(String),
}

/// What a release needs, or does not go with, though its metadata does not say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bond {
    /// The other distribution, normalised.
    pub name: String,
    /// Its releases that do; none for any.
    pub bound: Option<VersionSpecifiers>,
    /// Whether it counts only where the other one is there anyway.
    pub is_weak: bool,
    /// What happens otherwise, as an error says it.
    pub error: String,
}

/// Who knows which releases there are, how they come and what they need.
pub trait Universe {
    /// The releases of a distribution (normalised name), oldest first; `None` where it is unknown.
    fn candidates(&self, name: &str, target: Target) -> Option<Vec<Candidate>>;

    /// What a release states as its dependencies; `None` where that is unknown.
    fn needs(&self, name: &str, version: &Version) -> Option<Vec<Dependency>>;

    /// What it needs beside that.
    fn companions(&self, name: &str, version: &Version, target: Target) -> Vec<Bond>;

    /// Whether some release of another distribution does not go with all of its releases: what
    /// [`Universe::companions`] may name.
    fn is_companion(&self, name: &str) -> bool;
}
