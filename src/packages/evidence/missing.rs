//! Imports that nothing in a list brings.

use std::collections::{BTreeMap, BTreeSet};

use super::own::Own;
use super::source::full_name;
use crate::app::App;
use crate::packages::names::{distributions_of, is_standard, suggestions};
use crate::text::Span;
use crate::tree::TreePath;

/// An import that no distribution of a list brings, where it is first seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The module, as written.
    pub module: String,
    /// The file.
    pub path: TreePath,
    /// The statement.
    pub span: Span,
    /// Whether the app can do without it everywhere: all its imports are guarded.
    pub guarded: bool,
    /// Whether it is imported when a module is loaded, not only when a function is called.
    pub at_start: bool,
    /// Names to look for. Nobody has checked that they are what the app means: they are never
    /// written into a list, since anyone can publish under a name.
    pub suggestions: Vec<String>,
}

/// The imports that no distribution of `brought` (normalised names: the list with all that it
/// brings) provides, by module. Modules of the app and of the standard library are not among them.
pub fn missing(app: &App, brought: &BTreeSet<String>) -> Vec<Missing> {
    let own = Own::gather(app);
    let mut found: BTreeMap<String, Missing> = BTreeMap::new();
    for source in app.live_first(app.sources().iter()) {
        let Some((_, facts)) = source.facts() else {
            continue;
        };
        for import in facts
            .imports
            .iter()
            .filter(|it| it.level == 0 && !it.type_checking)
        {
            let top = import.module.split('.').next().unwrap_or_default();
            let name = full_name(import);
            let is_known = top.is_empty()
                || is_standard(top)
                || own.has(top)
                || !distributions_of(&name, brought).is_empty();
            if is_known {
                continue;
            }
            let entry = found
                .entry(import.module.clone())
                .or_insert_with(|| Missing {
                    module: import.module.clone(),
                    path: source.path().clone(),
                    span: import.statement,
                    guarded: true,
                    at_start: false,
                    suggestions: suggestions(&name),
                });
            entry.guarded &= import.guarded;
            entry.at_start |= import.scope == 0 && !import.guarded;
        }
    }
    found.into_values().collect()
}
