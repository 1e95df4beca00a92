//! `dashlift verify`: installs the list of each app in a scratch environment and imports there
//! what its web process names. The one command that runs the code of an app.
#![allow(
    clippy::disallowed_methods,
    reason = "it writes into a folder of our own making"
)]

use std::fs;
use std::path::Path;

use super::args::{Format, OutputArgs, VerifyArgs};
use super::done::{self, Done};
use super::output::Output;
use super::progress::Progress;
use super::refusal::Refusal;
use super::run::Run;
use super::site::Site;
use super::solve::{ask, untouched};
use super::status::Status;
use crate::app::App;
use crate::interrupt;
use crate::packages::Target;
use crate::packages::solve::{Asked, Failure, request};
use crate::processes::{Start, Wanted, starts};
use crate::report::solve::VerifyDocument;
use crate::resolver::{self, Environment, Terms, VerifyError};
use crate::tree::{Tree, TreePath};

/// The process that serves an app.
const WEB: &str = "web";

pub(super) fn run(args: &VerifyArgs, how: &OutputArgs, output: &mut Output) -> Status {
    interrupt::watch();
    let run = Run {
        command: "verify",
        common: &args.common,
        output: how,
        once_per_repository: false,
    };
    run.each(output, |site| verify(site, args, how))
}

fn verify(site: &Site, args: &VerifyArgs, how: &OutputArgs) -> Result<Done, Refusal> {
    let tree = site.tree()?;
    let outcome = untouched(&*tree, &site.scope);
    let mut done = done::done(site, &outcome, &outcome, how.format == Format::Json);
    if done.status == Some(Status::NoApp) {
        return Ok(done);
    }
    let mut documents = Vec::new();
    for app in &outcome.apps {
        let progress = Progress::new(how);
        documents.push(verify_app(site, args, &*tree, &app.root, &progress)?);
    }
    let texts = documents.iter().map(|it| it.text(&site.shown));
    done.result = texts.collect();
    let is_good = documents.iter().all(VerifyDocument::is_verified);
    done.status = Some(if is_good {
        Status::Clean
    } else {
        Status::Findings
    });
    done.json.verified = Some(documents);
    Ok(done)
}

fn verify_app(
    site: &Site,
    args: &VerifyArgs,
    tree: &dyn Tree,
    root: &TreePath,
    progress: &Progress,
) -> Result<VerifyDocument, Refusal> {
    let (target, asked) = ask(site, &args.asked, tree, root);
    let app = App::new(tree, root.clone());
    let Some(wanted) = wanted(&app) else {
        let mut document = VerifyDocument::of(root, target, WEB, &asked);
        document.failed(
            "the Procfile names no module or file of the app in its web process, so there is \
             nothing to import",
            None,
        );
        return Ok(document);
    };
    let shown = match &wanted.object {
        Some(object) => format!("{}:{object}", wanted.module),
        None => wanted.module.clone(),
    };
    let mut document = VerifyDocument::of(root, target, &shown, &asked);
    let terms = site.terms(args.asked.timeout, &args.asked.allow_env);
    match try_import(
        &app,
        target,
        &asked,
        &wanted,
        &terms,
        progress,
        &mut document,
    ) {
        Ok(()) => {}
        Err(VerifyError::Raised(raised)) => {
            let place = raised.file.as_ref().zip(raised.line);
            let place = place.map(|(file, line)| (root.child(file), line));
            document.failed(&raised.error, place);
        }
        Err(
            error
            @ (VerifyError::NotInstalled(_) | VerifyError::NoEnd(_) | VerifyError::Crashed(_)),
        ) => document.failed(&error.to_string(), None),
        Err(error) => return Err(Refusal::Verify(error)),
    }
    Ok(document)
}

fn try_import(
    app: &App,
    target: Target,
    asked: &Asked,
    wanted: &resolver::Wanted,
    terms: &Terms,
    progress: &Progress,
    document: &mut VerifyDocument,
) -> Result<(), VerifyError> {
    progress.say(format!("making an environment with {target}"));
    let environment = Environment::create(target, terms)?;
    let request = request(asked, target);
    let many = request.requirements.len();
    progress.say(format!("installing {many} requirements"));
    document.installed(environment.install(&request)?.count);
    progress.say(format!("importing {}", wanted.module));
    copy(app, &environment.app()).map_err(|error| {
        let sentence = format!("the app could not be copied: {error}");
        VerifyError::Failed(Failure::Other(sentence))
    })?;
    environment.import(wanted)
}

/// Copies the files of the app, so that whatever it writes is gone afterwards.
fn copy(app: &App, to: &Path) -> std::io::Result<()> {
    let tree = app.tree();
    for entry in tree.under(app.root()) {
        let Some(below) = entry.path.below(app.root()) else {
            continue;
        };
        // What cannot be read is not there for the app either.
        let Ok(bytes) = tree.read(&entry.path) else {
            continue;
        };
        let file = to.join(below);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(file, bytes)?;
    }
    Ok(())
}

/// What the web process of the app starts.
fn wanted(app: &App) -> Option<resolver::Wanted> {
    let procfile = app.procfile().present()?;
    let text = &procfile.text;
    let mut processes = procfile.model.processes().iter();
    let web = processes.find(|process| process.name.of(text.as_str()) == WEB)?;
    let starts = starts(app, &procfile.path, text, web);
    starts.iter().find_map(|start| what(app, start))
}

fn what(app: &App, start: &Start) -> Option<resolver::Wanted> {
    let (module, is_file, object) = match &start.wanted {
        Wanted::Module { module, object, .. } => (module.clone(), false, object.clone()),
        Wanted::File(path) => (path.clone(), true, None),
        Wanted::Torn(..) => return None,
    };
    let known = start.folders.known.iter();
    let folders = known.filter_map(|folder| inside(app, folder)).collect();
    Some(resolver::Wanted {
        module,
        is_file,
        object,
        folders,
    })
}

/// A folder as seen from the app's folder; none for one that is not in it.
fn inside(app: &App, folder: &TreePath) -> Option<String> {
    if folder == app.root() {
        return Some(String::new());
    }
    folder.below(app.root()).map(str::to_owned)
}
