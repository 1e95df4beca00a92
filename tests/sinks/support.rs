//! A throw-away repository, away from the configuration of whoever runs the tests.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use dashlift::tree::{Change, EntryKind, Tree, TreePath};
use tempfile::TempDir;

/// A folder that goes away at the end of its test.
pub(crate) struct Scratch {
    _folder: TempDir,
    /// The canonical path.
    pub(crate) path: PathBuf,
}

impl Scratch {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap();
        Self {
            _folder: folder,
            path,
        }
    }

    /// A folder with these files.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let scratch = Self::new();
        for (path, contents) in files {
            scratch.write(path, contents);
        }
        scratch
    }

    /// A repository with these files in its first commit, on the branch `main`.
    pub(crate) fn repository(files: &[(&str, &str)]) -> Self {
        let scratch = Self::with(files);
        scratch.init();
        scratch.git(&["add", "--force", "."]);
        scratch.git(&["commit", "--quiet", "--allow-empty", "--message", "first"]);
        scratch
    }

    /// Makes the folder a repository that knows its user.
    pub(crate) fn init(&self) {
        self.git(&["init", "--quiet", "--initial-branch=main", "."]);
        self.git(&["config", "user.name", "A Developer"]);
        self.git(&["config", "user.email", "dev@example.com"]);
    }

    /// Writes a file and the folders above it.
    pub(crate) fn write(&self, path: &str, contents: impl AsRef<[u8]>) {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    }

    /// Makes a symbolic link.
    pub(crate) fn link(&self, path: &str, target: impl AsRef<Path>) {
        std::os::unix::fs::symlink(target, self.path.join(path)).unwrap();
    }

    /// The file as text.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path.join(path)).unwrap()
    }

    /// Runs git here; its standard output without the last line end.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        git_in(&self.path, arguments)
    }
}

/// Runs git in `folder`, which must succeed.
pub(crate) fn git_in(folder: &Path, arguments: &[&str]) -> String {
    let output = git_command(folder, arguments).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {errors}");
    String::from_utf8_lossy(&output.stdout)
        .trim_end()
        .to_owned()
}

/// Git without the configuration of the machine.
pub(crate) fn git_command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        .current_dir(folder)
        .args(["-c", "protocol.file.allow=always"])
        .args(arguments)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE");
    command
}

/// A path of a tree.
pub(crate) fn path(path: &str) -> TreePath {
    TreePath::new(path).unwrap()
}

/// The listed paths.
pub(crate) fn names(tree: &dyn Tree) -> Vec<&str> {
    tree.entries()
        .iter()
        .map(|entry| entry.path.as_str())
        .collect()
}

/// A change that gives a plain file these bytes.
pub(crate) fn written(contents: impl AsRef<[u8]>) -> Change {
    Change::Write {
        contents: contents.as_ref().into(),
        kind: EntryKind::File,
    }
}

/// Changes by path.
pub(crate) fn changes(changes: &[(&str, Change)]) -> BTreeMap<TreePath, Change> {
    changes
        .iter()
        .map(|(name, change)| (path(name), change.clone()))
        .collect()
}
