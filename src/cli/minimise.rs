//! `dashlift minimise`: why each requirement is kept or dropped; with `--write`, the shorter lists.

use super::args::{Format, MinimiseArgs, OutputArgs};
use super::done::{no_app, unfinished};
use super::fix::{recovery, refuse_dirty};
use super::online::{Confirmed, Online};
use super::output::Output;
use crate::app::{App, Language, discover};
use crate::commands::environment;
use crate::commands::refusal::{Refusal, Refused};
use crate::commands::site::Site;
use crate::commands::status::Status;
use crate::interrupt;
use crate::packages::Target;
use crate::packages::edges::{Metadata, Snapshot, Sources};
use crate::packages::minimise::{
    Blocked, Facts, Lists, Obstacle, Question, Reduction, Wanted, judge,
};
use crate::report::minimise::{self as report, Document, Request};
use crate::report::{self as reports, json, text};
use crate::rules::{Safety, python_target};
use crate::tree::{Overlay, Tree, recover, write_changes};

pub(super) fn run(args: &MinimiseArgs, how: &OutputArgs, output: &mut Output) -> Status {
    if args.online {
        interrupt::watch();
    }
    let site = Site::open(args.path.as_deref(), &args.rules.choices(), false);
    let done = site.and_then(|site| {
        let done = minimise(args, how, &site)?;
        Ok((site, done))
    });
    match done {
        Ok((site, done)) => print(args, how, &site, done, output),
        Err(reason) => refuse(args, how, reason, output),
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

/// What came of a run.
#[derive(Default)]
struct Done {
    apps: Vec<report::App>,
    status: Option<Status>,
    written: bool,
    errors: String,
}

fn minimise(args: &MinimiseArgs, how: &OutputArgs, site: &Site) -> Result<Done, Refusal> {
    let mut done = Done::default();
    if args.write {
        let root = site.root.as_deref().ok_or(Refusal::BareFix)?;
        done.errors = recovery(site, recover(root)?);
    } else {
        done.errors = unfinished(site);
    }
    let tree = site.tree()?;
    let mut result = Overlay::new(&*tree);
    let roots = discover(&*tree, &site.scope);
    if roots.is_empty() {
        done.status = Some(Status::NoApp);
        done.errors.push_str(&no_app(site));
        return Ok(done);
    }
    let mut status = Status::Clean;
    for root in roots {
        let app = App::new(&*tree, root);
        if app.language() != Language::Python {
            continue;
        }
        let Some(lists) = Lists::of(&app) else {
            continue;
        };
        let study = Study::of(args, site, &app, &lists);
        let online = if args.online {
            let target = study.target;
            let variables = &args.allow_env;
            let online = Online::of(site, how, target, app.root(), &*tree, variables);
            Some(online?)
        } else {
            None
        };
        let (mut document, reduction, unproven) = study.judged(site, online.as_ref());
        let can_go = document.can_go(study.wanted.obsolete) > 0;
        let mut failed = unproven;
        if let Some(reduction) = reduction {
            if let Some(online) = &online {
                failed = !is_confirmed(online, &*tree, &reduction, &mut document)?;
            }
            if !failed {
                let written = reduction.write_into(&mut result);
                written.map_err(Refusal::Unwritten)?;
            }
        }
        status = status.max(if failed {
            Status::ProofFailed
        } else if can_go && (!args.write || document.obstacle().is_some()) {
            Status::Findings
        } else {
            Status::Clean
        });
        done.apps.push(document);
    }
    done.status = Some(status);
    if args.write {
        done.written = write(args, site, &result)?;
    }
    Ok(done)
}

/// Whether a resolver confirms the shorter lists; the document says so, or why not.
fn is_confirmed(
    online: &Online,
    tree: &dyn Tree,
    reduction: &Reduction,
    document: &mut report::App,
) -> Result<bool, Refusal> {
    let mut shorter = Overlay::new(tree);
    let written = reduction.write_into(&mut shorter);
    written.map_err(Refusal::Unwritten)?;
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
fn write(args: &MinimiseArgs, site: &Site, result: &Overlay) -> Result<bool, Refusal> {
    if result.changes().is_empty() {
        return Ok(false);
    }
    if !args.allow_dirty {
        refuse_dirty(site, result)?;
    }
    let root = site.root.as_deref().ok_or(Refusal::BareFix)?;
    write_changes(root, result.changes())?;
    Ok(true)
}

/// One app, and who knows what its distributions need.
struct Study<'s, 't> {
    app: &'s App<'t>,
    lists: &'s Lists<'s>,
    target: Target,
    wanted: Wanted,
    facts: Facts,
    environment: Option<Metadata>,
}

impl<'s, 't> Study<'s, 't> {
    fn of(args: &MinimiseArgs, site: &Site, app: &'s App<'t>, lists: &'s Lists<'s>) -> Self {
        let rules = &site.settings.rules;
        let target = args.python.unwrap_or_else(|| python_target(app, rules));
        Self {
            facts: Facts::of(app, lists, target, &rules.ran(app.root())),
            wanted: Wanted {
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
    ) -> (report::App, Option<Reduction>, bool) {
        let all: Vec<_> = self.lists.all().collect();
        let mut sources = Sources::of_app(self.app, &all, self.target);
        let told = site.settings.rules.installed.as_deref();
        let environment = told.or(self.environment.as_ref());
        let mut notes = std::mem::take(&mut sources.problems);
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
        let document = report::App::of(&Request {
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

fn print(
    args: &MinimiseArgs,
    how: &OutputArgs,
    site: &Site,
    done: Done,
    output: &mut Output,
) -> Status {
    let status = done.status.unwrap_or(Status::Clean);
    let error = (status == Status::NoApp).then(|| "no app found".to_owned());
    if how.format == Format::Json {
        output.document(json::document(&document(
            status,
            error,
            done.written,
            done.apps,
        )));
        return status;
    }
    output.error(&done.errors);
    let obsolete = site.settings.allowed == Safety::Unsafe;
    for (number, app) in done.apps.iter().enumerate() {
        if number > 0 {
            output.result("\n");
        }
        output.result(&report::text(app, &site.shown, obsolete));
        let next = app.next(&site.shown, &command(args, site), done.written, obsolete);
        if !next.is_empty() {
            output.people(&format!("\n{next}"));
        }
    }
    if done.apps.is_empty() && status == Status::Clean {
        output.people("No app has a list of requirements.\n");
    }
    status
}

/// The command that writes what was shown.
fn command(args: &MinimiseArgs, site: &Site) -> String {
    let mut command = "dashlift minimise".to_owned();
    if let Some(path) = site.quoted_path() {
        command.push(' ');
        command.push_str(&path);
    }
    if args.rules.unsafe_fixes {
        command.push_str(" --unsafe-fixes");
    }
    if args.rules.drop_pins {
        command.push_str(" --drop-pins");
    }
    if args.online {
        command.push_str(" --online");
    }
    command.push_str(" --write");
    command
}

fn document(
    status: Status,
    error: Option<String>,
    written: bool,
    apps: Vec<report::App>,
) -> Document {
    Document {
        version: json::VERSION,
        tool: json::Tool::THIS,
        command: "minimise",
        exit_code: status.code(),
        error,
        written,
        apps,
    }
}

fn refuse(args: &MinimiseArgs, how: &OutputArgs, reason: Refusal, output: &mut Output) -> Status {
    let path = args.path.clone();
    let sentence = Refused { path, reason }.to_string();
    if how.format == Format::Json {
        let error = Some(reports::safe(&sentence));
        let document = document(Status::Refused, error, false, Vec::new());
        output.document(json::document(&document));
    }
    output.error(&text::error(&sentence));
    Status::Refused
}
