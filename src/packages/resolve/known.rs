//! The snapshot as a universe.

use pep440_rs::Version;

use super::universe::{Bond, Candidate, Form, Unfit, Universe};
use crate::packages::snapshot::{self, Build, Release, Strength};
use crate::packages::{Dependency, Target};

/// What the snapshot and the tables beside it know.
#[derive(Debug, Clone, Copy, Default)]
pub struct KnownPackages;

impl Universe for KnownPackages {
    fn candidates(&self, name: &str, target: Target) -> Option<Vec<Candidate>> {
        let found = snapshot::find(name)?;
        let releases = found.releases().iter();
        Some(releases.map(|one| candidate(one, target)).collect())
    }

    fn needs(&self, name: &str, version: &Version) -> Option<Vec<Dependency>> {
        snapshot::needs(name, version)
    }

    fn companions(&self, name: &str, version: &Version, target: Target) -> Vec<Bond> {
        let rows = snapshot::companions(name, version).into_iter();
        let rows = rows.filter(|row| row.applies(target));
        rows.map(|row| Bond {
            name: row.needs.clone(),
            bound: row.bound.clone(),
            is_weak: row.strength == Strength::Weak,
            error: row.error.clone(),
        })
        .collect()
    }

    fn is_companion(&self, name: &str) -> bool {
        snapshot::is_companion(name)
    }
}

fn candidate(release: &Release, target: Target) -> Candidate {
    Candidate {
        version: release.version.clone(),
        yanked: release.yanked,
        uploaded: release.uploaded,
        file: file(release, target),
    }
}

/// How a release comes on a target, or why it cannot be used there.
fn file(release: &Release, target: Target) -> Result<Form, Unfit> {
    if !release.allows(target) {
        let python = release.requires_python().unwrap_or_default();
        return Err(Unfit::RequiresPython(python.to_owned()));
    }
    let file = match release.installs(target) {
        snapshot::Installs::Wheel => Form::Wheel,
        snapshot::Installs::Source => built(release)?,
        snapshot::Installs::Not => return Err(Unfit::NoFile),
    };
    match release.breaks() {
        Some(it) if target.minor() >= it.minor => Err(Unfit::DoesNotStart(format!(
            "{} uses {}, which Python 3.{} no longer has",
            it.module, it.what, it.minor
        ))),
        _ => Ok(file),
    }
}

/// Whether a source can be used, as far as is known. Of a distribution that ever had wheels for
/// this platform a source without one was made for other Pythons.
fn built(release: &Release) -> Result<Form, Unfit> {
    let needs = || release.build_needs().map(str::to_owned);
    match release.build() {
        Build::Broken => Err(Unfit::BrokenBuild(needs().unwrap_or_default())),
        Build::Compiled => Err(Unfit::Compiles(needs())),
        Build::Unknown if release.has_wheels() => Err(Unfit::NoFile),
        Build::Pure | Build::Optional | Build::Unknown => Ok(Form::Source),
    }
}
