//! A scratch environment: the target's Python with the list installed, in a temporary folder that
//! is gone afterwards; and the import of an app's module in it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::Terms;
use super::lines::list;
use super::words::{failure, refused_by_uv};
use super::workshop::{Workshop, ask, no_scratch};
use crate::children::{Need, Program, Ran};
use crate::packages::Target;
use crate::packages::solve::{Failure, Refused, Request};
use crate::secrets::redacted;
use serde::Deserialize;

/// Imports a module and finds an object in it, and writes down what came of it.
const IMPORT: &str = include_str!("import.py");

/// A Python of its own with what was installed.
pub struct Environment {
    uv: Program,
    workshop: Workshop,
    target: Target,
    terms: Terms,
}

/// What is imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// A module `pkg.mod`, or a file below the app's folder.
    pub module: String,
    /// Whether it is a file.
    pub is_file: bool,
    /// The object that is looked for in it, as the process writes it: `app.server`, `create()`.
    pub object: Option<String>,
    /// The folders below the app's folder that modules are looked for in, the first being the one
    /// that the process is in.
    pub folders: Vec<String>,
}

/// What was installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// How many distributions.
    pub count: usize,
}

/// Why an app could not be verified, or what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// There is no uv.
    #[error(
        "a scratch environment is made with uv, which was not found; install uv and run this again"
    )]
    NoUv,
    /// There is no such Python.
    #[error("{0} is not on this machine; `uv python install 3.{minor}` gets it", minor = .0.minor())]
    NoPython(Target),
    /// Nobody could be asked.
    #[error("{0}")]
    Failed(#[from] Failure),
    /// The list does not install.
    #[error("the list does not install: {}", .0.reason)]
    NotInstalled(Refused),
    /// The import took too long.
    #[error("the import of {0} did not end within the time limit")]
    NoEnd(String),
    /// The import ended the process.
    #[error("the import of {0} ended Python itself")]
    Crashed(String),
    /// The import failed.
    #[error("{0}")]
    Raised(Raised),
}

/// An exception of an import.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Raised {
    /// The exception's line: `KeyError: 'DATABASE_URL'`.
    pub error: String,
    /// The last frame in the app's own code: its file below the app's folder.
    pub file: Option<String>,
    /// The line of it.
    pub line: Option<usize>,
}

impl std::fmt::Display for Raised {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, "{file}:{line}: {}", self.error),
            _ => f.write_str(&self.error),
        }
    }
}

#[derive(Debug, Deserialize)]
struct Told {
    raised: Option<Raised>,
}

impl Environment {
    /// An empty environment with the target's Python.
    ///
    /// # Errors
    /// When uv or that Python is not on this machine.
    pub fn create(target: Target, terms: &Terms) -> Result<Self, VerifyError> {
        let uv = Program::find("uv", &terms.grounds).ok_or(VerifyError::NoUv)?;
        let workshop = Workshop::new("")?;
        let mut command = workshop.command(&uv);
        command.args(["venv", "--quiet", "--color", "never", "--no-project"]);
        command.args(["--no-python-downloads", "--python"]);
        command.arg(format!("3.{}", target.minor())).arg("env");
        let ran = ask(&mut command, "", terms.limit)?;
        if !ran.is_good {
            return Err(not_made(&ran, target));
        }
        for name in ["app", "home"] {
            fs::create_dir(workshop.path().join(name)).map_err(|error| no_scratch(&error))?;
        }
        Ok(Self {
            uv,
            workshop,
            target,
            terms: terms.clone(),
        })
    }

    /// Where the app's files belong.
    pub fn app(&self) -> PathBuf {
        self.workshop.path().join("app")
    }

    /// Installs a list. Packages that come as source are built.
    ///
    /// # Errors
    /// When something does not install, or the index does not answer.
    pub fn install(&self, request: &Request) -> Result<Installed, VerifyError> {
        let mut command = self.workshop.command(&self.uv);
        command.env("TMPDIR", self.workshop.path().join("home"));
        command.args(["pip", "install", "--quiet", "--color", "never"]);
        command.args(["--no-progress", "--index-strategy", "unsafe-best-match"]);
        command.arg("--python").arg(self.python());
        command.args(["-r", "-"]);
        for name in &request.wheels_only {
            command.args(["--only-binary", name]);
        }
        if self.workshop.write_constraints(request)? {
            command.args(["-c", "constraints.txt"]);
        }
        let ran = ask(
            &mut command,
            &list(request, &self.terms.allowed)?,
            self.terms.limit,
        )?;
        if ran.is_good {
            return self.count();
        }
        match failure(&ran.err, "uv") {
            Some(failure) => Err(failure.into()),
            None => Err(VerifyError::NotInstalled(refused_by_uv(
                &ran.err,
                self.target,
            ))),
        }
    }

    fn count(&self) -> Result<Installed, VerifyError> {
        let mut command = self.workshop.command(&self.uv);
        command.args([
            "pip", "list", "--quiet", "--color", "never", "--format", "json",
        ]);
        command.arg("--python").arg(self.python());
        let ran = ask(&mut command, "", self.terms.limit)?;
        let listed: Vec<serde_json::Value> = serde_json::from_str(&ran.out).unwrap_or_default();
        Ok(Installed {
            count: listed.len(),
        })
    }

    /// Imports from the app's files, without the variables of this process: they may be secrets.
    ///
    /// # Errors
    /// When it raises, ends Python, or does not end.
    pub fn import(&self, wanted: &Wanted) -> Result<(), VerifyError> {
        let told = self.workshop.path().join("told.json");
        let start = wanted.folders.first().map_or("", String::as_str);
        let python = Program::own(self.python());
        let mut command = python.command(Need::Nothing, &self.app().join(start));
        command.args(["-c", IMPORT]).arg(self.app()).arg(&told);
        command.arg(if wanted.is_file { "file" } else { "module" });
        command.arg(&wanted.module);
        command.arg(wanted.object.as_deref().unwrap_or_default());
        command.args(&wanted.folders);
        self.furnish(&mut command);
        let ran = match ask(&mut command, "", self.terms.limit) {
            Err(Failure::TimedOut(_)) => return Err(VerifyError::NoEnd(wanted.module.clone())),
            other => other?,
        };
        let told = fs::read_to_string(told).ok();
        let told: Option<Told> = told.and_then(|text| serde_json::from_str(&text).ok());
        match (ran, told) {
            (_, Some(Told { raised: None })) => Ok(()),
            (
                _,
                Some(Told {
                    raised: Some(raised),
                }),
            ) => Err(VerifyError::Raised(Raised {
                error: redacted(&raised.error),
                ..raised
            })),
            _ => Err(VerifyError::Crashed(wanted.module.clone())),
        }
    }

    /// What a process needs to live.
    fn furnish(&self, command: &mut Command) {
        for name in ["HOME", "TMPDIR", "TEMP", "TMP", "USERPROFILE"] {
            command.env(name, self.workshop.path().join("home"));
        }
        command.env("LANG", "C.UTF-8");
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command.env("PYTHONNOUSERSITE", "1");
    }

    fn python(&self) -> PathBuf {
        let environment = self.workshop.path().join("env");
        if cfg!(windows) {
            environment.join("Scripts").join("python.exe")
        } else {
            environment.join("bin").join("python")
        }
    }
}

fn not_made(ran: &Ran, target: Target) -> VerifyError {
    let no_python = ["No interpreter found", "not available", "no interpreter"];
    if no_python.iter().any(|words| ran.err.contains(words)) {
        return VerifyError::NoPython(target);
    }
    match failure(&ran.err, "uv") {
        Some(failure) => failure.into(),
        None => VerifyError::Failed(Failure::Other(
            "uv could not make an environment; `uv venv` shows what it says".to_owned(),
        )),
    }
}
