//! Installed environments, as the command line or the machine names them.
#![allow(
    clippy::disallowed_methods,
    reason = "an active environment is told by VIRTUAL_ENV"
)]

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::named_file::NamedFile;
use super::refusal::PathRefusal;
use super::site::Site;
use crate::app::App;
use crate::installed;
use crate::packages::Target;
use crate::packages::edges::{Metadata, Origin};
use crate::packages::minimise::{Lists, listed};
use crate::tree::TreePath;

/// Folders of an app that hold an environment by custom.
const CUSTOMARY: &[&str] = &[".venv", "venv"];

/// What is installed in a folder: distributions whose normalised names are `wanted`, or all.
///
/// # Errors
/// When the folder is no environment.
pub fn read(
    folder: &NamedFile,
    wanted: Option<&BTreeSet<String>>,
) -> Result<Metadata, PathRefusal> {
    let shown = folder.display();
    let opened = folder.open().map_err(installed::OpenError::from);
    let found = opened.and_then(|folder| installed::open(&folder, wanted));
    let found = found.map_err(|error| PathRefusal::Environment {
        path: shown.clone(),
        error,
    })?;
    let mut metadata = Metadata::new(Origin::Environment(shown));
    metadata.python = found.python.map(Target::new);
    metadata.problems = found.problems;
    for distribution in &found.distributions {
        let requires = distribution.requires.iter().map(String::as_str);
        metadata.add(&distribution.name, &distribution.version, requires);
    }
    Ok(metadata)
}

/// The environment of an app that is there anyway, unless another one was named.
pub fn of_app(site: &Site, app: &App, lists: &Lists, target: Target) -> Option<Metadata> {
    let is_named = site.settings.rules.installed.is_some();
    let names = || listed(lists, app.root(), target);
    (!is_named)
        .then(|| found(site, app.root(), &names()))
        .flatten()
}

/// The environment that is there anyway: the active one, or one in a customary folder of the app.
/// One that cannot be read is passed over: nobody named it.
fn found(site: &Site, app: &TreePath, wanted: &BTreeSet<String>) -> Option<Metadata> {
    let active = std::env::var_os("VIRTUAL_ENV").map(PathBuf::from);
    let active = active.map(|folder| (folder.display().to_string(), NamedFile::Anywhere(folder)));
    let customary = site.root.iter().flat_map(|root| {
        CUSTOMARY.iter().map(|name| {
            let path = app.child(name);
            let named = NamedFile::Within {
                root: root.clone(),
                below: Some(path.as_str().into()),
                told: path.to_string(),
            };
            (site.shown.path(&path), named)
        })
    });
    let mut folders = active.into_iter().chain(customary);
    folders.find_map(|(shown, folder)| {
        let mut metadata = read(&folder, Some(wanted)).ok()?;
        metadata.origin = Origin::Environment(shown);
        (!metadata.is_empty()).then_some(metadata)
    })
}
