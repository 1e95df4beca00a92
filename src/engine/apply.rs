//! One round: a set of fixes that do not disturb one another, applied together.

use std::collections::{BTreeMap, BTreeSet};

use super::ProofFailure;
use crate::rules::{Code, Edit, Fix};
use crate::text::Span;
use crate::tree::{Overlay, Tree, TreePath, apply_edits};

/// The fixes of a round.
#[derive(Default)]
pub(super) struct Batch {
    edits: Vec<(Code, Edit)>,
    touched: BTreeMap<TreePath, Touch>,
    read: BTreeSet<TreePath>,
}

/// What a round does to one file.
enum Touch {
    /// The file is made, removed, renamed or written anew: nobody else may touch it.
    Whole,
    /// Parts of it are replaced.
    Parts(BTreeSet<Span>),
}

impl Batch {
    /// Takes the fix into the round, unless it would disturb one that is in it; the next round
    /// sees it again then. Edits of a symbolic link are edits of the file it leads to.
    pub(super) fn take(&mut self, tree: &dyn Tree, code: Code, fix: &Fix) -> bool {
        let fits = self.fits(tree, fix);
        if fits {
            for edit in fix.edits.iter().map(|edit| edit.resolved(tree)) {
                self.touch(&edit);
                self.edits.push((code, edit));
            }
            self.read.extend(fix.reads.iter().cloned());
        }
        fits
    }

    /// Whether the round would take the fix.
    pub(super) fn fits(&self, tree: &dyn Tree, fix: &Fix) -> bool {
        let mut edits = fix.edits.iter().map(|edit| edit.resolved(tree));
        !fix.edits.is_empty()
            && edits.all(|edit| self.has_room(&edit))
            && fix
                .reads
                .iter()
                .all(|path| !self.touched.contains_key(path))
    }

    fn has_room(&self, edit: &Edit) -> bool {
        let free = |path: &TreePath| !self.touched.contains_key(path);
        edit.paths().all(|path| !self.read.contains(path))
            && match edit {
                Edit::Replace { path, span, .. } => match self.touched.get(path) {
                    None => true,
                    Some(Touch::Whole) => false,
                    Some(Touch::Parts(spans)) => is_free(spans, *span),
                },
                whole => whole.paths().all(free),
            }
    }

    fn touch(&mut self, edit: &Edit) {
        if let Edit::Replace { path, span, .. } = edit {
            let touch = self.touched.entry(path.clone());
            if let Touch::Parts(spans) = touch.or_insert_with(|| Touch::Parts(BTreeSet::new())) {
                spans.insert(*span);
            }
            return;
        }
        for path in edit.paths() {
            self.touched.insert(path.clone(), Touch::Whole);
        }
    }

    /// Makes the changes.
    pub(super) fn apply(self, tree: &mut Overlay) -> Result<(), ProofFailure> {
        let (codes, edits): (Vec<Code>, Vec<Edit>) = self.edits.into_iter().unzip();
        apply_edits(&edits, tree).map_err(|misfit| ProofFailure::Misfit {
            rule: codes
                .get(misfit.edit)
                .map(Code::to_string)
                .unwrap_or_default(),
            path: misfit.path,
            reason: misfit.reason,
        })
    }
}

/// Whether none of the spans, which lie apart, collides with this one: only its neighbours can.
fn is_free(spans: &BTreeSet<Span>, span: Span) -> bool {
    let mut before = spans.range(..=Span::new(span.end, usize::MAX)).rev();
    !before
        .by_ref()
        .take_while(|other| other.end >= span.start)
        .any(|other| other.collides(span))
}

/// The first file that the fix would change outside `scope`.
pub(super) fn outside(tree: &dyn Tree, scope: &TreePath, fix: &Fix) -> Option<TreePath> {
    let edits = fix.edits.iter().map(|edit| edit.resolved(tree));
    let outside = |edit: Edit| edit.paths().find(|path| !path.is_in(scope)).cloned();
    edits.into_iter().find_map(outside)
}
