//! Which folders of a tree are apps, and what each is written in.

use std::collections::BTreeSet;

use super::App;
use crate::files::buildpacks::ForeignLanguage;
use crate::text::Text;
use crate::tree::{Tree, TreePath};

/// What an app is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Python, which DE5 builds.
    Python,
    /// R, for which DE5 documents no buildpack.
    R,
    /// Julia, for which DE5 documents no buildpack.
    Julia,
}

/// Files that only an app of Dash Enterprise (or of its ancestor Heroku) has.
pub const MARKERS: &[&str] = &[
    "Procfile",
    "DOKKU_SCALE",
    "CHECKS",
    ".buildpacks",
    "apt-packages",
    "Aptfile",
    "conda-requirements.txt",
    "conda-runtime.txt",
    "runtime.txt",
    "project.toml",
];

/// Lists of dependencies, which any Python project has.
pub const LISTS: &[&str] = &[
    "requirements.txt",
    "environment.yml",
    "environment.yaml",
    "Pipfile",
    "setup.py",
];

/// Distributions that serve web pages: a list that names one belongs to an app.
const SERVERS: &[&str] = &[
    "dash",
    "gunicorn",
    "streamlit",
    "flask",
    "django",
    "fastapi",
    "uvicorn",
    "waitress",
    "panel",
    "bokeh",
    "shiny",
];

/// The app folders at or below `scope`, sorted. A folder is one when it holds a build file that
/// only apps have; in a tree without any such folder, when it holds a list of dependencies that
/// names a web server and Python files beside it.
pub fn discover(tree: &dyn Tree, scope: &TreePath) -> Vec<TreePath> {
    let mut marked = BTreeSet::new();
    let mut listed = BTreeSet::new();
    for entry in tree.under(scope) {
        let name = entry.path.name();
        if MARKERS.contains(&name) || (name == "app.json" && is_deploy_json(tree, &entry.path)) {
            marked.insert(entry.path.parent());
        } else if LISTS.contains(&name) {
            listed.insert(entry.path.parent());
        }
    }
    if marked.is_empty() {
        marked = topmost(listed.into_iter().filter(|folder| serves(tree, folder)));
    }
    marked.into_iter().collect()
}

/// What the app is written in: its buildpacks, process types and build files say it.
pub(super) fn language(app: &App) -> Language {
    if let Some(language) = language_of_buildpacks(app) {
        return language;
    }
    if app.has("requirements.txt")
        || app.has("conda-requirements.txt")
        || app.has("environment.yml")
    {
        return Language::Python;
    }
    let Some(file) = app.procfile().present() else {
        return if app.has("init.R") {
            Language::R
        } else {
            Language::Python
        };
    };
    let text = file.text.as_str();
    let runs = |program: &str| {
        file.model.processes().iter().any(|process| {
            let words = process.command.of(text).split([' ', '\t', '/']);
            words.into_iter().any(|word| word == program)
        })
    };
    if app.has("init.R") || runs("R") || runs("Rscript") {
        Language::R
    } else if runs("julia") {
        Language::Julia
    } else {
        Language::Python
    }
}

/// The language of an app whose `.buildpacks` names none for Python: DE4 used no other then, even
/// beside a `requirements.txt`.
fn language_of_buildpacks(app: &App) -> Option<Language> {
    let file = app.buildpacks().present()?;
    let entries = file.model.entries().iter();
    let mut languages = entries.map(|entry| entry.foreign_language(file.text.as_str()));
    let first = languages.next()??;
    languages
        .all(|other| other.is_some())
        .then_some(match first {
            ForeignLanguage::R => Language::R,
            ForeignLanguage::Julia => Language::Julia,
        })
}

/// `app.json` is a common name (React Native has one): it marks an app when it speaks of a deploy.
fn is_deploy_json(tree: &dyn Tree, path: &TreePath) -> bool {
    tree.read(path).is_ok_and(|bytes| {
        [
            &b"\"dokku\""[..],
            b"\"predeploy\"",
            b"\"postdeploy\"",
            b"\"healthchecks\"",
        ]
        .iter()
        .any(|word| memchr::memmem::find(&bytes, word).is_some())
    })
}

fn serves(tree: &dyn Tree, folder: &TreePath) -> bool {
    let beside = |entry: &crate::tree::Entry| {
        entry.path.parent() == *folder && entry.path.name().strip_suffix(".py").is_some()
    };
    tree.under(folder).iter().any(beside)
        && LISTS
            .iter()
            .any(|name| names_server(tree, &folder.child(name)))
}

fn names_server(tree: &dyn Tree, path: &TreePath) -> bool {
    let Ok(text) = tree.read(path).map(|bytes| Text::decode(&bytes)) else {
        return false;
    };
    text.is_ok_and(|text| {
        let mut words = text
            .as_str()
            .split(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)));
        words.any(|word| SERVERS.contains(&word.to_ascii_lowercase().as_str()))
    })
}

/// The folders that lie in no other of them.
fn topmost(folders: impl Iterator<Item = TreePath>) -> BTreeSet<TreePath> {
    let mut kept: Vec<TreePath> = Vec::new();
    for folder in folders {
        if !kept.iter().any(|above| folder.is_in(above)) {
            kept.push(folder);
        }
    }
    kept.into_iter().collect()
}
