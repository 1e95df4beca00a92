//! What people must know beside a result: files that were not read, and what runs left that were
//! ended before they were done.

use std::path::Path;

use super::Site;
use crate::tree::{self, SkipReason, Skipped, Tree, TreePath};

/// Everything that is to be said of a repository, a sentence each.
pub fn all(site: &Site, tree: &dyn Tree) -> Vec<String> {
    let left = unfinished(site).into_iter();
    left.chain(unopened(site, tree)).collect()
}

/// What the listing met and did not open: everybody has to know, because what is in it may change
/// the result. A sentence each.
pub fn unopened(site: &Site, tree: &dyn Tree) -> Vec<String> {
    let shown = &site.shown;
    let line = |skipped: &Skipped| {
        let what = match skipped.reason {
            SkipReason::NotAFile => "is not a regular file",
            SkipReason::TooLarge => "is larger than 1 MiB",
            SkipReason::Unreadable => "cannot be opened",
            _ => return None,
        };
        let path = shown.path(&skipped.path);
        Some(format!("{path} {what} and was not read"))
    };
    let left = |path: &TreePath| {
        let path = shown.path(path);
        format!(
            "{path} was left by a run that was ended before it was done; `dashlift fix` takes it \
             away if it began there, or else remove it"
        )
    };
    let ours = tree.entries().iter().map(|entry| &entry.path);
    let ours = ours.filter(|path| is_temporary(path.name()));
    let skipped = tree.skipped().iter().filter_map(line);
    skipped.chain(ours.map(left)).collect()
}

/// Whether a file has a name that this program gives to those that it makes for a moment.
fn is_temporary(name: &str) -> bool {
    let ending = Path::new(name).extension();
    name.starts_with(".dashlift-") && ending.is_some_and(|it| it == "new" || it == "old")
}

/// The journal that an interrupted run left, and what settles it, a sentence.
pub fn unfinished(site: &Site) -> Option<String> {
    let journal = site.root.as_deref().and_then(tree::unfinished)?;
    let path = site.quoted_path().map(|path| format!(" {path}"));
    Some(format!(
        "a run that was ended before it was done left {}: some files may be old and some new; \
         `dashlift fix{}` finishes or undoes it",
        journal.display(),
        path.unwrap_or_default()
    ))
}
