//! Programs, found by absolute paths.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::variables::{PassedVariable, variables};

/// Folders that are worked on: no program in them is ever started.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grounds(Vec<PathBuf>);

impl Grounds {
    /// These folders; links in their paths are followed once, here.
    pub fn new<'p>(folders: impl IntoIterator<Item = &'p Path>) -> Self {
        let resolved = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        Self(folders.into_iter().map(resolved).collect())
    }

    /// Whether a path, all links followed, lies in one of the folders.
    pub fn hold(&self, path: &Path) -> bool {
        self.0.iter().any(|folder| path.starts_with(folder))
    }

    /// The elements of a `PATH` that may be searched: absolute, there, outside the folders.
    fn elements(&self, path: &OsString) -> Vec<PathBuf> {
        let absolute = env::split_paths(path).filter(|element| element.is_absolute());
        let outside = |element: &PathBuf| {
            let resolved = element.canonicalize();
            resolved.is_ok_and(|folder| folder.is_dir() && !self.hold(&folder))
        };
        absolute.filter(outside).collect()
    }
}

/// A program of this machine, and the `PATH` that it may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    path: PathBuf,
    search: Vec<PathBuf>,
}

impl Program {
    /// The program of this name on the absolute elements of `PATH`, if it lies outside the
    /// grounds, also when links are followed. A later one counts where an earlier one is inside.
    pub fn find(name: &str, grounds: &Grounds) -> Option<Self> {
        Self::find_on(name, &env::var_os("PATH")?, grounds)
    }

    fn find_on(name: &str, path: &OsString, grounds: &Grounds) -> Option<Self> {
        let search = grounds.elements(path);
        let file = format!("{name}{}", env::consts::EXE_SUFFIX);
        let mut candidates = search.iter().map(|folder| folder.join(&file));
        let is_outside = |path: &PathBuf| {
            let resolved = path.canonicalize();
            resolved.is_ok_and(|path| is_executable(&path) && !grounds.hold(&path))
        };
        let path = candidates.find(is_outside)?;
        Some(Self { path, search })
    }

    /// A program that was made in a folder of our own. Its `PATH` is its own folder and those of
    /// the system.
    pub fn own(path: PathBuf) -> Self {
        let folder = path.parent().map(Path::to_owned);
        let system = ["/usr/bin", "/bin"].map(PathBuf::from);
        let search = folder.into_iter().chain(system).collect();
        Self { path, search }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A command that starts it in `folder`, with the variables that it needs and no others.
    pub fn command(&self, need: PassedVariable, folder: &Path) -> Command {
        let mut command = Command::new(&self.path);
        command.current_dir(folder).env_clear();
        command.envs(variables(need, env::vars_os()));
        // A folder with the separator in its name cannot be searched: it was split before.
        if let Ok(path) = env::join_paths(&self.search) {
            command.env("PATH", path);
        }
        command
    }
}

/// A command that starts this program once more, where this one is and with its variables.
///
/// # Errors
/// When the operating system does not tell where the program is.
pub fn this_program() -> std::io::Result<Command> {
    env::current_exe().map(Command::new)
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;

    let metadata = path.metadata();
    metadata.is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn program(folder: &Path) -> PathBuf {
        fs::create_dir_all(folder).unwrap();
        let path = folder.join("tool");
        fs::write(&path, "#!/bin/sh\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn found(elements: &[&Path], grounds: &Grounds) -> Option<PathBuf> {
        let path = env::join_paths(elements).unwrap();
        Program::find_on("tool", &path, grounds).map(|it| it.path)
    }

    #[test]
    fn only_absolute_elements_outside_the_grounds_are_searched() {
        let folder = tempfile::tempdir().unwrap();
        let (clone, machine) = (folder.path().join("clone"), folder.path().join("machine"));
        let (hostile, good) = (program(&clone.join("bin")), program(&machine));
        let inside = clone.join("bin");
        let grounds = Grounds::new([&*clone]);
        let nobody = Grounds::default();
        assert_eq!(found(&[&inside, &machine], &nobody), Some(hostile));
        assert_eq!(found(&[&inside, &machine], &grounds), Some(good));
        assert_eq!(found(&[&inside], &grounds), None);
        for relative in ["", ".", "bin", "../machine"] {
            assert_eq!(found(&[Path::new(relative)], &nobody), None);
        }
    }

    #[test]
    fn links_are_followed_before_it_is_asked_where_a_program_lies() {
        let folder = tempfile::tempdir().unwrap();
        let clone = folder.path().join("clone");
        let hostile = program(&clone);
        let grounds = Grounds::new([&*clone]);
        let (linked, machine) = (folder.path().join("linked"), folder.path().join("machine"));
        symlink(&clone, &linked).unwrap();
        fs::create_dir(&machine).unwrap();
        symlink(&hostile, machine.join("tool")).unwrap();
        assert_eq!(found(&[&linked, &machine], &grounds), None);
        // The grounds may be named through a link too.
        let grounds = Grounds::new([&*linked]);
        assert_eq!(found(&[&clone], &grounds), None);
    }

    #[test]
    fn what_cannot_be_run_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("a"), folder.path().join("b"));
        fs::create_dir_all(first.join("tool")).unwrap();
        let good = program(&second);
        let elements: [&Path; 2] = [&first, &second];
        assert_eq!(found(&elements, &Grounds::default()), Some(good.clone()));
        fs::set_permissions(&good, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(found(&elements, &Grounds::default()), None);
    }
}
