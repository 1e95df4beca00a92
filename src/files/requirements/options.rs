//! Options of requirement lines, as pip reads them: split at blanks outside quotes, then matched
//! by name, unique beginning or letter.

use super::refused::{RefusalKind, shorten};

/// An option that pip knows in requirement files.
#[derive(Debug)]
pub(super) struct PipOption {
    /// The long name that the model uses.
    pub(super) name: &'static str,
    /// All long names.
    long: &'static [&'static str],
    short: Option<char>,
    takes_value: bool,
}

const fn valued(
    name: &'static str,
    long: &'static [&'static str],
    short: Option<char>,
) -> PipOption {
    PipOption {
        name,
        long,
        short,
        takes_value: true,
    }
}

const fn flag(name: &'static str, long: &'static [&'static str]) -> PipOption {
    PipOption {
        name,
        long,
        short: None,
        takes_value: false,
    }
}

/// pip's list, of versions 21.2 to 25 (`req_file.py`, `SUPPORTED_OPTIONS`).
static OPTIONS: &[PipOption] = &[
    valued("index-url", &["index-url", "pypi-url"], Some('i')),
    valued("extra-index-url", &["extra-index-url"], None),
    flag("no-index", &["no-index"]),
    valued("constraint", &["constraint"], Some('c')),
    valued("requirement", &["requirement"], Some('r')),
    valued("editable", &["editable"], Some('e')),
    valued("find-links", &["find-links"], Some('f')),
    valued("no-binary", &["no-binary"], None),
    valued("only-binary", &["only-binary"], None),
    flag("prefer-binary", &["prefer-binary"]),
    flag("require-hashes", &["require-hashes"]),
    flag("pre", &["pre"]),
    valued("trusted-host", &["trusted-host"], None),
    valued("use-feature", &["use-feature"], None),
    valued("global-option", &["global-option"], None),
    valued("install-option", &["install-option"], None),
    valued("hash", &["hash"], None),
    valued(
        "config-settings",
        &["config-settings", "config-setting"],
        Some('C'),
    ),
];

/// A range of the logical line's text.
pub(super) type Range = (usize, usize);

/// An option as found, places in the logical line's text.
#[derive(Debug)]
pub(super) struct FoundOption {
    pub(super) name: &'static str,
    pub(super) range: Range,
    /// The value's place without quotes, and the value as pip reads it.
    pub(super) value: Option<(Range, String)>,
}

/// What stands behind the requirement of a line, or instead of one.
#[derive(Debug, Default)]
pub(super) struct Options {
    pub(super) found: Vec<FoundOption>,
    /// Words that belong to no option; pip passes over them in silence.
    pub(super) left: Vec<Range>,
}

/// What pip cannot make sense of, and where.
pub(super) type Fault = (Range, RefusalKind);

/// Where the options of a line begin: at the first word, as blanks alone part words, that begins
/// with `-`.
pub(super) fn begin(text: &str) -> usize {
    if text.starts_with('-') {
        return 0;
    }
    text.find(" -").map_or(text.len(), |blank| blank + 1)
}

/// Reads the options of `text` from `start` on.
///
/// # Errors
/// The first that pip refuses.
pub(super) fn read(text: &str, start: usize) -> Result<Options, Fault> {
    let words = split(text, start)?;
    let mut options = Options::default();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        if word.value == "--" {
            options.left.extend(rest.map(|word| word.range));
            break;
        }
        let parts = if word.value.starts_with("--") {
            long(word)?
        } else if word.value.starts_with('-') && word.value.len() > 1 {
            short(word)?
        } else {
            options.left.push(word.range);
            continue;
        };
        options.found.push(complete(text, word, parts, &mut rest)?);
    }
    Ok(options)
}

/// The name of an option that a glued text begins with, as in `--extra-index-url=...`.
pub(super) fn known_prefix(text: &str) -> Option<&'static str> {
    let name = text.strip_prefix("--")?;
    let names = OPTIONS.iter().flat_map(|known| known.long);
    names
        .copied()
        .filter(|long| {
            name.strip_prefix(long)
                .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-'))
        })
        .max_by_key(|long| long.len())
}

/// The option that `--name` most likely stands for.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let squeeze = |text: &str| text.replace(['-', '_'], "").to_ascii_lowercase();
    let wanted = squeeze(name);
    let mut names = OPTIONS.iter().flat_map(|known| known.long).copied();
    names.find(|long| {
        let long = squeeze(long);
        long == wanted || format!("{long}s") == wanted || long == format!("{wanted}s")
    })
}

/// A word as a shell sees it.
#[derive(Debug)]
struct Word {
    range: Range,
    value: String,
}

fn long(word: &Word) -> Result<(&'static PipOption, Option<String>), Fault> {
    let text = word.value.trim_start_matches("--");
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (text, None),
    };
    let unknown = || {
        (
            word.range,
            RefusalKind::UnknownOption(shorten(&format!("--{name}"))),
        )
    };
    let exact = OPTIONS.iter().find(|known| known.long.contains(&name));
    let known = match exact {
        Some(known) => known,
        None => unique(name).ok_or_else(unknown)?,
    };
    if value.is_some() && !known.takes_value {
        return Err((word.range, RefusalKind::UnexpectedValue(known.name)));
    }
    Ok((known, value))
}

/// The only option with a name that begins so: pip's argument parser takes abbreviations.
fn unique(name: &str) -> Option<&'static PipOption> {
    let begins = |known: &&PipOption| known.long.iter().any(|long| long.starts_with(name));
    let mut found = OPTIONS.iter().filter(begins);
    let first = found.next()?;
    (!name.is_empty() && found.next().is_none()).then_some(first)
}

fn short(word: &Word) -> Result<(&'static PipOption, Option<String>), Fault> {
    let mut letters = word.value.chars().skip(1);
    let letter = letters.next();
    let known = OPTIONS
        .iter()
        .find(|known| known.short.is_some() && known.short == letter)
        .ok_or_else(|| (word.range, RefusalKind::UnknownOption(shorten(&word.value))))?;
    let value: String = letters.collect();
    Ok((known, (!value.is_empty()).then_some(value)))
}

fn complete<'w>(
    text: &str,
    word: &Word,
    (known, inline): (&'static PipOption, Option<String>),
    rest: &mut impl Iterator<Item = &'w Word>,
) -> Result<FoundOption, Fault> {
    let found = |end, value| FoundOption {
        name: known.name,
        range: (word.range.0, end),
        value,
    };
    if !known.takes_value {
        return Ok(found(word.range.1, None));
    }
    if let Some(value) = inline {
        let place = unquoted(text, inline_value(text, word));
        return Ok(found(word.range.1, Some((place, value))));
    }
    let next = rest
        .next()
        .ok_or((word.range, RefusalKind::MissingValue(known.name)))?;
    let place = unquoted(text, next.range);
    Ok(found(next.range.1, Some((place, next.value.clone()))))
}

/// Where the value in `--name=value` or `-nvalue` stands.
fn inline_value(text: &str, word: &Word) -> Range {
    let (start, end) = word.range;
    let raw = text.get(start..end).unwrap_or_default();
    let skipped = match raw.find('=') {
        Some(equals) if raw.starts_with("--") => equals + 1,
        _ => 2,
    };
    ((start + skipped).min(end), end)
}

/// The place between the quotes of a text that is quoted as a whole.
fn unquoted(text: &str, (start, end): Range) -> Range {
    let raw = text.get(start..end).unwrap_or_default();
    let quoted = |quote: char| {
        raw.len() >= 2
            && raw.starts_with(quote)
            && raw.ends_with(quote)
            && raw.matches(quote).count() == 2
    };
    if quoted('"') || quoted('\'') {
        (start + 1, end - 1)
    } else {
        (start, end)
    }
}

/// Splits as a POSIX shell does, without comments.
fn split(text: &str, start: usize) -> Result<Vec<Word>, Fault> {
    let mut words = Vec::new();
    let tail = text.get(start..).unwrap_or_default();
    let mut letters = tail
        .char_indices()
        .map(|(at, c)| (start + at, c))
        .peekable();
    while let Some(&(at, c)) = letters.peek() {
        if is_blank(c) {
            letters.next();
            continue;
        }
        let value = word(&mut letters).ok_or(((at, text.len()), RefusalKind::OpenQuote))?;
        let end = letters.peek().map_or(text.len(), |(end, _)| *end);
        words.push(Word {
            range: (at, end),
            value,
        });
    }
    Ok(words)
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// One word; `None` when its quote or its backslash is not followed up.
fn word(letters: &mut std::iter::Peekable<impl Iterator<Item = (usize, char)>>) -> Option<String> {
    let mut value = String::new();
    while let Some((_, c)) = letters.next_if(|(_, c)| !is_blank(*c)) {
        match c {
            '\\' => value.push(letters.next()?.1),
            '\'' => loop {
                match letters.next()?.1 {
                    '\'' => break,
                    c => value.push(c),
                }
            },
            '"' => loop {
                match letters.next()?.1 {
                    '"' => break,
                    '\\' => match letters.next()?.1 {
                        c @ ('"' | '\\') => value.push(c),
                        c => value.extend(['\\', c]),
                    },
                    c => value.push(c),
                }
            },
            c => value.push(c),
        }
    }
    Some(value)
}
