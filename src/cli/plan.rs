//! `dashlift plan`: what the move of each app asks for, as Markdown; and the same as a file of the
//! branch for `migrate --with-plan`. Writes nothing on disk.

use super::args::{Format, OutputArgs, PlanArgs};
use super::done::{self, Done};
use super::output::Output;
use super::run::Run;
use crate::commands::refusal::Refusal;
use crate::commands::site::Site;
use crate::commands::status::Status;
use crate::engine::{self, Outcome};
use crate::plan::{self, Names, Plan, Request};
use crate::report::Shown;
use crate::report::plan::{self as page, FILE, MARKER, Place, PlanDocument};
use crate::rules::Repository;
use crate::tree::{Tree, TreePath};

pub(super) fn run(args: &PlanArgs, how: &OutputArgs, output: &mut Output) -> Status {
    let run = Run {
        command: "plan",
        app_name: args.app_name.as_deref(),
        common: &args.common,
        output: how,
        once_per_repository: false,
    };
    run.each(output, |site| plan(&run, site))
}

fn plan(run: &Run, site: &Site) -> Result<Done, Refusal> {
    let tree = site.tree()?;
    let repository = site.repository(&*tree);
    let mut outcome = engine::fix(&repository, &site.settings.rules, site.settings.allowed);
    outcome.join_causes();
    let mut done = done::done(site, &outcome, &outcome, run.is_for_programs(site));
    if done.status == Some(Status::NoApp) {
        return Ok(done);
    }
    let names = names(site, &outcome)?;
    let plans = plans(site, &outcome, names, false);
    // A plan is made or not: findings are what it is about.
    done.status = done.status.map(|status| match status {
        Status::Findings => Status::Clean,
        other => other,
    });
    done.json.plans = Some(plans.iter().map(PlanDocument::of).collect());
    done.result = match run.output.format {
        Format::Json => String::new(),
        Format::Concise => plans
            .iter()
            .map(|plan| page::line(plan, &site.shown))
            .collect(),
        _ => markdown(&plans, &outcome, &site.shown),
    };
    Ok(done)
}

fn markdown(plans: &[Plan], outcome: &Outcome, shown: &Shown) -> String {
    let pages = plans
        .iter()
        .map(|plan| page::markdown(plan, shown, Place::Alone));
    let mut pages: Vec<String> = pages.collect();
    pages.extend(page::repository(&outcome.repository, shown));
    pages.join("\n")
}

/// The plan of each app as data, beside the other results of a batch.
///
/// # Errors
/// As [`names`].
pub(super) fn documents(site: &Site, outcome: &Outcome) -> Result<Vec<PlanDocument>, Refusal> {
    let names = names(site, outcome)?;
    let plans = plans(site, outcome, names, false);
    Ok(plans.iter().map(PlanDocument::of).collect())
}

fn plans(site: &Site, outcome: &Outcome, names: &Names, of_result: bool) -> Vec<Plan> {
    plan::plans(&Request {
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
fn names<'s>(site: &'s Site, outcome: &Outcome) -> Result<&'s Names, Refusal> {
    let apps = outcome.apps.len();
    if site.names.told.is_some() && apps > 1 {
        return Err(Refusal::AppName(apps));
    }
    Ok(&site.names)
}

/// Adds the plan of each app to the result, as a file of the app's folder. A plan that is there
/// stays where nothing was repaired: it says what was left when the repairs were made.
///
/// # Errors
/// When such a file is there that somebody else wrote.
pub(super) fn add_to(
    site: &Site,
    repository: &Repository,
    outcome: &mut Outcome,
) -> Result<(), Refusal> {
    let names = names(site, outcome)?;
    let mut files = Vec::new();
    let plans = plans(site, outcome, names, true);
    for (plan, app) in plans.iter().zip(&outcome.apps) {
        let path = plan.root.child(FILE);
        let keep = match existing(repository.tree, &path) {
            Existing::None => false,
            Existing::Own => app.fixed.is_empty(),
            Existing::Foreign => return Err(Refusal::ForeignPlan(site.shown.path(&path))),
        };
        if !keep {
            files.push((path, file(plan, outcome)));
        }
    }
    for (path, text) in files {
        let written = outcome.result.write(&path, text.into_bytes());
        written.map_err(|_| Refusal::ForeignPlan(site.shown.path(&path)))?;
    }
    Ok(())
}

/// The file, with paths as seen from the app's folder. What git's own configuration says belongs
/// to this clone only.
fn file(plan: &Plan, outcome: &Outcome) -> String {
    let shown = Shown::inside(&plan.root);
    let page = page::markdown(plan, &shown, Place::OnBranch);
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
