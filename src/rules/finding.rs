//! What a rule says: a fact about an app, the place that shows it, and its repair.

use std::fmt;

use super::Rule;
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

/// Something that only a person can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What to do, a sentence.
    pub text: String,
    /// The command that does it, with `APP` for the app's name.
    pub command: Option<String>,
}

/// Another place that shows the fact, and what it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Where.
    pub place: Place,
    /// What is seen there, half a sentence.
    pub note: String,
}

/// A fact about an app, with its repair or the steps that a person takes.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that says it.
    pub rule: &'static Rule,
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
}

impl Finding {
    /// Starts a finding of `rule` about a file; [`Draft::fix`] or [`Draft::guide`] ends it, so
    /// that there is none without a repair or a step.
    pub fn of(rule: &'static Rule, path: &TreePath, message: impl Into<String>) -> Draft {
        Draft(Self {
            rule,
            category: rule.category,
            place: Place::file(path.clone()),
            message: message.into(),
            evidence: Vec::new(),
            fix: None,
            steps: Vec::new(),
            effort: Effort::None,
        })
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
    pub fn step(mut self, text: impl Into<String>) -> Self {
        self.0.steps.push(Step {
            text: text.into(),
            command: None,
        });
        self.0.effort = self.0.effort.max(Effort::Minutes);
        self
    }

    /// As [`Draft::step`], with the command that does it.
    #[must_use]
    pub fn command(mut self, text: impl Into<String>, command: impl Into<String>) -> Self {
        self.0.steps.push(Step {
            text: text.into(),
            command: Some(command.into()),
        });
        self.0.effort = self.0.effort.max(Effort::Minutes);
        self
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
