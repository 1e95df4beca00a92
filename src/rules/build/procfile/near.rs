//! A file that was meant to be the `Procfile` and is called otherwise: the platform reads the one
//! name only.

use super::{NEAR_NAME, RULE};
use crate::app::{App, FileState, is_near_procfile};
use crate::files::procfile::Procfile;
use crate::rules::{Edit, Finding, Fix, Stage, Subject};
use crate::tree::TreePath;

/// What to say instead of "no Procfile" where a file of nearly the name is there.
pub(super) fn check(app: &App) -> Option<Finding> {
    let near = near_files(app);
    let (first, others) = near.split_first()?;
    let name = first.name();
    let message = format!(
        "{name} is not read: the file that says how to start the app is called Procfile, exactly so"
    );
    let draft = RULE
        .report(NEAR_NAME, Subject::Whole, first, message)
        .stops(true, Stage::Start);
    if !others.is_empty() {
        let names: Vec<&str> = near.iter().map(TreePath::name).collect();
        return Some(draft.guide(format!(
            "Rename the one that is meant to Procfile and remove the others: {}.",
            names.join(", ")
        )));
    }
    if !starts_something(app, first) {
        return Some(draft.guide(format!(
            "Rename {name} to Procfile, and give it one `type: command` per line, as in `web: gunicorn app:server`."
        )));
    }
    Some(draft.fix(
        Fix::safe(format!("rename {name} to Procfile")).edit(Edit::Rename {
            from: first.clone(),
            to: app.path("Procfile"),
        }),
    ))
}

fn near_files(app: &App) -> Vec<TreePath> {
    let files = app.tree().under(app.root()).iter();
    let beside = files.filter(|entry| entry.path.parent() == *app.root());
    let near = beside.filter(|entry| is_near_procfile(entry.path.name()));
    near.map(|entry| entry.path.clone()).collect()
}

/// Whether the file reads as a Procfile.
fn starts_something(app: &App, path: &TreePath) -> bool {
    let FileState::Present(file) = app.load::<Procfile>(path.name()) else {
        return false;
    };
    !file.model.processes().is_empty() && file.model.problems().is_empty()
}
