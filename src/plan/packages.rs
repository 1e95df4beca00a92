//! Package indexes that the build asks, and packages that the public one does not have.

use super::{At, at};
use crate::app::{App, RequirementList, Role};
use crate::files::pip_conf::PipConf;
use crate::files::pipfile::Pipfile;
use crate::files::requirements::Url;
use crate::rules::{Place, Settings, private_packages};
use crate::text::Span;
use crate::tree::TreePath;

/// Options whose value is an index.
const OPTIONS: &[&str] = &["index-url", "extra-index-url", "find-links"];

/// A package index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// Where it is named.
    pub at: At,
    /// Its URL without user, password and query, or the path of a folder.
    pub url: String,
}

/// A package that comes from a private index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivatePackage {
    /// Where it is asked for.
    pub at: At,
    /// Its normalised name.
    pub name: String,
}

/// What the build fetches, and from where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Packages {
    /// The indexes that the app names.
    pub indexes: Vec<Index>,
    /// The packages that need one.
    pub private: Vec<PrivatePackage>,
}

pub(super) fn packages(app: &App, settings: &Settings) -> Packages {
    let mut indexes: Vec<Index> = Vec::new();
    let lists = app.requirements().lists.iter();
    let installing = lists.filter(|list| list.role != Role::Constraints);
    indexes.extend(installing.flat_map(|list| of_list(app, list)));
    indexes.extend(of_pip_conf(app));
    indexes.extend(of_pipfile(app));
    let private = private_packages(app, settings).into_iter();
    let private = private.filter_map(|(list, requirement)| {
        let place = Place::span(list.path.clone(), requirement.span);
        Some(PrivatePackage {
            at: at(app.tree(), &place),
            name: requirement.key.clone()?,
        })
    });
    let mut packages = Packages {
        indexes,
        private: private.collect(),
    };
    packages.private.dedup_by(|a, b| a.name == b.name);
    packages
}

fn of_list(app: &App, list: &RequirementList) -> Vec<Index> {
    let options = list.options().map(|(_, option)| option);
    let named = options.filter(|option| OPTIONS.contains(&option.name) && !option.text.is_empty());
    named
        .map(|option| index(app, &list.path, option.span, &option.text))
        .collect()
}

fn of_pip_conf(app: &App) -> Vec<Index> {
    let state = app.load::<PipConf>("pip.conf");
    let Some(file) = state.present() else {
        return Vec::new();
    };
    let entries = file.model.entries().iter();
    let named = entries.filter(|entry| OPTIONS.contains(&entry.key.as_str()));
    let words = named.flat_map(|entry| &entry.words);
    words
        .map(|word| index(app, &file.path, *word, word.slice(file.text.as_str())))
        .collect()
}

fn of_pipfile(app: &App) -> Vec<Index> {
    let state = app.load::<Pipfile>("Pipfile");
    let Some(file) = state.present() else {
        return Vec::new();
    };
    let sources = file.model.sources().iter();
    sources
        .map(|source| index(app, &file.path, source.span, &source.url))
        .collect()
}

fn index(app: &App, path: &TreePath, span: Span, value: &str) -> Index {
    let place = Place::span(path.clone(), span);
    Index {
        at: at(app.tree(), &place),
        url: without_secrets(value),
    }
}

/// What may be shown of an index. A text with `://` that is no URL may hold anything.
fn without_secrets(value: &str) -> String {
    match Url::parse(value) {
        Some(url) => {
            let port = url.port.map(|port| format!(":{port}")).unwrap_or_default();
            format!("{}://{}{port}{}", url.scheme, url.host, url.path)
        }
        None if value.contains("://") || value.contains('@') => {
            value.split("://").next().unwrap_or_default().to_owned() + "://…"
        }
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_left_out() {
        for (url, shown) in [
            (
                "https://me:pw@dash.example.com:8443/packages?token=abc",
                "https://dash.example.com:8443/packages",
            ),
            ("https://${U}:${P}@example.com/x", "https://example.com/x"),
            ("./wheels", "./wheels"),
            ("file:///opt/wheels", "file://…"),
        ] {
            assert_eq!(without_secrets(url), shown);
        }
    }
}
