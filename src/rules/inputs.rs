//! What a rule reads of an app. What is opened, where comments are looked for that keep nothing
//! back, and which files start a hook follow from it.

use super::Rule;
use crate::app::{App, SourceFile};

/// What a rule reads, beside the names of files.
#[derive(Debug, Clone, Copy)]
pub struct Inputs {
    /// Files, by their names in the app's folder.
    pub files: &'static [&'static str],
    /// Whether it reads the requirement lists, and what they include.
    pub lists: bool,
    /// Whether it reads the shell scripts that processes and deploys call.
    pub scripts: bool,
    /// Which of the Python sources.
    pub sources: SourceInputs,
}

/// Which Python sources a rule reads.
#[derive(Debug, Clone, Copy)]
pub enum SourceInputs {
    /// None.
    None,
    /// Any of them: the rule searches in its own way.
    Any,
    /// Those that hold one of these words.
    With(fn() -> Vec<String>),
}

impl Inputs {
    /// Nothing but names of files.
    pub const NONE: Self = Self::files(&[]);

    /// All code, whatever tells which of it runs, and what the lists and the Python bring for it.
    pub const CODE_AND_LISTS: Self = Self::files(&[
        "Procfile",
        "project.toml",
        "app.json",
        "requirements.txt",
        "environment.yml",
        "gunicorn.conf.py",
        "runtime.txt",
    ])
    .lists()
    .sources(SourceInputs::Any)
    .scripts();

    /// Files of the app's folder.
    pub const fn files(files: &'static [&'static str]) -> Self {
        Self {
            files,
            lists: false,
            scripts: false,
            sources: SourceInputs::None,
        }
    }

    /// The requirement lists too.
    #[must_use]
    pub const fn lists(self) -> Self {
        Self {
            lists: true,
            ..self
        }
    }

    /// The shell scripts that processes and deploys call too.
    #[must_use]
    pub const fn scripts(self) -> Self {
        Self {
            scripts: true,
            ..self
        }
    }

    /// Python sources too.
    #[must_use]
    pub const fn sources(self, sources: SourceInputs) -> Self {
        Self { sources, ..self }
    }

    /// What is read to tell which sources run, beside the scripts: it weighs the findings of every
    /// rule that reads sources.
    pub const TELL_WHAT_RUNS: &'static [&'static str] =
        &["Procfile", "project.toml", "app.json", "gunicorn.conf.py"];

    /// Whether it reads a Python source.
    pub const fn reads_sources(&self) -> bool {
        !matches!(self.sources, SourceInputs::None)
    }
}

impl Rule {
    /// The sources of the app that the rule's inputs name.
    pub(super) fn read_sources<'a, 't>(&self, app: &'a App<'t>) -> Vec<&'a SourceFile<'t>> {
        match self.inputs.sources {
            SourceInputs::None => Vec::new(),
            SourceInputs::Any => app.sources().iter().collect(),
            SourceInputs::With(words) => {
                let words = words();
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                app.sources_with(&words)
            }
        }
    }
}
