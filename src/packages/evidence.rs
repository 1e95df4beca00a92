//! What in an app uses a distribution: each use with its place.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::App;
use crate::text::Span;
use crate::tree::TreePath;

/// One place that uses a distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// How.
    pub kind: UseKind,
    /// The file.
    pub path: TreePath,
    /// The characters that show it.
    pub span: Option<Span>,
    /// What is seen there, as written: `google.cloud.storage`, `gunicorn -k gevent`.
    pub what: String,
}

/// The ways to use a distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UseKind {
    /// `import x`.
    Import,
    /// An import that the app can do without: in `try`, under a condition.
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

/// The uses of each of the `listed` distributions (normalised names) by the app. What is not
/// listed is not looked for: an import never invents a distribution.
pub fn uses(_app: &App, _listed: &BTreeSet<String>) -> BTreeMap<String, Vec<Use>> {
    BTreeMap::new()
}
