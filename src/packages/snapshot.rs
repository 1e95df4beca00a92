//! What the distributions that Dash apps use need, version by version, as their metadata said on
//! the day of the snapshot.

use pep440_rs::{Version, VersionSpecifiers};

use super::{Dependency, Target};

/// One release of a distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its version.
    pub version: Version,
    /// `Requires-Python`.
    pub requires_python: Option<VersionSpecifiers>,
}

/// How a release installs on a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installs {
    /// From a wheel.
    Wheel,
    /// From source only: it has to be built, which may fail.
    Source,
    /// Not: `Requires-Python` excludes the target, or no file fits.
    Not,
}

impl Release {
    /// How it installs on the target.
    pub fn installs(&self, _target: Target) -> Installs {
        Installs::Wheel
    }
}

/// What `name` (normalised) at `version` needs; `None` when the snapshot does not know it.
pub fn needs(_name: &str, _version: &Version) -> Option<Vec<Dependency>> {
    None
}

/// The releases of `name`, oldest first; `None` when the snapshot does not know it.
pub fn releases(_name: &str) -> Option<Vec<Release>> {
    None
}
