//! The second engine of an `environment.yml`: a solver of conda is asked rung by rung, until one
//! can be had.

use crate::app::App;
use crate::commands::PathRefusal;
use crate::packages::Target;
use crate::packages::ladder::{CondaRequest, Rung, climb};
use crate::packages::solve::{Reason, SolveFailure};
use crate::report::safe;
use crate::report::solve::SolveDocument;
use crate::resolver::{Conda, CondaTool, Terms};
use crate::tree::{Overlay, TreePath};

/// Climbs from what is in the tree. The tree is that of the rung that can be had then; what is let
/// go on the way is in the document. Without a solver the document says that nobody was asked.
///
/// # Errors
/// After Ctrl-C, when the solver that was asked for is not there, and when a rung cannot be written.
pub(super) fn confirm(
    tool: Option<CondaTool>,
    terms: &Terms,
    say: &dyn Fn(String),
    (after, root): (&mut Overlay, &TreePath),
    target: Target,
    document: &mut SolveDocument,
) -> Result<(), PathRefusal> {
    let Some(tool) = tool else {
        document.note(
            "not confirmed: the channels of environment.yml were not asked, only what the package index knows of the same distributions; --with micromamba (or mamba, conda, pixi) asks them"
                .to_owned(),
        );
        return Ok(());
    };
    let conda = Conda::find(tool, terms)?;
    let mut tree = after.clone();
    let mut refused = None;
    for rung in Rung::ALL {
        let gone = climb(&mut tree, root, target, rung).map_err(PathRefusal::NotProven)?;
        if gone.is_none() && rung != Rung::AsItStands {
            continue;
        }
        for line in gone.into_iter().flatten() {
            document.let_go(rung, &line);
        }
        let app = App::new(&tree, root.clone());
        let Some(request) = CondaRequest::from_app(&app) else {
            return Ok(());
        };
        let name = conda.tool().name();
        say(format!("asking {name} for the environment {rung}"));
        match conda.ask(&request) {
            Ok(None) => {
                document.confirm_rung(name, rung);
                *after = tree;
                return Ok(());
            }
            Ok(Some(why)) => refused = Some(why),
            Err(SolveFailure::Interrupted) => return Err(SolveFailure::Interrupted.into()),
            Err(failure) => {
                document.forget_rungs();
                document.note(format!("not confirmed: {}", safe(&failure.to_string())));
                return Ok(());
            }
        }
    }
    document.forget_rungs();
    document.refuse(
        conda.tool().name(),
        &Reason::Said(refused.unwrap_or_default()),
    );
    Ok(())
}
