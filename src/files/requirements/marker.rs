//! Environment markers (PEP 508, with the old names that pip still takes): read once, and judged for
//! a Python on the platform of DE5.
//!
//! A judgement takes time that grows with the text and keeps nothing: markers of a hostile list are
//! not given to a solver that multiplies them out.

mod judge;

use super::normalized_name;
use judge::Platform;

/// A marker that was read: `python_version < '3.8' and extra == 'web'`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    text: String,
    whole: Clause,
}

/// A marker, or a part of one in parentheses.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Clause {
    /// `a or b`: what is between the words, at least one.
    Any(Vec<Clause>),
    /// `a and b`.
    All(Vec<Clause>),
    /// `left operator right`.
    Compare(Term, Operator, Term),
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Term {
    Variable(MarkerVariable),
    Text(String),
}

/// A property of the environment that markers ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MarkerVariable {
    ImplementationName,
    ImplementationVersion,
    OsName,
    PlatformMachine,
    PlatformPythonImplementation,
    PlatformRelease,
    PlatformSystem,
    PlatformVersion,
    PythonFullVersion,
    PythonVersion,
    SysPlatform,
    Extra,
}

/// How two terms are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    /// `<`, `~=`, ...: as it is written.
    Sign(&'static str),
    In,
    NotIn,
}

/// Names of the variables, old spellings included.
const VARIABLES: &[(&str, MarkerVariable)] = &[
    ("implementation_name", MarkerVariable::ImplementationName),
    (
        "implementation_version",
        MarkerVariable::ImplementationVersion,
    ),
    ("os_name", MarkerVariable::OsName),
    ("platform_machine", MarkerVariable::PlatformMachine),
    (
        "platform_python_implementation",
        MarkerVariable::PlatformPythonImplementation,
    ),
    ("platform_release", MarkerVariable::PlatformRelease),
    ("platform_system", MarkerVariable::PlatformSystem),
    ("platform_version", MarkerVariable::PlatformVersion),
    ("python_full_version", MarkerVariable::PythonFullVersion),
    (
        "python_implementation",
        MarkerVariable::PlatformPythonImplementation,
    ),
    ("python_version", MarkerVariable::PythonVersion),
    ("sys_platform", MarkerVariable::SysPlatform),
    ("os.name", MarkerVariable::OsName),
    ("platform.machine", MarkerVariable::PlatformMachine),
    (
        "platform.python_implementation",
        MarkerVariable::PlatformPythonImplementation,
    ),
    ("platform.version", MarkerVariable::PlatformVersion),
    ("sys.platform", MarkerVariable::SysPlatform),
    ("extra", MarkerVariable::Extra),
];

const SIGNS: &[&str] = &["===", "~=", "==", "!=", "<=", ">=", "<", ">"];

/// Deeper nesting than any marker has; it bounds the recursion.
const DEEPEST: usize = 32;

impl Marker {
    /// Reads a marker; `None` for what is none.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let whole = either(&mut rest, 0)?;
        rest.trim_start().is_empty().then(|| Self {
            text: text.trim().to_owned(),
            whole,
        })
    }

    /// The marker as it is written, without outer blanks.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it holds on Linux (x86-64, `CPython`) for Python 3.`minor` with these extras, which
    /// are normalised. `None` where that cannot be known: what it asks is a property of the
    /// server's machine, or compares what cannot be compared.
    pub fn holds_on(&self, minor: u8, extras: &[String]) -> Option<bool> {
        self.whole.judge(Some(&Platform::new(minor)), extras)
    }

    /// Whether pip stops at the marker: it has a `~=` with something on its right that `~=` is not
    /// for, such as `sys_platform ~= 'linux'` or `python_version ~= '3'`. pip compares every part,
    /// also behind an `or` that holds, and raises `UndefinedComparison` (tried with pip 18.1, 22.0,
    /// 23.2 and 24.2). A variable whose value nobody knows counts as one that can be compared.
    pub fn stops_pip(&self) -> bool {
        self.whole.stops_pip()
    }

    /// Whether there may be a platform and a Python on which it holds with these extras.
    pub fn may_hold(&self, extras: &[String]) -> bool {
        self.whole.judge(None, extras) != Some(false)
    }
}

/// Whether the marker is false on Linux (x86-64, `CPython`) for every Python from 3.6 to 3.14:
/// then the line says nothing to Dash Enterprise. An unclear marker counts as true.
pub fn never_on_linux(text: &str) -> bool {
    let marker = known(text);
    marker.is_some_and(|marker| (6..=14).all(|minor| marker.holds_on(minor, &[]) == Some(false)))
}

/// Whether the marker is false on Linux (x86-64, `CPython`) for Python 3.`minor`. An unclear
/// marker counts as true.
pub fn is_false_on(text: &str, minor: u8) -> bool {
    known(text).is_some_and(|marker| marker.holds_on(minor, &[]) == Some(false))
}

/// The marker, unless an environment variable (`${NAME}`) says some of it.
fn known(text: &str) -> Option<Marker> {
    (!text.contains("${"))
        .then(|| Marker::parse(text))
        .flatten()
}

/// `a or b`; `and` binds closer.
fn either(rest: &mut &str, depth: usize) -> Option<Clause> {
    let first = both(rest, depth)?;
    let mut parts = vec![first];
    while word(rest, "or") {
        parts.push(both(rest, depth)?);
    }
    Some(Clause::Any(parts))
}

fn both(rest: &mut &str, depth: usize) -> Option<Clause> {
    let first = one(rest, depth)?;
    let mut parts = vec![first];
    while word(rest, "and") {
        parts.push(one(rest, depth)?);
    }
    Some(Clause::All(parts))
}

fn one(rest: &mut &str, depth: usize) -> Option<Clause> {
    if let Some(inner) = rest.trim_start().strip_prefix('(') {
        if depth >= DEEPEST {
            return None;
        }
        *rest = inner;
        let clause = either(rest, depth + 1)?;
        *rest = rest.trim_start().strip_prefix(')')?;
        return Some(clause);
    }
    let left = term(rest)?;
    let operator = operator(rest)?;
    Some(Clause::Compare(left, operator, term(rest)?))
}

fn term(rest: &mut &str) -> Option<Term> {
    let text = rest.trim_start();
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let (value, after) = text.get(1..)?.split_once(quote)?;
        *rest = after;
        return Some(Term::Text(value.to_owned()));
    }
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
        .unwrap_or(text.len());
    let (name, after) = text.split_at(end);
    *rest = after;
    let (_, variable) = VARIABLES.iter().find(|(known, _)| *known == name)?;
    Some(Term::Variable(*variable))
}

fn operator(rest: &mut &str) -> Option<Operator> {
    let text = rest.trim_start();
    let sign = SIGNS.iter().find(|sign| text.starts_with(**sign));
    if let Some(sign) = sign {
        *rest = text.get(sign.len()..)?;
        return Some(Operator::Sign(sign));
    }
    if word(rest, "in") {
        return Some(Operator::In);
    }
    (word(rest, "not") && word(rest, "in")).then_some(Operator::NotIn)
}

/// Takes a word that no letter follows.
fn word(rest: &mut &str, expected: &str) -> bool {
    let text = rest.trim_start();
    match text.strip_prefix(expected) {
        Some(after) if !after.starts_with(|c: char| c.is_alphanumeric() || c == '_') => {
            *rest = after;
            true
        }
        _ => false,
    }
}
