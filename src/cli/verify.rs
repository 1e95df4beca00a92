//! `dashlift verify`: builds each app in a scratch environment, starts its web process and asks it.
//! The one command that runs the code of an app.

use super::args::{Format, OutputArgs, VerifyArgs};
use super::done::{self, Done};
use super::output::Output;
use super::progress::Progress;
use super::run::Run;
use super::solve::{ask, untouched};
use crate::app::App;
use crate::commands::refusal::Refusal;
use crate::commands::site::Site;
use crate::commands::status::Status;
use crate::interrupt;
use crate::packages::solve::{AsideReason, Asked, request};
use crate::report::verify::VerifyDocument;
use crate::rules::settings::Release;
use crate::tree::{Tree, TreePath};
use crate::verify::{Trial, try_app};

/// The process that serves an app.
const WEB: &str = "web";

/// The last release whose builds use pip 21.2; from 5.7 on it is 23.3.
const LAST_WITH_OLD_PIP: u8 = 5;

pub(super) fn run(args: &VerifyArgs, how: &OutputArgs, output: &mut Output) -> Status {
    interrupt::watch();
    let run = Run {
        command: "verify",
        app_name: None,
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
    let (target, asked) = ask(site, args.asked.python, tree, root);
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
        predeploy: args.predeploy.then(|| predeploy_script(&app)).flatten(),
        with_services: args.with_services,
    };
    let terms = site.terms(args.asked.timeout, &args.asked.allow_env);
    let tried = try_app(&trial, &terms, &|what| progress.say(what)).map_err(Refusal::Verify)?;
    Ok(VerifyDocument::new(root, target, &command, &asked, &tried))
}

/// The command of the web process.
fn web_command(app: &App) -> Option<String> {
    let procfile = app.procfile().present()?;
    let text = procfile.text.as_str();
    let mut processes = procfile.model.processes().iter();
    let web = processes.find(|process| process.name.of(text) == WEB)?;
    Some(web.command.of(text).to_owned())
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
