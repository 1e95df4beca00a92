//! What sets the apps of an inventory up on Dash Enterprise 5: a script to read and run, with the
//! commands of Plotly's client that are known well enough, and a checklist of what no option is known
//! for. Nothing is run here.

mod checklist;
mod script;

use crate::inventory::{Inventory, InventoryApp};

/// What the files are made of.
pub struct Handover<'a> {
    inventory: &'a Inventory,
    apps: Vec<&'a InventoryApp>,
    host: &'a str,
}

/// Apps that the inventory does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the inventory has no app {}", .0.join(", "))]
pub struct UnknownApps(pub Vec<String>);

impl<'a> Handover<'a> {
    /// All apps of the inventory, or those of the names, for the server `host`.
    ///
    /// # Errors
    /// When the inventory does not have one of them.
    pub fn new(
        inventory: &'a Inventory,
        names: Option<&[String]>,
        host: &'a str,
    ) -> Result<Self, UnknownApps> {
        let Some(names) = names else {
            let apps = inventory.apps.iter().collect();
            return Ok(Self {
                inventory,
                apps,
                host,
            });
        };
        let unknown = names.iter().filter(|name| inventory.app(name).is_none());
        let unknown: Vec<String> = unknown.cloned().collect();
        if !unknown.is_empty() {
            return Err(UnknownApps(unknown));
        }
        let apps = inventory.apps.iter();
        let apps = apps.filter(|app| names.contains(&app.name)).collect();
        Ok(Self {
            inventory,
            apps,
            host,
        })
    }

    /// The apps, by name.
    pub fn apps(&self) -> &[&'a InventoryApp] {
        &self.apps
    }

    /// The script, for bash.
    pub fn script(&self) -> String {
        script::script(self)
    }

    /// The checklist, as Markdown.
    pub fn checklist(&self) -> String {
        checklist::checklist(self)
    }
}

/// Whether a shell takes the name of a variable.
fn is_variable(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(is_part)
}

/// Whether a name is one word that means nothing to a shell.
fn is_word(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "._@+-".contains(c);
    !name.is_empty() && !name.starts_with('-') && name.chars().all(is_part)
}

/// The services of an app that the client can make: one of each kind.
fn services(app: &InventoryApp) -> Vec<&'static str> {
    let has = |kind: &str| {
        let mut services = app.services.iter().flatten();
        services.any(|service| service.kind.as_deref() == Some(kind))
    };
    let known = ["redis", "postgres"].into_iter();
    known.filter(|kind| has(kind)).collect()
}

/// The variables that the app's people set, not the platform.
fn own_variables(app: &InventoryApp) -> impl Iterator<Item = &str> {
    let variables = app.variables.iter().flatten();
    let own = variables.filter(|variable| variable.readonly != Some(true));
    own.map(|variable| variable.name.as_str())
}
