//! What uv and pip say, understood: which requirement fails, and why; or why they could not even
//! try. A text that is not understood becomes a plain sentence, never a page.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::packages::Target;
use crate::packages::solve::{Reason, RefusedRequest, SolveFailure};

/// A name and perhaps its specifiers, as uv writes them.
const WHAT: &str =
    r"[A-Za-z0-9][A-Za-z0-9._-]*(?:\[[^\]]*\])?(?:(?:===|==|~=|!=|<=|>=|<|>)[^\s`]*)?";

static SPECIFIED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(r"([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?(?:===|==|~=|!=|<=|>=|<|>)")
});
static BARE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"(?:depends? on|requires?|versions? of|for|and|Because|install) `?([A-Za-z0-9][A-Za-z0-9._-]*)",
    )
});
static NO_WHEEL: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(&format!(r"({WHAT}) (?:has|have) no (?:usable )?wheels")));
static PYTHON: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r"does not satisfy Python ?([<>=!~][^\s]*)"));
static PYTHON_OF: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(&format!(r"({WHAT}) depends? on Python")));
static NOT_FOUND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(r"([A-Za-z0-9][A-Za-z0-9._-]*) was not found in the (?:package registry|cache|provided)")
});
static DEPENDS: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(&format!(r"({WHAT}) depends on ({WHAT})")));
static REQUIRE: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(&format!(r"you require ({WHAT})")));
static NO_RELEASE: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(&format!(r"there (?:is|are) no versions? of ({WHAT})")));
static NOT_BUILT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(&format!(
        r"(?:Failed to (?:build|download and build|parse metadata from|prepare|extract)|Failed to resolve requirements from `build-system.requires` of)[^`]*`({WHAT})`"
    ))
});
static FETCHED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(r"[Ff]ailed to (?:fetch|download|connect to|read)[^\n]*?(https?://[^\s`)]+)")
});
static ANY_URL: LazyLock<Option<Regex>> = LazyLock::new(|| regex(r"(https?://[^\s`)]+)"));
static STATUS: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r"HTTP status (?:client|server) error \((\d{3})"));

/// An expression of this file; a test walks them all.
fn regex(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

fn first<'t>(pattern: &LazyLock<Option<Regex>>, text: &'t str) -> Option<&'t str> {
    let found = pattern.as_ref()?.captures(text)?;
    found.get(1).map(|group| group.as_str())
}

/// uv's explanation of a no.
pub(super) fn refused_by_uv(text: &str, target: Target) -> RefusedRequest {
    let flat = text.split("\nhint:").next().unwrap_or_default();
    let flat = flat.split_whitespace().collect::<Vec<_>>().join(" ");
    RefusedRequest::name_distributions(reason(&flat, target), names(&flat))
}

fn reason(flat: &str, target: Target) -> Reason {
    if let Some(what) = first(&NOT_BUILT, flat) {
        return Reason::NotBuilt(spoken(what));
    }
    if let Some(what) = first(&NO_WHEEL, flat) {
        let what = spoken(what);
        return Reason::NoWheel { what, target };
    }
    if let (Some(python), Some(what)) = (first(&PYTHON, flat), python_of(flat)) {
        let python = python.trim_end_matches([',', '.']).to_owned();
        return Reason::RequiresPython {
            what: spoken(what),
            python,
        };
    }
    if let Some(name) = first(&NOT_FOUND, flat) {
        return Reason::NotFound(name.to_owned());
    }
    conflict(flat)
        .or_else(|| first(&NO_RELEASE, flat).map(|what| Reason::NoRelease(spoken(what))))
        .unwrap_or(Reason::Unclear)
}

/// Of which release the Python is spoken; several are listed behind `all of:`.
fn python_of(flat: &str) -> Option<&str> {
    first(&PYTHON_OF, flat).or_else(|| first(&REQUIRE, flat))
}

/// `a 1.0 needs b <2, and b ==3 is asked for`.
fn conflict(flat: &str) -> Option<Reason> {
    let pattern = DEPENDS.as_ref()?;
    let needs = pattern
        .captures_iter(flat)
        .filter_map(|found| Some((found.get(1)?.as_str(), found.get(2)?.as_str())));
    let needs: Vec<(&str, &str)> = needs.filter(|(_, what)| !is_python(what)).collect();
    let asked = REQUIRE.as_ref()?.captures_iter(flat);
    let asked: Vec<&str> = asked.filter_map(|it| Some(it.get(1)?.as_str())).collect();
    let against = |what: &str| {
        let mut same = asked.iter().filter(|it| name(it) == name(what));
        same.find(|it| trimmed(it) != trimmed(what))
    };
    let clear = needs
        .iter()
        .find_map(|(who, what)| Some((who, what, Some(against(what)?))));
    let (who, what, against) = match clear {
        Some(found) => found,
        None => needs.first().map(|(who, what)| (who, what, None))?,
    };
    Some(Reason::Conflict {
        who: spoken(who),
        needs: needed(what),
        against: against.map(|it| needed(it)),
    })
}

fn is_python(what: &str) -> bool {
    name(what) == "Python"
}

/// The names that a text speaks of.
fn names(flat: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for pattern in [&SPECIFIED, &BARE, &NOT_FOUND] {
        let found = pattern.iter().flat_map(|it| it.captures_iter(flat));
        names.extend(found.filter_map(|it| Some(normalized(it.get(1)?.as_str()))));
    }
    names
}

/// The name in front of extras and specifiers.
fn name(what: &str) -> &str {
    let end = what.find(['[', '=', '<', '>', '~', '!']);
    what.get(..end.unwrap_or(what.len())).unwrap_or_default()
}

fn trimmed(what: &str) -> &str {
    what.trim_end_matches(['.', ','])
}

/// `numpy==1.16.4` as people say it: `numpy 1.16.4`.
fn spoken(what: &str) -> String {
    let what = trimmed(what);
    match what.split_once("==") {
        Some((name, version)) if !version.contains(',') => {
            format!("{name} {}", version.trim_start_matches('='))
        }
        _ => needed(what),
    }
}

/// `urllib3>=1.21.1,<1.25` with the blank that makes it readable.
fn needed(what: &str) -> String {
    let what = trimmed(what);
    let name = name(what);
    let rest = what.get(name.len()..).unwrap_or_default();
    if rest.is_empty() || rest.starts_with('[') {
        what.to_owned()
    } else {
        format!("{name} {rest}")
    }
}

fn normalized(name: &str) -> String {
    name.trim_end_matches(['.', '-', '_'])
        .to_ascii_lowercase()
        .replace(['_', '.'], "-")
}

/// Why uv or pip could not try; `None` when the text is about the requirements.
pub fn failure(text: &str, tool: &'static str) -> Option<SolveFailure> {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["unexpected argument", "invalid value", "no such option"]) {
        return Some(SolveFailure::TooOld(tool));
    }
    if has(&[
        "valid authentication credentials",
        "401 Unauthorized",
        "403 Forbidden",
    ]) {
        let host = first(&ANY_URL, text).and_then(host)?;
        return Some(SolveFailure::Login { host });
    }
    let url = first(&FETCHED, text).or_else(|| {
        let pip = [
            "Max retries exceeded",
            "connection broken by",
            "Could not fetch URL",
        ];
        has(&pip).then(|| first(&ANY_URL, text)).flatten()
    });
    if let Some(host) = url.and_then(host) {
        let status = first(&STATUS, text).and_then(|status| status.parse().ok());
        return Some(match status {
            Some(401 | 403 | 407) => SolveFailure::Login { host },
            Some(status) => SolveFailure::Answered { host, status },
            None => SolveFailure::Unreachable { host },
        });
    }
    if has(&["No interpreter found", "No Python", "no interpreter"]) {
        return Some(SolveFailure::NoPython);
    }
    None
}

/// The host of a URL, with its port and without credentials.
fn host(url: &str) -> Option<String> {
    let rest = url.split_once("://")?.1;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    (!host.is_empty()).then(|| host.to_owned())
}

#[cfg(test)]
mod tests;
