//! A scratch environment: the target's Python with the list installed, in a temporary folder that
//! is gone afterwards; and the import of an app's module in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use tempfile::TempDir;

use super::child::{Limit, Ran, run};
use super::uv::{list, no_scratch, scratch};
use super::words::{failure, refused_by_uv};
use crate::packages::Target;
use crate::packages::solve::{Failure, Refused, Request};
use crate::secrets::redacted;

/// Imports a module and finds an object in it, and writes down what came of it.
const IMPORT: &str = include_str!("import.py");

/// A Python of its own with what was installed.
pub struct Environment {
    folder: TempDir,
    target: Target,
    limit: Limit,
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
    pub fn create(target: Target, limit: Limit) -> Result<Self, VerifyError> {
        let folder = scratch()?;
        let mut command = Command::new("uv");
        command.current_dir(folder.path());
        command.args(["venv", "--quiet", "--color", "never", "--no-project"]);
        command.args(["--no-config", "--no-python-downloads", "--python"]);
        command.arg(format!("3.{}", target.minor())).arg("env");
        let ran = run(&mut command, "", limit)?.ok_or(VerifyError::NoUv)?;
        if !ran.is_good {
            return Err(not_made(&ran, target));
        }
        for name in ["app", "home"] {
            fs::create_dir(folder.path().join(name)).map_err(|error| no_scratch(&error))?;
        }
        Ok(Self {
            folder,
            target,
            limit,
        })
    }

    /// Where the app's files belong.
    pub fn app(&self) -> PathBuf {
        self.folder.path().join("app")
    }

    /// Installs a list. Packages that come as source are built.
    ///
    /// # Errors
    /// When something does not install, or the index does not answer.
    pub fn install(&self, request: &Request) -> Result<Installed, VerifyError> {
        let mut command = Command::new("uv");
        command.current_dir(self.folder.path());
        command.env("TMPDIR", self.folder.path().join("home"));
        command.args(["pip", "install", "--quiet", "--color", "never"]);
        command.args(["--no-progress", "--index-strategy", "unsafe-best-match"]);
        command.arg("--python").arg(self.python());
        command.args(["-r", "-"]);
        for name in &request.wheels_only {
            command.args(["--only-binary", name]);
        }
        if !request.constraints.is_empty() {
            let file = self.folder.path().join("constraints.txt");
            let text = request.constraints.join("\n") + "\n";
            fs::write(file, text).map_err(|error| no_scratch(&error))?;
            command.args(["-c", "constraints.txt"]);
        }
        let ran = run(&mut command, &list(request), self.limit)?.ok_or(VerifyError::NoUv)?;
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
        let mut command = Command::new("uv");
        command.current_dir(self.folder.path());
        command.args([
            "pip", "list", "--quiet", "--color", "never", "--format", "json",
        ]);
        command.arg("--python").arg(self.python());
        let ran = run(&mut command, "", self.limit)?.ok_or(VerifyError::NoUv)?;
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
        let told = self.folder.path().join("told.json");
        let start = wanted.folders.first().map_or("", String::as_str);
        let mut command = Command::new(self.python());
        command.current_dir(self.app().join(start));
        command.args(["-c", IMPORT]).arg(self.app()).arg(&told);
        command.arg(if wanted.is_file { "file" } else { "module" });
        command.arg(&wanted.module);
        command.arg(wanted.object.as_deref().unwrap_or_default());
        command.args(&wanted.folders);
        self.clear(&mut command);
        let ran = match run(&mut command, "", self.limit) {
            Err(Failure::TimedOut(_)) => return Err(VerifyError::NoEnd(wanted.module.clone())),
            other => other?,
        };
        let told = fs::read_to_string(told).ok();
        let told: Option<Told> = told.and_then(|text| serde_json::from_str(&text).ok());
        match (ran, told) {
            (Some(_), Some(Told { raised: None })) => Ok(()),
            (
                Some(_),
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

    /// Only what a process needs to live.
    fn clear(&self, command: &mut Command) {
        let own = self.folder.path();
        let programs = self.python().parent().map(Path::to_owned);
        let path = programs
            .into_iter()
            .chain(["/usr/bin".into(), "/bin".into()]);
        command.env_clear();
        if let Ok(path) = std::env::join_paths(path) {
            command.env("PATH", path);
        }
        // Without it sockets do not work on Windows.
        if let Some(root) = std::env::var_os("SYSTEMROOT") {
            command.env("SYSTEMROOT", root);
        }
        for name in ["HOME", "TMPDIR", "TEMP", "TMP", "USERPROFILE"] {
            command.env(name, own.join("home"));
        }
        command.env("LANG", "C.UTF-8");
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command.env("PYTHONNOUSERSITE", "1");
    }

    fn python(&self) -> PathBuf {
        let environment = self.folder.path().join("env");
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
