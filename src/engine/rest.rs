//! Rules and lists take turns until neither moves anything.

use super::choice::Choice;
use super::proof::changes_between;
use super::{AppOutcome, EngineRun, FailedProof, Outcome, ProofFailure, repair_each};
use crate::rules::{Repository, Safety, Settings};
use crate::tree::{Overlay, TreePath};

/// Turns after which lists and rules that still move one another are a defect of this program.
const MAX_TURNS: usize = 5;

/// Repairs every app as [`super::fix`] does, and lets `list_step` change the lists of each when the
/// rules rest: a list that asks for another release may call for repairs of the code, and those for
/// another look at the list. The step gets the app's folder and the files as they are, and leaves
/// them alone where it wants nothing.
///
/// # Errors
/// The first one of the step; nothing is to be written then.
pub fn fix_with_lists<'t, E>(
    repository: &Repository<'t>,
    settings: &Settings,
    allowed: Safety,
    mut list_step: impl FnMut(&TreePath, &mut Overlay<'t>) -> Result<(), E>,
) -> Result<Outcome<'t>, E> {
    repair_each(repository, settings, allowed, |run, before| {
        until_rest(run, before, &mut list_step)
    })
}

/// One app. When a proof fails, or nothing comes to rest, all of it is taken back.
fn until_rest<'t, E>(
    run: &EngineRun,
    before: &Overlay<'t>,
    list_step: &mut impl FnMut(&TreePath, &mut Overlay<'t>) -> Result<(), E>,
) -> Result<(AppOutcome, Overlay<'t>), E> {
    let (mut app, mut after) = run.app(before, &mut Choice::all());
    let first = app.clone();
    for _ in 0..MAX_TURNS {
        if app.failed.is_some() {
            break;
        }
        let mut listed = after.clone();
        list_step(run.root, &mut listed)?;
        if listed.changes() == after.changes() {
            return Ok((app, after));
        }
        let (next, repaired) = run.app(&listed, &mut Choice::all());
        let moved = repaired.changes() != listed.changes();
        app.fixed.extend(next.fixed);
        app.open = next.open;
        app.suppressed = next.suppressed;
        app.failed = next.failed;
        after = repaired;
        if !moved && app.failed.is_none() {
            return Ok((app, after));
        }
    }
    let failed = app.failed.unwrap_or_else(|| {
        Box::new(FailedProof {
            failure: ProofFailure::Unstable("a requirement list".to_owned()),
            rejected: changes_between(before, &after),
        })
    });
    let taken_back = AppOutcome {
        fixed: Vec::new(),
        failed: Some(failed),
        ..first
    };
    Ok((taken_back, before.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{MemoryTree, Tree};

    const LIST: &str = "requirements.txt";

    fn tree() -> MemoryTree {
        MemoryTree::new([
            ("Procfile", "web: gunicorn app:server\n"),
            (
                "app.py",
                "import dash\nimport dash_core_components as dcc\n\
                 app = dash.Dash(__name__)\nserver = app.server\napp.run_server()\n",
            ),
            (LIST, "dash==1.20.0\ngunicorn==20.1.0\n"),
        ])
    }

    fn run<'t>(tree: &'t MemoryTree, mut list: impl FnMut(&str) -> String) -> (Outcome<'t>, usize) {
        let repository = Repository {
            tree,
            scope: TreePath::root(),
            remotes: None,
        };
        let mut asked = 0;
        let step = |root: &TreePath, files: &mut Overlay<'t>| {
            asked += 1;
            let path = root.child(LIST);
            let text = String::from_utf8(files.read(&path).unwrap()).unwrap();
            let new = list(&text);
            if new != text {
                files.write(&path, new.into_bytes()).unwrap();
            }
            Ok::<(), ()>(())
        };
        let settings = Settings::default();
        let outcome = fix_with_lists(&repository, &settings, Safety::Safe, step).unwrap();
        (outcome, asked)
    }

    fn text(outcome: &Outcome, name: &str) -> String {
        let path = TreePath::new(name).unwrap();
        String::from_utf8(outcome.result.read(&path).unwrap()).unwrap()
    }

    #[test]
    fn a_raised_dash_calls_for_repairs_of_the_code() {
        let tree = tree();
        let (outcome, asked) = run(&tree, |text| text.replace("1.20.0", "4.0.0"));
        assert!(!outcome.failed());
        let code = text(&outcome, "app.py");
        assert!(code.contains("from dash import dcc"), "{code}");
        assert!(code.ends_with("app.run()\n"), "{code}");
        assert!(text(&outcome, LIST).starts_with("dash==4.0.0\n"));
        assert_eq!(asked, 2, "after the repairs the list is looked at again");
        assert_eq!(outcome.fixed().count(), 2);
    }

    #[test]
    fn a_list_that_rests_is_asked_once() {
        let tree = tree();
        let (outcome, asked) = run(&tree, str::to_owned);
        assert_eq!((asked, outcome.fixed().count()), (1, 0));
        assert!(outcome.result.changes().is_empty());
    }

    #[test]
    fn what_never_rests_is_taken_back() {
        let tree = tree();
        let mut number = 0;
        let (outcome, _) = run(&tree, |text| {
            number += 1;
            // Each turn the rules have something to repair: the second line is a copy.
            format!(
                "dash=={number}.0.0\n{}",
                text.lines().last().unwrap_or_default()
            ) + "\ngunicorn==20.1.0\n"
        });
        let failed = outcome.apps.first().unwrap().failed.as_ref().unwrap();
        assert!(
            matches!(failed.failure, ProofFailure::Unstable(_)),
            "{:?}",
            failed.failure
        );
        assert!(outcome.result.changes().is_empty());
        assert_eq!(outcome.fixed().count(), 0);
    }
}
