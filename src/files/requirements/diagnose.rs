//! Guesses what a line that is no requirement was meant to be. Only messages depend on it.

use super::options::{Fault, known_prefix, nearest};
use super::refused::{RefusalKind, shorten};
use super::requirement::{self, Part, is_name, parse_named};
use crate::secrets::redacted;

/// A better fault than `fault` for `line`, whose requirement (marker cut) is `head`.
pub(super) fn diagnose(line: Part, head: Part, fault: Fault) -> Fault {
    let whole = |kind| Some((line.range(), kind));
    let text = head.text;
    None.or_else(|| backslash(head))
        .or_else(|| glued_option(head))
        .or_else(|| {
            is_command(text)
                .then_some(RefusalKind::Command)
                .and_then(whole)
        })
        .or_else(|| {
            is_git_address(text)
                .then_some(RefusalKind::GitAddress)
                .and_then(whole)
        })
        .or_else(|| odd_character(head))
        .or_else(|| {
            is_quoted(text)
                .then_some(RefusalKind::Quoted)
                .and_then(whole)
        })
        .or_else(|| {
            is_conda(text)
                .then(|| RefusalKind::CondaExport(shorten(text)))
                .and_then(whole)
        })
        .or_else(|| hash(head))
        .or_else(|| single_equals(head))
        .or_else(|| glued(head))
        .or_else(|| {
            is_listed(text)
                .then_some(RefusalKind::PipList)
                .and_then(whole)
        })
        .or_else(|| several(head))
        .or_else(|| extras_last(head))
        .or_else(|| {
            nameless(text)
                .then_some(RefusalKind::NoName)
                .and_then(whole)
        })
        .or_else(|| bad_name(head))
        .unwrap_or(fault)
}

/// The lines that were probably meant by a refused one.
pub(super) fn instead(line: &str, kind: &RefusalKind) -> Vec<String> {
    let meant = match kind {
        RefusalKind::CondaExport(_) => conda_as_pip(line).into_iter().collect(),
        RefusalKind::SingleEquals => vec![line.replacen('=', "==", 1)],
        RefusalKind::Glued(_, second) => match line.strip_suffix(second.as_str()) {
            Some(first) => vec![first.to_owned(), second.clone()],
            None => Vec::new(),
        },
        RefusalKind::Hash => vec![line.replacen('#', "  #", 1)],
        RefusalKind::PipList => listed_as_pip(line).into_iter().collect(),
        RefusalKind::Specifier(_) | RefusalKind::LegacySpecifier(_) => plain_specifier(line),
        RefusalKind::Several => pieces(line),
        RefusalKind::BlankInUrl => pieces_or_marker(line),
        RefusalKind::Quoted => vec![
            line.replace(['"', '\''], "")
                .trim_end_matches(',')
                .to_owned(),
        ],
        RefusalKind::Prose(_) => line
            .strip_suffix(',')
            .map(str::to_owned)
            .into_iter()
            .collect(),
        RefusalKind::ListItem => vec![line.trim_start_matches(['-', ' ']).to_owned()],
        RefusalKind::GitAddress => git_url(line).into_iter().collect(),
        RefusalKind::GluedOption(_) => split_option(line),
        RefusalKind::UnknownOption(option) => nearest(option.trim_start_matches('-'))
            .map(|name| line.replacen(option.as_str(), &format!("--{name}"), 1))
            .into_iter()
            .collect(),
        _ => Vec::new(),
    };
    if meant.iter().all(|line| is_accepted(line)) {
        meant
    } else {
        Vec::new()
    }
}

/// A guess is only worth saying when pip would take it.
fn is_accepted(line: &str) -> bool {
    let line = line.split(" #").next().unwrap_or_default().trim();
    match line.strip_prefix("-e ") {
        Some(value) => requirement::parse_editable(Part::new(value).trim()).is_ok(),
        None => line.starts_with("--") || requirement::parse(Part::new(line)).is_ok(),
    }
}

/// A continuation that blanks behind its `\` undo.
fn backslash(head: Part) -> Option<Fault> {
    let end = head.at + head.text.len();
    head.text
        .ends_with('\\')
        .then(|| ((end - 1, end), RefusalKind::Backslash))
}

fn glued_option(head: Part) -> Option<Fault> {
    let (at, name) = head
        .text
        .match_indices("--")
        .find_map(|(at, _)| Some((at, known_prefix(head.text.get(at..)?)?)))?;
    let rest = head.cut(at, head.text.len());
    Some((rest.range(), RefusalKind::GluedOption(name)))
}

fn split_option(line: &str) -> Vec<String> {
    let found = line
        .match_indices("--")
        .find(|(at, _)| line.get(*at..).and_then(known_prefix).is_some());
    let Some((at, _)) = found else {
        return Vec::new();
    };
    let (first, second) = line.split_at(at);
    vec![first.trim().to_owned(), redacted(second.trim())]
}

fn is_command(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let (first, second) = (words.next().unwrap_or_default(), words.next());
    let installers = [
        "pip", "pip3", "conda", "apt", "apt-get", "brew", "npm", "poetry", "pipenv",
    ];
    let verbs = [
        "install",
        "add",
        "freeze",
        "uninstall",
        "update",
        "upgrade",
        "create",
        "list",
    ];
    let second = second.unwrap_or_default();
    matches!(first, "$" | ">" | "!pip" | "sudo")
        || (installers.contains(&first) && verbs.contains(&second))
        || (first.starts_with("python") && second == "-m")
}

fn is_git_address(text: &str) -> bool {
    let address = text.strip_prefix("git+").unwrap_or(text);
    address.starts_with("git@")
        && address.contains([':', '/'])
        && !address.contains(char::is_whitespace)
}

fn git_url(line: &str) -> Option<String> {
    let (before, address) = line.split_once("git@")?;
    let name = before.trim_end_matches("git+");
    let (host, path) = address.split_once([':', '/'])?;
    Some(format!("{name}git+ssh://git@{host}/{path}"))
}

/// A character that editors do not show, or that looks like another.
fn odd_character(head: Part) -> Option<Fault> {
    let odd = |c: &char| {
        (c.is_control() && *c != '\t')
            || matches!(
                *c,
                '\u{a0}' | '\u{200b}'..='\u{200f}' | '\u{2010}'..='\u{2015}' | '\u{2018}'..='\u{201f}'
                    | '\u{2028}'..='\u{202f}' | '\u{2060}' | '\u{feff}' | '\u{fffd}' | '\u{ff1d}'
            )
    };
    let (at, c) = head.text.char_indices().find(|(_, c)| odd(c))?;
    let start = head.at + at;
    Some(((start, start + c.len_utf8()), RefusalKind::Character(c)))
}

fn is_quoted(text: &str) -> bool {
    let text = text.trim_end_matches(',');
    text.len() > 2
        && ['"', '\'']
            .iter()
            .any(|quote| text.starts_with(*quote) && text.ends_with(*quote))
}

/// `name=version=build`; the names of conda may begin with `_`.
fn is_conda(text: &str) -> bool {
    let parts: Vec<&str> = text.split('=').collect();
    let [name, version, build] = parts.as_slice() else {
        return text == "@EXPLICIT";
    };
    let name = name
        .rsplit("::")
        .next()
        .unwrap_or_default()
        .trim_start_matches('_');
    let plain = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
    is_name(name) && plain(version) && plain(build)
}

fn conda_as_pip(line: &str) -> Option<String> {
    let mut parts = line.split('=');
    let (name, version, build) = (parts.next()?, parts.next()?, parts.next()?);
    // A build named `pypi_0` came from pip; others exist under this name there more often than not.
    (is_name(name) && !build.is_empty()).then(|| format!("{name}=={version}"))
}

fn hash(head: Part) -> Option<Fault> {
    let at = head.text.find('#')?;
    let before = head.cut(0, at);
    let readable = parse_named(before).is_ok_and(|parsed| parsed.name.is_some());
    readable.then(|| ((head.at + at, head.at + at + 1), RefusalKind::Hash))
}

fn single_equals(head: Part) -> Option<Fault> {
    let at = head.text.find('=')?;
    let name = head.text.get(..at)?.trim_end();
    let rest = head.text.get(at + 1..)?;
    let single = is_name(name) && !rest.contains(['=', '<', '>', '~', '!']);
    (single && !rest.is_empty())
        .then(|| ((head.at + at, head.at + at + 1), RefusalKind::SingleEquals))
}

/// Two requirements without anything between: the second begins with the first letter that a name
/// and an operator begin at, behind a version that is one.
fn glued(head: Part) -> Option<Fault> {
    let sign = head.text.find(['=', '<', '>', '~', '!'])?;
    let letters = head.text.char_indices().skip_while(|(at, _)| *at < sign);
    for (at, c) in letters {
        if !c.is_ascii_alphabetic() {
            continue;
        }
        let (first, second) = (head.cut(0, at), head.cut(at, head.text.len()));
        let touches = first
            .text
            .ends_with(|c: char| c.is_ascii_alphanumeric() || c == '*');
        let pinned = |part| parse_named(part).is_ok_and(|parsed| parsed.versions.is_some());
        if touches
            && !ends_version(second.text)
            && pinned(first)
            && (pinned(second) || glued(second).is_some())
        {
            let kind = RefusalKind::Glued(shorten(first.text), shorten(second.text));
            return Some((second.range(), kind));
        }
    }
    None
}

/// Whether the text begins with the end of a version, as in `1.0a10<1.1`, and not with a name.
fn ends_version(text: &str) -> bool {
    let letters = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let word = text.get(..text.len() - letters.len()).unwrap_or_default();
    let rest = letters.trim_start_matches(|c: char| c.is_ascii_digit());
    let suffixes = [
        "a", "b", "c", "rc", "dev", "post", "alpha", "beta", "pre", "r",
    ];
    suffixes.contains(&word) && rest.starts_with(['=', '<', '>', '~', '!', '.'])
}

/// `dash 1.0.0`, `Package Version`.
fn is_listed(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        ["Package", "Version", ..] => true,
        [name, version] | [name, version, _] => {
            is_name(name)
                && version.contains('.')
                && version.starts_with(|c: char| c.is_ascii_digit())
                && version.parse::<pep440_rs::Version>().is_ok()
        }
        _ => false,
    }
}

fn listed_as_pip(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    let (name, version) = (words.next()?, words.next()?);
    version
        .starts_with(|c: char| c.is_ascii_digit())
        .then(|| format!("{name}=={version}"))
}

/// Words that each are a requirement, at least one with a version; or names with commas between.
fn several(head: Part) -> Option<Fault> {
    let parts = pieces(head.text);
    let all = parts.len() > 1
        && parts
            .iter()
            .all(|part| parse_named(Part::new(part)).is_ok_and(|parsed| parsed.name.is_some()));
    let telling = head.text.contains(',') || head.text.contains("==") || head.text.contains(">=");
    (all && telling).then_some((head.range(), RefusalKind::Several))
}

fn pieces(text: &str) -> Vec<String> {
    let words = text.split(|c: char| c == ',' || c == ';' || c.is_whitespace());
    words
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A URL and what stands behind it: a marker that lacks a blank, or another requirement.
fn pieces_or_marker(line: &str) -> Vec<String> {
    match line.split_once(char::is_whitespace) {
        Some((url, rest)) if rest.trim().starts_with(';') => {
            vec![format!(
                "{url} ; {}",
                rest.trim().trim_start_matches(';').trim()
            )]
        }
        Some((url, rest)) => vec![url.to_owned(), rest.trim().to_owned()],
        None => Vec::new(),
    }
}

fn extras_last(head: Part) -> Option<Fault> {
    let at = head.text.find('[')?;
    let before = parse_named(head.cut(0, at)).is_ok_and(|parsed| parsed.versions.is_some());
    (before && head.text.ends_with(']')).then_some((
        (head.at + at, head.at + head.text.len()),
        RefusalKind::ExtrasLast,
    ))
}

fn nameless(text: &str) -> bool {
    ["==", ">=", "<=", "~=", "!="]
        .iter()
        .any(|sign| text.starts_with(sign))
        && text.contains(|c: char| c.is_ascii_digit())
}

/// `_name==1.0`, `name-==1.0`: a version behind what is no name.
fn bad_name(head: Part) -> Option<Fault> {
    let sign = ["===", "==", ">=", "<=", "~=", "!="]
        .iter()
        .filter_map(|sign| head.text.find(sign))
        .min()?;
    let name = head.cut(0, sign).trim();
    let bare = name.text.split('[').next().unwrap_or_default();
    let odd = !name.text.is_empty() && !is_name(bare) && !name.text.contains(char::is_whitespace);
    odd.then(|| (name.range(), RefusalKind::Name(shorten(name.text))))
}

/// `>==1.0`, `=>1.0`, `>=1.*`: one character too many or in the wrong order.
fn plain_specifier(line: &str) -> Vec<String> {
    let mut plain = line.to_owned();
    for (wrong, right) in [
        (">==", ">="),
        ("<==", "<="),
        ("=>", ">="),
        ("=<", "<="),
        ("= =", "=="),
    ] {
        plain = plain.replace(wrong, right);
    }
    if plain == line && line.contains(".*") && !line.contains("==") && !line.contains("!=") {
        plain = line.replace(".*", "");
    }
    if plain == line {
        plain.truncate(line.trim_end_matches([',', ' ']).len());
    }
    if plain == line {
        plain = with_commas(line);
    }
    if plain == line {
        Vec::new()
    } else {
        vec![plain]
    }
}

/// `>=1.0<2` with the comma that is missing.
fn with_commas(line: &str) -> String {
    let mut plain = String::with_capacity(line.len() + 1);
    let mut before = ' ';
    for c in line.chars() {
        if matches!(c, '<' | '>' | '!' | '~' | '=')
            && before.is_ascii_digit()
            && plain.contains(['=', '<', '>'])
        {
            plain.push(',');
        }
        plain.push(c);
        before = c;
    }
    plain
}
