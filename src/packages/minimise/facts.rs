//! What is looked up about the listed distributions before a judgement.

use std::collections::{BTreeMap, BTreeSet};

use super::lists::Lists;
use crate::app::App;
use crate::packages::Target;
use crate::packages::evidence::{Use, uses};
use crate::packages::obsolete::obsolete;
use crate::tree::TreePath;

/// What uses the listed distributions, and which of them the target has no use for.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The uses by the app.
    pub uses: BTreeMap<String, Vec<Use>>,
    /// Reasons.
    pub obsolete: BTreeMap<String, String>,
}

impl Facts {
    /// Everything.
    pub fn of(app: &App, lists: &Lists, target: Target) -> Self {
        let mut facts = Self::without_uses(lists, app.root(), target);
        let names = names(lists, app.root(), target);
        facts.uses = uses(app, &names.into_keys().collect());
        facts
    }

    /// What can be said without a look at the app's sources.
    pub fn without_uses(lists: &Lists, root: &TreePath, target: Target) -> Self {
        let names = names(lists, root, target);
        let dash = names.get("dash").cloned().flatten();
        let obsolete = names.keys().filter_map(|name| {
            let row = obsolete(name, target, dash.as_ref())?;
            Some((name.clone(), row.reason(target)))
        });
        Self {
            uses: BTreeMap::new(),
            obsolete: obsolete.collect(),
        }
    }
}

/// The listed names, each with its exact version.
fn names(
    lists: &Lists,
    root: &TreePath,
    target: Target,
) -> BTreeMap<String, Option<pep440_rs::Version>> {
    let entries = lists.entries(root, target);
    let named = entries
        .into_iter()
        .filter_map(|it| Some((it.name?, it.pin)));
    named.collect()
}

/// The names of the distributions that lists name.
pub fn listed(lists: &Lists, root: &TreePath, target: Target) -> BTreeSet<String> {
    let constrained = lists.constrained(target).into_keys();
    names(lists, root, target)
        .into_keys()
        .chain(constrained)
        .collect()
}
