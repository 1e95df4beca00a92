//! Builds each app in a scratch environment, starts its web process and asks it. Nothing else runs
//! the code of an app.

use super::solve::{ask, untouched};
use super::{PathRefusal, Site};
use crate::app::App;
use crate::children::Limit;
use crate::engine::Outcome;
use crate::packages::Target;
use crate::packages::solve::{AsideReason, Asked, request};
use crate::report::verify::VerifyDocument;
use crate::rules::settings::Release;
use crate::tree::{Tree, TreePath};
use crate::verify::{Trial, try_app};

/// The process that serves an app.
const WEB: &str = "web";

/// The last release whose builds use pip 21.2; from 5.7 on it is 23.3.
const LAST_WITH_OLD_PIP: u8 = 5;

/// How apps are tried.
#[derive(Debug, Clone)]
pub struct VerifyChoices {
    /// The Python; the one that the app moves to where none is given.
    pub python: Option<Target>,
    /// Seconds that one app may take.
    pub timeout: u64,
    /// Whether all apps of a repository have to do with these seconds together.
    pub is_shared: bool,
    /// Variables that may be filled in into addresses of package indexes.
    pub allow_env: Vec<String>,
    /// Whether the predeploy script runs first.
    pub predeploy: bool,
    /// Whether Redis and Postgres of this machine are started for the app.
    pub with_services: bool,
}

/// What came of the apps that were tried.
pub struct Verified<'t> {
    /// The apps, with nothing found and nothing changed.
    pub outcome: Outcome<'t>,
    /// What came of each.
    pub documents: Vec<VerifyDocument>,
}

impl Verified<'_> {
    /// Whether every app answers.
    pub fn is_good(&self) -> bool {
        self.documents.iter().all(VerifyDocument::is_verified)
    }
}

/// Tries each app of the tree; what is being done is said to `say`.
///
/// # Errors
/// When an app could not be tried.
pub fn verify<'t>(
    site: &Site,
    tree: &'t dyn Tree,
    choices: &VerifyChoices,
    say: &dyn Fn(String),
) -> Result<Verified<'t>, PathRefusal> {
    let outcome = untouched(tree, &site.scope);
    Ok(Verified {
        documents: verify_apps(site, tree, &outcome, choices, say)?,
        outcome,
    })
}

/// Tries the apps of an outcome as they are in a tree: that of the disk, or what a branch will hold.
///
/// # Errors
/// When an app could not be tried.
pub fn verify_apps(
    site: &Site,
    tree: &dyn Tree,
    outcome: &Outcome,
    choices: &VerifyChoices,
    say: &dyn Fn(String),
) -> Result<Vec<VerifyDocument>, PathRefusal> {
    let limit = Limit::seconds(choices.timeout);
    let roots = outcome.apps.iter().map(|app| &app.root);
    let documents = roots.map(|root| {
        let seconds = if choices.is_shared {
            limit.seconds_left().max(1)
        } else {
            choices.timeout
        };
        verify_app(site, choices, seconds, tree, root, say)
    });
    documents.collect()
}

fn verify_app(
    site: &Site,
    choices: &VerifyChoices,
    seconds: u64,
    tree: &dyn Tree,
    root: &TreePath,
    say: &dyn Fn(String),
) -> Result<VerifyDocument, PathRefusal> {
    let (target, asked) = ask(site, choices.python, tree, root);
    let app = App::new(tree, root.clone());
    let Some(command) = web_command(&app) else {
        let why = "the Procfile has no web process that can be read, so there is nothing to start";
        return Ok(VerifyDocument::untried(root, target, why));
    };
    if !app.has("requirements.txt") && app.has("environment.yml") {
        let why = "conda builds its environment, which is not tried here: only pip's lists are";
        return Ok(VerifyDocument::untried(root, target, why));
    }
    let request = request(&asked, target);
    let trial = Trial {
        app: &app,
        target,
        request: &request,
        private: private_packages(&asked),
        pip: pip_of(site.settings.rules.target.0),
        command: &command,
        predeploy: choices.predeploy.then(|| predeploy_script(&app)).flatten(),
        with_services: choices.with_services,
    };
    let terms = site.terms(seconds, &choices.allow_env);
    let tried = try_app(&trial, &terms, say).map_err(PathRefusal::Verify)?;
    Ok(VerifyDocument::new(root, target, &command, &asked, &tried))
}

/// The command of the web process.
fn web_command(app: &App) -> Option<String> {
    let procfile = app.procfile().present()?;
    let text = procfile.text.as_str();
    let mut processes = procfile.model.processes().iter();
    let web = processes.find(|process| process.name.slice(text) == WEB)?;
    Some(web.command.slice(text).to_owned())
}

/// The script that the build runs, where `project.toml` names one.
fn predeploy_script<'a>(app: &'a App) -> Option<&'a str> {
    app.project_toml().present()?.model.script("predeploy")
}

fn private_packages(asked: &Asked) -> Vec<String> {
    let private = asked.aside.iter();
    let private = private.filter(|aside| aside.why == AsideReason::Private);
    private.map(|aside| aside.what.clone()).collect()
}

/// The pip of a release; which one 5.6 has is not known, and the newer one is taken.
fn pip_of(release: Release) -> &'static str {
    if release.minor() <= LAST_WITH_OLD_PIP {
        "21.2.4"
    } else {
        "23.3.2"
    }
}
