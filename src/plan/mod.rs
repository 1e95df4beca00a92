//! What the move of one app asks for, as data: what the repairs do, what is left for a person, what
//! to set up on Dash Enterprise 5, and the commands for it. Nothing here renders or looks at a
//! disk; [`crate::report::plan`] makes Markdown of it.

mod commands;
mod filesystem;
mod lines;
mod packages;
mod scale;
mod server;
mod steps;
mod unknown;
mod uses;

use crate::app::{App, Language};
use crate::engine::{AppOutcome, Outcome, Reported, join_causes};
use crate::inventory;
use crate::rules::{Code, Effort, NeededPython, Place, Safety, Settings, python};
use crate::text::Text;
use crate::tree::{Tree, TreePath};

pub use crate::inventory::{AppName, NameSource, Names};
pub use commands::{Certainty, PlannedCommand};
pub use filesystem::{AppData, Data, DataFolder, DataNeed, MappedDirectory};
pub use packages::{Index, Packages, PrivatePackage};
pub use scale::{ProcessScale, Replicas};
pub use steps::{Advice, Duties, PlannedStep, StepSource};
pub use unknown::{Unknown, UnknownKind};
pub use uses::{Missing, ServiceNeed, VariableNeed};

/// A place that people can open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// The file, from the root of the repository.
    pub path: TreePath,
    /// The line, from 1; `None` for the file as a whole.
    pub line: Option<usize>,
}

/// What has to happen before an app runs on Dash Enterprise 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    /// Nothing that counts was found in the repository, and nothing is repaired: it is set up on
    /// the new server as it is. Everything that decides is known.
    Ready,
    /// The repairs answer every finding that counts. What is left takes minutes and happens on
    /// the server: commands and settings.
    AfterBranch,
    /// Nothing known stands in the way, with the repairs, but so many things that decide are not
    /// known.
    Unsure(usize),
    /// Somebody has to look something up, decide or write something, in so many steps.
    NeedsPerson(usize),
}

/// A repair that the branch holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// The rule.
    pub code: Code,
    /// The file that the finding was about.
    pub path: TreePath,
    /// What the repair does, as a command.
    pub title: String,
    /// How sure it is.
    pub safety: Safety,
}

/// The plan of one app.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The app's folder.
    pub root: TreePath,
    /// The app's name on the server.
    pub name: AppName,
    /// Whether Dash Enterprise 5 builds what the app is written in.
    pub is_python: bool,
    /// What has to happen.
    pub readiness: Readiness,
    /// The repairs, in their order.
    pub repairs: Vec<Repair>,
    /// What a person does.
    pub duties: Duties,
    /// Services, with what shows that the app needs them.
    pub services: Vec<ServiceNeed>,
    /// Environment variables to recreate.
    pub variables: Vec<VariableNeed>,
    /// Process types whose number of replicas somebody has to look at.
    pub scale: Vec<ProcessScale>,
    /// The Python after the repairs.
    pub python: NeededPython,
    /// Where [`Plan::python`] is chosen.
    pub python_at: Option<At>,
    /// Directories that were mapped, and the data in the repository.
    pub filesystem: AppData,
    /// Package indexes after the repairs, and packages that need one.
    pub packages: Packages,
    /// What Dash Enterprise 5 has nothing like.
    pub missing: Vec<Missing>,
    /// What decides and is not known, after the repairs.
    pub unknown: Vec<Unknown>,
    /// The commands that set the app up, in order.
    pub commands: Vec<PlannedCommand>,
    /// What the Dash Enterprise 4 server says of it.
    pub server: Option<inventory::InventoryApp>,
}

impl Plan {
    /// How long everything takes that a person does.
    pub fn effort(&self) -> Effort {
        steps::sum(self.duties.person.iter().chain(&self.duties.set_up))
    }
}

/// What the plans of a repository are made of.
pub struct PlanRequest<'a, 't> {
    /// What became of the repository, repairs made.
    pub outcome: &'a Outcome<'t>,
    /// What the rules were told.
    pub settings: &'a Settings,
    /// How the apps may be called.
    pub names: &'a Names,
    /// Whether lines are those of the result (a file on the branch), not of the files as they
    /// are.
    pub of_result: bool,
}

/// The plan of each app, in the order of the outcome.
pub fn plans(request: &PlanRequest) -> Vec<Plan> {
    let apps = request.outcome.apps.iter();
    apps.map(|app| plan(request, app)).collect()
}

fn plan(request: &PlanRequest, outcome: &AppOutcome) -> Plan {
    let all = request.outcome;
    let before = App::new(all.result.base(), outcome.root.clone());
    let after = App::new(&all.result, outcome.root.clone());
    let seen = if request.of_result { &after } else { &before };
    let settings = request.settings;
    let fixed = findings(all, outcome, seen, |app| &app.fixed);
    let open = findings(all, outcome, seen, |app| &app.open);
    let fixed: Vec<&Reported> = fixed.iter().collect();
    let open: Vec<&Reported> = open.iter().collect();
    let python = python(&after, settings);
    let mut plan = Plan {
        root: outcome.root.clone(),
        name: request.names.name_app(&outcome.root),
        is_python: before.language() == Language::Python,
        readiness: Readiness::Ready,
        repairs: fixed.iter().map(|reported| repair(reported)).collect(),
        duties: Duties::gather(seen.tree(), &fixed, &open, outcome.failed.is_some()),
        services: uses::services(seen),
        variables: uses::variables(seen),
        scale: scale::scale(&before),
        python_at: python_at(&after, &python),
        python,
        filesystem: filesystem::filesystem(seen, settings, fixed.iter().chain(&open)),
        packages: packages::packages(&after, settings),
        missing: uses::missing(seen.tree(), fixed.iter().chain(&open)),
        unknown: Vec::new(),
        commands: Vec::new(),
        server: None,
    };
    let known = settings.server.as_ref();
    let app = known.and_then(|known| known.joined(&outcome.root, request.names).one());
    if let Some(app) = app {
        server::add(&mut plan, app);
    }
    if plan.is_python {
        plan.unknown =
            unknown::find_unknown(&after, &plan.python, &plan.packages, &outcome.skipped);
    }
    plan.readiness = readiness(&plan);
    if plan.is_python {
        plan.commands = commands::commands(&plan, settings);
        plan.duties.without(&plan.commands);
    }
    plan
}

fn readiness(plan: &Plan) -> Readiness {
    match plan.duties.person.len() {
        0 if !plan.unknown.is_empty() => Readiness::Unsure(plan.unknown.len()),
        0 if plan.repairs.is_empty() => Readiness::Ready,
        0 => Readiness::AfterBranch,
        steps => Readiness::NeedsPerson(steps),
    }
}

/// The findings of an app, with those about files that it shares with an app before it: the engine
/// reports them once. One cause is one finding.
fn findings<'o>(
    all: &'o Outcome,
    own: &'o AppOutcome,
    app: &App,
    of: impl Fn(&'o AppOutcome) -> &'o Vec<Reported>,
) -> Vec<Reported> {
    let lists = &app.requirements().lists;
    let before = all.apps.iter().take_while(|other| other.root != own.root);
    let shared = before.flat_map(|other| of(other).iter().map(move |it| (other, it)));
    let shared = shared.filter(|(other, reported)| {
        let path = &reported.finding.place.path;
        !path.is_in(&other.root) && lists.iter().any(|list| list.path == *path)
    });
    let shared = shared.map(|(_, reported)| reported);
    join_causes(of(own).iter().chain(shared).cloned())
}

fn repair(reported: &Reported) -> Repair {
    let finding = &reported.finding;
    let fix = finding.fix.as_ref();
    Repair {
        code: finding.rule.code,
        path: finding.place.path.clone(),
        title: fix.map(|fix| fix.title.clone()).unwrap_or_default(),
        safety: fix.map_or(Safety::Safe, |fix| fix.safety),
    }
}

fn python_at(app: &App, python: &NeededPython) -> Option<At> {
    use crate::rules::PythonSource::{Conda, Default, ProjectToml, RuntimeTxt, Unreadable};
    match &python.source {
        ProjectToml(place) | Conda(place) | RuntimeTxt(place) | Unreadable(place) => {
            Some(at(app.tree(), place))
        }
        Default => None,
    }
}

/// The line of a place in a file of `tree`.
fn at(tree: &dyn Tree, place: &Place) -> At {
    let line = place.position.map(|position| position.line).or_else(|| {
        let span = place.span?;
        let bytes = tree.read(&place.path).ok()?;
        let text = Text::decode_declared(&bytes).ok()?;
        Some(text.position(span.start).line)
    });
    At {
        path: place.path.clone(),
        line,
    }
}

#[cfg(test)]
mod tests;
