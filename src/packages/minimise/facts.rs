//! What is looked up about the listed distributions before a judgement.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;

use super::lists::{ListEntry, Lists};
use crate::app::App;
use crate::app::conda_names::{Held, conda_only, find_held};
use crate::packages::evidence::{DistributionUse, uses};
use crate::packages::obsolete::obsolete;
use crate::packages::resolve::{KnownPackages, Universe};
use crate::packages::{Ran, Target};
use crate::tree::TreePath;

/// What uses the listed distributions, and which of them the target has no use for.
#[derive(Debug, Clone, Default)]
pub struct ListFacts {
    /// The uses by the app.
    pub uses: BTreeMap<String, Vec<DistributionUse>>,
    /// Reasons.
    pub obsolete: BTreeMap<String, String>,
    /// The versions that ran of what no list limits, where they install on the target.
    pub ran: BTreeMap<String, Version>,
}

impl ListFacts {
    /// Everything. `ran` is what the app ran with, as far as that is known.
    pub fn gather(app: &App, lists: &Lists, target: Target, ran: &Ran) -> Self {
        let mut facts = Self::without_uses(lists, app.root(), target, ran);
        let names = names(lists, app.root(), target);
        facts.uses = uses(app, &names.into_keys().collect());
        facts
    }

    /// What can be said without a look at the app's sources.
    pub fn without_uses(lists: &Lists, root: &TreePath, target: Target, ran: &Ran) -> Self {
        let names = names(lists, root, target);
        let dash = names.get("dash").cloned().flatten();
        let obsolete = names.keys().filter_map(|name| {
            let row = obsolete(name, target, dash.as_ref())?;
            Some((name.clone(), row.reason(target)))
        });
        Self {
            uses: BTreeMap::new(),
            obsolete: obsolete.chain(of_conda(lists, root, target)).collect(),
            ran: usable(lists, &names, target, ran),
        }
    }
}

/// What conda brings without being asked, and why.
fn of_conda(lists: &Lists, root: &TreePath, target: Target) -> Vec<(String, String)> {
    /// conda's Python needs them.
    const OF_PYTHON: &[&str] = &["pip", "setuptools", "wheel"];
    let entries = lists.entries(root, target).into_iter();
    let named = entries.filter(ListEntry::is_conda).filter_map(|it| it.name);
    let found = named.filter_map(|name| {
        let package = conda_only(&name);
        let reason = match package.map(find_held) {
            Some(Held::Library) => "a library of conda's: what needs it brings it",
            None if OF_PYTHON.contains(&name.as_str()) => "conda's Python brings it",
            _ => return None,
        };
        Some((name, reason.to_owned()))
    });
    found.collect()
}

/// What ran of the names that have no version.
fn usable(
    lists: &Lists,
    names: &BTreeMap<String, Option<Version>>,
    target: Target,
    ran: &Ran,
) -> BTreeMap<String, Version> {
    let limits = lists.limits();
    let open = names
        .iter()
        .filter(|(name, pin)| pin.is_none() && !limits.contains_key(*name));
    let ran = open.filter_map(|(name, _)| {
        let version = ran.version(name)?;
        let releases = KnownPackages.candidates(name, target)?;
        let release = releases.iter().find(|one| one.version == *version)?;
        let installs = release.file.is_ok() && !release.yanked;
        installs.then(|| (name.clone(), version.clone()))
    });
    ran.collect()
}

/// The listed names, each with its exact version.
fn names(lists: &Lists, root: &TreePath, target: Target) -> BTreeMap<String, Option<Version>> {
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
