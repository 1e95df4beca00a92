//! The smallest change that makes the list of each app install and start; and the same in turn with
//! the repairs for a branch.

mod choices;
mod conda;
mod confirm;
mod python;
mod second;

use std::time::{Duration, Instant};

use super::fix::refuse_dirty;
use super::{PathRefusal, Site};
use crate::app::{App, discover};
use crate::engine::{self, AppOutcome, Outcome};
use crate::files::requirements::normalized_name;
use crate::packages::Target;
use crate::packages::resolve::KnownPackages;
use crate::packages::solve::{
    Aside, AsideReason, Asked, Past, Road, Situation, Solution, solve as search, writes,
};
use crate::report::diff::unified;
use crate::report::safe;
use crate::report::solve::SolveDocument;
use crate::rules::{Repository, private_packages, python_target};
use crate::tree::{Overlay, Tree, TreePath, Written, apply_edits, recover, write_changes};

use python::ChosenPython;

pub use choices::{PythonChoice, SolveChoices, TIMEOUT, Writing};
pub use second::AskedTool;

/// What makes the lists of a site install.
pub struct Solved<'t> {
    /// The apps, with nothing found, and the changes of the lists.
    pub outcome: Outcome<'t>,
    /// The solution of each app.
    pub documents: Vec<SolveDocument>,
    /// The changes as a unified diff.
    pub patch: Vec<u8>,
    /// What the writing met; none where nothing was to be written.
    pub written: Option<Written>,
}

impl Solved<'_> {
    /// Whether nothing is left to be done.
    pub fn is_done(&self) -> bool {
        let is_written = self.written.is_some();
        let is_done = |it: &SolveDocument| it.is_clean() || (is_written && it.is_done());
        self.documents.iter().all(is_done)
    }
}

/// Finishes or undoes what an interrupted run left, where something is to be written.
///
/// # Errors
/// When there is no work tree, or what was left cannot be settled.
pub fn settle(site: &Site, writing: Writing) -> Result<(), PathRefusal> {
    match (&site.root, writing) {
        (_, Writing::Nothing) => Ok(()),
        (None, _) => Err(PathRefusal::BareFix),
        (Some(root), _) => {
            recover(root)?;
            Ok(())
        }
    }
}

/// Solves the list of each app and writes the changes where that is asked for, after [`settle`].
/// What is asked of a resolver is said to `say`.
///
/// # Errors
/// When a change cannot be made, proven or written.
pub fn solve<'t>(
    site: &Site,
    tree: &'t dyn Tree,
    choices: &SolveChoices,
    writing: Writing,
    say: &dyn Fn(String),
) -> Result<Solved<'t>, PathRefusal> {
    let mut outcome = untouched(tree, &site.scope);
    let documents = solve_all(site, choices, &mut outcome, say)?;
    let patch = unified(tree, outcome.result.changes())?;
    let written = match (writing, &site.root) {
        (Writing::Nothing, _) | (_, None) => None,
        (_, Some(_)) if outcome.apps.is_empty() => None,
        (writing, Some(root)) => {
            if writing == Writing::Clean {
                refuse_dirty(site, &outcome.result)?;
            }
            Some(write_changes(root, outcome.result.changes())?)
        }
    };
    Ok(Solved {
        outcome,
        documents,
        patch,
        written,
    })
}

/// The apps of a tree, with nothing found and nothing changed.
pub fn untouched<'t>(tree: &'t dyn Tree, scope: &TreePath) -> Outcome<'t> {
    let app = |root| AppOutcome {
        root,
        fixed: Vec::new(),
        open: Vec::new(),
        suppressed: Vec::new(),
        failed: None,
        skipped: Vec::new(),
    };
    Outcome {
        apps: discover(tree, scope).into_iter().map(app).collect(),
        repository: Vec::new(),
        suppressed: Vec::new(),
        baselined: engine::Baselined::default(),
        result: Overlay::new(tree),
    }
}

/// Repairs each app and makes its lists install and start, in turn until both rest, for the branch.
/// What cannot be had is left and told.
///
/// # Errors
/// When a change cannot be made or proven.
pub fn fix_and_solve<'t>(
    site: &Site,
    choices: &SolveChoices,
    repository: &Repository<'t>,
    say: &dyn Fn(String),
) -> Result<(Outcome<'t>, Vec<SolveDocument>), PathRefusal> {
    let mut documents: Vec<(TreePath, SolveDocument)> = Vec::new();
    let step = |root: &TreePath, files: &mut Overlay<'t>| {
        let document = solve_app(site, choices, files, root, say)?;
        // What a turn changed stays told; a look that changed nothing is told only if it is all.
        let told = documents.iter().any(|(known, _)| known == root);
        if !(told && document.changes_nothing()) {
            documents.push((root.clone(), document));
        }
        Ok::<(), PathRefusal>(())
    };
    let (settings, allowed) = (&site.settings.rules, site.settings.allowed);
    let outcome = engine::fix_with_lists(repository, settings, allowed, step)?;
    let documents = documents.into_iter().map(|(_, it)| it).collect();
    Ok((outcome, documents))
}

/// Solves the list of each app and puts the changes into the result.
///
/// # Errors
/// When a change cannot be made or proven: then nothing is to be written.
pub fn solve_all(
    site: &Site,
    choices: &SolveChoices,
    outcome: &mut Outcome,
    say: &dyn Fn(String),
) -> Result<Vec<SolveDocument>, PathRefusal> {
    let roots: Vec<TreePath> = outcome.apps.iter().map(|app| app.root.clone()).collect();
    let mut documents = Vec::new();
    for root in roots {
        documents.push(solve_app(site, choices, &mut outcome.result, &root, say)?);
    }
    Ok(documents)
}

fn solve_app(
    site: &Site,
    choices: &SolveChoices,
    result: &mut Overlay,
    root: &TreePath,
    say: &dyn Fn(String),
) -> Result<SolveDocument, PathRefusal> {
    let until = Instant::now() + Duration::from_secs(choices.timeout);
    let choice = ChosenPython::choose(site, choices, &*result, root, until);
    let ChosenPython {
        mut asked,
        situation,
        solution,
        road,
        past,
        ..
    } = choice;
    set_aside(&mut asked, &solution);
    let app = App::new(&*result, root.clone());
    let changes = writes(&app, &asked, &solution, road)
        .map_err(|error| PathRefusal::NotEditable(error.to_string()))?;
    let mut after = result.clone();
    apply_edits(&changes, &mut after)
        .map_err(|misfit| PathRefusal::NotProven(misfit.to_string()))?;
    prove(site, choices, &after, root, &solution, &past, until)?;
    let mut document =
        SolveDocument::new(root, &asked, &situation, &solution, road, choice.because);
    document.add_pythons(&choice.rows);
    if !choices.offline && solution.answer.is_solved() {
        let terms = site.terms(choices.timeout, &choices.allow_env);
        let asked = |files: &dyn Tree| ask_for(site, solution.target, files, root).1;
        second::ask(
            choices.tool,
            &terms,
            say,
            (&mut after, root),
            &solution,
            &asked,
            &mut document,
        )?;
    }
    if !document.is_refused() {
        *result = after;
    }
    Ok(document)
}

/// Solves the lists as they are written then: nothing may be left to change.
fn prove(
    site: &Site,
    args: &SolveChoices,
    after: &dyn Tree,
    root: &TreePath,
    solution: &Solution,
    past: &Past,
    until: Instant,
) -> Result<(), PathRefusal> {
    if solution.answer.is_cut_short || !solution.answer.is_solved() {
        return Ok(());
    }
    let app = App::new(after, root.clone());
    let asked = list_asks(site, &app, solution.target);
    let situation = Situation::read(&app, &asked, past);
    let road = Road {
        as_of: solution.era.as_ref().map(|era| era.day),
        latest_dash: args.latest_dash,
        caps: args.caps,
    };
    let again = search(
        &KnownPackages,
        &situation,
        solution.target,
        road,
        Some(until),
    );
    if again.answer.is_clean() || again.answer.is_cut_short {
        return Ok(());
    }
    Err(PathRefusal::NotProven(
        "please report this as a defect of dashlift".to_owned(),
    ))
}

/// What the solution could not judge.
fn set_aside(asked: &mut Asked, solution: &Solution) {
    let private = solution.answer.private.iter();
    let private = private.map(|at| (at, AsideReason::Newer));
    let unknown = solution.answer.unknown.iter();
    let unknown = unknown.map(|at| (at, AsideReason::Unknown));
    let all = private.chain(unknown).filter_map(|(at, why)| {
        let ask = asked.asks.get(*at)?;
        let why = if ask.is_conda {
            AsideReason::Conda
        } else {
            why
        };
        let what = ask.as_written();
        Some(Aside { what, why })
    });
    let all: Vec<Aside> = all.collect();
    asked.aside.extend(all);
}

/// That a variable was not filled in.
pub fn say_left_out(name: &str) -> String {
    let name = safe(name);
    format!(
        "${{{name}}} in the address of a package index was not filled in: a list may send it to \
         anybody; when you trust this one, --allow-env {name} fills it in"
    )
}

/// What is asked for an app on a Python.
pub fn ask_for(site: &Site, target: Target, tree: &dyn Tree, root: &TreePath) -> (Target, Asked) {
    let app = App::new(tree, root.clone());
    (target, list_asks(site, &app, target))
}

/// What is asked for an app, and for which Python.
pub fn ask(
    site: &Site,
    given: Option<Target>,
    tree: &dyn Tree,
    root: &TreePath,
) -> (Target, Asked) {
    let app = App::new(tree, root.clone());
    let target = given.unwrap_or_else(|| python_target(&app, &site.settings.rules));
    (target, list_asks(site, &app, target))
}

fn list_asks(site: &Site, app: &App, target: Target) -> Asked {
    let rules = &site.settings.rules;
    let private = private_packages(app, rules).into_iter();
    let private = private.filter_map(|(_, requirement)| requirement.key.clone());
    let told = rules.private_packages.iter();
    let private = private.chain(told.map(|name| normalized_name(name)));
    Asked::from_graph(app.requirements(), target, &private.collect())
}
