//! One path of the command line, opened: the repository or folder it is in, the part of it that
//! was asked for, and the settings that hold there.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::batch::watch::Watch;
use super::config;
use super::known;
use super::options::FileOptions;
use super::refusal::PathRefusal;
use super::settings::{Choices, ConfigChoice, Effective};
use crate::children::{Grounds, Limit};
use crate::git::{self, Workspace, WorkspaceKind, discover};
use crate::inventory::{Inventory, KnownInventory, Names};
use crate::report::PathPrefix;
use crate::resolver::{Allowed, Terms};
use crate::rules::{Remotes, Repository};
use crate::text::{Text, shell_path};
use crate::tree::{CommitTree, OpenError, Tree, TreePath, WorkTree};

/// A repository or plain folder, and the part of it to look at.
pub struct Site {
    /// The path as it was given; none for the current repository.
    pub given: Option<PathBuf>,
    /// The repository; none for a plain folder.
    pub workspace: Option<Workspace>,
    /// The top of the files on disk; none in a bare repository.
    pub root: Option<PathBuf>,
    /// The folder that was asked for.
    pub scope: TreePath,
    /// The file that alone is reported about; none for all.
    pub only: Option<TreePath>,
    /// How paths are printed.
    pub shown: PathPrefix,
    /// The settings.
    pub settings: Effective,
    /// What the apps of the repository may be called.
    pub names: Names,
    /// Who watches over the work when this is one repository of a batch. Then the result has what
    /// a report of the fleet needs.
    pub watch: Option<Watch>,
}

impl Site {
    /// Opens the repository that `path` is in; all of the current one when there is no path.
    /// `several` says whether other paths are printed too.
    ///
    /// # Errors
    /// When there is nothing to open, or a configuration file cannot be used.
    pub fn open(path: Option<&Path>, chosen: &Choices, several: bool) -> Result<Self, PathRefusal> {
        let current = std::env::current_dir()
            .and_then(|folder| folder.canonicalize())
            .map_err(PathRefusal::CurrentFolder)?;
        let folder = folder(path.unwrap_or(&current))?;
        let workspace = discover(&folder)?;
        let root = match &workspace {
            Some(workspace) => workspace.root().map(Path::to_owned),
            None => Some(folder.clone()),
        };
        let scope = match (&workspace, path) {
            (Some(workspace), Some(_)) => workspace
                .path_inside(&folder)
                .ok_or(PathRefusal::InsideGit)?,
            _ => TreePath::root(),
        };
        let shown = match (&root, path) {
            (Some(root), _) => PathPrefix::from(&current, root),
            (None, Some(path)) if several => PathPrefix::under(&path.to_string_lossy()),
            (None, _) => PathPrefix::plain(),
        };
        let (settings, names) = settings(chosen, workspace.as_ref(), root.as_deref(), &folder)?;
        Ok(Self {
            given: path.map(Path::to_owned),
            settings,
            names,
            workspace,
            root,
            scope,
            only: None,
            shown,
            watch: None,
        })
    }

    /// Opens the repository at `path` itself, all of it, for a batch.
    ///
    /// # Errors
    /// When there is none, or a configuration file cannot be used.
    pub fn of_batch(path: &Path, chosen: &Choices, watch: Watch) -> Result<Self, PathRefusal> {
        let folder = folder(path)?;
        let workspace = git::open_at(&folder)?;
        let root = workspace.root().map(Path::to_owned);
        let (settings, names) = settings(chosen, Some(&workspace), root.as_deref(), &folder)?;
        Ok(Self {
            given: Some(path.to_owned()),
            workspace: Some(workspace),
            root,
            scope: TreePath::root(),
            only: None,
            shown: PathPrefix::plain(),
            settings,
            names,
            watch: Some(watch),
        })
    }

    /// How a resolver is asked about this repository, within so many seconds and with these
    /// variables in the addresses of its indexes.
    pub fn terms(&self, seconds: u64, variables: &[String]) -> Terms {
        Terms {
            limit: Limit::seconds(seconds),
            grounds: self.grounds(),
            allowed: Allowed::new(variables.iter().cloned()),
        }
    }

    /// The folders of which no program may be started: the files and the repository.
    fn grounds(&self) -> Grounds {
        let repository = self.workspace.as_ref().map(Workspace::repository);
        let folders = [
            self.root.as_deref(),
            repository.map(git2::Repository::path),
            repository.map(git2::Repository::commondir),
            repository.and_then(git2::Repository::workdir),
        ];
        Grounds::new(folders.into_iter().flatten())
    }

    /// The path as it was given, ready for a shell.
    pub fn quoted_path(&self) -> Option<String> {
        Some(shell_path(&self.given.as_ref()?.to_string_lossy()))
    }

    /// The words with which a command of git for this repository begins.
    pub fn git(&self) -> String {
        let path = self.quoted_path().map(|path| format!(" -C {path}"));
        format!("git{}", path.unwrap_or_default())
    }

    /// What two paths of one repository have in common.
    pub fn key(&self) -> PathBuf {
        let repository = self
            .workspace
            .as_ref()
            .map(|workspace| workspace.repository().path());
        let root = self.root.as_deref();
        repository.or(root).unwrap_or(Path::new("")).to_owned()
    }

    /// The files to look at: those on disk, or the last commit of a bare repository.
    ///
    /// # Errors
    /// When they cannot be listed.
    pub fn tree(&self) -> Result<Box<dyn Tree>, PathRefusal> {
        match (&self.root, &self.workspace) {
            (Some(root), _) => {
                let repository = self.workspace.as_ref().map(Workspace::repository);
                let opened = WorkTree::open_in(repository, root, &self.scope);
                let tree = opened.map_err(|error| self.open_error(error))?;
                self.find_named_app(&tree)?;
                Ok(Box::new(tree))
            }
            (None, Some(workspace)) => Ok(Box::new(self.commit_tree(workspace)?)),
            (None, None) => Err(PathRefusal::NotFound),
        }
    }

    /// The files of the last commit.
    ///
    /// # Errors
    /// When there is none, or it cannot be listed.
    pub fn commit_tree(&self, workspace: &Workspace) -> Result<CommitTree, PathRefusal> {
        let commit = workspace.head()?.commit()?;
        let opened = CommitTree::open(workspace.reopen()?, commit, &self.scope);
        let tree = opened.map_err(|error| match error {
            OpenError::NotFound => PathRefusal::NotCommitted {
                path: self.shown.path(&self.scope),
            },
            OpenError::Io(reason) => PathRefusal::LastCommit(reason),
            error => self.open_error(error),
        })?;
        self.find_named_app(&tree)?;
        Ok(tree)
    }

    fn open_error(&self, error: OpenError) -> PathRefusal {
        PathRefusal::Open {
            path: self.shown.path(&self.scope),
            error,
        }
    }

    /// Takes the name of the app as the user told it.
    pub fn tell_name(&mut self, name: &str) {
        self.names.told = Some(name.to_owned());
        let names = self.names.clone();
        let known = known_of(
            self.settings.inventory.as_ref(),
            &names,
            self.workspace.as_ref(),
        );
        self.settings.rules.server = known;
    }

    /// That there is an app where a configuration file names one.
    fn find_named_app(&self, tree: &dyn Tree) -> Result<(), PathRefusal> {
        let Some((folder, _)) = &self.names.configured else {
            return Ok(());
        };
        let apps = crate::app::discover(tree, &self.scope);
        if apps.is_empty() || !folder.is_in(&self.scope) || apps.contains(folder) {
            return Ok(());
        }
        Err(PathRefusal::AppNameNowhere {
            file: self.settings.file.clone().unwrap_or_default(),
            folder: if folder.is_root() {
                "the root of the repository".to_owned()
            } else {
                self.shown.path(folder)
            },
        })
    }

    /// What the rules may know of the repository.
    pub fn repository<'t>(&self, tree: &'t dyn Tree) -> Repository<'t> {
        Repository {
            tree,
            scope: self.scope.clone(),
            remotes: self.workspace.as_ref().map(remotes),
        }
    }
}

fn folder(path: &Path) -> Result<PathBuf, PathRefusal> {
    let folder = path.canonicalize().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => PathRefusal::NotFound,
        _ => PathRefusal::Unreadable(error),
    })?;
    if folder.is_dir() {
        Ok(folder)
    } else {
        Err(PathRefusal::File)
    }
}

fn settings(
    chosen: &Choices,
    workspace: Option<&Workspace>,
    root: Option<&Path>,
    folder: &Path,
) -> Result<(Effective, Names), PathRefusal> {
    let mut file = configuration(chosen, workspace, root, folder)?;
    if let Some(root) = root {
        file.look_from(root);
    }
    let mut names = names(workspace, root);
    names.configured = file.named_app(root)?;
    let mut settings = Effective::new(chosen, file)?;
    settings.rules.server = known_of(settings.inventory.as_ref(), &names, workspace);
    Ok((settings, names))
}

/// What the inventory says of the apps of these names.
fn known_of(
    inventory: Option<&Arc<Inventory>>,
    names: &Names,
    workspace: Option<&Workspace>,
) -> Option<Arc<KnownInventory>> {
    let inventory = inventory?.clone();
    Some(Arc::new(known::known(inventory, names.clone(), workspace)))
}

/// What the apps of a repository may be called.
fn names(workspace: Option<&Workspace>, root: Option<&Path>) -> Names {
    let urls = workspace.map(|workspace| workspace.remotes().urls);
    let folder = root.or(workspace.map(|workspace| workspace.repository().path()));
    let folder = folder.and_then(|folder| folder.file_name());
    let folder = folder.map(|name| name.to_string_lossy());
    Names {
        told: None,
        configured: None,
        remotes: urls.into_iter().flatten().map(|(_, url)| url).collect(),
        folder: folder.map(|name| name.strip_suffix(".git").unwrap_or(&name).to_owned()),
    }
}

/// The configuration that holds in `folder`.
fn configuration(
    chosen: &Choices,
    workspace: Option<&Workspace>,
    root: Option<&Path>,
    folder: &Path,
) -> Result<FileOptions, PathRefusal> {
    match &chosen.config {
        ConfigChoice::Nothing => return Ok(FileOptions::default()),
        ConfigChoice::Named(file) => return Ok(config::named(file)?),
        ConfigChoice::Nearest => {}
    }
    let bare = workspace.filter(|workspace| workspace.kind() == WorkspaceKind::Bare);
    let committed = match bare {
        Some(workspace) => of_last_commit(workspace)?,
        None => None,
    };
    match committed {
        Some(values) => Ok(values),
        None => Ok(config::nearest(folder, root)?.unwrap_or_default()),
    }
}

/// A repository without files on disk is configured by what is committed in its root.
fn of_last_commit(workspace: &Workspace) -> Result<Option<FileOptions>, PathRefusal> {
    let commit = workspace.head()?.commit()?;
    let opened = CommitTree::open(workspace.reopen()?, commit, &TreePath::root());
    let tree = opened.map_err(|error| PathRefusal::Open {
        path: "HEAD".to_owned(),
        error,
    })?;
    Ok(config::of_tree(&tree)?)
}

fn remotes(workspace: &Workspace) -> Remotes {
    let found = workspace.remotes();
    Remotes {
        path: TreePath::root().child(&found.path),
        text: Text::new(found.text),
        urls: found.urls,
    }
}
