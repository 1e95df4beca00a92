//! `dashlift solve`: the smallest change that makes the list of each app install; and the same in
//! turn with the repairs for `migrate --solve`.

use std::cell::Cell;
use std::collections::BTreeSet;

use super::args::{AskedArgs, Format, OutputArgs, SolveArgs, ToolArg};
use super::done::{self, Done};
use super::environment;
use super::fix;
use super::output::Output;
use super::progress::Progress;
use super::refusal::Refusal;
use super::run::Run;
use super::site::Site;
use super::status::Status;
use crate::app::{App, discover};
use crate::engine::{self, AppOutcome, Outcome};
use crate::files::requirements::normalized_name;
use crate::interrupt;
use crate::packages::Target;
use crate::packages::edges::{Snapshot, Sources};
use crate::packages::minimise::{self, Lists};
use crate::packages::solve::{
    Answer, Asked, Change, How, Request, Resolution, ResolveError, Resolver, edits, solve,
};
use crate::report::solve::SolveDocument;
use crate::report::{self, safe};
use crate::resolver::{Found, Terms, Tool};
use crate::rules::{Repository, private_packages, python};
use crate::secrets::masked;
use crate::text::{Span, Text, splice};
use crate::tree::{Overlay, Tree, TreePath, recover, write_changes};

/// The Python of an app that chooses none.
const PYTHON: Target = Target::new(10);

/// Older ones are in no release of Dash Enterprise 5 that is still made.
const OLDEST: Target = Target::new(7);

/// What was asked for on the command line.
pub(super) struct Wanted<'a> {
    pub(super) asked: &'a AskedArgs,
    pub(super) latest_dash: bool,
    pub(super) with: Option<ToolArg>,
    pub(super) how: &'a OutputArgs,
}

pub(super) fn run(args: &SolveArgs, how: &OutputArgs, output: &mut Output) -> Status {
    interrupt::watch();
    let run = Run {
        command: "solve",
        common: &args.common,
        output: how,
        once_per_repository: false,
    };
    let wanted = Wanted {
        asked: &args.asked,
        latest_dash: args.latest_dash,
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
    let is_done = |it: &SolveDocument| it.is_clean() || (is_written && it.is_solved());
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

/// Repairs each app and makes its lists install, in turn until both rest, for the branch.
///
/// # Errors
/// When nobody can be asked, or the list of an app cannot be made to install.
pub(super) fn fix_and_solve<'t>(
    site: &Site,
    how: &OutputArgs,
    latest_dash: bool,
    repository: &Repository<'t>,
) -> Result<(Outcome<'t>, Vec<SolveDocument>), Refusal> {
    let asked = AskedArgs::default();
    let wanted = Wanted {
        asked: &asked,
        latest_dash,
        with: None,
        how,
    };
    let mut documents: Vec<(TreePath, SolveDocument)> = Vec::new();
    let step = |root: &TreePath, files: &mut Overlay<'t>| {
        let document = solve_app(site, &wanted, files, root)?;
        // What a turn changed stays told; a look that changed nothing is told only if it is all.
        let told = documents.iter().any(|(known, _)| known == root);
        if !(told && document.is_clean()) {
            documents.push((root.clone(), document));
        }
        Ok::<(), Refusal>(())
    };
    let (settings, allowed) = (&site.settings.rules, site.settings.allowed);
    let outcome = engine::fix_with_lists(repository, settings, allowed, step)?;
    let documents: Vec<SolveDocument> = documents.into_iter().map(|(_, it)| it).collect();
    let in_the_way = documents.iter().filter(|it| !it.is_solved());
    let in_the_way: Vec<String> = in_the_way.map(|it| it.in_the_way(&site.shown)).collect();
    if in_the_way.is_empty() {
        Ok((outcome, documents))
    } else {
        Err(Refusal::Unsolved(in_the_way.join("\n")))
    }
}

/// Solves the list of each app and puts the changes into the result.
///
/// # Errors
/// When nobody can be asked, or a change cannot be made or proven: then nothing is to be written.
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

/// The quick way first, on what the index said a moment ago; when the proof, which asks anew, does
/// not hold then, once more without.
fn solve_app(
    site: &Site,
    wanted: &Wanted,
    result: &mut Overlay,
    root: &TreePath,
) -> Result<SolveDocument, Refusal> {
    let terms = site.terms(wanted.asked.timeout, &wanted.asked.allow_env);
    let mut quick = result.clone();
    match solve_with(site, wanted, &mut quick, root, &terms, true) {
        Err(Refusal::NotProven(_)) => solve_with(site, wanted, result, root, &terms, false),
        Ok(document) => {
            *result = quick;
            Ok(document)
        }
        Err(refusal) => Err(refusal),
    }
}

fn solve_with(
    site: &Site,
    wanted: &Wanted,
    result: &mut Overlay,
    root: &TreePath,
    terms: &Terms,
    may_remember: bool,
) -> Result<SolveDocument, Refusal> {
    let (target, asked) = ask(site, wanted.asked, result, root);
    let tool = wanted.with.map(|tool| match tool {
        ToolArg::Uv => Tool::Uv,
        ToolArg::Pip => Tool::Pip,
    });
    let progress = Progress::new(wanted.how);
    let found = Found::new(tool, target, terms, may_remember)?;
    let resolver = Told::new(&found, &progress);
    let how = How {
        latest_dash: wanted.latest_dash,
        droppable: droppable(site, result, root, target, &asked),
    };
    let solved = solve(&resolver, &asked, target, &how)?;
    let mut document = SolveDocument::of(root, target, found.tool().name(), &asked, &solved);
    if let Some(limits) = found.limits() {
        document.note(limits);
    }
    for name in terms.allowed.left_out(&asked.options) {
        document.note(say_left_out(&name));
    }
    if let Answer::Solved(solution) = &solved.answer
        && !solution.changes.is_empty()
    {
        change(result, &asked, &solution.changes)?;
        let (_, after) = ask(site, wanted.asked, result, root);
        let anew = Found::new(tool, target, terms, false)?;
        prove(&Told::new(&anew, &progress), &after, target)?;
    }
    Ok(document)
}

/// That a variable was not filled in.
pub(super) fn say_left_out(name: &str) -> String {
    let name = safe(name);
    format!(
        "${{{name}}} in the address of a package index was not filled in: a list may send it to \
         anybody; when you trust this one, --allow-env {name} fills it in"
    )
}

/// What is asked for an app, and for which Python.
pub(super) fn ask(
    site: &Site,
    args: &AskedArgs,
    tree: &dyn Tree,
    root: &TreePath,
) -> (Target, Asked) {
    let app = App::new(tree, root.clone());
    let rules = &site.settings.rules;
    let chosen = python(&app, rules).minor;
    let chosen = chosen.and_then(|minor| minor.parse::<Target>().ok());
    let chosen = chosen.filter(|target| *target >= OLDEST);
    let target = args.python.or(chosen).unwrap_or(PYTHON);
    let private = private_packages(&app, rules).into_iter();
    let private = private.filter_map(|(_, requirement)| requirement.key.clone());
    let told = rules.private_packages.iter();
    let private = private.chain(told.map(|name| normalized_name(name)));
    let asked = Asked::of(app.requirements(), target, &private.collect());
    (target, asked)
}

/// The requirements that others bring along, by their place among the asks: they may go.
fn droppable(
    site: &Site,
    tree: &dyn Tree,
    root: &TreePath,
    target: Target,
    asked: &Asked,
) -> BTreeSet<usize> {
    let app = App::new(tree, root.clone());
    let Some(lists) = Lists::of(&app) else {
        return BTreeSet::new();
    };
    let found = environment::of_app(site, &app, &lists, target);
    let told = site.settings.rules.installed.as_deref();
    let mut sources = Sources::of_app(&app, &lists.all().collect::<Vec<_>>(), target);
    if let Some(environment) = told.or(found.as_ref()) {
        sources = sources.and(environment);
    }
    let lines = minimise::droppable(&app, &lists, target, &sources.and(Snapshot));
    asked.places(&lines)
}

/// Makes the changes in the files.
fn change(result: &mut Overlay, asked: &Asked, changes: &[Change]) -> Result<(), Refusal> {
    let not_editable = |ask: &crate::packages::solve::Ask| {
        Refusal::NotEditable(format!("{}:{}", ask.path, ask.position.line))
    };
    let edits = edits(&asked.asks, changes).map_err(not_editable)?;
    let paths: BTreeSet<&TreePath> = edits.iter().map(|edit| &edit.path).collect();
    for path in paths {
        let unfit = || Refusal::NotProven(format!("{path} cannot be changed"));
        let bytes = result.read(path).map_err(|_| unfit())?;
        let text = Text::decode_declared(&bytes).map_err(|_| unfit())?;
        let own = edits.iter().filter(|edit| edit.path == *path);
        let own: Vec<(Span, String)> = own.map(|edit| (edit.span, edit.text.clone())).collect();
        let content = splice(text.as_str(), &own).map_err(|_| unfit())?;
        let bytes = text.with_content(content).encode();
        result.write(path, bytes).map_err(|_| unfit())?;
    }
    Ok(())
}

/// Asks once more, for the list as it is written then.
fn prove(resolver: &dyn Resolver, asked: &Asked, target: Target) -> Result<(), Refusal> {
    let solved = solve(resolver, asked, target, &How::default())?;
    match solved.answer {
        Answer::Solved(solution) if solution.changes.is_empty() => Ok(()),
        _ => Err(Refusal::NotProven(
            "please report this as a defect of dashlift".to_owned(),
        )),
    }
}

/// A resolver of which people see that it is at work.
struct Told<'a> {
    found: &'a Found,
    progress: &'a Progress,
    count: Cell<usize>,
}

impl<'a> Told<'a> {
    fn new(found: &'a Found, progress: &'a Progress) -> Self {
        Self {
            found,
            progress,
            count: Cell::new(0),
        }
    }
}

impl Resolver for Told<'_> {
    fn resolve(&self, request: &Request) -> Result<Resolution, ResolveError> {
        self.count.set(self.count.get() + 1);
        let tool = self.found.tool().name();
        let many = request.requirements.len();
        let count = self.count.get();
        self.progress.say(format!(
            "asking {tool} about {many} requirements for {} (question {count})",
            request.target
        ));
        self.found.resolve(request)
    }
}
