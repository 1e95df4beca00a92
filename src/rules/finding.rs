//! What a rule says: a fact about an app, the place that shows it, and its repair.

use std::fmt;

use super::Rule;
use super::services::Service;
use crate::secrets::masked;
use crate::text::{Position, Span};
use crate::tree::TreePath;

/// The number of a rule, printed as `DL101`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub u16);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DL{:03}", self.0)
    }
}

/// How much a finding matters on DE5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// DE5 breaks without it.
    Must,
    /// It works by luck.
    Should,
    /// Advice.
    May,
}

/// How sure a fix is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Safety {
    /// The app means the same on DE5.
    Safe,
    /// Right in most cases; made only when asked for.
    Unsafe,
}

/// How long a person needs for what the program leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effort {
    /// Nothing is left.
    None,
    /// A click or a line.
    Minutes,
    /// Something to look up or to try.
    Hours,
    /// Something to build.
    Days,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file; or a folder, for what is about all of it.
    pub path: TreePath,
    /// The characters, in the decoded text of the file; `None` for the file as a whole.
    pub span: Option<Span>,
    /// Line and column, only where the file has no text to find a span in.
    pub position: Option<Position>,
}

impl Place {
    /// The whole file or folder.
    pub fn file(path: TreePath) -> Self {
        Self {
            path,
            span: None,
            position: None,
        }
    }

    /// A part of a file's text.
    pub fn span(path: TreePath, span: Span) -> Self {
        Self {
            path,
            span: Some(span),
            position: None,
        }
    }
}

/// One change of a fix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Puts `text` in the place of `span`; the file keeps its encoding. The rule writes the
    /// file's own line ends.
    Replace {
        /// The file.
        path: TreePath,
        /// What to replace, in the decoded text.
        span: Span,
        /// What to put there.
        text: String,
    },
    /// Makes a file that is not there.
    Create {
        /// The file.
        path: TreePath,
        /// All of it, UTF-8.
        contents: String,
        /// Whether it is a script that can be started by its name.
        executable: bool,
    },
    /// Writes the file anew: same characters, as UTF-8 without a byte order mark.
    Reencode {
        /// The file.
        path: TreePath,
    },
    /// Takes the file away.
    Remove {
        /// The file.
        path: TreePath,
    },
    /// Gives the file another name.
    Rename {
        /// Its name now.
        from: TreePath,
        /// Its name then; nothing is there yet.
        to: TreePath,
    },
}

impl Edit {
    /// Puts `text` in the place of `span`.
    pub fn replace(path: &TreePath, span: Span, text: impl Into<String>) -> Self {
        Self::Replace {
            path: path.clone(),
            span,
            text: text.into(),
        }
    }

    /// Takes the file away.
    pub fn remove(path: &TreePath) -> Self {
        Self::Remove { path: path.clone() }
    }

    /// Makes a file that is not there, from text.
    pub fn create(path: TreePath, contents: impl Into<String>) -> Self {
        Self::Create {
            path,
            contents: contents.into(),
            executable: false,
        }
    }

    /// Makes a script that is not there. Where the platform calls it through a shell the mode does
    /// no harm; where it calls it by its name the script would not start without.
    pub fn create_script(path: TreePath, contents: impl Into<String>) -> Self {
        Self::Create {
            path,
            contents: contents.into(),
            executable: true,
        }
    }
}

/// A repair: all of its edits go in, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// How sure it is.
    pub safety: Safety,
    /// What it does, as a command: "move Python 3.9 into project.toml".
    pub title: String,
    /// The changes.
    pub edits: Vec<Edit>,
    /// Other files that decided what the edits are: the fix waits while another one changes them.
    pub reads: Vec<TreePath>,
}

impl Fix {
    /// A fix after which the app means the same on DE5.
    pub fn safe(title: impl Into<String>) -> Self {
        Self::new(Safety::Safe, title)
    }

    /// A fix that is right in most cases.
    pub fn unsafe_(title: impl Into<String>) -> Self {
        Self::new(Safety::Unsafe, title)
    }

    fn new(safety: Safety, title: impl Into<String>) -> Self {
        Self {
            safety,
            title: title.into(),
            edits: Vec::new(),
            reads: Vec::new(),
        }
    }

    /// Adds an edit.
    #[must_use]
    pub fn edit(mut self, edit: Edit) -> Self {
        self.edits.push(edit);
        self
    }

    /// Adds edits.
    #[must_use]
    pub fn edits(mut self, edits: impl IntoIterator<Item = Edit>) -> Self {
        self.edits.extend(edits);
        self
    }

    /// Names a file that decided what the edits are.
    #[must_use]
    pub fn reading(mut self, path: TreePath) -> Self {
        self.reads.push(path);
        self
    }
}

/// Where a step happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Site {
    /// In the repository: a commit holds it afterwards.
    Repository,
    /// On a Dash Enterprise server.
    Server,
    /// In each clone of the repository: no commit holds it.
    Clone,
}

/// Something that only a person can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What to do, a sentence.
    pub text: String,
    /// The command that does it, with `APP` for the app's name.
    pub command: Option<String>,
    /// Where it happens.
    pub site: Site,
    /// Whether it only says what the finding's consequences say: who lists those leaves it out.
    pub restates: bool,
}

impl Step {
    /// A step in the repository.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            command: None,
            site: Site::Repository,
            restates: false,
        }
    }

    /// With the command that does it.
    #[must_use]
    pub fn command(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }

    /// Somewhere else than in the repository.
    #[must_use]
    pub fn at(mut self, site: Site) -> Self {
        self.site = site;
        self
    }

    /// Saying only what the consequences say.
    #[must_use]
    pub fn restating(mut self) -> Self {
        self.restates = true;
        self
    }
}

/// Another place that shows the fact, and what it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Where.
    pub place: Place,
    /// What is seen there, half a sentence.
    pub note: String,
}

/// One of the things that a rule says, by a key that stays when the sentence is written anew. A rule
/// declares its cases in [`Rule::cases`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Case(&'static str);

impl Case {
    /// A case by its key: words in lower case with hyphens, never changed once it was released.
    pub const fn new(key: &'static str) -> Self {
        Self(key)
    }

    /// The key.
    pub const fn key(self) -> &'static str {
        self.0
    }
}

/// What a finding is about, by a name that stays while files are edited: with rule and case, it
/// makes two findings the same one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The app, or the file of the place, as a whole.
    Whole,
    /// A distribution, by its normalised name.
    Distribution(String),
    /// A file or folder, as the app names it.
    Path(String),
    /// An environment or build variable.
    Variable(String),
    /// Environment variables that are set together, in order.
    Variables(Vec<String>),
    /// A process type.
    Process(String),
    /// A service of the platform.
    Service(Service),
    /// An address or a host, without credentials.
    Address(String),
    /// A name that a file gives to something: an option, an event, a remote.
    Key(String),
    /// What is written, where it has no other name: without secrets and without blanks that do not
    /// count.
    Text(String),
}

impl Subject {
    /// What is written somewhere, with its secrets hidden.
    pub fn text(written: &str) -> Self {
        let words: Vec<&str> = written.split_whitespace().collect();
        Self::Text(masked(&words.join(" ")).into_owned())
    }

    /// The kind and the name, as a file of identities writes them: `distribution dash`.
    pub fn key(&self) -> String {
        let (kind, name) = match self {
            Self::Whole => return "whole".to_owned(),
            Self::Distribution(name) => ("distribution", name.as_str()),
            Self::Path(path) => ("path", path.as_str()),
            Self::Variable(name) => ("variable", name.as_str()),
            Self::Variables(names) => return format!("variables {}", names.join(" ")),
            Self::Process(name) => ("process", name.as_str()),
            Self::Service(service) => ("service", service.kind()),
            Self::Address(address) => ("address", address.as_str()),
            Self::Key(name) => ("key", name.as_str()),
            Self::Text(text) => ("text", text.as_str()),
        };
        format!("{kind} {name}")
    }
}

/// What makes a finding the same one in another round, on another day, in another file of the same
/// app: never its sentence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// The rule.
    pub code: Code,
    /// The case of the rule.
    pub case: Case,
    /// What it is about.
    pub subject: Subject,
}

/// At what an app fails on DE5 while a fact stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Its image is not built.
    Build,
    /// It is built, and its processes end or answer nothing.
    Start,
}

/// What a fact means for the move of an app, beside the change of its files. Plan, reports and the
/// exit code read these and never ask which rule spoke.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Consequence {
    /// A service has to be created.
    Service(Service),
    /// A variable has to be set.
    Variable(String),
    /// The number of replicas of a process type has to be set.
    Replicas {
        /// The process type.
        process: String,
        /// How many.
        count: u32,
    },
    /// Something has to be chosen in the app's settings on the server.
    Setting(ServerSetting),
    /// Files outside the repository have to be copied; the folder as the app names it.
    Data(String),
    /// Each clone of the repository has to be set up anew: no commit holds it.
    Clone,
    /// Dash Enterprise 5 has nothing like it.
    NoCounterpart,
    /// The app does not come so far.
    Stops(Stage),
}

/// A setting of an app on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServerSetting {
    /// The Python.
    Python,
    /// The persistent filesystem.
    PersistentFilesystem,
}

/// A fact about an app, with its repair or the steps that a person takes.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that says it.
    pub rule: &'static Rule,
    /// Which of the things that the rule says.
    pub case: Case,
    /// What it is about.
    pub subject: Subject,
    /// How much it matters.
    pub category: Category,
    /// Where it shows.
    pub place: Place,
    /// The fact, a sentence without a full stop.
    pub message: String,
    /// More places that show it.
    pub evidence: Vec<Evidence>,
    /// The repair, where the program knows one.
    pub fix: Option<Fix>,
    /// What a person does: instead of the fix where there is none, after it where there is one.
    pub steps: Vec<Step>,
    /// How long the steps take.
    pub effort: Effort,
    /// What it means for the move, beside the change of files.
    pub consequences: Vec<Consequence>,
}

impl Rule {
    /// Starts a finding about a file; [`Draft::fix`] or [`Draft::guide`] ends it, so that there is
    /// none without a repair or a step. The message is for people: nothing compares it.
    pub fn report(
        &'static self,
        case: Case,
        subject: Subject,
        path: &TreePath,
        message: impl Into<String>,
    ) -> Draft {
        debug_assert!(self.cases.contains(&case), "{case:?} of {}", self.stem);
        Draft(Finding {
            rule: self,
            case,
            subject,
            category: self.category,
            place: Place::file(path.clone()),
            message: message.into(),
            evidence: Vec::new(),
            fix: None,
            steps: Vec::new(),
            effort: Effort::None,
            consequences: Vec::new(),
        })
    }
}

impl Finding {
    /// What makes it the same finding elsewhere and later.
    pub fn identity(&self) -> Identity {
        Identity {
            code: self.rule.code,
            case: self.case,
            subject: self.subject.clone(),
        }
    }

    /// The fact, a sentence without a full stop, for people.
    pub fn sentence(&self) -> &str {
        &self.message
    }

    /// Whether no change of the repository can answer it: everything that it asks for happens on
    /// the server or in a clone. The plan says it; a check does not fail for it.
    pub fn is_outside(&self) -> bool {
        self.fix.is_none()
            && !self.steps.is_empty()
            && self.steps.iter().all(|step| step.site != Site::Repository)
    }
}

/// A finding that does not say yet what to do.
#[derive(Debug, Clone)]
pub struct Draft(Finding);

impl Draft {
    /// The characters that show the fact.
    #[must_use]
    pub fn span(mut self, span: Span) -> Self {
        self.0.place.span = Some(span);
        self
    }

    /// The line and column in a file that is not text.
    #[must_use]
    pub fn position(mut self, position: Position) -> Self {
        self.0.place.position = Some(position);
        self
    }

    /// Another category than the rule's own.
    #[must_use]
    pub fn category(mut self, category: Category) -> Self {
        self.0.category = category;
        self
    }

    /// What the fact means for the move, beside the change of files.
    #[must_use]
    pub fn means(mut self, consequence: Consequence) -> Self {
        self.0.consequences.push(consequence);
        self
    }

    /// As [`Draft::means`], for several.
    #[must_use]
    pub fn means_all(mut self, consequences: impl IntoIterator<Item = Consequence>) -> Self {
        self.0.consequences.extend(consequences);
        self
    }

    /// Another place that shows the fact.
    #[must_use]
    pub fn evidence(mut self, path: &TreePath, span: Span, note: impl Into<String>) -> Self {
        self.0.evidence.push(Evidence {
            place: Place::span(path.clone(), span),
            note: note.into(),
        });
        self
    }

    /// Something for a person to do; with a fix, something that is left after it.
    #[must_use]
    pub fn step(self, text: impl Into<String>) -> Self {
        self.take(Step::new(text))
    }

    /// As [`Draft::step`], with all that is known of it.
    #[must_use]
    pub fn take(mut self, step: Step) -> Self {
        self.0.steps.push(step);
        self.0.effort = self.0.effort.max(Effort::Minutes);
        self
    }

    /// As [`Draft::step`], with the command that does it.
    #[must_use]
    pub fn command(self, text: impl Into<String>, command: impl Into<String>) -> Self {
        self.take(Step::new(text).command(command))
    }

    /// How long the steps take, where it is not minutes.
    #[must_use]
    pub fn effort(mut self, effort: Effort) -> Self {
        self.0.effort = effort;
        self
    }

    /// Ends with the repair.
    pub fn fix(mut self, fix: Fix) -> Finding {
        self.0.fix = Some(fix);
        self.0
    }

    /// Ends with the last thing for a person to do.
    pub fn guide(self, text: impl Into<String>) -> Finding {
        self.step(text).0
    }

    /// Ends with what a person does, for findings whose steps were all added with
    /// [`Draft::step`] or [`Draft::command`]. A finding without any is a defect that the tests'
    /// harness reports.
    pub fn done(self) -> Finding {
        self.0
    }
}
