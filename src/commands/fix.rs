//! Repairs the apps of a site in its work tree.

use super::baseline;
use super::{PathRefusal, Site};
use crate::engine::{self, Outcome, Proposal};
use crate::git;
use crate::tree::{Overlay, Recovery, Tree, TreePath, WriteError, Written, recover, write_changes};

/// What was repaired, and how it was written.
pub struct Fixed<'t> {
    /// The findings and repairs.
    pub outcome: Outcome<'t>,
    /// What the writing met.
    pub written: Written,
    /// That everything was written, but something of the writing stayed.
    pub left_over: Option<WriteError>,
}

/// Finishes or undoes what an interrupted run left in the work tree of a site.
///
/// # Errors
/// When the site has no work tree, or what was left cannot be settled.
pub fn settle(site: &Site) -> Result<Option<Recovery>, PathRefusal> {
    let root = site.root.as_deref().ok_or(PathRefusal::BareFix)?;
    Ok(recover(root)?)
}

/// Repairs the apps and writes the files, after [`settle`]. With `choose` each fix is asked about
/// first.
///
/// # Errors
/// When files have uncommitted changes that `allow_dirty` does not allow to be written over, or
/// cannot be written. Nothing was written then, but where [`WriteError`] says otherwise.
pub fn fix<'t>(
    site: &Site,
    tree: &'t dyn Tree,
    allow_dirty: bool,
    choose: Option<&mut dyn FnMut(&Proposal) -> bool>,
) -> Result<Fixed<'t>, PathRefusal> {
    let root = site.root.as_deref().ok_or(PathRefusal::BareFix)?;
    let repository = site.repository(tree);
    let (settings, allowed) = (&site.settings.rules, site.settings.allowed);
    let mut outcome = engine::fix(&repository, settings, allowed);
    // Whoever has to commit first is told so before the questions.
    if !allow_dirty {
        refuse_dirty(site, &outcome.result)?;
    }
    if let Some(choose) = choose {
        outcome = engine::fix_chosen(&repository, settings, allowed, choose);
        if !allow_dirty {
            refuse_dirty(site, &outcome.result)?;
        }
    }
    baseline::apply(site, tree, &mut outcome)?;
    outcome.join_causes();
    let (written, left_over) = match write_changes(root, outcome.result.changes()) {
        Err(error @ WriteError::CleanUp(_)) => (Written::default(), Some(error)),
        written => (written?, None),
    };
    Ok(Fixed {
        outcome,
        written,
        left_over,
    })
}

/// Files with changes that git could not bring back are not written.
///
/// # Errors
/// When there are such files.
pub fn refuse_dirty(site: &Site, result: &Overlay) -> Result<(), PathRefusal> {
    let Some(workspace) = &site.workspace else {
        return Ok(());
    };
    let paths: Vec<TreePath> = result.changes().keys().cloned().collect();
    let dirty = git::dirty(workspace.repository(), &paths)?;
    if dirty.is_empty() {
        return Ok(());
    }
    let shown = dirty.iter().map(|path| site.shown.path(path));
    Err(PathRefusal::Dirty(shown.collect()))
}
