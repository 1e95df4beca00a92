//! Values behind names: `NAME=value`, `--name value`, `name: value`, `name = ..., value = ...`.

use std::sync::{LazyLock, OnceLock};

use regex::{Captures, Regex};

use super::name;
use crate::text::Span;

/// The secrets behind names in `text`. They may overlap.
pub(super) fn secrets(text: &str) -> Vec<Span> {
    let mut found = defaults(text);
    if !name::may_be_in(text) {
        return found;
    }
    for pattern in PATTERNS.iter().filter(|pattern| pattern.may_match(text)) {
        let Some(made) = pattern.made() else { continue };
        let mut lines = Lines::of(text);
        let mut from = 0;
        while let Some(groups) = made.captures_at(text, from) {
            let Some(key) = groups.name("name").or_else(|| groups.name("option")) else {
                break;
            };
            if name::is_secret(key.as_str()) {
                let value = value(&mut lines, &groups, pattern.extent);
                found.extend(value.filter(|it| !is_pin(key.as_str(), it.slice(text))));
            }
            // A name may stand inside the value before it: go on behind the name.
            from = key.end();
        }
    }
    found
}

/// The defaults of environment variables that code reads, where the name tells a secret: a default
/// is often the value that somebody forgot to take out.
fn defaults(text: &str) -> Vec<Span> {
    if !holds_any(text, DEFAULT_NEEDS) {
        return Vec::new();
    }
    let Some(pattern) = DEFAULT.as_ref() else {
        return Vec::new();
    };
    let mut lines = Lines::of(text);
    let inside = |found: Captures| {
        if !name::is_secret(found.name("name")?.as_str()) {
            return None;
        }
        let start = found.name("quote")?.start();
        let rest = lines.rest(start)?;
        let span = quoted(rest.near)?;
        let whole = Span::new(span.start, rest.reach(span.end));
        (!is_plain(span.slice(rest.near))).then(|| whole.shift(start))
    };
    pattern.captures_iter(text).filter_map(inside).collect()
}

/// Whether a default opens nothing: empty, a number, a truth, hidden already.
fn is_plain(value: &str) -> bool {
    let is_short_number = value.len() <= 5 && value.chars().all(|c| c.is_ascii_digit());
    is_short_number || tells_nothing(value)
}

/// What a text holds that [`DEFAULT`] is found in.
const DEFAULT_NEEDS: &[&str] = &["config(", "env(", "env.", "environ(", "environ."];

/// `getenv("NAME", "`, `environ.get("NAME", "`, `config("NAME", default="`, up to the default.
static DEFAULT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = r#"(?x)
        (?: getenv | config | env(?:iron)? (?: \.[a-z]+ )? ) \(
        [\s+-]* (?: key \s* = \s* )? [rRuUbB]? \\?["'] (?P<name>[A-Za-z_][A-Za-z0-9_.-]*) \\?["']
        \s* , [\s+-]* (?: (?: cast | type ) \s* = \s* [A-Za-z_.]+ \s* , [\s+-]* )?
        (?: default \s* = \s* )? [rRuUbBfF]{0,2} (?P<quote> \\?["'] )"#;
    Regex::new(pattern).ok()
});

/// How far a value without quotes reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// To the end of the shell's word.
    Word,
    /// To the end of the line, or to a comment there.
    Line,
    /// To the quote that the match begins with.
    Quote,
}

/// What stands before a value. It takes time to build, which most texts do not ask for.
struct Pattern {
    /// With the name in the group `name` or `option`. The value begins where the match ends.
    source: &'static str,
    extent: Extent,
    /// Of each of these, a text that matches holds one.
    needs: &'static [&'static [&'static str]],
    made: OnceLock<Option<Regex>>,
}

impl Pattern {
    const fn new(
        source: &'static str,
        extent: Extent,
        needs: &'static [&'static [&'static str]],
    ) -> Self {
        Self {
            source,
            extent,
            needs,
            made: OnceLock::new(),
        }
    }

    fn may_match(&self, text: &str) -> bool {
        self.needs.iter().all(|words| holds_any(text, words))
    }

    fn made(&self) -> Option<&Regex> {
        let made = self.made.get_or_init(|| Regex::new(self.source).ok());
        made.as_ref()
    }
}

/// So many bytes of a line are looked at for the end of a value. One that is longer reaches to the
/// end of the line: a line may hold thousands of names, of which each would be looked for so far.
const NEAR: usize = 1024;

/// A text whose lines are asked for from front to back.
struct Lines<'t> {
    text: &'t str,
    /// From the place that was asked for to the end of its line.
    known: Option<Span>,
}

/// What a line holds behind a place.
struct RestOfLine<'t> {
    /// The first bytes of it, or all.
    near: &'t str,
    length: usize,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        Self { text, known: None }
    }

    fn rest(&mut self, start: usize) -> Option<RestOfLine<'t>> {
        let behind = self.text.get(start..)?;
        let known = self.known.filter(|it| (it.start..=it.end).contains(&start));
        let line = known.unwrap_or_else(|| {
            let length = memchr::memchr2(b'\n', b'\r', behind.as_bytes());
            Span::new(start, start + length.unwrap_or(behind.len()))
        });
        self.known = Some(line);
        let length = line.end - start;
        let near = behind.get(..behind.floor_char_boundary(NEAR.min(length)))?;
        Some(RestOfLine { near, length })
    }
}

impl RestOfLine<'_> {
    /// The end of a value that ends there in the near part: that of the line where it was cut.
    fn reach(&self, end: usize) -> usize {
        if end == self.near.len() {
            self.length
        } else {
            end
        }
    }
}

fn holds_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

static PATTERNS: [Pattern; 8] = [
    // NAME=value in a shell, --name=value, -Dname=value; not name==1.0, not some-name=1.0.
    Pattern::new(
        r"(?:^|[^A-Za-z0-9_.=<>!~-])(?:-+(?P<option>[A-Za-z][A-Za-z0-9_-]*)|(?P<name>[A-Za-z_][A-Za-z0-9_]*))=",
        Extent::Word,
        &[&["="]],
    ),
    // --name value
    Pattern::new(
        r#"(?:^|[\s"'`])--(?P<option>[a-z][A-Za-z0-9_-]*)[ \t]+"#,
        Extent::Word,
        &[&["--"]],
    ),
    // name = value at the start of a line; a patch has one more character there.
    Pattern::new(
        r#"(?m)^[+-]?[ \t]*["']?(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)["']?[ \t]+=[ \t]*"#,
        Extent::Word,
        &[&[" =", "\t="]],
    ),
    // "name": value, also in the escapes of a string
    Pattern::new(
        r#"["'](?P<name>[A-Za-z_][A-Za-z0-9_.-]*)\\?["'][ \t]*:[ \t]*"#,
        Extent::Word,
        &[&["\"", "'"], &[":"]],
    ),
    // "NAME": {... "value": "..."}
    Pattern::new(
        r#"["'](?P<name>[A-Za-z_][A-Za-z0-9_.-]*)["']\s*:\s*\{[^{}]*?["']value["']\s*:\s*"#,
        Extent::Word,
        &[&["{"], &["value"]],
    ),
    // name: value at the start of a line
    Pattern::new(
        r"(?m)^[+-]?[ \t]*(?:-[ \t]+)*(?P<name>[A-Za-z_][A-Za-z0-9_.-]*):[ \t]+",
        Extent::Line,
        &[&[": ", ":\t"]],
    ),
    // "name: value", a header of a request
    Pattern::new(
        r#"["'](?P<name>[A-Za-z_][A-Za-z0-9_.-]*):[ \t]+"#,
        Extent::Quote,
        &[&["\"", "'"], &[": ", ":\t"]],
    ),
    // name = "NAME", value = "...", on one line or two; name: NAME, value: ...
    Pattern::new(
        r#"(?:^|[^A-Za-z0-9_])name["']?[ \t]*[=:][ \t]*["']?(?P<name>[A-Za-z0-9_.-]+)["']?[ \t]*,?[ \t]*(?:\r\n?|\n)?[+\- \t]*["']?value["']?[ \t]*[=:][ \t]*"#,
        Extent::Word,
        &[&["name"], &["value"]],
    ),
];

/// The value behind a match; `None` for what is no secret: nothing, a variable, code, a truth.
fn value(lines: &mut Lines, groups: &Captures, extent: Extent) -> Option<Span> {
    let all = groups.get(0)?;
    let rest = lines.rest(all.end())?;
    let line = rest.near;
    let inside = quoted(line);
    let span = inside.unwrap_or_else(|| {
        let end = match extent {
            _ if line.starts_with(['{', '[']) => line.len(),
            Extent::Word => word_end(line),
            Extent::Line => line.find(" #").unwrap_or(line.len()),
            Extent::Quote => {
                let quote = all.as_str().chars().next();
                quote.and_then(|it| line.find(it)).unwrap_or(line.len())
            }
        };
        Span::new(0, end)
    });
    let is_cut = span.end < rest.reach(span.end);
    let span = span.trimmed(line);
    let value = span.slice(line);
    let is_open = tells_nothing(value) || (inside.is_none() && is_code(value));
    let end = if is_cut { rest.length } else { span.end };
    (!is_open).then(|| Span::new(span.start, end).shift(all.end()))
}

/// The inside of the quotes that a line begins with; the rest of the line where they do not end.
fn quoted(line: &str) -> Option<Span> {
    let quotes = ["\\\"", "\\'", "\"", "'"];
    let quote = quotes.into_iter().find(|quote| line.starts_with(quote))?;
    let start = quote.len();
    let inside = line.get(start..)?;
    let mut escaped = false;
    for (at, character) in inside.char_indices() {
        if !escaped && inside.get(at..).is_some_and(|it| it.starts_with(quote)) {
            return Some(Span::new(start, start + at));
        }
        escaped = character == '\\' && !escaped && start == 1;
    }
    Some(Span::new(start, line.len()))
}

/// Where a word of a shell ends that does not begin with a quote.
fn word_end(line: &str) -> usize {
    let mut inside: Option<char> = None;
    for (at, character) in line.char_indices() {
        match (inside, character) {
            (Some(quote), _) if character == quote => inside = None,
            (None, '"' | '\'') if ends_string(line, at) => return at,
            (None, '"' | '\'') => inside = Some(character),
            (None, ';' | '&' | '|' | '`' | ')' | '<' | '>') => return at,
            (None, blank) if blank.is_whitespace() => return at,
            _ => {}
        }
    }
    line.len()
}

/// Whether the quote at `at` ends the string around the word: no word goes on behind it.
fn ends_string(line: &str, at: usize) -> bool {
    let behind = line.get(at + 1..).and_then(|rest| rest.chars().next());
    behind.is_none_or(|c| c.is_whitespace() || ",;:]})`".contains(c))
}

/// Whether a distribution with such a name is asked for in some version, as in
/// `dash-enterprise-auth = "^1.0"`.
fn is_pin(name: &str, version: &str) -> bool {
    let is_distribution = name.contains(['-', '_', '.'])
        && !name.bytes().any(|byte| byte.is_ascii_uppercase())
        && name.ends_with("auth");
    let numbers = version.trim_start_matches(['^', '~', '=', '>', '<', '!', ' ']);
    let is_version = numbers.starts_with(|c: char| c.is_ascii_digit())
        && version.len() <= 40
        && version
            .bytes()
            .all(|c| c.is_ascii_digit() || b".*^~=<>!, abcrdevpost".contains(&c));
    is_distribution && (is_version || version == "*")
}

/// Whether a value opens nothing: it refers to another place, or is hidden already.
fn tells_nothing(value: &str) -> bool {
    let truths = ["true", "false", "yes", "no", "on", "off", "none", "null"];
    let is_hidden = value.chars().all(|c| "*.…{}[]|,".contains(c));
    is_hidden
        || is_variable(value)
        || value.starts_with("{{")
        || truths.contains(&value.trim_end_matches(',').to_ascii_lowercase().as_str())
}

/// `$NAME`, `${NAME}`, `$(command)`, `${{ secrets.NAME }}`, `%NAME%`.
fn is_variable(value: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
    };
    let inner = |value: &str, start: &str, end: &str| {
        let inner = value.strip_prefix(start)?.strip_suffix(end)?;
        Some(is_name(inner))
    };
    value.starts_with("$(")
        || value.starts_with("${{")
        || value.strip_prefix('$').is_some_and(is_name)
        || inner(value, "${", "}") == Some(true)
        || inner(value, "%", "%") == Some(true)
}

/// Another option, or the call or item of a program: `-v`, `os.environ["TOKEN"]`, `get(x)`. A
/// second `=` means that a comparison or a pin was taken for an assignment.
fn is_code(value: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let rest = value.trim_start_matches(part);
    value.starts_with(['-', '=']) || (rest.len() < value.len() && rest.starts_with(['(', '[']))
}

/// How many patterns there are to look with.
#[cfg(test)]
pub(super) fn count() -> usize {
    PATTERNS.iter().filter_map(Pattern::made).count()
}
