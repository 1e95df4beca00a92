//! Which app of the server an app of a repository is: the one of its name, where the user told it;
//! else the one that its git remotes lead to; else the one of its folder's name.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::document::{Inventory, InventoryApp};
use super::name::Names;
use crate::tree::TreePath;

/// An inventory, and what is known of the repository that is looked at.
#[derive(Debug, Clone)]
pub struct KnownInventory {
    /// The inventory.
    pub inventory: Arc<Inventory>,
    /// What the apps of the repository may be called.
    pub names: Names,
    /// Those of the deployed commits that the repository has; `None` where nobody can look.
    pub commits: Option<BTreeSet<String>>,
}

/// The app of the server that an app of a repository is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined<'i> {
    /// This one.
    One(&'i InventoryApp),
    /// It could be either of two, or more.
    Several(&'i InventoryApp, &'i InventoryApp),
    /// The inventory does not have it.
    None,
}

impl<'i> Joined<'i> {
    /// The app, where it is one.
    pub fn one(self) -> Option<&'i InventoryApp> {
        match self {
            Self::One(app) => Some(app),
            Self::Several(..) | Self::None => None,
        }
    }
}

impl KnownInventory {
    /// What the app in the folder `root` of the repository is on the server.
    pub fn app_of(&self, root: &TreePath) -> Joined<'_> {
        self.joined(root, &self.names)
    }

    /// As [`KnownInventory::app_of`], with other names.
    pub fn joined(&self, root: &TreePath, names: &Names) -> Joined<'_> {
        for candidates in names.candidates(root) {
            let mut found = candidates
                .iter()
                .filter_map(|name| self.inventory.app(name));
            match (found.next(), found.next()) {
                (Some(only), None) => return Joined::One(only),
                (Some(one), Some(other)) => return Joined::Several(one, other),
                (None, _) => {}
            }
        }
        Joined::None
    }

    /// The apps that the one in the root of the repository may be.
    pub fn candidates(&self) -> impl Iterator<Item = &InventoryApp> {
        let names = self.names.candidates(&TreePath::root()).into_iter();
        names
            .flatten()
            .filter_map(move |name| self.inventory.app(&name))
    }

    /// The names of the other apps of the server that have something, too.
    pub fn others_with(
        &self,
        app: &InventoryApp,
        has: impl Fn(&InventoryApp) -> bool,
    ) -> Vec<&str> {
        let apps = self.inventory.apps.iter();
        let others = apps.filter(|other| other.name != app.name && has(other));
        others.map(|other| other.name.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::VERSION;

    fn known(apps: &[&str], names: Names) -> KnownInventory {
        let apps = apps.iter().map(|name| InventoryApp {
            name: (*name).to_owned(),
            ..InventoryApp::default()
        });
        let inventory = Inventory {
            version: VERSION,
            tool: String::new(),
            host: None,
            read_on: "2026-11-30".to_owned(),
            complete: true,
            counted: None,
            with_values: false,
            notes: Vec::new(),
            apps: apps.collect(),
        };
        KnownInventory {
            inventory: Arc::new(inventory),
            names,
            commits: None,
        }
    }

    fn joined(apps: &[&str], names: &Names, root: &str) -> String {
        match known(apps, names.clone()).app_of(&TreePath::new(root).unwrap()) {
            Joined::One(app) => app.name.clone(),
            Joined::Several(one, other) => format!("{} or {}", one.name, other.name),
            Joined::None => "none".to_owned(),
        }
    }

    #[test]
    fn the_remote_counts_before_the_folder() {
        let mut names = Names {
            remotes: vec![
                "https://git.example.com/team/other.git".to_owned(),
                "https://dash.example.com/GIT/sales".to_owned(),
            ],
            folder: Some("costs".to_owned()),
            ..Names::default()
        };
        assert_eq!(joined(&["costs", "sales", "other"], &names, ""), "sales");
        assert_eq!(joined(&["costs", "other"], &names, ""), "costs");
        assert_eq!(joined(&["one"], &names, "apps/one"), "one");
        assert_eq!(joined(&["two"], &names, "apps/one"), "none");
        names.told = Some("told".to_owned());
        assert_eq!(joined(&["sales", "told"], &names, ""), "told");
        assert_eq!(joined(&["sales"], &names, ""), "none");
    }

    #[test]
    fn two_remotes_are_two_candidates() {
        let names = Names {
            remotes: vec![
                "dokku@dash.example.com:sales".to_owned(),
                "dokku@dash.example.com:sales-test".to_owned(),
            ],
            ..Names::default()
        };
        assert_eq!(
            joined(&["sales", "sales-test"], &names, ""),
            "sales or sales-test"
        );
        assert_eq!(joined(&["sales-test"], &names, ""), "sales-test");
    }
}
