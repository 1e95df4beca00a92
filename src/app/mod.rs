//! The apps of a tree, and a typed view of one: which file plays which part. Files are read and
//! parsed when somebody first asks for them, once.

pub(crate) mod called_scripts;
pub mod conda_names;
mod discover;
mod file;
pub(crate) mod processes;
mod reach;
mod requirements;
mod sources;

use std::cell::OnceCell;

use crate::files::Model;
use crate::files::app_json::AppJson;
use crate::files::apt::AptPackages;
use crate::files::aptfile::Aptfile;
use crate::files::buildpacks::Buildpacks;
use crate::files::checks::Checks;
use crate::files::conda_list::CondaList;
use crate::files::conda_runtime::CondaRuntime;
use crate::files::condarc::Condarc;
use crate::files::environment_yml::CondaEnvironment;
use crate::files::procfile::Procfile;
use crate::files::project_toml::ProjectToml;
use crate::files::requirements::Requirements;
use crate::files::runtime_txt::RuntimeTxt;
use crate::files::scale::Scale;
use crate::tree::{Entry, Tree, TreePath};

pub use discover::{LISTS, Language, MARKERS, discover, is_near_procfile};
pub use file::{Broken, FileState, Parsed, parses};
pub use reach::{Reach, Reached, Unread, Via};
pub use requirements::{Include, IncludeError, RequirementGraph, RequirementList, Role};
pub use sources::{ParsedSources, SourceFile};

/// One app: a folder that Dash Enterprise builds.
pub struct App<'t> {
    tree: &'t dyn Tree,
    root: TreePath,
    language: Language,
    parsed: Option<&'t ParsedSources>,
    cells: Cells<'t>,
}

/// What was read so far.
#[derive(Default)]
struct Cells<'t> {
    app_json: OnceCell<FileState<AppJson>>,
    aptfile: OnceCell<FileState<Aptfile>>,
    apt_packages: OnceCell<FileState<AptPackages>>,
    buildpacks: OnceCell<FileState<Buildpacks>>,
    checks: OnceCell<FileState<Checks>>,
    conda_requirements: OnceCell<FileState<CondaList>>,
    conda_runtime: OnceCell<FileState<CondaRuntime>>,
    condarc: OnceCell<FileState<Condarc>>,
    environment: OnceCell<FileState<CondaEnvironment>>,
    procfile: OnceCell<FileState<Procfile>>,
    project_toml: OnceCell<FileState<ProjectToml>>,
    requirements_txt: OnceCell<FileState<Requirements>>,
    runtime_txt: OnceCell<FileState<RuntimeTxt>>,
    scale: OnceCell<FileState<Scale>>,
    graph: OnceCell<RequirementGraph>,
    sources: OnceCell<Vec<SourceFile<'t>>>,
    reach: OnceCell<Reach>,
}

macro_rules! typed_files {
    ($($(#[$doc:meta])* $cell:ident: $model:ty = $name:literal;)*) => {
        impl App<'_> {
            $($(#[$doc])*
            pub fn $cell(&self) -> &FileState<$model> {
                self.cells.$cell.get_or_init(|| self.load($name))
            })*
        }
    };
}

typed_files! {
    /// `app.json`: deploy scripts and health checks of DE4.
    app_json: AppJson = "app.json";
    /// `Aptfile`: the Debian packages of DE5.
    aptfile: Aptfile = "Aptfile";
    /// `apt-packages`: the Debian packages of DE4.
    apt_packages: AptPackages = "apt-packages";
    /// `.buildpacks`: the buildpack that DE4 was told to use.
    buildpacks: Buildpacks = ".buildpacks";
    /// `CHECKS`: health checks of a single-server DE4.
    checks: Checks = "CHECKS";
    /// `conda-requirements.txt`: conda's list of DE4.
    conda_requirements: CondaList = "conda-requirements.txt";
    /// `conda-runtime.txt`: the Miniconda installer of DE4.
    conda_runtime: CondaRuntime = "conda-runtime.txt";
    /// `.condarc`: conda's configuration of DE4.
    condarc: Condarc = ".condarc";
    /// `environment.yml`: conda's environment of DE5.
    environment: CondaEnvironment = "environment.yml";
    /// `Procfile`: the process types.
    procfile: Procfile = "Procfile";
    /// `project.toml`: the project descriptor of DE5.
    project_toml: ProjectToml = "project.toml";
    /// `requirements.txt`: pip's list; see also [`App::requirements`], which follows `-r`.
    requirements_txt: Requirements = "requirements.txt";
    /// `runtime.txt`: the Python version of DE4.
    runtime_txt: RuntimeTxt = "runtime.txt";
    /// `DOKKU_SCALE`: the replicas of DE4.
    scale: Scale = "DOKKU_SCALE";
}

impl<'t> App<'t> {
    /// The app in the folder `root` of `tree`. Nothing is read but what tells the language.
    pub fn new(tree: &'t dyn Tree, root: TreePath) -> Self {
        let mut app = Self {
            tree,
            root,
            language: Language::Python,
            parsed: None,
            cells: Cells::default(),
        };
        app.language = discover::language(&app);
        app
    }

    /// The same app, with what was parsed of its sources before, and a place to keep what is now.
    #[must_use]
    pub fn keeping(self, parsed: &'t ParsedSources) -> Self {
        Self {
            parsed: Some(parsed),
            ..self
        }
    }

    /// The tree that the app lives in.
    pub fn tree(&self) -> &'t dyn Tree {
        self.tree
    }

    /// The app's folder.
    pub fn root(&self) -> &TreePath {
        &self.root
    }

    /// What the app is written in.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The path of a file of the app, there or not.
    pub fn path(&self, name: &str) -> TreePath {
        self.root.child(name)
    }

    /// Whether `pyproject.toml` says what poetry installs, as poetry's buildpack looks for it.
    pub fn has_poetry(&self) -> bool {
        let bytes = self.tree().read(&self.path("pyproject.toml"));
        bytes.is_ok_and(|it| memchr::memmem::find(&it, b"[tool.poetry]").is_some())
    }

    /// Whether the app has a file of this name (a path below the app's folder).
    pub fn has(&self, name: &str) -> bool {
        self.tree.resolve(&self.path(name)).is_ok()
    }

    /// The files in the folder `name` of the app and below it.
    pub fn folder(&self, name: &str) -> &'t [Entry] {
        self.tree.under(&self.path(name))
    }

    /// Reads and parses any file of the app, without remembering it.
    pub fn load<M: Model>(&self, name: &str) -> FileState<M> {
        FileState::load(self.tree, self.path(name))
    }

    /// All requirement lists that the app's build reads, with the files that `-r` and `-c` name.
    pub fn requirements(&self) -> &RequirementGraph {
        self.cells
            .graph
            .get_or_init(|| RequirementGraph::from_app(self))
    }

    /// The Python sources of the app: its `.py` files and notebooks, without those of apps in
    /// folders below it. Each is read when it is first asked for, and parsed when its facts are.
    pub fn sources(&self) -> &[SourceFile<'t>] {
        self.cells
            .sources
            .get_or_init(|| sources::read_sources(self))
    }

    /// The source at this path.
    pub fn source(&self, path: &TreePath) -> Option<&SourceFile<'t>> {
        self.sources().iter().find(|source| source.path() == path)
    }

    /// Which sources the processes and deploy scripts of the app run, as far as that can be told.
    /// The sources on the way are parsed when this is first asked.
    pub fn reach(&self) -> &Reach {
        self.cells.reach.get_or_init(|| Reach::follow(self))
    }

    /// The sources that hold any of these words: those that a rule asks for their facts. Those that
    /// run come first, so that what is shown first is live.
    pub fn sources_with(&self, words: &[&str]) -> Vec<&SourceFile<'t>> {
        let sources = self.sources().iter();
        self.live_first(sources.filter(|source| source.mentions(words)))
    }

    /// Sources in the order in which they matter: those that run, those of which nobody can tell,
    /// those that nothing starts. What runs is found out only if there is a choice.
    pub fn live_first<'s>(
        &'s self,
        sources: impl Iterator<Item = &'s SourceFile<'t>>,
    ) -> Vec<&'s SourceFile<'t>>
    where
        't: 's,
    {
        let mut sources: Vec<&SourceFile> = sources.collect();
        if sources.len() > 1 {
            sources.sort_by_key(|source| self.reach().of_file(source.path()));
        }
        sources
    }

    /// Whether conda built the app on DE4: it needs both of its files.
    pub fn was_built_by_conda(&self) -> bool {
        self.has("conda-requirements.txt") && self.has("conda-runtime.txt")
    }
}
