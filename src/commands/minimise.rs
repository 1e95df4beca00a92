//! Why each requirement is kept or dropped; and the shorter lists.

use super::environment;
use super::fix::refuse_dirty;
use super::online::{Confirmed, Online};
use super::solve::Writing;
use super::{PathRefusal, Site, Status};
use crate::app::{App, Language, discover};
use crate::packages::Target;
use crate::packages::edges::{Metadata, Snapshot, Sources};
use crate::packages::minimise::{
    Blocked, ListFacts, Lists, Obstacle, Question, Reduction, ReductionOptions, judge,
};
use crate::report::minimise::{self as report, Request};
use crate::rules::{Safety, python_target};
use crate::tree::{Overlay, Tree, apply_edits, write_changes};

/// How lists are made shorter.
#[derive(Debug, Clone)]
pub struct MinimiseChoices {
    /// Whether and how the shorter lists are written.
    pub writing: Writing,
    /// Whether a resolver is asked what packages need, and confirms the shorter lists.
    pub online: bool,
    /// Variables that may be filled in into addresses of package indexes.
    pub allow_env: Vec<String>,
    /// The Python; the one that the app moves to where none is given.
    pub python: Option<Target>,
}

/// Why nobody is asked about an environment of conda's.
const NOT_ASKED: &str = "uv and pip were not asked, and nobody confirmed it: conda builds this app, \
    and a package index does not know its channels; `dashlift solve --with micromamba` asks them";

/// What came of the lists of a site.
#[derive(Debug)]
pub struct Minimised {
    /// The apps that have lists, each with the verdict on every line.
    pub apps: Vec<report::App>,
    /// How it ended.
    pub status: Status,
    /// Whether files were written.
    pub written: bool,
}

/// Judges the lists of each app of the tree, and writes the shorter ones where that is asked for.
/// What is asked of a resolver is said to `say`.
///
/// # Errors
/// When nobody answers, or files cannot be written.
pub fn minimise(
    site: &Site,
    tree: &dyn Tree,
    choices: &MinimiseChoices,
    say: &dyn Fn(String),
) -> Result<Minimised, PathRefusal> {
    let mut result = Overlay::new(tree);
    let roots = discover(tree, &site.scope);
    let mut done = Minimised {
        apps: Vec::new(),
        status: if roots.is_empty() {
            Status::NoApp
        } else {
            Status::Clean
        },
        written: false,
    };
    for root in roots {
        let app = App::new(tree, root);
        if app.language() != Language::Python {
            continue;
        }
        if let Some((status, document)) = minimise_app(site, choices, &app, &mut result, say)? {
            done.status = done.status.max(status);
            done.apps.push(document);
        }
    }
    if choices.writing != Writing::Nothing {
        done.written = write(choices.writing, site, &result)?;
    }
    Ok(done)
}

/// Judges the lists of an app and puts the shorter ones into the result; none where it has no list.
fn minimise_app(
    site: &Site,
    choices: &MinimiseChoices,
    app: &App,
    result: &mut Overlay,
    say: &dyn Fn(String),
) -> Result<Option<(Status, report::App)>, PathRefusal> {
    let Some(lists) = Lists::from_app(app) else {
        return Ok(None);
    };
    let tree = app.tree();
    let study = Study::new(choices.python, site, app, &lists);
    let is_conda = app.requirements().conda.is_some();
    let online = if choices.online && !is_conda {
        let variables = &choices.allow_env;
        let online = Online::ask(site, say, study.target, app.root(), tree, variables);
        Some(online?)
    } else {
        None
    };
    let unasked = (choices.online && is_conda).then(|| NOT_ASKED.to_owned());
    let (mut document, reduction, unproven) = study.judged(site, online.as_ref(), unasked);
    let can_go = document.can_go(study.wanted.obsolete) > 0;
    let mut failed = unproven;
    if let Some(reduction) = reduction {
        if let Some(online) = &online {
            failed = !is_confirmed(online, tree, &reduction, &mut document)?;
        }
        if !failed {
            let written = apply_edits(&reduction.edits, result);
            written.map_err(|misfit| PathRefusal::Unwritten(misfit.to_string()))?;
        }
    }
    let is_left = choices.writing == Writing::Nothing || document.obstacle().is_some();
    let status = if failed {
        Status::ProofFailed
    } else if can_go && is_left {
        Status::Findings
    } else {
        Status::Clean
    };
    Ok(Some((status, document)))
}

/// Whether a resolver confirms the shorter lists; the document says so, or why not.
fn is_confirmed(
    online: &Online,
    tree: &dyn Tree,
    reduction: &Reduction,
    document: &mut report::App,
) -> Result<bool, PathRefusal> {
    let mut shorter = Overlay::new(tree);
    let written = apply_edits(&reduction.edits, &mut shorter);
    written.map_err(|misfit| PathRefusal::Unwritten(misfit.to_string()))?;
    match online.confirm(&shorter)? {
        Confirmed::Yes(tool) => {
            document.confirm(tool);
            Ok(true)
        }
        Confirmed::No(why) => {
            document.block(&why);
            Ok(false)
        }
    }
}

/// Writes the files; false when there is nothing to write.
fn write(writing: Writing, site: &Site, result: &Overlay) -> Result<bool, PathRefusal> {
    if result.changes().is_empty() {
        return Ok(false);
    }
    if writing == Writing::Clean {
        refuse_dirty(site, result)?;
    }
    let root = site.root.as_deref().ok_or(PathRefusal::BareFix)?;
    write_changes(root, result.changes())?;
    Ok(true)
}

/// One app, and who knows what its distributions need.
struct Study<'s, 't> {
    app: &'s App<'t>,
    lists: &'s Lists<'s>,
    target: Target,
    wanted: ReductionOptions,
    facts: ListFacts,
    environment: Option<Metadata>,
}

impl<'s, 't> Study<'s, 't> {
    fn new(python: Option<Target>, site: &Site, app: &'s App<'t>, lists: &'s Lists<'s>) -> Self {
        let rules = &site.settings.rules;
        let target = python.unwrap_or_else(|| python_target(app, rules));
        Self {
            facts: ListFacts::gather(app, lists, target, &rules.ran(app.root())),
            wanted: ReductionOptions {
                drop_pins: rules.drop_pins,
                obsolete: site.settings.allowed == Safety::Unsafe,
            },
            environment: environment::of_app(site, app, lists, target),
            app,
            lists,
            target,
        }
    }

    /// The verdicts, the reduction where there is one, and whether its proof failed.
    fn judged(
        &self,
        site: &Site,
        online: Option<&Online>,
        unasked: Option<String>,
    ) -> (report::App, Option<Reduction>, bool) {
        let all: Vec<_> = self.lists.all().collect();
        let mut sources = Sources::of_app(self.app, &all, self.target);
        let told = site.settings.rules.installed.as_deref();
        let environment = told.or(self.environment.as_ref());
        let mut notes = std::mem::take(&mut sources.problems);
        notes.extend(unasked);
        if let Some(environment) = environment {
            notes.extend(self.notes(environment));
            sources = sources.and(environment);
        }
        if let Some(online) = online {
            notes.extend(online.notes());
            sources = sources.and(online.needs());
        }
        let sources = sources.and(Snapshot);
        let question = Question {
            tree: self.app.tree(),
            root: self.app.root(),
            lists: self.lists,
            target: self.target,
            sources: &sources,
            uses: &self.facts.uses,
            obsolete: &self.facts.obsolete,
            ran: &self.facts.ran,
            wanted: self.wanted,
        };
        let judgement = judge(&question);
        let reduction = question.reduce(&judgement);
        notes.extend(of_what_ran(&reduction));
        let document = report::App::new(&Request {
            tree: self.app.tree(),
            root: self.app.root(),
            lists: self.lists,
            target: self.target,
            judgement: &judgement,
            wanted: self.wanted,
            reduction: &reduction,
            notes,
        });
        let unproven = |blocked: &Blocked| matches!(blocked, Blocked::Unproven(_));
        let failed = reduction.as_ref().err().is_some_and(|it| unproven(&it.why));
        (document, reduction.ok().flatten(), failed)
    }

    /// What people should know of an environment.
    fn notes(&self, environment: &Metadata) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(python) = environment.python.filter(|it| *it != self.target) {
            notes.push(format!(
                "{} is one of {python}; markers are read for {}",
                environment.origin, self.target
            ));
        }
        let problems = environment.problems.iter();
        notes.extend(problems.map(|it| format!("{}: {it}; it is not known", environment.origin)));
        notes
    }
}

/// That versions which no list says are taken from what ran.
fn of_what_ran(reduction: &Result<Option<Reduction>, Obstacle>) -> Option<String> {
    let ran = &reduction.as_ref().ok()?.as_ref()?.ran;
    let versions = ran
        .iter()
        .map(|(name, version)| format!("{name} {version}"));
    let versions: Vec<String> = versions.collect();
    (!versions.is_empty()).then(|| {
        format!(
            "taken as it ran on the old server, because no list says a version: {}; the \
             constraints say it then",
            versions.join(", ")
        )
    })
}
