//! What the move of each app asks for; and the same as a file of a branch. Writes nothing on disk.

use super::diff::repair;
use super::{PathRefusal, Site};
use crate::engine::Outcome;
use crate::plan::{self, Names, Plan, PlanRequest};
use crate::report::PathPrefix;
use crate::report::document::PlanDocument;
use crate::report::plan::{self as page, FILE, MARKER, ReadingPlace};
use crate::rules::Repository;
use crate::tree::{Tree, TreePath};

/// The plans of a site.
pub struct Planned<'t> {
    /// What the repairs come to.
    pub outcome: Outcome<'t>,
    /// The plan of each app.
    pub plans: Vec<Plan>,
}

/// Makes the plan of each app of the tree.
///
/// # Errors
/// When a name was given and there are several apps.
pub fn plan<'t>(site: &Site, tree: &'t dyn Tree) -> Result<Planned<'t>, PathRefusal> {
    let outcome = repair(site, tree);
    let plans = if outcome.apps.is_empty() {
        Vec::new()
    } else {
        let names = names(site, &outcome)?;
        plans(site, &outcome, names, false)
    };
    Ok(Planned { outcome, plans })
}

/// The plan of each app as data, beside the other results of a batch.
///
/// # Errors
/// As `names`.
pub fn documents(site: &Site, outcome: &Outcome) -> Result<Vec<PlanDocument>, PathRefusal> {
    let names = names(site, outcome)?;
    let plans = plans(site, outcome, names, false);
    Ok(plans.iter().map(PlanDocument::new).collect())
}

fn plans(site: &Site, outcome: &Outcome, names: &Names, of_result: bool) -> Vec<Plan> {
    plan::plans(&PlanRequest {
        outcome,
        settings: &site.settings.rules,
        names,
        of_result,
    })
}

/// What the apps may be called.
///
/// # Errors
/// When a name was told and there are several apps.
fn names<'s>(site: &'s Site, outcome: &Outcome) -> Result<&'s Names, PathRefusal> {
    let apps = outcome.apps.len();
    if site.names.told.is_some() && apps > 1 {
        return Err(PathRefusal::AppName(apps));
    }
    Ok(&site.names)
}

/// Adds the plan of each app to the result, as a file of the app's folder. A plan that is there
/// stays where nothing was repaired: it says what was left when the repairs were made.
///
/// # Errors
/// When such a file is there that somebody else wrote.
pub fn add_to(
    site: &Site,
    repository: &Repository,
    outcome: &mut Outcome,
) -> Result<(), PathRefusal> {
    let names = names(site, outcome)?;
    let mut files = Vec::new();
    let plans = plans(site, outcome, names, true);
    for (plan, app) in plans.iter().zip(&outcome.apps) {
        let path = plan.root.child(FILE);
        let keep = match existing(repository.tree, &path) {
            Existing::None => false,
            Existing::Own => app.fixed.is_empty(),
            Existing::Foreign => return Err(PathRefusal::ForeignPlan(site.shown.path(&path))),
        };
        if !keep {
            files.push((path, file(plan, outcome)));
        }
    }
    for (path, text) in files {
        let written = outcome.result.write(&path, text.into_bytes());
        written.map_err(|_| PathRefusal::ForeignPlan(site.shown.path(&path)))?;
    }
    Ok(())
}

/// The file, with paths as seen from the app's folder. What git's own configuration says belongs
/// to this clone only.
fn file(plan: &Plan, outcome: &Outcome) -> String {
    let shown = PathPrefix::inside(&plan.root);
    let page = page::markdown(plan, &shown, ReadingPlace::OnBranch);
    let findings = outcome.repository.iter();
    let committed = findings.filter(|reported| {
        let path = &reported.finding.place.path;
        !path.as_str().split('/').any(|part| part == ".git")
    });
    let rest = page::repository(committed, &shown);
    let rest = rest.map(|rest| format!("\n{rest}"));
    format!("{MARKER}\n\n{page}{}", rest.unwrap_or_default())
}

/// What stands where the plan goes.
enum Existing {
    None,
    Own,
    Foreign,
}

fn existing(tree: &dyn Tree, path: &TreePath) -> Existing {
    match tree.read(path) {
        Ok(bytes) if bytes.starts_with(MARKER.as_bytes()) => Existing::Own,
        Ok(_) => Existing::Foreign,
        Err(_) if tree.kind(path).is_some() || !tree.under(path).is_empty() => Existing::Foreign,
        Err(_) => Existing::None,
    }
}
