//! A Python of this machine: a real one, tried before it is used.

use std::path::{Path, PathBuf};

use crate::children::{Grounds, Limit, PassedVariable, Program, run};
use crate::packages::Target;

/// Prints the version and where the interpreter itself lies; asks for what an environment needs, so
/// that one that was built without is passed over.
const PROBE: &str = "\
import sys, os, ssl, zlib, ctypes, venv
print('%d.%d' % sys.version_info[:2])
print(os.path.realpath(sys.executable))";

/// How long an interpreter may take to say its version (seconds).
const PATIENCE: u64 = 20;

/// Finds an interpreter for the target: the one that uv knows, one on `PATH`, one of pyenv. A shim
/// that starts nothing, or another version, is passed over. `folder` is one of our own.
pub(super) fn find_python(target: Target, grounds: &Grounds, folder: &Path) -> Option<Program> {
    let name = format!("python3.{}", target.minor());
    let known_to_uv = || find_with_uv(target, grounds, folder);
    let on_path = || ["python3", "python"].map(|name| Program::find(name, grounds));
    let named = Program::find(&name, grounds);
    let tried = |program: Program| resolve_python(&program, target, folder);
    named
        .and_then(tried)
        .or_else(|| known_to_uv().and_then(tried))
        .or_else(|| find_with_pyenv(target, grounds, folder).and_then(tried))
        .or_else(|| on_path().into_iter().flatten().find_map(tried))
}

/// The interpreter itself, if it is of the target.
fn resolve_python(program: &Program, target: Target, folder: &Path) -> Option<Program> {
    let mut command = program.command(PassedVariable::Index, folder);
    command.args(["-I", "-c", PROBE]);
    let ran = run(&mut command, "", Limit::seconds(PATIENCE)).ok()?;
    let mut lines = ran.out.lines();
    let version = lines.next()?;
    let is_it = ran.is_good && version == format!("3.{}", target.minor());
    is_it.then(|| Program::own(PathBuf::from(lines.next().unwrap_or_default())))
}

fn find_with_uv(target: Target, grounds: &Grounds, folder: &Path) -> Option<Program> {
    let uv = Program::find("uv", grounds)?;
    let mut command = uv.command(PassedVariable::Index, folder);
    command.args(["python", "find", "--no-python-downloads", "--no-project"]);
    command.arg(format!("3.{}", target.minor()));
    read_path(&mut command)
}

fn find_with_pyenv(target: Target, grounds: &Grounds, folder: &Path) -> Option<Program> {
    let pyenv = Program::find("pyenv", grounds)?;
    let mut command = pyenv.command(PassedVariable::Index, folder);
    command.args(["latest", &format!("3.{}", target.minor())]);
    let ran = run(&mut command, "", Limit::seconds(PATIENCE)).ok()?;
    let version = ran.out.lines().next().filter(|_| ran.is_good)?.to_owned();
    let mut command = pyenv.command(PassedVariable::Index, folder);
    command.args(["prefix", &version]);
    let prefix = run(&mut command, "", Limit::seconds(PATIENCE)).ok()?;
    let prefix = PathBuf::from(prefix.out.lines().next().filter(|_| prefix.is_good)?);
    let python = prefix.join("bin").join("python");
    python.is_absolute().then(|| Program::own(python))
}

fn read_path(command: &mut std::process::Command) -> Option<Program> {
    let ran = run(command, "", Limit::seconds(PATIENCE)).ok()?;
    let path = PathBuf::from(ran.out.lines().next().filter(|_| ran.is_good)?);
    path.is_absolute().then(|| Program::own(path))
}
