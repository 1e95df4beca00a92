//! What makes two findings the same one: names that stay, never sentences.

use super::Code;
use crate::rules::facts::services::Service;
use crate::secrets::masked;

/// One of the things that a rule says, by a key that stays when the sentence is written anew. A rule
/// declares its cases in [`crate::rules::Rule::cases`].
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
