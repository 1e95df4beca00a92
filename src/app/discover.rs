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

/// Whether a file was meant to be the `Procfile`: the same name in other letters, or with the ending
/// that an editor gave it.
pub fn is_near_procfile(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let stem = [".txt", ".text", ".md", ".yml", ".yaml", ".sh"]
        .iter()
        .find_map(|end| lower.strip_suffix(end));
    name != "Procfile" && stem.unwrap_or(&lower).trim_end_matches('.') == "procfile"
}

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
/// only apps have; or, apart from those, when it holds a list of dependencies that names Dash and
/// Python files that make a Dash app; in a tree without any such folder, when its list names a web
/// server and Python files lie in it.
pub fn discover(tree: &dyn Tree, scope: &TreePath) -> Vec<TreePath> {
    let mut marked = BTreeSet::new();
    let mut listed = BTreeSet::new();
    for entry in tree.under(scope) {
        let name = entry.path.name();
        let is_marker = MARKERS.contains(&name) || is_near_procfile(name);
        if is_marker || (name == "app.json" && is_deploy_json(tree, &entry.path)) {
            marked.insert(entry.path.parent());
        } else if LISTS.contains(&name) {
            listed.insert(entry.path.parent());
        }
    }
    let apart = |folder: &TreePath| {
        let mut known = marked.iter();
        !known.any(|it| it.is_in(folder) || folder.is_in(it))
    };
    let listed_apps = listed.iter().filter(|it| apart(it) && makes_dash(tree, it));
    let listed_apps = topmost(listed_apps.cloned());
    marked.extend(listed_apps);
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
            let words = process.command.slice(text).split([' ', '\t', '/']);
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

/// Folders of a project in which its app may lie, beside the project's own.
const CODE: &[&str] = &["src", "app", "backend", "dashboard"];

fn serves(tree: &dyn Tree, folder: &TreePath) -> bool {
    python_files(tree, folder).next().is_some()
        && LISTS
            .iter()
            .any(|name| names_server(tree, &folder.child(name), SERVERS))
}

/// Whether the list of a folder names Dash, and a Python file there makes an app of it.
fn makes_dash(tree: &dyn Tree, folder: &TreePath) -> bool {
    let listed = LISTS
        .iter()
        .any(|name| names_server(tree, &folder.child(name), &["dash"]));
    let mut files = python_files(tree, folder);
    listed
        && files.any(|path| {
            tree.read(path)
                .is_ok_and(|bytes| memchr::memmem::find(&bytes, b"Dash(").is_some())
        })
}

/// The Python files in a folder, and in the folders in which code usually lies.
fn python_files<'t>(
    tree: &'t dyn Tree,
    folder: &TreePath,
) -> impl Iterator<Item = &'t TreePath> + use<'t> {
    let mut folders = vec![folder.clone()];
    folders.extend(CODE.iter().map(|name| folder.child(name)));
    let entries = tree.under(folder).iter();
    let python = entries.filter(move |entry| {
        entry.path.name().strip_suffix(".py").is_some() && folders.contains(&entry.path.parent())
    });
    python.map(|entry| &entry.path)
}

fn names_server(tree: &dyn Tree, path: &TreePath, servers: &[&str]) -> bool {
    let Ok(text) = tree.read(path).map(|bytes| Text::decode(&bytes)) else {
        return false;
    };
    text.is_ok_and(|text| {
        let mut words = text
            .as_str()
            .split(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)));
        words.any(|word| servers.contains(&word.to_ascii_lowercase().as_str()))
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
