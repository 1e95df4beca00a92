//! The cheap look before a file is parsed: does any word occur in it that a rule cares about?

use regex::bytes::Regex;

/// Words to look for, all in one pass over the bytes.
#[derive(Debug, Clone)]
pub struct Needles {
    /// `None` when the words make no pattern; then every file is worth parsing.
    pattern: Option<Regex>,
    none: bool,
}

impl Needles {
    /// Takes the words of all rules together. Words are ASCII and case-sensitive, and are looked
    /// for anywhere, also inside longer words.
    pub fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut words: Vec<String> = words.into_iter().map(regex::escape).collect();
        words.sort();
        words.dedup();
        Self {
            pattern: Regex::new(&words.join("|")).ok(),
            none: words.is_empty(),
        }
    }

    /// Whether one of the words occurs. Bytes that are not UTF-8 are looked at all the same; a file
    /// in UTF-16 always counts, since its bytes spell words differently.
    pub fn occur_in(&self, bytes: &[u8]) -> bool {
        let wide = matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
        let found = |pattern: &Regex| wide || pattern.is_match(bytes);
        !self.none && self.pattern.as_ref().is_none_or(found)
    }
}
