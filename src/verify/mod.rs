//! Whether an app starts: its list is installed in a scratch environment as a build does, its web
//! process is started by its own command on loopback, and asked. The one room that runs the code of
//! an app, and only when told to.

mod environment;
mod interpreter;
mod process;
mod scratch;
mod services;
mod traceback;
mod verdict;

use thiserror::Error;

use crate::app::App;
use crate::children::Stopped;
use crate::packages::Target;
use crate::packages::solve::{SolveFailure, SolveRequest};
use crate::resolver::Terms;
use crate::tree::EntryKind;

use environment::{NotInstalled, VirtualEnvironment};
use verdict::Lists;

pub use traceback::{AppLine, Raised};
pub use verdict::{FailureCause, Verdict};

/// What is tried.
pub struct Trial<'a> {
    /// The app.
    pub app: &'a App<'a>,
    /// The Python.
    pub target: Target,
    /// What is installed.
    pub request: &'a SolveRequest,
    /// The packages that were left out of it because only a private index has them.
    pub private: Vec<String>,
    /// The pip of the release, as in `23.3.2`.
    pub pip: &'a str,
    /// The command of the web process.
    pub command: &'a str,
    /// The script, below the app's folder, that the build runs before.
    pub predeploy: Option<&'a str>,
    /// Whether Redis and Postgres of this machine are started for it.
    pub with_services: bool,
}

/// What came of it.
#[derive(Debug)]
pub struct Tried {
    /// How far the app came.
    pub verdict: Verdict,
    /// How many distributions were installed.
    pub installed: usize,
    /// What else is worth knowing, sentences.
    pub notes: Vec<String>,
}

/// Why an app could not be tried.
#[derive(Debug, Error)]
pub enum Untried {
    /// There is no such Python.
    #[error(
        "{0} is not on this machine: neither `python3.{minor}`, nor uv or pyenv know one that starts; `uv python install 3.{minor}` gets it",
        minor = .0.minor()
    )]
    NoPython(Target),
    /// No environment can be made.
    #[error("no environment could be made: {0}")]
    NoEnvironment(String),
    /// No temporary file can be written.
    #[error("a temporary file could not be written: {0}")]
    NoScratch(#[from] std::io::Error),
    /// A temporary file cannot be read.
    #[error("a temporary file {0}")]
    NoFile(#[from] crate::disk::DiskError),
    /// Nobody could be asked.
    #[error("{0}")]
    Failed(#[from] SolveFailure),
    /// A program was stopped.
    #[error("{0}")]
    Stopped(#[from] Stopped),
}

/// Tries an app, and tells `say` what is going on.
///
/// # Errors
/// When it cannot be tried. Whatever is wrong with the app is a verdict.
pub fn try_app(trial: &Trial, terms: &Terms, say: &dyn Fn(String)) -> Result<Tried, Untried> {
    say(format!("making an environment with {}", trial.target));
    let environment = VirtualEnvironment::create(trial.target, terms)?;
    let mut notes = Vec::new();
    if !environment.take_pip(trial.pip)? {
        notes.push(format!(
            "pip {} does not run on {}; the one that Python brings was taken",
            trial.pip, trial.target
        ));
    }
    say(format!(
        "installing {} requirements",
        trial.request.requirements.len()
    ));
    let installed = match environment.install(trial.request) {
        Ok(installed) => installed,
        Err(NotInstalled::Untried(untried)) => return Err(untried),
        Err(NotInstalled::Refused(reason)) => {
            return Ok(Tried {
                verdict: Verdict::NotInstalled { reason },
                installed: 0,
                notes,
            });
        }
    };
    copy_app(trial.app, &environment)?;
    let lists = lists(trial, &environment)?;
    say(format!("starting `{}`", trial.command));
    let verdict = process::start(trial, &environment, &lists, terms, &mut notes)?;
    Ok(Tried {
        verdict,
        installed,
        notes,
    })
}

/// Copies the files of the app, so that whatever it writes is gone afterwards.
fn copy_app(app: &App, environment: &VirtualEnvironment) -> Result<(), Untried> {
    let tree = app.tree();
    for entry in tree.under(app.root()) {
        let Some(below) = entry.path.below(app.root()) else {
            continue;
        };
        // What cannot be read is not there for the app either.
        if let Ok(bytes) = tree.read(&entry.path) {
            let path = format!("app/{below}");
            environment
                .scratch()
                .write(&path, &bytes, entry.kind == EntryKind::Executable)?;
        }
    }
    Ok(())
}

fn lists(trial: &Trial, environment: &VirtualEnvironment) -> Result<Lists, Untried> {
    let private = trial.private.iter();
    let module = |name: &String| (name.replace(['-', '.'], "_"), name.clone());
    let root = trial.app.root();
    let own = trial.app.sources().iter().filter_map(|source| {
        let top = source.path().below(root)?.split('/').next()?;
        Some(top.strip_suffix(".py").unwrap_or(top).to_owned())
    });
    Ok(Lists {
        private: private.map(module).collect(),
        installed: environment.modules()?.into_iter().collect(),
        own: own.collect(),
    })
}
