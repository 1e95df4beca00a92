//! The smallest change that makes the list of each app install and start; and the same in turn with
//! the repairs for a branch.

mod conda;
mod confirm;
mod second;

use std::str::FromStr;
use std::time::{Duration, Instant};

use super::fix::refuse_dirty;
use super::{PathRefusal, Site};
use crate::app::{App, discover};
use crate::engine::{self, AppOutcome, Outcome};
use crate::files::requirements::normalized_name;
use crate::git;
use crate::packages::resolve::{KnownPackages, MoveCause, Unfit};
use crate::packages::snapshot::Day;
use crate::packages::solve::{
    Aside, AsideReason, Asked, Past, PythonRow, Road, Situation, Solution, compare, least,
    solve as search, writes,
};
use crate::packages::target::TargetError;
use crate::packages::{Ran, Target};
use crate::report::diff::unified;
use crate::report::safe;
use crate::report::solve::SolveDocument;
use crate::rules::{
    PythonSource, Repository, installable, private_packages, python, python_target,
};
use crate::tree::{Overlay, Tree, TreePath, Written, apply_edits, recover, write_changes};

pub use second::AskedTool;

/// Seconds that one app may take: enough for a long list on a slow network.
pub const TIMEOUT: u64 = 600;

/// Which Python to install on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PythonChoice {
    /// The app's own where the release has it, else the one where least changes.
    #[default]
    Own,
    /// The one where least changes.
    Least,
    /// This one.
    Given(Target),
}

impl FromStr for PythonChoice {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        match text {
            "default" => Ok(Self::Own),
            "least" => Ok(Self::Least),
            text => text.parse().map(Self::Given),
        }
    }
}

/// Which way to go.
#[derive(Debug, Clone)]
pub struct SolveChoices {
    /// The Python.
    pub python: PythonChoice,
    /// What no line pins is taken as it was on this day; none for that of the app.
    pub as_of: Option<Day>,
    /// Whether Dash and its components go to their newest releases first.
    pub latest_dash: bool,
    /// Whether constraints are upper bounds.
    pub caps: bool,
    /// Whether nobody is asked.
    pub offline: bool,
    /// Seconds that one app may take.
    pub timeout: u64,
    /// Variables that may be filled in into addresses of package indexes.
    pub allow_env: Vec<String>,
    /// The program to ask; where none is named, uv or pip, whichever is there.
    pub tool: Option<AskedTool>,
}

impl Default for SolveChoices {
    fn default() -> Self {
        Self {
            python: PythonChoice::Own,
            as_of: None,
            latest_dash: false,
            caps: false,
            offline: false,
            timeout: TIMEOUT,
            allow_env: Vec::new(),
            tool: None,
        }
    }
}

/// Whether and how the changes are written into the work tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// Not at all.
    Nothing,
    /// Into files without uncommitted changes.
    Clean,
    /// Into all files.
    All,
}

impl Writing {
    /// What two switches of a command line say.
    pub fn new(write: bool, allow_dirty: bool) -> Self {
        match (write, allow_dirty) {
            (false, _) => Self::Nothing,
            (true, false) => Self::Clean,
            (true, true) => Self::All,
        }
    }
}

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
    let choice = ChosenPython::make(site, choices, &*result, root, until);
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

/// The Python that was chosen, and the solution for it.
struct ChosenPython {
    asked: Asked,
    situation: Situation,
    solution: Solution,
    road: Road,
    past: Past,
    /// Why this Python, half a sentence.
    because: String,
    /// What the lists cost on each, where that was looked at.
    rows: Vec<PythonRow>,
}

impl ChosenPython {
    fn make(
        site: &Site,
        args: &SolveChoices,
        tree: &dyn Tree,
        root: &TreePath,
        until: Instant,
    ) -> Self {
        let app = App::new(tree, root.clone());
        let road = Road {
            latest_dash: args.latest_dash,
            as_of: args.as_of,
            caps: args.caps,
        };
        let past = Past {
            commit: last_commit(site, &app),
            ran: match args.as_of {
                Some(_) => Ran::default(),
                None => site.settings.rules.ran(root),
            },
        };
        let solved = |target: Target| {
            let asked = list_asks(site, &app, target);
            let situation = Situation::read(&app, &asked, &past);
            let solution = search(&KnownPackages, &situation, target, road, Some(until));
            (asked, situation, solution)
        };
        let chosen = match args.python {
            PythonChoice::Given(target) => Some((target, "asked for")),
            PythonChoice::Least => None,
            PythonChoice::Own => own(site, &app).map(|target| (target, "the app's own")),
        };
        if let Some((target, because)) = chosen {
            let (asked, situation, solution) = solved(target);
            if matches!(args.python, PythonChoice::Given(_)) || !excludes(&solution) {
                return Self {
                    asked,
                    situation,
                    solution,
                    road,
                    past,
                    because: because.to_owned(),
                    rows: Vec::new(),
                };
            }
        }
        let targets = installable(&site.settings.rules);
        let first = targets.last().copied();
        let first = first.unwrap_or_else(|| python_target(&app, &site.settings.rules));
        let asked = self::list_asks(site, &app, first);
        let situation = Situation::read(&app, &asked, &past);
        let rows = compare(&KnownPackages, &situation, &targets, road, Some(until));
        let target = least(&rows).unwrap_or(first);
        let rows = rows.into_iter().map(|(row, _)| row).collect();
        // Markers may ask for other lines there.
        let (asked, situation, solution) = solved(target);
        Self {
            asked,
            situation,
            solution,
            road,
            past,
            because: "where least has to change".to_owned(),
            rows,
        }
    }
}

/// The Python that the app names itself, where the release has it.
fn own(site: &Site, app: &App) -> Option<Target> {
    let rules = &site.settings.rules;
    let python = python(app, rules);
    let minor = python
        .minor
        .filter(|_| python.source != PythonSource::Default)?;
    let target: Target = minor.parse().ok()?;
    // conda installs its own, whatever the release has.
    let is_conda = matches!(python.source, PythonSource::Conda(_));
    (is_conda || installable(rules).contains(&target)).then_some(target)
}

/// Whether a line of the lists excludes the Python itself.
fn excludes(solution: &Solution) -> bool {
    let answer = &solution.answer;
    let moved = answer.moves.iter().map(|one| &one.cause);
    let mut causes = moved.chain(answer.impossible.iter().map(|(_, cause)| cause));
    causes.any(|cause| {
        let MoveCause::Unfit { why, .. } = cause else {
            return false;
        };
        matches!(why, Unfit::RequiresPython(_))
    })
}

/// The day on which the lists were last changed, where the history tells it.
fn last_commit(site: &Site, app: &App) -> Option<Day> {
    let workspace = site.workspace.as_ref()?;
    let lists = app.requirements().all_lists();
    let paths: Vec<TreePath> = lists.map(|list| list.path.clone()).collect();
    let seconds = git::last_change(workspace.repository(), &paths).ok()??;
    Day::from_seconds(seconds)
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
