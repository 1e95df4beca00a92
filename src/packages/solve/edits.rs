//! The changes as edits of the files, which touch a requirement's specifiers only.

use super::{Ask, Change, Wish};
use crate::text::Span;
use crate::tree::TreePath;

/// A change of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The file.
    pub path: TreePath,
    /// What is replaced, in its text.
    pub span: Span,
    /// What stands there then.
    pub text: String,
}

/// The edits that make the changes.
///
/// # Errors
/// The first requirement that no edit can change: its line is continued in a way that hides its
/// parts, its hashes would be wrong, or it would have to go.
pub fn edits<'a>(asks: &'a [Ask], changes: &[Change]) -> Result<Vec<Edit>, &'a Ask> {
    let pairs = changes
        .iter()
        .filter_map(|change| Some((asks.get(change.ask)?, &change.wish)));
    let one = |(ask, wish): (&'a Ask, &Wish)| {
        let span = match wish {
            Wish::Dropped => ask.full,
            _ => ask.span.filter(|_| !ask.has_hashes),
        };
        Ok(Edit {
            path: ask.path.clone(),
            span: span.ok_or(ask)?,
            text: wish.specifiers(),
        })
    };
    pairs.map(one).collect()
}
