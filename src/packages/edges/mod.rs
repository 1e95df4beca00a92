//! What each distribution needs, and who says so: comments and lock files of the repository, an
//! installed environment, a resolver, the embedded snapshot. The first that answers wins.

mod comments;
mod lock;
mod metadata;

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;

use pep440_rs::Version;

use super::{Dependency, Target, snapshot};
use crate::app::{App, RequirementList};
use crate::tree::TreePath;

pub use comments::{Annotation, annotation, are_for, removable};
pub use lock::LOCKS;
pub use metadata::Metadata;

/// Who says what a distribution needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The `# via` comments of a list.
    Comments(TreePath),
    /// A lock file.
    Lock(TreePath),
    /// An installed environment, by its path as it was given.
    Environment(String),
    /// A resolver that was asked over the network, by its name.
    Online(String),
    /// The embedded snapshot.
    Snapshot,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Comments(path) => write!(f, "the comments of {path}"),
            Self::Lock(path) => write!(f, "{path}"),
            Self::Environment(path) => write!(f, "the environment {path}"),
            Self::Online(tool) => write!(f, "{tool}"),
            Self::Snapshot => f.write_str("dashlift's snapshot"),
        }
    }
}

/// Something that knows what distributions need.
pub trait Needs {
    /// What `name` (normalised) needs at exactly `version`, extras and markers included; `None`
    /// for what it does not know.
    fn needs(&self, name: &str, version: &Version) -> Option<Vec<Dependency>>;

    /// Who it is that says what `name` needs.
    fn origin(&self, name: &str) -> Origin;
}

/// What a distribution needs, and who says so.
type Known = (Vec<Dependency>, Origin);

/// All that may be asked, in this order.
#[derive(Default)]
pub struct Sources<'a> {
    all: Vec<Box<dyn Needs + 'a>>,
    /// What was asked before: a proof asks the same again.
    known: RefCell<HashMap<(String, Version), Option<Known>>>,
    /// What could not be asked and why, a sentence each.
    pub problems: Vec<String>,
}

impl<'a> Sources<'a> {
    /// What an app's repository says, for lists that are to install on `target`: other Pythons may
    /// have needed other distributions.
    pub fn of_app(app: &App, lists: &[&RequirementList], target: Target) -> Self {
        let mut sources = Self::default();
        if let Some(comments) = comments::Comments::read(lists, target) {
            sources.all.push(Box::new(comments));
        }
        for name in LOCKS {
            match lock::Lock::read(app, name) {
                Some(Ok(lock)) => sources.all.push(Box::new(lock)),
                Some(Err(problem)) => sources.problems.push(problem),
                None => {}
            }
        }
        sources
    }

    /// Asks these too, when the others do not know.
    #[must_use]
    pub fn and(mut self, source: impl Needs + 'a) -> Self {
        self.all.push(Box::new(source));
        self.known.get_mut().clear();
        self
    }

    /// What the first that knows says, and who that is.
    pub fn needs(&self, name: &str, version: &Version) -> Option<(Vec<Dependency>, Origin)> {
        let ask = || {
            let mut all = self.all.iter();
            all.find_map(|source| Some((source.needs(name, version)?, source.origin(name))))
        };
        let key = (name.to_owned(), version.clone());
        let mut known = self.known.borrow_mut();
        known.entry(key).or_insert_with(ask).clone()
    }
}

/// The embedded snapshot.
pub struct Snapshot;

impl Needs for Snapshot {
    fn needs(&self, name: &str, version: &Version) -> Option<Vec<Dependency>> {
        snapshot::needs(name, version)
    }

    fn origin(&self, _name: &str) -> Origin {
        Origin::Snapshot
    }
}

impl<T: Needs + ?Sized> Needs for &T {
    fn needs(&self, name: &str, version: &Version) -> Option<Vec<Dependency>> {
        (**self).needs(name, version)
    }

    fn origin(&self, name: &str) -> Origin {
        (**self).origin(name)
    }
}
