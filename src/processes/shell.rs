//! What a command line starts, read as a shell would: folders, variables, wrappers, scripts one
//! level deep. Which module a program wants is asked of [`super::arguments`].

use std::collections::BTreeMap;

use super::arguments;
use super::runners::wrappers;
use crate::app::App;
use crate::files::script::is_shell;
use crate::files::script::{Command, Script, Word};
use crate::text::{Span, Text};
use crate::tree::TreePath;

/// A text with commands, and where it stands.
#[derive(Clone)]
pub(super) struct Home {
    /// The file.
    pub(super) path: TreePath,
    /// How far into the file the text begins.
    offset: usize,
    /// The one place that stands for all of the text: of a script inside quotes.
    whole: Option<Span>,
}

impl Home {
    /// A text that begins at `offset` of a file.
    pub(super) fn at(path: TreePath, offset: usize) -> Self {
        Self {
            path,
            offset,
            whole: None,
        }
    }

    /// The place of a span of the text, in the file.
    fn place(&self, span: Span) -> Span {
        self.whole.unwrap_or_else(|| span.shift(self.offset))
    }
}

/// Something that a command line starts.
pub(crate) struct Start {
    /// What.
    pub(crate) wanted: Wanted,
    /// The file that says so.
    pub(crate) path: TreePath,
    /// The words that say so, in that file.
    pub(crate) span: Span,
    /// Where it is looked for.
    pub(crate) folders: Folders,
}

/// What a program wants to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A module, and the name in it.
    Module {
        /// `pkg.mod`.
        module: String,
        /// `server`, `create()`, `app.server`.
        object: Option<String>,
        /// How the program reads the two.
        reading: Reading,
    },
    /// A file, as written.
    File(String),
    /// `app: server`: two words where one is meant.
    Torn(String, String),
}

/// How a program reads the module and the name that it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// As they are.
    Plain,
    /// No name is given: the program takes its own.
    Implied,
    /// As celery does: `pkg.mod` may also be the name `mod` in `pkg`.
    Celery,
    /// As `python -m` does: a program, often one that is installed.
    Run,
}

/// Where modules and files are looked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Folders {
    /// The folders, in order.
    pub(crate) known: Vec<TreePath>,
    /// Whether there are more, which nobody can tell from here.
    pub(crate) open: bool,
}

/// What a shell knows at one place of a script.
#[derive(Clone)]
pub(super) struct Shell {
    /// The folder that it is in, as seen from each folder that the app may start in; none when
    /// that is not known any more.
    pub(super) folders: Vec<TreePath>,
    /// The variables that were set; `None` for a value that is not known.
    pub(super) variables: BTreeMap<String, Option<String>>,
    /// Whether something unread may have set others.
    pub(super) sourced: bool,
}

impl Shell {
    /// In the app's folder. A repository of many apps may be deployed as a whole, then in its root.
    pub(super) fn new(app: &App) -> Self {
        let mut folders = vec![app.root().clone()];
        if !app.root().is_root() {
            folders.push(TreePath::root());
        }
        Self {
            folders,
            variables: BTreeMap::new(),
            sourced: false,
        }
    }

    /// What the commands of a text start.
    pub(super) fn read(&mut self, app: &App, home: &Home, text: &str, depth: u8) -> Vec<Start> {
        let script = Script::of_line(text);
        if script.commands().iter().any(is_conditional) {
            return Vec::new();
        }
        let mut starts = Vec::new();
        for command in script.commands() {
            starts.extend(self.run(app, home, command, depth));
        }
        starts
    }

    fn run(&mut self, app: &App, home: &Home, command: &Command, depth: u8) -> Vec<Start> {
        let words = unwrapped(command.program());
        let before = command.words.iter().take_while(|word| {
            words
                .first()
                .is_none_or(|program| word.span.start < program.span.start)
        });
        let mut here = self.clone();
        here.assign(before);
        let Some((program, arguments)) = words.split_first() else {
            *self = here;
            return Vec::new();
        };
        if program.is_expanded {
            return Vec::new();
        }
        match program.value.as_str() {
            "cd" => self.change_folder(app, arguments),
            "export" => self.assign(arguments.iter()),
            // Either may bring modules, or tell Python where to look for them.
            "source" | "." | "pip" | "pip3" => self.sourced = true,
            shell if is_shell(shell) => return here.run_script(app, home, arguments, depth),
            path if path.contains('/') && is_script_name(path) => {
                return here.open_script(app, home, program, depth);
            }
            _ => return here.start(app, home, words),
        }
        Vec::new()
    }

    fn assign<'w>(&mut self, words: impl Iterator<Item = &'w Word>) {
        for word in words {
            if let Some((name, value)) = word.value.split_once('=') {
                let value = (!word.is_expanded).then(|| value.to_owned());
                self.variables.insert(name.to_owned(), value);
            }
        }
    }

    fn change_folder(&mut self, app: &App, arguments: &[Word]) {
        self.folders = match arguments {
            [folder] if !folder.is_expanded => self.below(app, &folder.value),
            _ => Vec::new(),
        };
    }

    /// A path as seen from the folders; none where it leads out of the repository.
    pub(super) fn below(&self, app: &App, path: &str) -> Vec<TreePath> {
        let in_app = path
            .strip_prefix("/app")
            .filter(|rest| rest.is_empty() || rest.starts_with('/'));
        if let Some(rest) = in_app {
            return app
                .root()
                .join(rest.trim_start_matches('/'))
                .into_iter()
                .collect();
        }
        let folders = self.folders.iter();
        folders
            .filter_map(|folder| folder.join(path).ok())
            .collect()
    }

    /// `sh run.sh`, `bash -c "..."`.
    fn run_script(&self, app: &App, home: &Home, arguments: &[Word], depth: u8) -> Vec<Start> {
        let options = arguments
            .iter()
            .take_while(|word| word.value.starts_with('-'));
        let options: Vec<&Word> = options.collect();
        let Some(script) = arguments.get(options.len()) else {
            return Vec::new();
        };
        if !options.iter().all(|word| is_plain_option(&word.value)) {
            return Vec::new();
        }
        if options.iter().any(|word| word.value.contains('c')) {
            let inner = Home {
                whole: Some(home.place(script.span)),
                ..home.clone()
            };
            // What the shell puts in is not known here; it can be anything in any word.
            let readable = depth > 0 && !script.is_expanded;
            let text = if readable { script.value.as_str() } else { "" };
            return self
                .clone()
                .read(app, &inner, text, depth.saturating_sub(1));
        }
        self.open_script(app, home, script, depth)
    }

    /// What a script of the repository starts, or that it is not there.
    fn open_script(&self, app: &App, home: &Home, script: &Word, depth: u8) -> Vec<Start> {
        let paths = self.below(app, &script.value);
        if depth == 0 || script.is_expanded || paths.is_empty() {
            return Vec::new();
        }
        let found = paths
            .iter()
            .find_map(|path| Some((path, app.tree().read(path).ok()?)));
        let Some((path, bytes)) = found else {
            let wanted = Wanted::File(script.value.clone());
            return vec![self.wanted(home, wanted, script.span)];
        };
        let Ok(text) = Text::decode(&bytes) else {
            return Vec::new();
        };
        let inner = Home::at(path.clone(), 0);
        self.clone().read(app, &inner, text.as_str(), depth - 1)
    }

    fn start(&self, app: &App, home: &Home, words: &[Word]) -> Vec<Start> {
        let found = arguments::read(app, self, words);
        let starts = found.into_iter().map(|found| {
            let (path, span) = match found.file {
                Some(file) => (file, found.span),
                None => (home.path.clone(), home.place(found.span)),
            };
            Start {
                wanted: found.wanted,
                path,
                span,
                folders: found.folders,
            }
        });
        starts.collect()
    }

    fn wanted(&self, home: &Home, wanted: Wanted, span: Span) -> Start {
        Start {
            wanted,
            path: home.path.clone(),
            span: home.place(span),
            folders: self.search(),
        }
    }

    /// The folders that Python looks into: the shell's own, and what `PYTHONPATH` names.
    pub(super) fn search(&self) -> Folders {
        let mut folders = Folders {
            known: self.folders.clone(),
            open: self.sourced || self.folders.is_empty(),
        };
        match self.variables.get("PYTHONPATH") {
            Some(Some(value)) => {
                for part in value.split(':').filter(|part| !part.is_empty()) {
                    let joined = self
                        .folders
                        .iter()
                        .filter_map(|folder| folder.join(part).ok());
                    folders.known.extend(joined);
                }
            }
            Some(None) => folders.open = true,
            None => {}
        }
        folders
    }
}

/// Whether the command stands under a condition, in a loop or in a function.
fn is_conditional(command: &Command) -> bool {
    const WORDS: &[&str] = &[
        "if", "case", "while", "until", "for", "function", "[", "[[", "test", "select",
    ];
    let mut words = command.words.iter();
    words
        .next()
        .is_some_and(|word| WORDS.contains(&word.value.as_str()))
}

/// Whether an option of a shell takes no value of its own: `-e`, `-lc`.
fn is_plain_option(option: &str) -> bool {
    let letters = option.strip_prefix('-').unwrap_or_default();
    !letters.is_empty() && letters.chars().all(|c| "ceilpuvx".contains(c))
}

fn is_script_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.')
        .is_some_and(|(_, end)| matches!(end, "sh" | "bash"))
}

/// The program without the words that only run it.
fn unwrapped(words: &[Word]) -> &[Word] {
    let rest = wrappers().iter().find_map(|wrapper| {
        let (front, rest) = words.split_at_checked(wrapper.len())?;
        let same = front.iter().map(|word| &word.value).eq(wrapper);
        (same && !rest.is_empty()).then_some(rest)
    });
    rest.unwrap_or(words)
}
