//! The findings of a site, and the patch that repairs them.

use super::check::check;
use super::{PathRefusal, Site};
use crate::engine::{self, Outcome};
use crate::report::diff::unified;
use crate::tree::Tree;

/// What is found, and what the repairs come to.
pub struct Diffed<'t> {
    /// The findings, which are those of [`check`], so that the exit code is too.
    pub found: Outcome<'t>,
    /// The repairs.
    pub repaired: Outcome<'t>,
    /// The repairs as a unified diff; empty where there is no app.
    pub patch: Vec<u8>,
}

/// Looks, repairs in memory, and makes the patch.
///
/// # Errors
/// When the baseline cannot be used or a file is not there to compare with.
pub fn diff<'t>(site: &Site, tree: &'t dyn Tree) -> Result<Diffed<'t>, PathRefusal> {
    let found = check(site, tree)?;
    let repaired = repair(site, tree);
    let patch = if found.apps.is_empty() {
        Vec::new()
    } else {
        unified(tree, repaired.result.changes())?
    };
    Ok(Diffed {
        found,
        repaired,
        patch,
    })
}

/// The repairs of a site, in memory; whatever a baseline knows.
pub fn repair<'t>(site: &Site, tree: &'t dyn Tree) -> Outcome<'t> {
    let settings = &site.settings;
    let mut repaired = engine::fix(&site.repository(tree), &settings.rules, settings.allowed);
    repaired.join_causes();
    repaired
}
