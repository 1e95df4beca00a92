//! `dashlift solve`: the smallest change that makes the list of each app install and start; and the
//! same in turn with the repairs for `migrate --solve`.

mod confirm;

use std::time::{Duration, Instant};

use super::args::{Format, OutputArgs, PythonArg, RoadArgs, SolveArgs, ToolArg};
use super::done::{self, Done};
use super::fix;
use super::output::Output;
use super::progress::Progress;
use super::run::Run;
use crate::app::{App, discover};
use crate::commands::refusal::Refusal;
use crate::commands::site::Site;
use crate::commands::status::Status;
use crate::engine::{self, AppOutcome, Outcome};
use crate::files::requirements::normalized_name;
use crate::git;
use crate::interrupt;
use crate::packages::minimise::write_into;
use crate::packages::resolve::{Cause, Known, Unfit};
use crate::packages::snapshot::Day;
use crate::packages::solve::{
    Aside, AsideReason, Asked, Past, PythonRow, Road, Situation, Solution, compare, least, solve,
    writes,
};
use crate::packages::{Ran, Target};
use crate::report::solve::SolveDocument;
use crate::report::{self, safe};
use crate::rules::{
    PythonSource, Repository, installable, private_packages, python, python_target,
};
use crate::secrets::masked;
use crate::tree::{Overlay, Tree, TreePath, recover, write_changes};

/// What was asked for on the command line.
pub(super) struct Wanted<'a> {
    pub(super) road: &'a RoadArgs,
    pub(super) with: Option<ToolArg>,
    pub(super) how: &'a OutputArgs,
}

pub(super) fn run(args: &SolveArgs, how: &OutputArgs, output: &mut Output) -> Status {
    interrupt::watch();
    let run = Run {
        command: "solve",
        app_name: None,
        common: &args.common,
        output: how,
        once_per_repository: false,
    };
    let wanted = Wanted {
        road: &args.road,
        with: args.with,
        how,
    };
    run.each(output, |site| solve_site(site, args, &wanted))
}

fn solve_site(site: &Site, args: &SolveArgs, wanted: &Wanted) -> Result<Done, Refusal> {
    let root = match (&site.root, args.write) {
        (Some(root), true) => {
            recover(root)?;
            Some(root)
        }
        (None, true) => return Err(Refusal::BareFix),
        (_, false) => None,
    };
    let tree = site.tree()?;
    let mut outcome = untouched(&*tree, &site.scope);
    let documents = solve_all(site, wanted, &mut outcome)?;
    let mut done = done::done(site, &outcome, &outcome, wanted.how.format == Format::Json);
    if done.status == Some(Status::NoApp) {
        return Ok(done);
    }
    let is_written = root.is_some();
    let texts = documents.iter().map(|it| it.text(&site.shown, is_written));
    let text = texts.collect::<Vec<_>>().join("\n");
    let patch = report::diff::unified(&*tree, outcome.result.changes())?;
    done.json.diff = Some(masked(&String::from_utf8_lossy(&patch)).into_owned());
    done.status = Some(status(&documents, is_written));
    if let Some(root) = root {
        if !args.allow_dirty {
            fix::refuse_dirty(site, &outcome.result)?;
        }
        let written = write_changes(root, outcome.result.changes())?;
        done.result = text;
        done.people = fix::hints(site, &outcome, &written);
    } else {
        done.before = text;
        if !patch.is_empty() {
            done.before.push('\n');
            done.people.push_str("Write it with --write.\n");
        }
        done.patch = Some(patch);
    }
    done.json.solved = Some(documents);
    Ok(done)
}

fn status(documents: &[SolveDocument], is_written: bool) -> Status {
    let is_done = |it: &SolveDocument| it.is_clean() || (is_written && it.is_done());
    if documents.iter().all(is_done) {
        Status::Clean
    } else {
        Status::Findings
    }
}

/// The apps of a tree, with nothing found and nothing changed.
pub(super) fn untouched<'t>(tree: &'t dyn Tree, scope: &TreePath) -> Outcome<'t> {
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
        baselined: crate::engine::Baselined::default(),
        result: Overlay::new(tree),
    }
}

/// Repairs each app and makes its lists install and start, in turn until both rest, for the branch.
/// What cannot be had is left and told.
///
/// # Errors
/// When a change cannot be made or proven.
pub(super) fn fix_and_solve<'t>(
    site: &Site,
    how: &OutputArgs,
    latest_dash: bool,
    repository: &Repository<'t>,
) -> Result<(Outcome<'t>, Vec<SolveDocument>), Refusal> {
    let road = RoadArgs {
        latest_dash,
        ..RoadArgs::default()
    };
    let wanted = Wanted {
        road: &road,
        with: None,
        how,
    };
    let mut documents: Vec<(TreePath, SolveDocument)> = Vec::new();
    let step = |root: &TreePath, files: &mut Overlay<'t>| {
        let document = solve_app(site, &wanted, files, root)?;
        // What a turn changed stays told; a look that changed nothing is told only if it is all.
        let told = documents.iter().any(|(known, _)| known == root);
        if !(told && document.changes_nothing()) {
            documents.push((root.clone(), document));
        }
        Ok::<(), Refusal>(())
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
pub(super) fn solve_all(
    site: &Site,
    wanted: &Wanted,
    outcome: &mut Outcome,
) -> Result<Vec<SolveDocument>, Refusal> {
    let roots: Vec<TreePath> = outcome.apps.iter().map(|app| app.root.clone()).collect();
    let mut documents = Vec::new();
    for root in roots {
        documents.push(solve_app(site, wanted, &mut outcome.result, &root)?);
    }
    Ok(documents)
}

fn solve_app(
    site: &Site,
    wanted: &Wanted,
    result: &mut Overlay,
    root: &TreePath,
) -> Result<SolveDocument, Refusal> {
    let until = Instant::now() + Duration::from_secs(wanted.road.timeout);
    let choice = Choice::of(site, wanted.road, &*result, root, until);
    let Choice {
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
        .map_err(|error| Refusal::NotEditable(error.to_string()))?;
    let mut after = result.clone();
    write_into(&changes, &mut after).map_err(Refusal::NotProven)?;
    prove(site, wanted.road, &after, root, &solution, &past, until)?;
    let mut document = SolveDocument::of(root, &asked, &situation, &solution, road, choice.because);
    document.add_pythons(&choice.rows);
    if !wanted.road.offline && solution.answer.is_solved() {
        let progress = Progress::new(wanted.how);
        let (_, asked) = ask_for(site, solution.target, &after, root);
        let terms = site.terms(wanted.road.timeout, &wanted.road.allow_env);
        confirm::confirm(wanted, &terms, &progress, &solution, &asked, &mut document)?;
    }
    if !document.is_refused() {
        *result = after;
    }
    Ok(document)
}

/// Solves the lists as they are written then: nothing may be left to change.
fn prove(
    site: &Site,
    args: &RoadArgs,
    after: &dyn Tree,
    root: &TreePath,
    solution: &Solution,
    past: &Past,
    until: Instant,
) -> Result<(), Refusal> {
    if solution.answer.is_cut_short || !solution.answer.is_solved() {
        return Ok(());
    }
    let app = App::new(after, root.clone());
    let asked = asked(site, &app, solution.target);
    let situation = Situation::of(&app, &asked, past);
    let road = Road {
        as_of: solution.era.as_ref().map(|era| era.day),
        latest_dash: args.latest_dash,
        caps: args.caps,
    };
    let again = solve(&Known, &situation, solution.target, road, Some(until));
    if again.answer.is_clean() || again.answer.is_cut_short {
        return Ok(());
    }
    Err(Refusal::NotProven(
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
        let what = asked.asks.get(*at)?.as_written();
        Some(Aside { what, why })
    });
    let all: Vec<Aside> = all.collect();
    asked.aside.extend(all);
}

/// The Python that was chosen, and the solution for it.
struct Choice {
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

impl Choice {
    fn of(site: &Site, args: &RoadArgs, tree: &dyn Tree, root: &TreePath, until: Instant) -> Self {
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
            let asked = asked(site, &app, target);
            let situation = Situation::of(&app, &asked, &past);
            let solution = solve(&Known, &situation, target, road, Some(until));
            (asked, situation, solution)
        };
        let chosen = match args.python {
            PythonArg::Given(target) => Some((target, "asked for")),
            PythonArg::Least => None,
            PythonArg::Default => own(site, &app).map(|target| (target, "the app's own")),
        };
        if let Some((target, because)) = chosen {
            let (asked, situation, solution) = solved(target);
            if matches!(args.python, PythonArg::Given(_)) || !excludes(&solution) {
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
        let asked = self::asked(site, &app, first);
        let situation = Situation::of(&app, &asked, &past);
        let rows = compare(&Known, &situation, &targets, road, Some(until));
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
    installable(rules).contains(&target).then_some(target)
}

/// Whether a line of the lists excludes the Python itself.
fn excludes(solution: &Solution) -> bool {
    let answer = &solution.answer;
    let moved = answer.moves.iter().map(|one| &one.cause);
    let mut causes = moved.chain(answer.impossible.iter().map(|(_, cause)| cause));
    causes.any(|cause| {
        let Cause::Unfit { why, .. } = cause else {
            return false;
        };
        matches!(why, Unfit::RequiresPython(_))
    })
}

/// The day on which the lists were last changed, where the history tells it.
fn last_commit(site: &Site, app: &App) -> Option<Day> {
    let workspace = site.workspace.as_ref()?;
    let lists = app.requirements().lists.iter();
    let paths: Vec<TreePath> = lists.map(|list| list.path.clone()).collect();
    let seconds = git::last_change(workspace.repository(), &paths).ok()??;
    Day::from_seconds(seconds)
}

/// That a variable was not filled in.
pub(super) fn say_left_out(name: &str) -> String {
    let name = safe(name);
    format!(
        "${{{name}}} in the address of a package index was not filled in: a list may send it to \
         anybody; when you trust this one, --allow-env {name} fills it in"
    )
}

/// What is asked for an app on a Python.
pub(super) fn ask_for(
    site: &Site,
    target: Target,
    tree: &dyn Tree,
    root: &TreePath,
) -> (Target, Asked) {
    let app = App::new(tree, root.clone());
    (target, asked(site, &app, target))
}

/// What is asked for an app, and for which Python.
pub(super) fn ask(
    site: &Site,
    given: Option<Target>,
    tree: &dyn Tree,
    root: &TreePath,
) -> (Target, Asked) {
    let app = App::new(tree, root.clone());
    let target = given.unwrap_or_else(|| python_target(&app, &site.settings.rules));
    (target, asked(site, &app, target))
}

fn asked(site: &Site, app: &App, target: Target) -> Asked {
    let rules = &site.settings.rules;
    let private = private_packages(app, rules).into_iter();
    let private = private.filter_map(|(_, requirement)| requirement.key.clone());
    let told = rules.private_packages.iter();
    let private = private.chain(told.map(|name| normalized_name(name)));
    Asked::of(app.requirements(), target, &private.collect())
}
