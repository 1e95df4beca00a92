//! What decides whether an app starts and nobody can tell from its repository: it takes the word
//! *ready* away.

use std::collections::BTreeSet;

use super::{At, Packages, at};
use crate::app::{App, Role};
use crate::engine::SkippedSource;
use crate::packages::snapshot;
use crate::rules::{NeededPython, Place};

/// Something that is not known, and where it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Where.
    pub at: Option<At>,
    /// What.
    pub kind: UnknownKind,
}

/// What is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnknownKind {
    /// Which Python the app gets: it is the release's default as far as anybody can tell.
    Python,
    /// What a distribution needs and where it installs: the snapshot does not have it.
    Distribution(String),
    /// What a package of a private index needs and whether the server has it.
    PrivatePackage(String),
    /// Which releases conda takes.
    Conda,
    /// What a list asks for that this program does not read.
    List,
    /// What a source file holds, and why.
    Source(String),
}

impl UnknownKind {
    /// The word for it in documents.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Distribution(_) => "distribution",
            Self::PrivatePackage(_) => "private-package",
            Self::Conda => "conda",
            Self::List => "list",
            Self::Source(_) => "source",
        }
    }
}

/// What is not known of an app as its files stand.
pub(super) fn find_unknown(
    app: &App,
    python: &NeededPython,
    packages: &Packages,
    skipped: &[SkippedSource],
) -> Vec<Unknown> {
    let mut unknown = Vec::new();
    if python.is_assumed {
        unknown.push(Unknown {
            at: None,
            kind: UnknownKind::Python,
        });
    }
    let private = packages.private.iter().map(|package| Unknown {
        at: Some(package.at.clone()),
        kind: UnknownKind::PrivatePackage(package.name.clone()),
    });
    unknown.extend(private);
    unknown.extend(find_list(app));
    unknown.extend(find_distributions(app, packages));
    unknown.extend(skipped.iter().map(|source| Unknown {
        at: Some(at(app.tree(), &Place::file(source.path.clone()))),
        kind: UnknownKind::Source(source.reason.clone()),
    }));
    unknown
}

/// The list that the build takes, where it is not one of pip's, in the order of the buildpacks.
fn find_list(app: &App) -> Option<Unknown> {
    let (name, kind) = match () {
        () if app.has("Pipfile") => ("Pipfile", UnknownKind::List),
        () if app.has("requirements.txt") => return None,
        () if app.has("environment.yml") => ("environment.yml", UnknownKind::Conda),
        () if app.has("package-list.txt") => ("package-list.txt", UnknownKind::List),
        () if app.has_poetry() => ("pyproject.toml", UnknownKind::List),
        () => return None,
    };
    let place = Place::file(app.path(name));
    Some(Unknown {
        at: Some(at(app.tree(), &place)),
        kind,
    })
}

/// The distributions that the lists ask for and the snapshot does not have, each once.
fn find_distributions(app: &App, packages: &Packages) -> Vec<Unknown> {
    let private = packages.private.iter().map(|package| package.name.as_str());
    let mut seen: BTreeSet<String> = private.map(str::to_owned).collect();
    let mut unknown = Vec::new();
    for (list, _, requirement) in app.requirements().requirements() {
        let Some(name) = requirement.key.as_ref() else {
            continue;
        };
        let is_new = list.role != Role::Constraints && seen.insert(name.clone());
        if is_new && snapshot::find(name).is_none() {
            let place = Place::span(list.path.clone(), requirement.span);
            unknown.push(Unknown {
                at: Some(at(app.tree(), &place)),
                kind: UnknownKind::Distribution(name.clone()),
            });
        }
    }
    unknown
}
