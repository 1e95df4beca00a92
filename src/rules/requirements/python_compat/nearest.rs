//! The version to move a pin to: the nearest one that the target installs without a build that
//! likely fails.

use pep440_rs::Version;

use crate::packages::Target;
use crate::packages::snapshot::{Build, Installs, Release};

/// The version to move to.
pub(super) struct Nearest {
    pub(super) version: Version,
    /// Whether it is newer than the pin.
    pub(super) newer: bool,
    pub(super) installs: Installs,
}

/// Whether a release is one to move to: it comes as a wheel or a source that builds, and nothing is
/// known that keeps it from starting.
pub(super) fn fitting(release: &Release, target: Target) -> bool {
    let installs = match release.installs(target) {
        Installs::Wheel => true,
        Installs::Source => {
            let fails = matches!(release.build(), Build::Compiled | Build::Broken);
            !release.has_wheels() && !fails
        }
        Installs::Not => false,
    };
    installs && release.starts(target) && !release.yanked && !release.version.any_prerelease()
}

/// The first fitting release above the pin, which is one of the same major where there is one;
/// else the last one below it. `allowed` tells what other lines allow.
pub(super) fn nearest(
    releases: &[Release],
    pin: &Version,
    target: Target,
    allowed: impl Fn(&Version) -> bool,
) -> Option<Nearest> {
    let fits = |it: &&Release| fitting(it, target) && allowed(&it.version);
    let above = releases.iter().filter(|it| it.version > *pin).find(fits);
    let below = releases.iter().filter(|it| it.version < *pin).rfind(fits);
    let found = above.or(below)?;
    Some(Nearest {
        version: found.version.clone(),
        newer: found.version > *pin,
        installs: found.installs(target),
    })
}
