//! One file of an app: absent, broken, or read.

use std::fmt::Display;

use crate::files::app_json::AppJson;
use crate::files::environment_yml::CondaEnvironment;
use crate::files::project_toml::ProjectToml;
use crate::files::{Model, Problem};
use crate::python::{Source, SourceKind};
use crate::text::{Position, Span, Text};
use crate::tree::{ReadError, Tree, TreePath};

/// What became of a file that somebody asked for.
#[derive(Debug, Clone)]
pub enum FileState<M> {
    /// There is no such file.
    Absent,
    /// It is there and has no meaning; nothing that depends on it may be changed.
    Broken(Broken),
    /// It was read.
    Present(Parsed<M>),
}

/// A file that was read.
#[derive(Debug, Clone)]
pub struct Parsed<M> {
    /// Where it is.
    pub path: TreePath,
    /// Its text; all spans of the model are spans of it.
    pub text: Text,
    /// What it says.
    pub model: M,
}

/// A file that is there and cannot be used.
#[derive(Debug, Clone)]
pub struct Broken {
    /// Where it is.
    pub path: TreePath,
    /// What is wrong, with a place in the text.
    pub problem: Problem,
    /// The place in lines and columns; files that are not text have one too.
    pub position: Position,
}

impl<M: Model> FileState<M> {
    /// Reads and parses the file at `path`.
    pub fn load(tree: &dyn Tree, path: TreePath) -> Self {
        match tree.read(&path) {
            Ok(bytes) => Self::parse(path, &bytes),
            Err(ReadError::NotFound) if tree.kind(&path).is_none() => Self::Absent,
            Err(ReadError::NotFound) => Self::unread(path, "a symbolic link that leads nowhere"),
            Err(error) => Self::unread(path, format!("the file {error}")),
        }
    }

    fn unread(path: TreePath, why: impl Display) -> Self {
        Self::Broken(Broken {
            path,
            problem: Problem::new(Span::at(0), why),
            position: Position { line: 1, column: 1 },
        })
    }

    fn parse(path: TreePath, bytes: &[u8]) -> Self {
        let text = match M::decode(bytes) {
            Ok(text) => text,
            Err(error) => {
                return Self::Broken(Broken {
                    path,
                    problem: Problem::new(Span::at(0), error),
                    position: error.position,
                });
            }
        };
        match M::parse(&text) {
            Ok(model) => Self::Present(Parsed { path, text, model }),
            Err(problem) => Self::Broken(Broken {
                position: text.position(problem.span.start),
                path,
                problem,
            }),
        }
    }
}

impl<M> FileState<M> {
    /// The file, if it was read.
    pub fn present(&self) -> Option<&Parsed<M>> {
        match self {
            Self::Present(parsed) => Some(parsed),
            Self::Absent | Self::Broken(_) => None,
        }
    }

    /// What is wrong with the file, if anything is.
    pub fn broken(&self) -> Option<&Broken> {
        match self {
            Self::Broken(broken) => Some(broken),
            Self::Absent | Self::Present(_) => None,
        }
    }

    /// Whether there is no such file.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

/// Whether the bytes of a file that this program wrote have a meaning. Files of formats in which
/// every text has one always do.
///
/// # Errors
/// What is wrong with them.
pub fn parses(path: &TreePath, bytes: &[u8]) -> Result<(), Broken> {
    match path.name() {
        "app.json" => proof(FileState::<AppJson>::parse(path.clone(), bytes)),
        "project.toml" => proof(FileState::<ProjectToml>::parse(path.clone(), bytes)),
        "environment.yml" => proof(FileState::<CondaEnvironment>::parse(path.clone(), bytes)),
        name => SourceKind::of_name(name).map_or(Ok(()), |kind| is_python(path, bytes, kind)),
    }
}

/// Rules rewrite only sources that parse to their end, so that is what they leave behind.
fn is_python(path: &TreePath, bytes: &[u8], kind: SourceKind) -> Result<(), Broken> {
    let problem = match Source::read(bytes, kind) {
        Ok(source) => match source.facts.error {
            None => return Ok(()),
            Some(error) => Problem::new(error.span, error.message),
        },
        Err(error) => Problem::new(Span::at(0), error),
    };
    let text = Text::decode_declared(bytes).unwrap_or_else(|_| Text::new(""));
    Err(Broken {
        position: text.position(problem.span.start),
        path: path.clone(),
        problem,
    })
}

fn proof<M>(state: FileState<M>) -> Result<(), Broken> {
    match state {
        FileState::Broken(broken) => Err(broken),
        FileState::Absent | FileState::Present(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::aptfile::Aptfile;
    use crate::tree::{Entry, EntryKind, Skipped};

    /// A tree of one link to a file that is not there.
    struct Dangling(Vec<Entry>);

    impl Tree for Dangling {
        fn entries(&self) -> &[Entry] {
            &self.0
        }

        fn skipped(&self) -> &[Skipped] {
            &[]
        }

        fn resolve(&self, _path: &TreePath) -> Result<TreePath, ReadError> {
            Err(ReadError::NotFound)
        }

        fn read(&self, _path: &TreePath) -> Result<Vec<u8>, ReadError> {
            Err(ReadError::NotFound)
        }
    }

    #[test]
    fn a_link_that_leads_nowhere_is_not_absent() {
        let path = TreePath::new("Aptfile").unwrap();
        let kind = EntryKind::Symlink;
        let tree = Dangling(vec![Entry {
            path: path.clone(),
            kind,
        }]);
        let state = FileState::<Aptfile>::load(&tree, path);
        let broken = state.broken().unwrap();
        assert_eq!(broken.problem.message, "a symbolic link that leads nowhere");
        let other = TreePath::new("apt-packages").unwrap();
        assert!(FileState::<Aptfile>::load(&tree, other).is_absent());
    }
}
