//! Which second engine is asked: one of the package index, or one of conda's channels.

use super::{conda, confirm};
use crate::app::App;
use crate::commands::PathRefusal;
use crate::packages::solve::{Asked, Solution};
use crate::report::solve::SolveDocument;
use crate::resolver::{CondaTool, Terms, Tool};
use crate::tree::{Overlay, Tree, TreePath};

/// A program that is asked for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedTool {
    /// One that knows package indexes.
    Index(Tool),
    /// One that knows channels of conda.
    Channels(CondaTool),
}

/// Asks whether what is written then can be had, and puts what is said into the document. `asked`
/// reads the lists as they are written. A solver of conda may let more go.
///
/// # Errors
/// As [`confirm::confirm`] and [`conda::confirm`].
pub(super) fn ask(
    tool: Option<AskedTool>,
    terms: &Terms,
    say: &dyn Fn(String),
    (after, root): (&mut Overlay, &TreePath),
    solution: &Solution,
    asked: &dyn Fn(&dyn Tree) -> Asked,
    document: &mut SolveDocument,
) -> Result<(), PathRefusal> {
    let is_conda = {
        let app = App::new(&*after, root.clone());
        app.requirements().conda.is_some()
    };
    match (tool, is_conda) {
        (tool, true) => {
            let tool = match tool {
                Some(AskedTool::Channels(tool)) => Some(tool),
                _ => None,
            };
            conda::confirm(tool, terms, say, (after, root), solution.target, document)
        }
        (Some(AskedTool::Channels(_)), false) => {
            document.note(
                "not confirmed: pip builds this app, of which a solver of conda knows nothing"
                    .to_owned(),
            );
            Ok(())
        }
        (tool, false) => {
            let tool = match tool {
                Some(AskedTool::Index(tool)) => Some(tool),
                _ => None,
            };
            confirm::confirm(tool, terms, say, solution, &asked(&*after), document)
        }
    }
}
