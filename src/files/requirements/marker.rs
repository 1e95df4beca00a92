//! Environment markers: whether a text is one, and whether it ever holds on the platform of DE5.
//!
//! The grammar is checked here first (PEP 508, with the old names that pip still takes), so that
//! the marker library only sees what is a marker.

use std::ops::RangeInclusive;
use std::str::FromStr;

use pep508_rs::{MarkerEnvironment, MarkerEnvironmentBuilder, MarkerTree};

/// Names that stand for a property of the environment, old spellings included.
const VARIABLES: &[&str] = &[
    "implementation_name",
    "implementation_version",
    "os_name",
    "platform_machine",
    "platform_python_implementation",
    "platform_release",
    "platform_system",
    "platform_version",
    "python_full_version",
    "python_implementation",
    "python_version",
    "sys_platform",
    "os.name",
    "platform.machine",
    "platform.python_implementation",
    "platform.version",
    "sys.platform",
    "extra",
];

const OPERATORS: &[&str] = &["===", "~=", "==", "!=", "<=", ">=", "<", ">"];

/// Deeper nesting than any marker has; it bounds the recursion.
const DEEPEST: usize = 32;

/// Whether `text` is a marker.
pub(super) fn is_marker(text: &str) -> bool {
    let mut rest = text;
    either(&mut rest, 0).is_some() && rest.trim_start().is_empty()
}

/// Whether the marker is false on Linux (x86-64, `CPython`) for every Python from 3.6 to 3.14:
/// then the line says nothing to Dash Enterprise. An unclear marker counts as true.
pub fn never_on_linux(text: &str) -> bool {
    is_false(text, 6..=14)
}

/// Whether the marker is false on Linux (x86-64, `CPython`) for Python 3.`minor`. An unclear
/// marker counts as true.
pub fn is_false_on(text: &str, minor: u8) -> bool {
    is_false(text, minor..=minor)
}

/// Whether the marker is false for all of these Pythons.
fn is_false(text: &str, mut minors: RangeInclusive<u8>) -> bool {
    if !is_marker(text) || text.contains("${") {
        return false;
    }
    let Ok(tree) = MarkerTree::from_str(text) else {
        return false;
    };
    minors.all(|minor| {
        let environment = linux(minor);
        environment.is_some_and(|environment| !tree.evaluate(&environment, &[]))
    })
}

/// What the markers of a requirement are evaluated for: Linux on x86-64, `CPython` 3.`minor`. None
/// never, but for a defect of the marker library.
pub fn linux(minor: u8) -> Option<MarkerEnvironment> {
    let version = format!("3.{minor}");
    let full = format!("3.{minor}.9");
    MarkerEnvironment::try_from(MarkerEnvironmentBuilder {
        implementation_name: "cpython",
        implementation_version: &full,
        os_name: "posix",
        platform_machine: "x86_64",
        platform_python_implementation: "CPython",
        platform_release: "",
        platform_system: "Linux",
        platform_version: "",
        python_full_version: &full,
        python_version: &version,
        sys_platform: "linux",
    })
    .ok()
}

/// `a or b`, `a and b`: precedence does not matter for being a marker.
fn either(rest: &mut &str, depth: usize) -> Option<()> {
    one(rest, depth)?;
    while word(rest, "and") || word(rest, "or") {
        one(rest, depth)?;
    }
    Some(())
}

fn one(rest: &mut &str, depth: usize) -> Option<()> {
    if let Some(inner) = rest.trim_start().strip_prefix('(') {
        if depth >= DEEPEST {
            return None;
        }
        *rest = inner;
        either(rest, depth + 1)?;
        *rest = rest.trim_start().strip_prefix(')')?;
        return Some(());
    }
    value(rest)?;
    operator(rest)?;
    value(rest)
}

fn value(rest: &mut &str) -> Option<()> {
    let text = rest.trim_start();
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let inner = text.get(1..)?;
        *rest = inner.get(inner.find(quote)? + 1..)?;
        return Some(());
    }
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
        .unwrap_or(text.len());
    let (name, after) = text.split_at(end);
    *rest = after;
    VARIABLES.contains(&name).then_some(())
}

fn operator(rest: &mut &str) -> Option<()> {
    let text = rest.trim_start();
    if let Some(after) = OPERATORS.iter().find_map(|sign| text.strip_prefix(sign)) {
        *rest = after;
        return Some(());
    }
    if word(rest, "in") {
        return Some(());
    }
    (word(rest, "not") && word(rest, "in")).then_some(())
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
