//! Which sources of an app its processes and deploy scripts run: the modules that commands name, and
//! what those import, directly or not. What reaches a file is found from the outside; in doubt a
//! file is reached, and what cannot be read leaves the others unknown.

mod imports;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use super::called_scripts::{DEPLOY_SCRIPTS, deploy_commands, in_app};
use super::processes::{Folders, Located, Reading, Start, Wanted, locate, starts, starts_of_text};
use super::{App, SourceFile};
use crate::text::{Span, Text};
use crate::tree::TreePath;

/// What runs in an app, as far as it can be told.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    files: BTreeMap<TreePath, Via>,
    /// Those that may be run as programs, not only imported.
    programs: BTreeSet<TreePath>,
    unread: Vec<Unread>,
}

/// Why a file runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// A command in this file names it.
    Command(TreePath),
    /// This source imports or names it.
    Source(TreePath),
}

/// A place where nobody can tell from outside what it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The file.
    pub path: TreePath,
    /// The characters; `None` for the file as a whole.
    pub span: Option<Span>,
}

/// Whether a source runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// A process or deploy script reaches it.
    Yes,
    /// Something starts code that could not be followed: it may.
    Unknown,
    /// Everything was followed, and nothing comes here.
    No,
}

impl Reach {
    /// Follows all that the app starts.
    pub(super) fn follow(app: &App) -> Self {
        let mut walk = Walk::new(app);
        walk.start_processes();
        walk.start_scripts();
        while let Some((path, folders)) = walk.open.pop_front() {
            walk.look_into(&path, &folders);
        }
        walk.reach
    }

    /// Whether the source at this path runs. Copies that an editor keeps never do.
    pub fn of_file(&self, path: &TreePath) -> Reached {
        if self.files.contains_key(path) {
            Reached::Yes
        } else if self.unread.is_empty() || is_copy(path) {
            Reached::No
        } else {
            Reached::Unknown
        }
    }

    /// What leads to the source at this path.
    pub fn via(&self, path: &TreePath) -> Option<&Via> {
        self.files.get(path)
    }

    /// Whether the source at this path may be run as a program, with what stands below
    /// `if __name__ == "__main__"`; gunicorn and imports do not run that.
    pub fn runs_as_program(&self, path: &TreePath) -> bool {
        !self.files.contains_key(path) || self.programs.contains(path)
    }

    /// The sources that run, by path.
    pub fn files(&self) -> impl Iterator<Item = &TreePath> {
        self.files.keys()
    }

    /// The places that could not be followed; none when everything was.
    pub fn unread(&self) -> &[Unread] {
        &self.unread
    }
}

/// Whether a file is one of the copies that Jupyter keeps beside what it opened.
pub(super) fn is_copy(path: &TreePath) -> bool {
    path.as_str()
        .split('/')
        .any(|part| part == ".ipynb_checkpoints")
}

struct Walk<'a, 't> {
    app: &'a App<'t>,
    sources: HashMap<&'a TreePath, &'a SourceFile<'t>>,
    /// The files that are reached and were not looked into, with the folders that modules of the
    /// process are looked for in.
    open: VecDeque<(TreePath, Folders)>,
    reach: Reach,
}

impl<'a, 't> Walk<'a, 't> {
    fn new(app: &'a App<'t>) -> Self {
        let sources = app.sources().iter();
        Self {
            app,
            sources: sources.map(|source| (source.path(), source)).collect(),
            open: VecDeque::new(),
            reach: Reach::default(),
        }
    }

    fn start_processes(&mut self) {
        let Some(file) = self.app.procfile().present() else {
            self.note_unread(self.app.path("Procfile"), None);
            return;
        };
        for problem in file.model.problems() {
            self.note_unread(file.path.clone(), Some(problem.span));
        }
        for process in file.model.processes() {
            self.follow_all(&starts(self.app, &file.path, &file.text, process));
        }
        if file.model.processes().is_empty() {
            self.note_unread(file.path.clone(), None);
        }
    }

    /// Deploy scripts run code, too; one that cannot be followed leaves nothing else unknown: it
    /// prepares the app and is over.
    fn start_scripts(&mut self) {
        for (path, command) in deploy_commands(self.app) {
            self.follow_script(&path, &command);
        }
        for name in DEPLOY_SCRIPTS {
            self.follow_file(&self.app.path(name));
        }
    }

    fn follow_script(&mut self, path: &TreePath, command: &str) {
        self.follow_certain(&starts_of_text(self.app, path, 0, command));
        for word in command.split_whitespace() {
            if let Ok(script) = self.app.root().join(in_app(word)) {
                self.follow_file(&script);
            }
        }
    }

    fn follow_file(&mut self, path: &TreePath) {
        if self.sources.contains_key(path) {
            return self.reach_script(path, &Via::Command(path.clone()));
        }
        let Ok(bytes) = self.app.tree().read(path) else {
            return;
        };
        if let Ok(text) = Text::decode(&bytes) {
            self.follow_certain(&starts_of_text(self.app, path, 0, text.as_str()));
        }
    }

    fn follow_certain(&mut self, starts: &[Start]) {
        let known = self.reach.unread.len();
        self.follow_all(starts);
        self.reach.unread.truncate(known);
    }

    fn follow_all(&mut self, starts: &[Start]) {
        for start in starts {
            self.follow(start);
        }
    }

    fn follow(&mut self, start: &Start) {
        let via = Via::Command(start.path.clone());
        match &start.wanted {
            Wanted::Module {
                module,
                object,
                reading,
            } => {
                if *reading == Reading::Run
                    && let Located::File(path) = locate(self.app, &start.folders, module)
                {
                    self.reach.programs.insert(path);
                }
                if !self.reach_modules(&start.folders, module, &via) && start.folders.open {
                    self.note_unread(start.path.clone(), Some(start.span));
                }
                // `celery -A pkg.mod` and `pkg:mod` may mean the module pkg.mod.
                let inner = object.as_deref().unwrap_or_default();
                self.reach_modules(&start.folders, &format!("{module}.{inner}"), &via);
            }
            Wanted::File(path) => {
                let places = start.folders.known.iter();
                let mut places = places.filter_map(|folder| folder.join(path).ok());
                match places.find(|place| self.sources.contains_key(place)) {
                    Some(place) => self.reach_script(&place, &via),
                    None => self.note_unread(start.path.clone(), Some(start.span)),
                }
            }
            Wanted::Unread | Wanted::Nothing | Wanted::Torn(..) | Wanted::Folder(_) => {
                self.reach_words(start, &via);
                self.note_unread(start.path.clone(), Some(start.span));
            }
        }
    }

    /// The files that a command names which nobody can read: `voila report.ipynb`.
    fn reach_words(&mut self, start: &Start, via: &Via) {
        let Ok(bytes) = self.app.tree().read(&start.path) else {
            return;
        };
        let Ok(text) = Text::decode(&bytes) else {
            return;
        };
        for word in start.span.slice(text.as_str()).split_whitespace() {
            let word = word.trim_matches(['"', '\'']);
            let folders = start.folders.known.iter().chain([self.app.root()]);
            let places: Vec<TreePath> = folders.filter_map(|it| it.join(word).ok()).collect();
            for place in places {
                self.reach_script(&place, via);
            }
        }
    }

    /// A file that is run by its path: its folder is where its modules are looked for first.
    fn reach_script(&mut self, path: &TreePath, via: &Via) {
        let mut folders = Folders::default();
        folders.known.push(path.parent());
        folders.known.push(self.app.root().clone());
        self.reach.programs.insert(path.clone());
        self.reach_file(path, &folders, via);
    }

    /// A module, the packages that it is in, and its own `__main__`; whether any was found.
    fn reach_modules(&mut self, folders: &Folders, module: &str, via: &Via) -> bool {
        let mut found = false;
        for (at, _) in module.match_indices('.').chain([(module.len(), "")]) {
            let part = module.get(..at).unwrap_or_default();
            if part.is_empty() {
                continue;
            }
            match locate(self.app, folders, part) {
                Located::File(path) => {
                    self.reach_file(&path, folders, via);
                    found = true;
                }
                Located::Opaque => found = true,
                Located::Missing | Located::MissingIn(_) => break,
            }
        }
        if let Located::File(path) = locate(self.app, folders, &format!("{module}.__main__")) {
            self.reach.programs.insert(path.clone());
            self.reach_file(&path, folders, via);
        }
        found
    }

    fn reach_file(&mut self, path: &TreePath, folders: &Folders, via: &Via) {
        if !self.sources.contains_key(path) || self.reach.files.contains_key(path) {
            return;
        }
        self.reach.files.insert(path.clone(), via.clone());
        self.open.push_back((path.clone(), folders.clone()));
    }

    fn note_unread(&mut self, path: TreePath, span: Option<Span>) {
        let unread = Unread { path, span };
        if !self.reach.unread.contains(&unread) {
            self.reach.unread.push(unread);
        }
    }
}
