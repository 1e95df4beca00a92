//! The cheap look before a file is parsed: does any word occur in it that a rule cares about?

use std::collections::HashSet;

use memchr::memmem;
use regex::bytes::Regex;

/// Words to look for, all in one pass over the bytes: names of Python in a set, which is made much
/// faster than a pattern of hundreds of words, and one pattern for all else.
#[derive(Debug, Clone, Default)]
pub struct Needles {
    names: HashSet<String>,
    pattern: Option<Regex>,
    /// The pattern is none; then every file is worth parsing.
    always: bool,
}

impl Needles {
    /// Takes words. They are ASCII and case-sensitive, and are looked for anywhere, also inside
    /// longer words.
    pub fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut words: Vec<String> = words.into_iter().map(regex::escape).collect();
        words.sort();
        words.dedup();
        Self::default().or_pattern(&words.join("|"))
    }

    /// Takes names of Python, which are looked for as whole names: `load` is not in `loading`. In a
    /// notebook a name may stand right behind an escaped line end. Names with a dot are looked for
    /// like the words of [`Needles::new`].
    pub fn names<'w>(names: impl IntoIterator<Item = &'w str>) -> Self {
        let (dotted, plain): (Vec<&str>, Vec<&str>) =
            names.into_iter().partition(|name| name.contains('.'));
        Self {
            names: plain.into_iter().map(str::to_owned).collect(),
            ..Self::new(dotted)
        }
    }

    /// Looks for a pattern, too.
    #[must_use]
    pub fn or_pattern(mut self, pattern: &str) -> Self {
        let before = self.pattern.as_ref().map(Regex::as_str);
        let all: Vec<&str> = before
            .into_iter()
            .chain([pattern])
            .filter(|it| !it.is_empty())
            .collect();
        if !all.is_empty() {
            let made = Regex::new(&format!("(?-u:{})", all.join("|")));
            self.always |= made.is_err();
            self.pattern = made.ok();
        }
        self
    }

    /// Whether one of the words occurs. Bytes that are not UTF-8 are looked at all the same; a file
    /// in UTF-16 always counts, since its bytes spell words differently.
    pub fn occur_in(&self, bytes: &[u8]) -> bool {
        let is_none = self.names.is_empty() && self.pattern.is_none() && !self.always;
        let is_wide = matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
        let by_pattern = |pattern: &Regex| pattern.is_match(bytes);
        !is_none
            && (self.always
                || is_wide
                || self.holds_name(bytes)
                || self.pattern.as_ref().is_some_and(by_pattern))
    }

    fn holds_name(&self, bytes: &[u8]) -> bool {
        if self.names.is_empty() {
            return false;
        }
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let is_known = |word: &[u8]| {
            word.len() > 1 && str::from_utf8(word).is_ok_and(|word| self.names.contains(word))
        };
        bytes.split(|byte| !is_part(byte)).any(is_known)
            || memmem::find_iter(bytes, b"\\").any(|at| {
                let rest = bytes.get(at + 1..).unwrap_or_default();
                let end = rest.iter().position(|it| !is_part(it));
                let word = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
                matches!(word, [b'n' | b'r' | b't', rest @ ..] if is_known(rest))
            })
    }
}
