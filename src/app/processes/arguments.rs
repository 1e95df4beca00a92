//! The arguments of programs that start a module: which module, and where it is looked for.

use super::configuration;
use super::runners::{RunnerOptions, options};
use super::shell::{Folders, Reading, Shell, Wanted, is_missing_folder};
use crate::app::App;
use crate::files::script::Word;
use crate::text::Span;
use crate::tree::TreePath;

/// What a command wants to start, and the words that say so.
pub(super) struct StartedObject {
    pub(super) wanted: Wanted,
    /// The file that says so, where it is not the one of the command.
    pub(super) file: Option<TreePath>,
    pub(super) span: Span,
    pub(super) folders: Folders,
}

/// What the words of one command start; nothing for programs that are not known, and where an
/// option is not.
pub(super) fn read(app: &App, shell: &Shell, words: &[Word]) -> Option<StartedObject> {
    let (program, arguments) = words.split_first()?;
    if is_python(program.value.rsplit('/').next()?) {
        return python(app, shell, arguments);
    }
    run(app, shell, program, arguments)
}

fn is_python(name: &str) -> bool {
    let version = name.strip_prefix("python");
    version.is_some_and(|it| it.chars().all(|c| c.is_ascii_digit() || c == '.'))
}

fn run(app: &App, shell: &Shell, program: &Word, arguments: &[Word]) -> Option<StartedObject> {
    let name = program.value.rsplit('/').next()?;
    match name {
        "gunicorn" => gunicorn(
            app,
            shell,
            &CommandLine::read(options(name)?, program, arguments)?,
        ),
        "uvicorn" | "hypercorn" | "daphne" | "waitress-serve" => server(
            app,
            shell,
            &CommandLine::read(options(name)?, program, arguments)?,
        ),
        "celery" => celery(app, shell, arguments),
        "flask" => flask(shell, arguments),
        "streamlit" => streamlit(shell, arguments),
        _ => None,
    }
}

/// `python x.py`, `python -m gunicorn app:server`.
fn python(app: &App, shell: &Shell, arguments: &[Word]) -> Option<StartedObject> {
    let known = options("python")?;
    let mut rest = arguments;
    loop {
        let (word, behind) = rest.split_first()?;
        rest = match word.value.as_str() {
            "-m" => {
                let (module, arguments) = behind.split_first()?;
                return run(app, shell, module, arguments).or_else(|| module_run(shell, module));
            }
            option if known.takes_value(option) => behind.get(1..)?,
            option if known.is_flag(option) => behind,
            option if option.starts_with('-') => return None,
            _ => return file(shell, word),
        };
    }
}

/// `python -m pkg.mod`.
fn module_run(shell: &Shell, word: &Word) -> Option<StartedObject> {
    // A known program that could not be read is not a module of the app.
    let known = [
        "gunicorn",
        "uvicorn",
        "hypercorn",
        "daphne",
        "celery",
        "flask",
        "streamlit",
    ];
    if known.contains(&word.value.as_str()) {
        return None;
    }
    found(shell.search(), word, (&word.value, None), Reading::Run)
}

fn file(shell: &Shell, word: &Word) -> Option<StartedObject> {
    let is_file = !word.is_expanded && word.value.rsplit_once('.')?.1 == "py";
    is_file.then(|| StartedObject {
        wanted: Wanted::File(word.value.clone()),
        file: None,
        span: word.span,
        folders: Folders {
            known: shell.folders.clone(),
            open: shell.folders.is_empty(),
        },
    })
}

fn found(
    folders: Folders,
    word: &Word,
    (module, object): (&str, Option<&str>),
    reading: Reading,
) -> Option<StartedObject> {
    // `asgi:app:server` of hypercorn: three parts, and the module is not the first.
    let plain = object.and_then(|object| object.split('(').next());
    let has_more = plain.is_some_and(|plain| plain.contains(':'));
    (!word.is_expanded && !has_more).then(|| StartedObject {
        wanted: Wanted::Module {
            module: module.to_owned(),
            object: object.map(str::to_owned),
            reading,
        },
        file: None,
        span: word.span,
        folders,
    })
}

/// `module:object` in its two parts.
fn parts(text: &str) -> (&str, Option<&str>) {
    match text.split_once(':') {
        Some((module, object)) => (module, Some(object)),
        None => (text, None),
    }
}

/// A command line whose options are all known.
struct CommandLine<'w> {
    /// Options with their values, in order.
    values: Vec<(String, OptionValue<'w>)>,
    /// The other words.
    others: Vec<&'w Word>,
    /// The program itself.
    program: Span,
}

#[derive(Clone, Copy)]
pub(super) struct OptionValue<'w> {
    /// The value.
    pub(super) text: &'w str,
    /// The word that it stands in.
    pub(super) word: &'w Word,
}

impl<'w> CommandLine<'w> {
    fn read(options: &RunnerOptions, program: &Word, words: &'w [Word]) -> Option<Self> {
        let mut line = Self {
            values: Vec::new(),
            others: Vec::new(),
            program: program.span,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let text = word.value.as_str();
            if text == "--" {
                line.others.extend(words);
                break;
            }
            if !text.starts_with('-') || text == "-" {
                line.others.push(word);
            } else if options.takes_value(text) {
                let value = words.next()?;
                let text_of = &value.value;
                line.push(
                    text,
                    OptionValue {
                        text: text_of,
                        word: value,
                    },
                );
            } else if !options.is_flag(text) {
                line.read_joined(options, word)?;
            }
        }
        Some(line)
    }

    /// `--name=value` and `-w4`.
    fn read_joined(&mut self, options: &RunnerOptions, word: &'w Word) -> Option<()> {
        let text = word.value.as_str();
        let (name, value) = match text.split_once('=') {
            Some((name, value)) if text.starts_with("--") => (name, value),
            _ => text
                .split_at_checked(2)
                .filter(|_| !text.starts_with("--"))?,
        };
        if options.takes_value(name) {
            self.push(name, OptionValue { text: value, word });
            return Some(());
        }
        // `--unknown=value` holds its value and disturbs nothing; `-xy` may be anything.
        text.starts_with("--").then_some(())
    }

    fn push(&mut self, name: &str, value: OptionValue<'w>) {
        self.values.push((name.to_owned(), value));
    }

    /// The value that counts: the last one.
    fn value(&self, names: &[&str]) -> Option<OptionValue<'w>> {
        let found = self
            .values
            .iter()
            .rfind(|(name, _)| names.contains(&name.as_str()));
        found.map(|(_, value)| *value)
    }

    /// The first word that is no option; two of them where a blank tears them apart at a colon.
    fn target(&self) -> Option<ServerWord<'w>> {
        let first = *self.others.first()?;
        let torn = self.others.get(1).filter(|second| {
            let ends = first.value.ends_with(':') && !second.value.contains(':');
            let begins = second.value.starts_with(':') && !first.value.contains(':');
            ends || begins
        });
        Some(match torn {
            Some(second) => ServerWord::Torn(first, second),
            None => ServerWord::Word(first),
        })
    }
}

enum ServerWord<'w> {
    Word(&'w Word),
    Torn(&'w Word, &'w Word),
}

fn torn(first: &Word, second: &Word) -> Option<StartedObject> {
    let readable = !first.is_expanded && !second.is_expanded;
    readable.then(|| StartedObject {
        wanted: Wanted::Torn(first.value.clone(), second.value.clone()),
        file: None,
        span: Span::new(first.span.start, second.span.end),
        folders: Folders::default(),
    })
}

/// `gunicorn [options] module[:object]`, or what its configuration says.
fn gunicorn(app: &App, shell: &Shell, line: &CommandLine) -> Option<StartedObject> {
    if shell.variables.contains_key("GUNICORN_CMD_ARGS") {
        return None;
    }
    let settings = configuration::read(app, shell, line.value(&["-c", "--config"]))?;
    if let configuration::ConfigurationRead::Missing(word) = settings {
        return Some(StartedObject {
            wanted: Wanted::File(word.value.clone()),
            file: None,
            span: word.span,
            folders: Folders {
                known: shell.folders.clone(),
                open: shell.folders.is_empty(),
            },
        });
    }
    let configuration::ConfigurationRead::Settings(settings) = settings else {
        return None;
    };
    let mut folders = shell.search();
    let mut inner = shell.clone();
    if let Some(folder) = setting(line, &["--chdir"], settings.chdir)? {
        inner.folders = shell.below(app, &folder);
        if let Some(value) = line.value(&["--chdir"])
            && is_missing_folder(app, &inner.folders)
        {
            return Some(StartedObject {
                wanted: Wanted::Folder(folder),
                file: None,
                span: value.word.span,
                folders: Folders::default(),
            });
        }
        folders.open |= !is_there(app, &inner.folders);
        folders.known.extend(inner.folders.iter().cloned());
    }
    if let Some(paths) = setting(line, &["--pythonpath"], settings.pythonpath)? {
        for path in paths
            .split(',')
            .map(str::trim)
            .filter(|path| !path.is_empty())
        {
            let added = inner.below(app, path);
            folders.open |= !is_there(app, &added);
            folders.known.extend(added);
        }
    }
    gunicorn_target(line, folders, settings.wsgi_app)
}

/// The module that the command line names, or else the configuration.
fn gunicorn_target(
    line: &CommandLine,
    folders: Folders,
    configured: Option<configuration::ConfiguredValue>,
) -> Option<StartedObject> {
    match line.target() {
        Some(ServerWord::Torn(first, second)) => torn(first, second),
        Some(ServerWord::Word(word)) => match parts(&word.value) {
            (module, None) => {
                let parts = (module, Some("application"));
                found(folders, word, parts, Reading::Implied)
            }
            parts => found(folders, word, parts, Reading::Plain),
        },
        None => match configured {
            Some(module) => Some(of_configuration(folders, module)),
            None => Some(StartedObject {
                wanted: Wanted::Nothing,
                file: None,
                span: line.program,
                folders,
            }),
        },
    }
}

/// What gunicorn's configuration starts.
fn of_configuration(folders: Folders, setting: configuration::ConfiguredValue) -> StartedObject {
    let (module, object) = parts(&setting.value);
    let reading = match object {
        Some(_) => Reading::Plain,
        None => Reading::Implied,
    };
    StartedObject {
        wanted: Wanted::Module {
            module: module.to_owned(),
            object: Some(object.unwrap_or("application").to_owned()),
            reading,
        },
        file: Some(setting.path),
        span: setting.span,
        folders,
    }
}

/// Whether one of the folders holds files.
fn is_there(app: &App, folders: &[TreePath]) -> bool {
    folders
        .iter()
        .any(|folder| !app.tree().under(folder).is_empty())
}

/// An option's value, or else the configuration's; `None` outside where it cannot be read.
#[allow(
    clippy::option_option,
    reason = "unknown and absent are different things"
)]
fn setting(
    line: &CommandLine,
    names: &[&str],
    configured: Option<configuration::ConfiguredValue>,
) -> Option<Option<String>> {
    match line.value(names) {
        Some(value) if value.word.is_expanded => None,
        Some(value) => Some(Some(value.text.to_owned())),
        None => Some(configured.map(|setting| setting.value)),
    }
}

/// uvicorn, hypercorn, daphne, waitress: `module:object`, both written.
fn server(app: &App, shell: &Shell, line: &CommandLine) -> Option<StartedObject> {
    let mut folders = shell.search();
    if let Some(folder) = line.value(&["--app-dir"]) {
        let added = shell.below(app, folder.text);
        folders.open |= folder.word.is_expanded || !is_there(app, &added);
        folders.known.extend(added);
    }
    match line.target()? {
        ServerWord::Torn(first, second) => torn(first, second),
        ServerWord::Word(word) if word.value.contains(':') => {
            found(folders, word, parts(&word.value), Reading::Plain)
        }
        ServerWord::Word(_) => None,
    }
}

/// `celery -A pkg.mod[:object]`, in front of the command or behind it.
fn celery(app: &App, shell: &Shell, arguments: &[Word]) -> Option<StartedObject> {
    let mut shell = shell.clone();
    if let Some(folder) = option_value(arguments, &["--workdir"]) {
        shell.folders = if folder.word.is_expanded {
            Vec::new()
        } else {
            shell.below(app, folder.text)
        };
    }
    let name = option_value(arguments, &["-A", "--app"])?;
    found(shell.search(), name.word, parts(name.text), Reading::Celery)
}

/// The value of an option among words whose other options are not known.
fn option_value<'w>(words: &'w [Word], names: &[&str]) -> Option<OptionValue<'w>> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let text = word.value.as_str();
        if names.contains(&text) {
            let value = words.next()?;
            return Some(OptionValue {
                text: &value.value,
                word: value,
            });
        }
        let joined = text
            .split_once('=')
            .filter(|(name, _)| names.contains(name));
        if let Some((_, value)) = joined {
            return Some(OptionValue { text: value, word });
        }
    }
    None
}

/// `flask --app x run`, `FLASK_APP=x flask run`. A file or a module, and a name if one is written.
fn flask(shell: &Shell, arguments: &[Word]) -> Option<StartedObject> {
    let option = option_value(arguments, &["-A", "--app"]);
    let command = arguments.iter().find(|word| !word.value.starts_with('-'))?;
    let text = match option {
        Some(option) if option.word.is_expanded => return None,
        Some(option) => option.text.to_owned(),
        None => shell.variables.get("FLASK_APP")?.clone()?,
    };
    let word = option.map_or(command, |option| option.word);
    let (module, object) = parts(&text);
    let module = module.trim_start_matches("./");
    let module = module
        .strip_suffix(".py")
        .unwrap_or(module)
        .replace('/', ".");
    found(shell.search(), word, (&module, object), Reading::Plain)
}

/// `streamlit run x.py`. Its options have dots and all take a value.
fn streamlit(shell: &Shell, arguments: &[Word]) -> Option<StartedObject> {
    let (run, arguments) = arguments.split_first()?;
    if run.value != "run" {
        return None;
    }
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let text = word.value.as_str();
        match text.strip_prefix("--") {
            Some(option) if option.contains('=') => {}
            Some(option) if option.contains('.') => {
                words.next()?;
            }
            Some(_) => return None,
            None if text.contains("://") => return None,
            None => return file(shell, word),
        }
    }
    None
}
