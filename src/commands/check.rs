//! Looks at the apps of a site and says what is found.

use super::baseline;
use super::buffer::keep_only;
use super::{PathRefusal, Site};
use crate::engine::{self, Outcome};
use crate::tree::{Overlay, Tree, TreePath};

/// What is found in a tree of the site, without what its baseline keeps back.
///
/// # Errors
/// When the baseline cannot be used.
pub fn check<'t>(site: &Site, tree: &'t dyn Tree) -> Result<Outcome<'t>, PathRefusal> {
    let mut outcome = engine::check(&site.repository(tree), &site.settings.rules);
    baseline::apply(site, tree, &mut outcome)?;
    if let Some(path) = &site.only {
        keep_only(&mut outcome, path);
    }
    outcome.join_causes();
    Ok(outcome)
}

/// What is found about one file, with a buffer above the tree in its place.
///
/// # Errors
/// As [`check`].
pub fn check_buffer<'t>(
    site: &Site,
    tree: &'t Overlay<'t>,
    path: &TreePath,
) -> Result<Outcome<'t>, PathRefusal> {
    let mut outcome = engine::check(&site.repository(tree), &site.settings.rules);
    baseline::apply(site, tree, &mut outcome)?;
    keep_only(&mut outcome, path);
    outcome.join_causes();
    Ok(outcome)
}
