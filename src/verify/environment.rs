//! A scratch environment: the target's Python with the list installed by pip, in a folder of our
//! own that is gone afterwards.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::Untried;
use super::interpreter::find_python;
use super::scratch::Scratch;
use crate::children::{PassedVariable, Program, Ran, run, scratch};
use crate::packages::Target;
use crate::packages::solve::SolveRequest;
use crate::resolver::{Terms, failure, list};
use crate::secrets::redacted;

/// A Python of its own.
pub(super) struct VirtualEnvironment {
    folder: TempDir,
    scratch: Scratch,
    /// The interpreter that the environment was made with.
    base: Program,
    target: Target,
    terms: Terms,
}

/// Why a list does not install.
pub(super) enum NotInstalled {
    /// pip says why.
    Refused(String),
    /// Nobody could be asked.
    Untried(Untried),
}

impl VirtualEnvironment {
    /// An environment with the target's Python, and with what that brings: pip, and setuptools up
    /// to 3.11.
    ///
    /// # Errors
    /// When there is no such Python, or no environment can be made with it.
    pub(super) fn create(target: Target, terms: &Terms) -> Result<Self, Untried> {
        let folder = scratch()?;
        let base = find_python(target, &terms.grounds, folder.path());
        let base = base.ok_or(Untried::NoPython(target))?;
        let environment = Self {
            scratch: Scratch::open(folder.path())?,
            folder,
            base,
            target,
            terms: terms.clone(),
        };
        for name in ["app", "home", "out"] {
            environment.scratch.create_folder(name)?;
        }
        let mut command = environment.command(&environment.base);
        command.args(["-I", "-m", "venv", "env"]);
        let ran = run(&mut command, "", terms.limit)?;
        if ran.is_good {
            Ok(environment)
        } else {
            Err(Untried::NoEnvironment(last_line(&ran)))
        }
    }

    /// The folder of all of it.
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The files in it.
    pub(super) fn scratch(&self) -> &Scratch {
        &self.scratch
    }

    /// Where the app's files belong.
    pub(super) fn app(&self) -> PathBuf {
        self.path().join("app")
    }

    /// The interpreter that is not of the environment.
    pub(super) fn base(&self) -> &Program {
        &self.base
    }

    /// The folder of the environment's programs.
    pub(super) fn programs(&self) -> PathBuf {
        self.path().join("env").join("bin")
    }

    /// Takes the pip of the release.
    ///
    /// # Errors
    /// When nobody can be asked; a pip that does not install is a `false`.
    pub(super) fn take_pip(&self, version: &str) -> Result<bool, Untried> {
        let ran = run(
            self.pip()
                .args(["install", "--quiet", &format!("pip=={version}")]),
            "",
            self.terms.limit,
        )?;
        Ok(ran.is_good)
    }

    /// Installs a list. Packages that come as source are built. Gives back how many distributions
    /// there are then.
    ///
    /// # Errors
    /// When something does not install, or the index does not answer.
    pub(super) fn install(&self, request: &SolveRequest) -> Result<usize, NotInstalled> {
        let text = list(request, &self.terms.allowed).map_err(Untried::Failed)?;
        self.scratch.write("list.txt", text.as_bytes(), false)?;
        let constraints = request.constraints.join("\n") + "\n";
        self.scratch
            .write("constraints.txt", constraints.as_bytes(), false)?;
        let mut command = self.pip();
        command.args([
            "install",
            "--quiet",
            "-r",
            "list.txt",
            "-c",
            "constraints.txt",
        ]);
        let ran = run(&mut command, "", self.terms.limit)?;
        if !ran.is_good {
            return Err(match failure(&ran.err, "pip") {
                Some(failure) => NotInstalled::Untried(Untried::Failed(failure)),
                None => NotInstalled::Refused(last_line(&ran)),
            });
        }
        Ok(self.count()?)
    }

    fn count(&self) -> Result<usize, Untried> {
        let mut command = self.pip();
        command.args(["list", "--format", "json"]);
        let ran = run(&mut command, "", self.terms.limit)?;
        let listed: Vec<serde_json::Value> = serde_json::from_str(&ran.out)
            .map_err(|_| Untried::NoEnvironment("pip lists nothing that can be read".to_owned()))?;
        Ok(listed.len())
    }

    /// The names of the top-level modules and packages that are installed.
    pub(super) fn modules(&self) -> Result<Vec<String>, Untried> {
        let packages = format!("env/lib/python3.{}/site-packages", self.target.minor());
        let names = self.scratch.names(&packages)?.into_iter();
        let module = |name: String| match name.split_once('.') {
            Some((module, "py")) => module.to_owned(),
            _ => name,
        };
        Ok(names.map(module).collect())
    }

    fn pip(&self) -> Command {
        let python = Program::own(self.programs().join("python"));
        let mut command = self.command(&python);
        command.args([
            "-I",
            "-m",
            "pip",
            "--disable-pip-version-check",
            "--no-input",
        ]);
        command
    }

    fn command(&self, program: &Program) -> Command {
        let mut command = program.command(PassedVariable::Index, self.path());
        command.env("TMPDIR", self.path().join("home"));
        command
    }
}

impl From<Untried> for NotInstalled {
    fn from(untried: Untried) -> Self {
        Self::Untried(untried)
    }
}

impl From<crate::children::Stopped> for NotInstalled {
    fn from(stopped: crate::children::Stopped) -> Self {
        Self::Untried(stopped.into())
    }
}

/// The last error that a program complained of, or of a build that pip ran for it; else its last
/// line. Without secrets.
pub(super) fn last_line(ran: &Ran) -> String {
    let lines: Vec<&str> = ran.err.lines().chain(ran.out.lines()).collect();
    let is_error = |line: &&&str| line.trim_start().starts_with("ERROR:");
    let told = lines.iter().rfind(is_error).copied();
    let last = || lines.iter().rfind(|line| !line.trim().is_empty()).copied();
    let line = told.or_else(|| find_build_error(&lines)).or_else(last);
    let line = line.unwrap_or("it says nothing").trim();
    redacted(line.strip_prefix("ERROR:").unwrap_or(line).trim())
}

/// The last line of a build's output: pip shows it indented, between two lines of its own, and words
/// below it that say nothing of the reason.
fn find_build_error<'a>(lines: &[&'a str]) -> Option<&'a str> {
    let end = lines
        .iter()
        .rposition(|it| it.trim() == "[end of output]")?;
    let shown = lines.get(..end)?;
    let begin = shown.iter().rposition(|it| it.contains("lines of output]"));
    let inside = shown.get(begin.map_or(0, |at| at + 1)..)?;
    inside.iter().rfind(|line| !line.trim().is_empty()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_of_a_failed_build_is_found() {
        let ran = |err: &str| Ran {
            is_good: false,
            out: String::new(),
            err: err.to_owned(),
        };
        let build = "  error: subprocess-exited-with-error\n  \n  × Getting requirements to build \
                     wheel did not run successfully.\n  ╰─> [2 lines of output]\n      running\n      \
                     error in anyjson setup command: use_2to3 is invalid.\n      [end of output]\n  \n  \
                     note: This error originates from a subprocess, and is likely not a problem \
                     with pip.\n";
        let reason = "error in anyjson setup command: use_2to3 is invalid.";
        assert_eq!(last_line(&ran(build)), reason);
        let both = format!("{build}ERROR: Failed to build it\n");
        assert_eq!(last_line(&ran(&both)), "Failed to build it");
        assert_eq!(last_line(&ran("one\ntwo\n\n")), "two");
        assert_eq!(last_line(&ran("")), "it says nothing");
    }
}
