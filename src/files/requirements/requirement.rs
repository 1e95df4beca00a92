//! One requirement, in the text of its logical line: what pip's `parse_req_from_line` makes of it.

use pep440_rs::VersionSpecifiers;

use super::archive::is_archive;
use super::diagnose::diagnose;
use super::marker::Marker;
use super::options::{Fault, Range};
use super::refused::{RefusalKind, shorten};
use super::specifiers::parse_specifiers;

/// A requirement without its options, places in the logical line's text.
#[derive(Debug, Default)]
pub(super) struct ParsedRequirement {
    pub(super) name: Option<Range>,
    pub(super) extras: Vec<Range>,
    pub(super) source: From,
    pub(super) versions: Option<VersionSpecifiers>,
    pub(super) marker: Option<Range>,
}

/// Where the distribution comes from.
#[derive(Debug, Default)]
pub(super) enum From {
    #[default]
    Any,
    Specifiers(Range),
    Url(Range),
    Path(Range),
}

/// Schemes that pip takes a whole requirement for a URL by; `git+https` and its like too.
const SCHEMES: &[&str] = &[
    "http", "https", "file", "ftp", "ssh", "git", "hg", "bzr", "sftp", "svn",
];

/// Version control systems that pip knows.
const VCS: &[&str] = &["git", "hg", "bzr", "svn"];

/// A text with the place where it begins in the logical line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
}

impl<'t> Part<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn range(self) -> Range {
        (self.at, self.at + self.text.len())
    }

    /// The part from byte `from` to byte `to` of this one.
    pub(super) fn cut(self, from: usize, to: usize) -> Self {
        Self {
            text: self.text.get(from..to).unwrap_or_default(),
            at: self.at + from,
        }
    }

    fn after(self, from: usize) -> Self {
        self.cut(from, self.text.len())
    }

    pub(super) fn trim(self) -> Self {
        let start = self.text.len() - self.text.trim_start().len();
        self.cut(start, start + self.text.trim().len())
    }

    /// Without outer blanks as PEP 508 has them; others are characters.
    pub(super) fn trim_blanks(self) -> Self {
        let blank = |c| matches!(c, ' ' | '\t');
        let start = self.text.len() - self.text.trim_start_matches(blank).len();
        self.cut(start, start + self.text.trim_matches(blank).len())
    }
}

/// Reads a requirement that stands alone, `-e` and options taken away.
///
/// # Errors
/// Where pip stumbles, and over what.
pub(super) fn parse(line: Part) -> Result<ParsedRequirement, Fault> {
    let url = is_url(line.text);
    let separator = if url { "; " } else { ";" };
    let (head, marker) = match line.text.find(separator) {
        Some(at) => (line.cut(0, at).trim(), Some(line.after(at + 1).trim())),
        None => (line.trim(), None),
    };
    let mut parsed = if url {
        parse_url(head, head)?
    } else if is_path(head.text) {
        parse_path(head)?
    } else {
        parse_named(head).map_err(|fault| diagnose(line, head, fault))?
    };
    if let Some(marker) = marker.filter(|marker| !marker.text.is_empty()) {
        check_marker(marker)?;
        parsed.marker = Some(marker.range());
    }
    Ok(parsed)
}

/// Reads what stands behind `-e`.
///
/// # Errors
/// Where pip stumbles, and over what.
pub(super) fn parse_editable(value: Part) -> Result<ParsedRequirement, Fault> {
    if ["git@", "git+git@"]
        .iter()
        .any(|start| value.text.starts_with(start))
    {
        return Err((value.range(), RefusalKind::GitAddress));
    }
    let vcs = vcs_of(value.text).is_some();
    if !vcs && (scheme(value.text).is_some_and(|scheme| scheme != "file") || is_named(value.text)) {
        return Err((value.range(), RefusalKind::Editable));
    }
    if !vcs && scheme(value.text).is_none() {
        return parse_path(value);
    }
    let parsed = parse_url(value, value)?;
    if vcs && parsed.name.is_none() && !has_variable(value.text) {
        return Err((value.range(), RefusalKind::NoEgg));
    }
    Ok(parsed)
}

/// Whether a text holds `${NAME}`, which pip replaces by an environment variable.
pub(super) fn has_variable(text: &str) -> bool {
    text.split("${").skip(1).any(|rest| {
        let name = rest.split('}').next().unwrap_or_default();
        name.len() < rest.len()
            && !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    })
}

fn check_marker(marker: Part) -> Result<(), Fault> {
    if Marker::parse(marker.text).is_some() || has_variable(marker.text) {
        Ok(())
    } else {
        Err((marker.range(), RefusalKind::Marker(shorten(marker.text))))
    }
}

/// Refuses a line with a marker at which pip stops.
pub(super) fn check_comparisons(parsed: &ParsedRequirement, text: &str) -> Result<(), Fault> {
    let Some((start, end)) = parsed.marker else {
        return Ok(());
    };
    let marker = text.get(start..end).unwrap_or_default();
    let stops = !has_variable(marker) && Marker::parse(marker).is_some_and(|it| it.stops_pip());
    if stops {
        return Err(((start, end), RefusalKind::Incomparable(shorten(marker))));
    }
    Ok(())
}

fn scheme(text: &str) -> Option<String> {
    let (scheme, _) = text.split_once(':')?;
    let scheme = scheme.to_ascii_lowercase();
    // `git+git@host:path` has none, and pip refuses it (tried with pip 23.3.2).
    if scheme.contains('@') {
        return None;
    }
    let known = SCHEMES.contains(&scheme.as_str())
        || VCS.iter().any(|vcs| {
            scheme
                .strip_prefix(vcs)
                .is_some_and(|rest| rest.starts_with('+'))
        });
    known.then_some(scheme)
}

fn is_url(text: &str) -> bool {
    let behind_variable = text.starts_with("${") && text.contains("://") && !text.contains(" @");
    scheme(text).is_some() || behind_variable
}

fn vcs_of(text: &str) -> Option<&'static str> {
    let scheme = scheme(text)?;
    let system = scheme.split('+').next()?;
    VCS.iter().find(|vcs| **vcs == system).copied()
}

fn is_named(text: &str) -> bool {
    !text.contains(['/', '\\']) && text.contains(['=', '<', '>', '@'])
}

/// Whether pip would look for a file or folder. It asks the disk; this asks the text.
fn is_path(text: &str) -> bool {
    let before_at = text.split('@').next().unwrap_or_default();
    let plain = strip_extras(text).0;
    if is_archive(plain) {
        return before_at.len() == text.len() || looks_like_path(before_at);
    }
    if text.starts_with("git@") || text.starts_with("git+git@") || text.starts_with("//") {
        return false;
    }
    let begins = ["./", "../", ".\\", "..\\", "/", "\\", "~/"];
    let bare = strip_extras(text).0;
    if matches!(bare, "." | "..")
        || begins.iter().any(|mark| text.starts_with(mark))
        || is_drive(text)
    {
        return true;
    }
    text.contains(['/', '\\'])
        && !text.starts_with('<')
        && !text.contains(|c: char| c.is_whitespace() || "=<>!@'\"`,:()".contains(c))
}

fn looks_like_path(text: &str) -> bool {
    text.contains(['/', '\\']) || text.starts_with('.')
}

/// Whether the text begins as a path of Windows does: `C:\` or `C:/`.
pub(super) fn is_drive(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.get(1) == Some(&b':')
        && matches!(bytes.get(2), Some(b'/' | b'\\'))
}

/// `path[extra]` as `path` and where the bracket begins.
fn strip_extras(text: &str) -> (&str, Option<usize>) {
    let bracket = text
        .strip_suffix(']')
        .and_then(|inner| inner.rfind('['))
        .filter(|at| *at > 0 && at + 2 < text.len());
    (
        text.get(..bracket.unwrap_or(text.len()))
            .unwrap_or_default(),
        bracket,
    )
}

fn parse_path(path: Part) -> Result<ParsedRequirement, Fault> {
    let (plain, bracket) = strip_extras(path.text);
    // A path of Windows is of another machine, whatever the wheel's name.
    if let Some(refused) = refused_wheel(path.cut(0, plain.len())).filter(|_| !is_drive(path.text))
    {
        return Err(refused);
    }
    let mut parsed = ParsedRequirement {
        name: wheel_name(path.cut(0, plain.len())),
        source: From::Path(path.cut(0, plain.len()).range()),
        ..ParsedRequirement::default()
    };
    if let Some(at) = bracket {
        let (extras, _) = parse_extras(path.after(at))?;
        parsed.extras = extras;
    }
    Ok(parsed)
}

/// A URL; `whole` is what a message points at.
fn parse_url(url: Part, whole: Part) -> Result<ParsedRequirement, Fault> {
    if let Some(at) = url.text.find(char::is_whitespace) {
        let rest = url.after(at).trim();
        return Err((rest.range(), RefusalKind::BlankInUrl));
    }
    if let Some(glued) = glued_repository(url) {
        return Err(glued);
    }
    let (plain, bracket) = strip_extras(url.text);
    let address = plain.split(['#', '?']).next().unwrap_or_default();
    if let Some(refused) =
        refused_wheel(url.cut(0, address.len())).filter(|_| vcs_of(url.text).is_none())
    {
        return Err(refused);
    }
    let mut parsed = ParsedRequirement {
        name: wheel_name(url.cut(0, address.len())),
        source: From::Url(whole.range()),
        ..ParsedRequirement::default()
    };
    if let Some(egg) = egg(url) {
        let inner = parse_named(egg).map_err(|fault| diagnose(egg, egg, fault))?;
        parsed.name = parsed.name.or(inner.name);
        parsed.extras = inner.extras;
    } else if let Some(at) = bracket {
        parsed.extras = parse_extras(url.after(at))?.0;
    }
    Ok(parsed)
}

/// The value of `#egg=`; none when it holds a variable.
fn egg(url: Part) -> Option<Part> {
    let fragment = url.text.find('#')?;
    let rest = url.text.get(fragment..)?;
    let at = rest.find("#egg=").or_else(|| rest.find("&egg="))?;
    let start = fragment + at + "#egg=".len();
    let length = url.text.get(start..)?.split('&').next()?.len();
    let egg = url.cut(start, start + length);
    (!egg.text.is_empty() && !has_variable(egg.text)).then_some(egg)
}

/// `...repository.gitplotly==2.0`: the line end between two requirements is lost.
fn glued_repository(url: Part) -> Option<Fault> {
    vcs_of(url.text)?;
    let at = url.text.find(".git")? + ".git".len();
    let rest = url.after(at);
    let starts = rest.text.starts_with(|c: char| c.is_ascii_alphanumeric());
    let inner = Part {
        text: rest.text,
        at: rest.at,
    };
    let named = parse_named(inner).is_ok_and(|parsed| parsed.versions.is_some());
    (starts && named).then(|| {
        let first = url.text.get(..at).unwrap_or_default();
        (
            rest.range(),
            RefusalKind::Glued(shorten(first), shorten(rest.text)),
        )
    })
}

/// The name of a wheel at the end of a path or address that pip refuses to take for one, as it has
/// too few or too many parts (tried with pip 23.3.2). pip knows wheels by `.whl` in small letters.
fn refused_wheel(path: Part) -> Option<Fault> {
    let stem = path.text.strip_suffix(".whl")?;
    let start = stem.rfind(['/', '\\']).map_or(0, |slash| slash + 1);
    let parts: Vec<&str> = stem.get(start..)?.split('-').collect();
    let is_complete = match parts.as_slice() {
        [name, _, python, abi, platform] => [name, python, abi, platform]
            .iter()
            .all(|it| !it.is_empty()),
        [_, _, build, _, _, _] => build.starts_with(|c: char| c.is_ascii_digit()),
        _ => false,
    };
    let file = path.after(start);
    let is_told = !is_complete && !has_variable(path.text);
    is_told.then(|| (file.range(), RefusalKind::WheelName(shorten(file.text))))
}

/// The distribution's name in the name of a wheel.
fn wheel_name(path: Part) -> Option<Range> {
    if !path.text.to_ascii_lowercase().ends_with(".whl") {
        return None;
    }
    let start = path.text.rfind(['/', '\\']).map_or(0, |slash| slash + 1);
    let file = path.after(start);
    let end = file.text.find('-')?;
    let name = file.cut(0, end);
    is_name(name.text).then(|| name.range())
}

/// Whether the text is a distribution's name (PEP 508).
pub fn is_name(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let ends = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    ends(text.bytes().next()) && ends(text.bytes().last()) && text.bytes().all(inner)
}

/// `name [extras] (specifiers | @ url)`.
pub(super) fn parse_named(line: Part) -> Result<ParsedRequirement, Fault> {
    let variable = has_variable(line.text);
    let name = leading_name(line);
    if !is_name(name.text) {
        if variable && line.text.starts_with("${") {
            return Ok(ParsedRequirement::default());
        }
        return Err((line.range(), RefusalKind::Prose(shorten(line.text))));
    }
    let mut parsed = ParsedRequirement {
        name: Some(name.range()),
        ..ParsedRequirement::default()
    };
    let mut rest = line.after(name.text.len()).trim_blanks();
    if rest.text.starts_with('[') {
        let (extras, length) = parse_extras(rest)?;
        parsed.extras = extras;
        rest = rest.after(length).trim_blanks();
    }
    if let Some(url) = rest.text.strip_prefix('@') {
        return named_url(
            parsed,
            rest.after(rest.text.len() - url.len()).trim_blanks(),
        );
    }
    if rest.text.is_empty() {
        return Ok(parsed);
    }
    if !variable && !rest.text.starts_with(['(', '=', '<', '>', '~', '!']) {
        return Err((line.range(), RefusalKind::Prose(shorten(line.text))));
    }
    let inside = parenthesised(rest);
    parsed.source = From::Specifiers(inside.range());
    if !variable {
        parsed.versions = parse_specifiers(inside)?;
    } else if rest.text.starts_with("${") {
        // The variable follows the name at once: it may say more of the name.
        parsed.name = None;
    }
    Ok(parsed)
}

/// The longest run from the start that could be a name.
fn leading_name(line: Part) -> Part {
    let end = line
        .text
        .find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c)))
        .unwrap_or(line.text.len());
    let run = line.text.get(..end).unwrap_or_default();
    line.cut(0, run.trim_end_matches(['.', '_', '-']).len())
}

fn parenthesised(rest: Part) -> Part {
    let text = rest.text;
    if text.len() >= 2 && text.starts_with('(') && text.ends_with(')') {
        rest.cut(1, text.len() - 1).trim_blanks()
    } else {
        rest
    }
}

fn named_url(mut parsed: ParsedRequirement, url: Part) -> Result<ParsedRequirement, Fault> {
    if url.text.starts_with("git@") {
        return Err((url.range(), RefusalKind::GitAddress));
    }
    let whole = parse_url(url, url)?;
    let has_scheme = url.text.contains("://") || url.text.starts_with("file:");
    if !has_scheme && !has_variable(url.text) {
        return Err((url.range(), RefusalKind::Url(shorten(url.text))));
    }
    parsed.source = whole.source;
    Ok(parsed)
}

/// The extras in `[a, b]`, and the length of the bracket.
fn parse_extras(rest: Part) -> Result<(Vec<Range>, usize), Fault> {
    let fault = || (rest.range(), RefusalKind::Extras);
    let end = rest.text.find(']').ok_or_else(fault)?;
    let mut extras = Vec::new();
    let mut at = 1;
    let inner = rest.text.get(1..end).unwrap_or_default();
    for piece in inner.split(',') {
        let extra = rest.cut(at, at + piece.len()).trim_blanks();
        at += piece.len() + 1;
        if is_name(extra.text) || has_variable(extra.text) {
            extras.push(extra.range());
        } else if !inner.trim().is_empty() {
            return Err(fault());
        }
    }
    Ok((extras, end + 1))
}
