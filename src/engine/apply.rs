//! One round: a set of fixes that do not disturb one another, applied together.

use std::collections::{BTreeMap, BTreeSet};

use super::Failure;
use crate::rules::{Code, Edit, Fix};
use crate::text::{Span, Text, splice};
use crate::tree::{Overlay, ReadError, Tree, TreePath};

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
            for edit in fix.edits.iter().map(|edit| resolved(tree, edit)) {
                self.touch(&edit);
                self.edits.push((code, edit));
            }
            self.read.extend(fix.reads.iter().cloned());
        }
        fits
    }

    /// Whether the round would take the fix.
    pub(super) fn fits(&self, tree: &dyn Tree, fix: &Fix) -> bool {
        let mut edits = fix.edits.iter().map(|edit| resolved(tree, edit));
        !fix.edits.is_empty()
            && edits.all(|edit| self.has_room(&edit))
            && fix
                .reads
                .iter()
                .all(|path| !self.touched.contains_key(path))
    }

    fn has_room(&self, edit: &Edit) -> bool {
        let free = |path: &TreePath| !self.touched.contains_key(path);
        paths(edit).all(|path| !self.read.contains(path))
            && match edit {
                Edit::Replace { path, span, .. } => match self.touched.get(path) {
                    None => true,
                    Some(Touch::Whole) => false,
                    Some(Touch::Parts(spans)) => is_free(spans, *span),
                },
                whole => paths(whole).all(free),
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
        for path in paths(edit) {
            self.touched.insert(path.clone(), Touch::Whole);
        }
    }

    /// Makes the changes.
    pub(super) fn apply(self, tree: &mut Overlay) -> Result<(), Failure> {
        let mut replacements: BTreeMap<TreePath, (Code, Vec<(Span, String)>)> = BTreeMap::new();
        for (code, edit) in self.edits {
            if let Edit::Replace { path, span, text } = edit {
                let (_, list) = replacements.entry(path).or_insert((code, Vec::new()));
                list.push((span, text));
            } else {
                let path = paths(&edit).next().cloned().unwrap_or_else(TreePath::root);
                apply_whole(tree, edit).map_err(|error| misfit(code, &path, &error))?;
            }
        }
        for (path, (code, list)) in replacements {
            let text = decode(tree, &path).map_err(|reason| misfit(code, &path, &reason))?;
            let content =
                splice(text.as_str(), &list).map_err(|error| misfit(code, &path, &error))?;
            let bytes = text.with_content(content).encode();
            tree.write(&path, bytes)
                .map_err(|error| misfit(code, &path, &error))?;
        }
        Ok(())
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
    let edits = fix.edits.iter().map(|edit| resolved(tree, edit));
    let outside = |edit: Edit| paths(&edit).find(|path| !path.is_in(scope)).cloned();
    edits.into_iter().find_map(outside)
}

fn misfit(code: Code, path: &TreePath, reason: &dyn ToString) -> Failure {
    Failure::Misfit {
        rule: code.to_string(),
        path: path.clone(),
        reason: reason.to_string(),
    }
}

fn decode(tree: &dyn Tree, path: &TreePath) -> Result<Text, String> {
    let bytes = tree.read(path).map_err(|error| error.to_string())?;
    Text::decode_declared(&bytes).map_err(|error| error.to_string())
}

fn apply_whole(tree: &mut Overlay, edit: Edit) -> Result<(), ReadError> {
    match edit {
        Edit::Replace { .. } => Ok(()),
        Edit::Create {
            path,
            contents,
            executable,
        } => match tree.kind(&path) {
            None if executable => tree.write_script(&path, contents.into_bytes()),
            None => tree.write(&path, contents.into_bytes()),
            Some(_) => Err(ReadError::Io("it is there already".to_owned())),
        },
        Edit::Reencode { path } => {
            let text = decode(tree, &path).map_err(ReadError::Io)?;
            tree.write(&path, text.as_str().as_bytes().to_vec())
        }
        Edit::Remove { path } => {
            tree.read(&path)?;
            tree.remove(&path);
            Ok(())
        }
        Edit::Rename { from, to } => tree.rename(&from, &to),
    }
}

/// The paths that an edit changes.
fn paths(edit: &Edit) -> impl Iterator<Item = &TreePath> {
    let (first, second) = match edit {
        Edit::Replace { path, .. }
        | Edit::Create { path, .. }
        | Edit::Reencode { path }
        | Edit::Remove { path } => (path, None),
        Edit::Rename { from, to } => (from, Some(to)),
    };
    std::iter::once(first).chain(second)
}

fn resolved(tree: &dyn Tree, edit: &Edit) -> Edit {
    let mut edit = edit.clone();
    if let Edit::Replace { path, .. } | Edit::Reencode { path } = &mut edit
        && let Ok(target) = tree.resolve(path)
    {
        *path = target;
    }
    edit
}
