//! What in an app uses a distribution: each use with its place. A use too many keeps a line too
//! many, a use too few may lose one that the app needs: in doubt, it is a use.

mod addresses;
mod commands;
mod configuration;
mod missing;
mod own;
mod source;
mod table;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::names;
use crate::app::{App, discover};
use crate::python::Facts;
use crate::text::Span;
use crate::tree::TreePath;

pub use missing::{Missing, missing};

use own::Own;

/// One place that uses a distribution.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DistributionUse {
    /// How.
    pub kind: UseKind,
    /// The file.
    pub path: TreePath,
    /// The characters that show it, in the file's decoded text; `None` for the file as a whole.
    pub span: Option<Span>,
    /// What is seen there, as written: `google.cloud.storage`, `gunicorn -k gevent`. Never the
    /// address of a server, which may hold a password: only its scheme.
    pub what: String,
}

/// The ways to use a distribution; those that show it best come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UseKind {
    /// `import x`.
    Import,
    /// An import that the app can do without: in `try`, for type checkers only.
    GuardedImport,
    /// `importlib.import_module("x")`, `__import__("x")`.
    DynamicImport,
    /// A program that a process or script runs, or an option of it (`-k gevent`).
    Command,
    /// The dialect of a database URL: `postgresql+psycopg2://`.
    Dialect,
    /// Loaded by another distribution by name: `read_excel` loads openpyxl.
    Backend,
    /// Named by a configuration file.
    Configuration,
}

/// The uses of each of the `listed` distributions (normalised names) by the app, the best first;
/// those without any use are not in the map. What is not listed is not looked for: an import never
/// invents a distribution.
pub fn uses(app: &App, listed: &BTreeSet<String>) -> BTreeMap<String, Vec<DistributionUse>> {
    let mut found = EvidenceSearch::new(listed);
    let own = Own::gather(app);
    for source in app.sources() {
        source::search_source(source, &own, &mut found);
    }
    for inner in nested(app) {
        for source in inner.sources() {
            source::search_source(source, &own, &mut found);
        }
    }
    commands::search_commands(app, &mut found);
    configuration::search_configuration(app, &mut found);
    found.finish()
}

/// Apps in folders of this one that it reaches into: it imports from the folder, or its Procfile
/// names it.
fn nested<'t>(app: &App<'t>) -> Vec<App<'t>> {
    let roots = discover(app.tree(), app.root()).into_iter();
    let inner = roots.filter(|root| root != app.root()).filter(|root| {
        let first = root.below(app.root()).and_then(|it| it.split('/').next());
        first.is_some_and(|first| reaches(app, first))
    });
    inner.map(|root| App::new(app.tree(), root)).collect()
}

fn reaches(app: &App, folder: &str) -> bool {
    let named = app
        .procfile()
        .present()
        .is_some_and(|file| file.text.as_str().contains(folder));
    let imports = |facts: &Facts| {
        let mut imports = facts.imports.iter();
        imports.any(|it| {
            it.module.split('.').next() == Some(folder) || it.name.as_deref() == Some(folder)
        })
    };
    let mut sources = app.sources().iter();
    named || sources.any(|source| source.facts().is_some_and(|(_, facts)| imports(facts)))
}

/// What is found, as long as it is looked for.
struct EvidenceSearch<'l> {
    listed: &'l BTreeSet<String>,
    uses: BTreeMap<String, BTreeSet<DistributionUse>>,
}

/// A place in a file that shows something.
#[derive(Clone, Copy)]
struct EvidencePlace<'p> {
    kind: UseKind,
    path: &'p TreePath,
    span: Option<Span>,
}

impl<'l> EvidenceSearch<'l> {
    fn new(listed: &'l BTreeSet<String>) -> Self {
        Self {
            listed,
            uses: BTreeMap::new(),
        }
    }

    /// Notes a use of those of the distributions that are listed.
    fn add<'n>(
        &mut self,
        names: impl IntoIterator<Item = &'n String>,
        place: EvidencePlace<'_>,
        what: &str,
    ) {
        for name in names {
            if self.listed.contains(name) {
                self.note(name.clone(), place, what);
            }
        }
    }

    /// Notes a use of whatever may bring the module.
    fn add_module(&mut self, module: &str, place: EvidencePlace<'_>, what: &str) {
        for name in names::distributions_of(module, self.listed) {
            self.note(name, place, what);
        }
    }

    fn note(&mut self, name: String, place: EvidencePlace<'_>, what: &str) {
        self.uses.entry(name).or_default().insert(DistributionUse {
            kind: place.kind,
            path: place.path.clone(),
            span: place.span,
            what: what.to_owned(),
        });
    }

    fn finish(self) -> BTreeMap<String, Vec<DistributionUse>> {
        let uses = self.uses.into_iter();
        uses.map(|(name, uses)| (name, uses.into_iter().collect()))
            .collect()
    }
}
