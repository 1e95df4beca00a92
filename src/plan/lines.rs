//! Lines of findings in the files that a person has before them: the repairs move lines, and a
//! finding knows the line of the text that it was made from.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::At;
use crate::engine::Reported;
use crate::text::Text;
use crate::tree::{Tree, TreePath};

/// Where a finding is in the files of `tree`.
pub(super) fn found_at(reported: &Reported, tree: &dyn Tree) -> At {
    let place = &reported.finding.place;
    let has_line = place.span.is_some() || place.position.is_some();
    let line = has_line.then(|| reported.position().line);
    At {
        path: place.path.clone(),
        line: line.and_then(|line| seen(line, reported.text.as_ref(), tree, &place.path)),
    }
}

/// The line of `tree`'s file that is this line of `text`; `None` where the file is gone.
fn seen(line: usize, text: Option<&Text>, tree: &dyn Tree, path: &TreePath) -> Option<usize> {
    let Some(text) = text else {
        return tree.resolve(path).ok().map(|_| line);
    };
    let now = Text::decode_declared(&tree.read(path).ok()?).ok()?;
    if now.as_str() == text.as_str() {
        return Some(line);
    }
    let old: Vec<&str> = text.as_str().lines().collect();
    let new: Vec<&str> = now.as_str().lines().collect();
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    Some(moved(line.saturating_sub(1), &ops) + 1)
}

/// Where the line `index` of the old text is in the new one; a line that is not there any more is
/// where its neighbours are.
fn moved(index: usize, ops: &[DiffOp]) -> usize {
    for op in ops {
        let (old, new) = (op.old_range(), op.new_range());
        if old.contains(&index) {
            let within = index - old.start;
            return new.start + within.min(new.len().saturating_sub(1));
        }
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MemoryTree;

    #[test]
    fn a_line_is_found_where_it_went() {
        let tree = MemoryTree::new([("a", "new\none\nTWO\nfour\n")]);
        let path = TreePath::new("a").unwrap();
        let old = Text::new("one\ntwo\nthree\nfour\n");
        let seen = |line| super::seen(line, Some(&old), &tree, &path);
        assert_eq!(seen(1), Some(2));
        assert_eq!(seen(2), Some(3));
        assert_eq!(seen(4), Some(4));
        let gone = TreePath::new("b").unwrap();
        assert_eq!(super::seen(1, Some(&old), &tree, &gone), None);
    }
}
