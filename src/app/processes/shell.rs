//! What a command line starts, read as a shell would: folders, variables, wrappers, scripts one
//! level deep. Which module a program wants is asked of [`super::arguments`].

use std::collections::BTreeMap;

use super::arguments;
use super::runners::{is_quiet, wrappers};
use crate::app::App;
use crate::files::script::is_shell;
use crate::files::script::{Joint, Script, ScriptCommand, Word};
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
    /// Whether it is started whatever the shell finds: not under a condition or in a loop.
    pub(crate) is_certain: bool,
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
    /// A folder to change to, as written, that is not in the repository.
    Folder(String),
    /// Nothing: gunicorn is given no module, and no configuration names one.
    Nothing,
    /// Something that nobody can tell from here.
    Unread,
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
    /// The variables that programs see; `None` for a value that is not known.
    pub(super) variables: BTreeMap<String, Option<String>>,
    /// The variables that only the shell sees.
    own: BTreeMap<String, Option<String>>,
    /// Whether something unread may have set others.
    pub(super) sourced: bool,
    /// Whether commands may or may not be run.
    conditional: bool,
    /// The folders that `popd` goes back to.
    pushed: Vec<Vec<TreePath>>,
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
            own: BTreeMap::new(),
            sourced: false,
            conditional: false,
            pushed: Vec::new(),
        }
    }

    /// What the commands of a text start.
    pub(super) fn read(&mut self, app: &App, home: &Home, text: &str, depth: u8) -> Vec<Start> {
        let script = Script::of_line(text);
        self.conditional |= script.commands().iter().any(is_conditional);
        let mut starts = Vec::new();
        // The subshells around, each with what the shell around it knows.
        let mut outer: Vec<(usize, Self)> = Vec::new();
        for command in script.commands() {
            let stands_in = |shell| is_within(&script, command.subshell, shell);
            while let Some((_, before)) = outer.pop_if(|(shell, _)| !stands_in(*shell)) {
                *self = before;
            }
            let inner = outer.last().map_or(0, |(shell, _)| *shell);
            if inner != command.subshell {
                outer.push((command.subshell, self.clone()));
            }
            starts.extend(self.run(app, home, command, depth));
        }
        starts
    }

    fn run(&mut self, app: &App, home: &Home, command: &ScriptCommand, depth: u8) -> Vec<Start> {
        let words = unwrapped(command.program());
        let before = command.words.iter().take_while(|word| {
            words
                .first()
                .is_none_or(|program| word.span.start < program.span.start)
        });
        let Some((program, arguments)) = words.split_first() else {
            self.assign(before);
            return Vec::new();
        };
        let mut here = self.clone();
        here.export(before);
        if program.is_expanded {
            return vec![here.unread(home, program.span)];
        }
        match program.value.as_str() {
            "cd" | "pushd" => return self.change_folder(app, home, command, words),
            "popd" => self.folders = self.pushed.pop().unwrap_or_default(),
            "export" => self.export(arguments.iter()),
            "set" if arguments.iter().any(|word| word.value == "-a") => self.sourced = true,
            "eval" => return self.evaluate(app, home, arguments, depth),
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

    /// Variables of the shell itself; programs see those that they saw before.
    fn assign<'w>(&mut self, words: impl Iterator<Item = &'w Word>) {
        for (name, value) in assignments(words) {
            if let Some(known) = self.variables.get_mut(&name) {
                *known = value;
            } else {
                self.own.insert(name, value);
            }
        }
    }

    /// Variables that programs see: `export A=b`, and `export A` of one that was set before.
    fn export<'w>(&mut self, words: impl Iterator<Item = &'w Word>) {
        let words: Vec<&Word> = words.collect();
        for word in &words {
            if let Some(value) = self.own.remove(&word.value) {
                self.variables.insert(word.value.clone(), value);
            }
        }
        self.variables.extend(assignments(words.into_iter()));
    }

    /// `eval "cd src"`: the words are commands of this shell.
    fn evaluate(&mut self, app: &App, home: &Home, words: &[Word], depth: u8) -> Vec<Start> {
        let whole = words.iter().map(|word| word.span);
        let whole = whole.reduce(|all, span| Span::new(all.start, span.end));
        let inner = Home {
            whole: whole.map(|span| home.place(span)),
            ..home.clone()
        };
        if depth == 0 || words.iter().any(|word| word.is_expanded) {
            self.sourced = true;
            self.folders.clear();
            return vec![self.unread(&inner, Span::at(0))];
        }
        let words: Vec<&str> = words.iter().map(|word| word.value.as_str()).collect();
        self.read(app, &inner, &words.join(" "), depth - 1)
    }

    /// `cd folder`, `pushd folder`, also behind `||`, where it may not be run at all.
    fn change_folder(
        &mut self,
        app: &App,
        home: &Home,
        command: &ScriptCommand,
        words: &[Word],
    ) -> Vec<Start> {
        if words
            .first()
            .is_some_and(|program| program.value == "pushd")
        {
            self.pushed.push(self.folders.clone());
        }
        let [_, folder] = words else {
            self.folders.clear();
            return Vec::new();
        };
        if folder.is_expanded || command.joint == Joint::Or || self.conditional {
            self.folders.clear();
            return Vec::new();
        }
        let start = self.missing_folder(app, home, folder);
        self.folders = self.below(app, &folder.value);
        self.sourced |= start.is_some();
        start.into_iter().collect()
    }

    /// A folder that the repository does not have, and that nothing in it seems to make.
    fn missing_folder(&self, app: &App, home: &Home, folder: &Word) -> Option<Start> {
        is_missing_folder(app, &self.below(app, &folder.value)).then(|| Start {
            folders: Folders::default(),
            ..self.resolve_start(home, Wanted::Folder(folder.value.clone()), folder.span)
        })
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
            return vec![self.unread(home, script.span)];
        }
        if options.iter().any(|word| word.value.contains('c')) {
            let inner = Home {
                whole: Some(home.place(script.span)),
                ..home.clone()
            };
            // What the shell puts in is not known here; it can be anything in any word.
            if depth == 0 || script.is_expanded {
                return vec![self.unread(home, script.span)];
            }
            return self.clone().read(app, &inner, &script.value, depth - 1);
        }
        self.open_script(app, home, script, depth)
    }

    /// What a script of the repository starts, or that it is not there.
    fn open_script(&self, app: &App, home: &Home, script: &Word, depth: u8) -> Vec<Start> {
        let paths = self.below(app, &script.value);
        if depth == 0 || script.is_expanded || paths.is_empty() {
            return vec![self.unread(home, script.span)];
        }
        let found = paths
            .iter()
            .find_map(|path| Some((path, app.tree().read(path).ok()?)));
        let Some((path, bytes)) = found else {
            let wanted = Wanted::File(script.value.clone());
            return vec![self.resolve_start(home, wanted, script.span)];
        };
        let Ok(text) = Text::decode(&bytes) else {
            return vec![self.unread(home, script.span)];
        };
        let inner = Home::at(path.clone(), 0);
        self.clone().read(app, &inner, text.as_str(), depth - 1)
    }

    fn start(&self, app: &App, home: &Home, words: &[Word]) -> Vec<Start> {
        let Some((program, _)) = words.split_first() else {
            return Vec::new();
        };
        if is_quiet(&program.value) {
            return Vec::new();
        }
        let Some(found) = arguments::read(app, self, words) else {
            let span = words.last().map_or(program.span, |last| {
                Span::new(program.span.start, last.span.end)
            });
            return vec![self.unread(home, span)];
        };
        let (path, span) = match found.file {
            Some(file) => (file, found.span),
            None => (home.path.clone(), home.place(found.span)),
        };
        vec![Start {
            wanted: found.wanted,
            path,
            span,
            folders: found.folders,
            is_certain: !self.conditional,
        }]
    }

    fn unread(&self, home: &Home, span: Span) -> Start {
        self.resolve_start(home, Wanted::Unread, span)
    }

    fn resolve_start(&self, home: &Home, wanted: Wanted, span: Span) -> Start {
        Start {
            wanted,
            path: home.path.clone(),
            span: home.place(span),
            folders: self.search(),
            is_certain: !self.conditional,
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

/// The assignments among words; `None` for a value that the shell makes up.
fn assignments<'w>(
    words: impl Iterator<Item = &'w Word>,
) -> impl Iterator<Item = (String, Option<String>)> {
    words.filter_map(|word| {
        let (name, value) = word.value.split_once('=')?;
        Some((
            name.to_owned(),
            (!word.is_expanded).then(|| value.to_owned()),
        ))
    })
}

/// Whether a subshell is `outer`, or stands in it.
fn is_within(script: &Script, subshell: usize, outer: usize) -> bool {
    let mut at = subshell;
    while at > outer {
        at = script.around(at);
    }
    at == outer
}

/// Whether none of the folders is there, though each lies in the repository and nothing that the
/// repository holds speaks of making it: no submodule, no deploy script with its name.
pub(super) fn is_missing_folder(app: &App, folders: &[TreePath]) -> bool {
    let tree = app.tree();
    let is_there = |folder: &TreePath| folder.is_root() || !tree.under(folder).is_empty();
    let Some(first) = folders.first().filter(|_| !folders.iter().any(is_there)) else {
        return false;
    };
    let is_maker = |name: &str| {
        name == ".gitmodules"
            || matches!(name, "app.json" | "Makefile")
            || ["predeploy", "postdeploy", "pre_compile", "post_compile"]
                .iter()
                .any(|it| name.contains(it))
            || is_script_name(name)
    };
    let mut makers = tree.under(&TreePath::root()).iter();
    !makers.any(|entry| {
        is_maker(entry.path.name())
            && tree
                .read(&entry.path)
                .is_ok_and(|bytes| memchr::memmem::find(&bytes, first.name().as_bytes()).is_some())
    })
}

/// Whether the command stands under a condition, in a loop or in a function.
fn is_conditional(command: &ScriptCommand) -> bool {
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
