//! What the code of an app needs of its distributions: names that a later version no longer has.
//! The rows are in `rules/data/removed_names.toml` and `dash_versions.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use pep440_rs::VersionSpecifiers;
use serde::Deserialize;

use crate::app::{App, Reached, SourceFile};
use crate::packages::removed::removed;
use crate::packages::resolve::SourceDemand;
use crate::python::SourceKind;
use crate::tables::table;
use crate::text::Span;

static DASH: LazyLock<Dash> = LazyLock::new(|| table!("dash_versions"));

#[derive(Debug, Default, Deserialize)]
struct Dash {
    module: Vec<Module>,
    modules: Modules,
}

#[derive(Debug, Deserialize)]
struct Module {
    package: String,
}

#[derive(Debug, Default, Deserialize)]
struct Modules {
    packages_until: String,
}

/// A name, and what it asks for.
struct Asking {
    distribution: &'static str,
    versions: VersionSpecifiers,
    /// Whether a rule rewrites it where the list lets Dash go on.
    is_rewritten: bool,
}

static NAMES: LazyLock<BTreeMap<&'static str, Asking>> = LazyLock::new(|| {
    let mut names = BTreeMap::new();
    for row in removed() {
        let Some(versions) = row.kept_by() else {
            continue;
        };
        for name in &row.names {
            names.insert(
                name.as_str(),
                Asking {
                    distribution: &row.distribution,
                    versions: versions.clone(),
                    is_rewritten: false,
                },
            );
        }
    }
    let until = format!("<{}", DASH.modules.packages_until);
    if let Ok(versions) = until.parse::<VersionSpecifiers>() {
        for module in &DASH.module {
            names.insert(
                &module.package,
                Asking {
                    distribution: "dash",
                    versions: versions.clone(),
                    is_rewritten: true,
                },
            );
        }
    }
    names
});

/// What the code asks for: that which no rule rewrites, and all of it.
pub(super) fn demands(app: &App) -> (Vec<SourceDemand>, Vec<SourceDemand>) {
    let mut found: BTreeMap<(&str, String), (bool, SourceDemand)> = BTreeMap::new();
    for source in app.sources().iter().filter(|one| is_run(app, one)) {
        for (asking, demand) in of_source(source) {
            let key = (asking.distribution, asking.versions.to_string());
            // One place shows it.
            found.entry(key).or_insert((asking.is_rewritten, demand));
        }
    }
    let all = found.values().map(|(_, demand)| demand.clone()).collect();
    let kept = found
        .into_values()
        .filter(|(is_rewritten, _)| !is_rewritten);
    (kept.map(|(_, demand)| demand).collect(), all)
}

/// Whether a source may ask: something starts it, or, of a module, nobody can tell that nothing
/// does. A notebook is started by name.
fn is_run(app: &App, source: &SourceFile) -> bool {
    match app.reach().of_file(source.path()) {
        Reached::Yes => true,
        Reached::Unknown => source.kind() == SourceKind::Module,
        Reached::No => false,
    }
}

fn of_source<'s>(
    source: &'s SourceFile,
) -> impl Iterator<Item = (&'static Asking, SourceDemand)> + 's {
    let facts = source.facts();
    facts.into_iter().flat_map(move |(text, facts)| {
        let imports = facts.imports.iter();
        let imports = imports.filter(|one| one.level == 0 && !one.guarded && !one.type_checking);
        let imports = imports.flat_map(|one| {
            let taken = one
                .name
                .as_ref()
                .map(|name| format!("{}.{name}", one.module));
            let names = std::iter::once(one.module.clone()).chain(taken);
            names.map(|name| (name, one.statement))
        });
        let references = facts.references.iter().filter(|one| one.import.is_some());
        let references = references.map(|one| (one.name.clone(), one.span));
        let uses = imports.chain(references);
        uses.filter_map(move |(name, span): (String, Span)| {
            let (what, asking) = find(&name)?;
            Some((
                asking,
                SourceDemand {
                    name: asking.distribution.to_owned(),
                    versions: asking.versions.clone(),
                    what: what.to_owned(),
                    path: source.path().clone(),
                    line: text.position(span.start).line,
                },
            ))
        })
    })
}

/// The row of a dotted name or of what it is inside of.
fn find(name: &str) -> Option<(&'static str, &'static Asking)> {
    let parts = std::iter::successors(Some(name), |it| it.rsplit_once('.').map(|(it, _)| it));
    let mut rows = parts.filter_map(|part| NAMES.get_key_value(part));
    rows.next().map(|(name, asking)| (*name, asking))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{MemoryTree, TreePath};

    #[test]
    fn what_the_code_uses_is_asked_for_with_its_place() {
        let code = "import numpy as np\nimport dash_core_components as dcc\n\nx = np.bool(1)\n";
        let web = "web: gunicorn app:server\n";
        let tree = MemoryTree::new([
            ("Procfile", web),
            ("app.py", code),
            ("old/attic.py", "import plotly.plotly\n"),
            ("requirements.txt", "dash\n"),
        ]);
        let app = App::new(&tree, TreePath::root());
        let (kept, all) = demands(&app);
        // What nothing starts asks for nothing.
        assert!(all.iter().all(|one| one.name != "plotly"), "{all:?}");
        let told: Vec<(String, &str, usize)> = all
            .iter()
            .map(|one| {
                (
                    format!("{}{}", one.name, one.versions),
                    one.what.as_str(),
                    one.line,
                )
            })
            .collect();
        assert!(
            told.iter()
                .any(|one| one.1 == "dash_core_components" && one.2 == 2),
            "{told:?}"
        );
        assert!(
            told.contains(&("numpy<1.24".to_owned(), "numpy.bool", 4)),
            "{told:?}"
        );
        assert!(kept.iter().all(|one| one.name != "dash"));
    }
}
