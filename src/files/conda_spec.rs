//! One conda package as conda's lists name it: `conda-forge::numpy>=1,<2`, `numpy=1.2=py37_0`,
//! `numpy[version='>=1',channel=conda-forge]`. Every list is read with this one reader; what the
//! versions mean differs by list and is in [`Allowed`].

mod allowed;

use crate::text::Span;

pub use allowed::{Allowed, Clause, Meaning, Operator};

/// A conda package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// All of it.
    pub span: Span,
    /// The channel in front of `::`, or in brackets.
    pub channel: Option<Span>,
    /// The name.
    pub name: Span,
    /// How the versions are said.
    pub versions: Versions,
}

/// Which versions of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Versions {
    /// Any.
    Any,
    /// One version of one build: `=1.2=py37_0`, as `conda list --export` writes it.
    Build {
        /// The version.
        version: Span,
        /// The build.
        build: Span,
    },
    /// `~=1.2`, which is pip's.
    Compatible(Span),
    /// Everything else, as written: `=1.2`, `>=1,<2`, `1.2`.
    Written(Span),
    /// Conda's brackets: `[version='>=1',build=py37_0]`.
    Keys {
        /// The versions that are asked for.
        version: Option<Span>,
        /// The build.
        build: Option<Span>,
    },
}

/// What a line names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// A package of conda.
    Conda(Spec),
    /// A requirement with extras, which only pip knows.
    Pip,
}

impl Spec {
    /// Whether pip installed the package: `conda list --export` says `pypi_0` then.
    pub fn is_from_pip(&self, text: &str) -> bool {
        self.build()
            .is_some_and(|build| build.slice(text).starts_with("pypi_"))
    }

    /// The build, where one is named.
    pub fn build(&self) -> Option<Span> {
        match self.versions {
            Versions::Build { build, .. } => Some(build),
            Versions::Keys { build, .. } => build,
            _ => None,
        }
    }

    /// The channel and the name as written: `conda-forge::numpy`.
    pub fn head(&self, text: &str) -> String {
        let name = self.name.slice(text);
        match self.channel {
            Some(channel) => format!("{}::{name}", channel.slice(text)),
            None => name.to_owned(),
        }
    }

    /// What stands behind the name: what an edit of the versions replaces.
    pub fn tail(&self) -> Span {
        Span::new(self.name.end, self.span.end)
    }
}

/// The package that a line names, blanks around it taken away; `None` for what is neither conda's
/// nor pip's.
pub fn read(text: &str, said: Span) -> Option<Read> {
    let said = trim(text, said);
    let channel = said.slice(text).rfind("::");
    let name = find_name(text, said);
    if !is_name(name.slice(text)) || channel == Some(0) {
        return None;
    }
    let tail = trim(text, Span::new(name.end, said.end));
    let mut spec = Spec {
        span: said,
        channel: channel.map(|at| Span::new(said.start, said.start + at)),
        name,
        versions: Versions::Any,
    };
    if tail.slice(text).starts_with('[') {
        return read_brackets(text, tail, &mut spec);
    }
    spec.versions = read_versions(text, tail, tail.start > name.end)?;
    Some(Read::Conda(spec))
}

/// The name that a line begins with, behind its channel; empty where there is none.
pub fn find_name(text: &str, said: Span) -> Span {
    let said = trim(text, said);
    let line = said.slice(text);
    let start = line.rfind("::").map_or(0, |at| at + 2);
    let rest = line.get(start..).unwrap_or_default();
    let length = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)))
        .unwrap_or(rest.len());
    Span::new(said.start + start, said.start + start + length)
}

/// The package of one item of an `environment.yml`, whose value stands alone.
pub fn read_item(value: &str) -> Option<Spec> {
    match read(value, Span::new(0, value.len()))? {
        Read::Conda(spec) => Some(spec),
        Read::Pip => None,
    }
}

/// The span without blanks at its ends.
pub(super) fn trim(text: &str, span: Span) -> Span {
    let raw = span.slice(text);
    let start = span.start + (raw.len() - raw.trim_start().len());
    Span::new(start, span.start + raw.trim_end().len())
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && name.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
}

/// Conda's `[version=1.7,build=py37_0]`, or pip's `[extra]>=1`.
fn read_brackets(text: &str, tail: Span, spec: &mut Spec) -> Option<Read> {
    let said = tail.slice(text);
    if !said.contains('=') || said.find(']') < said.find('=') {
        return has_extras(said).then_some(Read::Pip);
    }
    let inside = said.strip_prefix('[')?.strip_suffix(']')?;
    let (mut version, mut build) = (None, None);
    let mut at = tail.start + 1;
    for part in parts(inside) {
        let whole = trim(text, Span::new(at, at + part.len()));
        at += part.len() + 1;
        let (key, _) = whole.slice(text).split_once('=')?;
        let value = trim(text, Span::new(whole.start + key.len() + 1, whole.end));
        let value = unquoted(text, value)?;
        match key.trim() {
            "version" if is_version_text(value.slice(text)) => version = Some(value),
            "build" if is_build(value.slice(text)) => build = Some(value),
            "channel" if !value.is_empty() => spec.channel = Some(value),
            _ => return None,
        }
    }
    spec.versions = Versions::Keys { version, build };
    Some(Read::Conda(spec.clone()))
}

/// The parts between commas that stand in no quotes.
fn parts(inside: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quote) = (0, None);
    for (at, c) in inside.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '\'' || c == '"' => quote = Some(c),
            None if c == ',' => {
                parts.extend(inside.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(inside.get(start..));
    parts
}

/// A value without its quotes, which must be two of one kind.
fn unquoted(text: &str, value: Span) -> Option<Span> {
    let said = value.slice(text);
    let Some(quote) = said.chars().next().filter(|c| matches!(c, '\'' | '"')) else {
        return (!said.contains(['\'', '"'])).then_some(value);
    };
    let inner = said.strip_prefix(quote)?.strip_suffix(quote)?;
    Some(Span::new(value.start + 1, value.start + 1 + inner.len()))
}

/// `[diskcache,redis]` and what pip allows behind it.
fn has_extras(tail: &str) -> bool {
    let Some((extras, rest)) = tail.strip_prefix('[').and_then(|tail| tail.split_once(']')) else {
        return false;
    };
    let rest = rest.trim();
    extras.split(',').all(|extra| is_name(extra.trim()))
        && (rest.is_empty() || starts_with_operator(rest) && is_version_text(rest))
}

fn starts_with_operator(text: &str) -> bool {
    ["==", ">=", "<=", "!=", "~=", "<", ">"]
        .iter()
        .any(|operator| text.starts_with(operator))
}

fn read_versions(text: &str, tail: Span, blank_before: bool) -> Option<Versions> {
    let said = tail.slice(text);
    if said.is_empty() {
        return Some(Versions::Any);
    }
    if let Some(version) = said.strip_prefix("~=") {
        let single = is_plain_version(version.trim()) && version.contains('.');
        return single.then_some(Versions::Compatible(trim(
            text,
            Span::new(tail.start + 2, tail.end),
        )));
    }
    if starts_with_operator(said) {
        return read_operators(text, tail);
    }
    let blank = blank_before && !said.starts_with('=');
    let separator = if blank { ' ' } else { '=' };
    let start = if blank {
        tail.start
    } else {
        tail.start + said.strip_prefix('=').map(|_| 1)?
    };
    read_one(text, tail, start, separator)
}

/// `>=1,<2`, or `==1.2=build`.
fn read_operators(text: &str, tail: Span) -> Option<Versions> {
    let said = tail.slice(text);
    if let Some((version, build)) = said.strip_prefix("==").and_then(|it| it.split_once('='))
        && is_plain_version(version)
        && is_build(build)
    {
        let start = tail.start + 2;
        return Some(Versions::Build {
            version: Span::new(start, start + version.len()),
            build: Span::new(tail.end - build.len(), tail.end),
        });
    }
    let operators = ["=>", "=<", ">==", "<==", "==="];
    let sound = is_version_text(said) && !operators.iter().any(|bad| said.contains(bad));
    let ends_well = !said.ends_with(['=', '<', '>', ',', '!', '|']);
    (sound && ends_well).then_some(Versions::Written(tail))
}

/// `1.2`, or `1.2=build` (`1.2 build`).
fn read_one(text: &str, tail: Span, start: usize, separator: char) -> Option<Versions> {
    let start = trim(text, Span::new(start, tail.end)).start;
    let said = Span::new(start, tail.end).slice(text);
    let begins =
        |c: char| c == '*' || c.is_ascii_digit() || separator == '=' && c.is_ascii_alphanumeric();
    let Some((version, build)) = said.split_once(separator) else {
        let sound = is_version_text(said) && said.starts_with(begins);
        return sound.then_some(Versions::Written(tail));
    };
    let version_span = trim(text, Span::new(start, start + version.len()));
    let build_span = trim(text, Span::new(start + version.len() + 1, tail.end));
    let version = version.trim();
    let sound = is_plain_version(version) && version.starts_with(begins);
    (is_build(build.trim()) && sound).then_some(Versions::Build {
        version: version_span,
        build: build_span,
    })
}

fn is_build(build: &str) -> bool {
    !build.is_empty()
        && build
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_.*+".contains(c))
}

fn is_plain_version(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._!+*-".contains(c))
}

fn is_version_text(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_alphanumeric() || "._!+*-,|<>=~ ".contains(c))
        && text.contains(|c: char| c.is_ascii_alphanumeric() || c == '*')
}

#[cfg(test)]
mod tests;
