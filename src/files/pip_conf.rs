//! `pip.conf`: pip's configuration, of which only the package indexes matter here. Sections, keys
//! and words of values have spans; a file that is no configuration has no entries.

use super::{Model, Problem};
use crate::text::{Line, Span, Text, lines};

/// A pip configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PipConf {
    entries: Vec<PipSetting>,
}

/// One `key = value`, the value perhaps going on in indented lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PipSetting {
    /// The key as pip compares it: lower case, `-` for `_`.
    pub key: String,
    /// The words of the value.
    pub words: Vec<Span>,
    /// All lines of the entry with their line ends.
    pub full: Span,
}

impl PipConf {
    /// The entries of all sections, in order.
    pub fn entries(&self) -> &[PipSetting] {
        &self.entries
    }
}

impl Model for PipConf {
    fn parse(text: &Text) -> Result<Self, Problem> {
        let text = text.as_str();
        let mut entries: Vec<PipSetting> = Vec::new();
        let mut open = false;
        for line in lines(text) {
            let content = line.span.slice(text);
            if content.trim().is_empty() || content.trim_start().starts_with(['#', ';']) {
                continue;
            }
            if content.starts_with([' ', '\t']) {
                if let Some(entry) = entries.last_mut().filter(|_| open) {
                    entry.words.extend(words(text, line.span));
                    entry.full = Span::new(entry.full.start, line.end);
                }
                continue;
            }
            let entry = entry(text, line);
            open = entry.is_some();
            entries.extend(entry);
        }
        Ok(Self { entries })
    }
}

/// The entry that begins in a line; none in a section's head.
fn entry(text: &str, line: Line) -> Option<PipSetting> {
    let content = line.span.slice(text);
    if content.starts_with('[') {
        return None;
    }
    let sign = content.find(['=', ':'])?;
    let key = content.get(..sign)?.trim();
    Some(PipSetting {
        key: key.to_ascii_lowercase().replace('_', "-"),
        words: words(text, Span::new(line.span.start + sign + 1, line.span.end)),
        full: line.full(),
    })
}

fn words(text: &str, span: Span) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = span.start;
    for piece in span.slice(text).split(char::is_whitespace) {
        if !piece.is_empty() {
            found.push(Span::new(at, at + piece.len()));
        }
        at += piece.len();
        at += text
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_have_words_over_several_lines() {
        let text = "[global]\n# x = y\nExtra_Index_Url =\n    https://a.example.com/x\n    https://b.example.com/y\ntimeout: 60\n";
        let model = PipConf::parse(&Text::new(text)).unwrap();
        let [first, second] = model.entries() else {
            panic!("{model:?}");
        };
        let words: Vec<&str> = first.words.iter().map(|word| word.slice(text)).collect();
        assert_eq!(first.key, "extra-index-url");
        assert_eq!(
            words,
            ["https://a.example.com/x", "https://b.example.com/y"]
        );
        assert!(
            first.full.slice(text).starts_with("Extra") && first.full.slice(text).ends_with("/y\n")
        );
        assert_eq!(
            (second.key.as_str(), second.words[0].slice(text)),
            ("timeout", "60")
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "([a-z= \t\n\r\\[\\]#\u{e9}\u{2003}:]|\\PC)*") {
            let model = PipConf::parse(&Text::new(text.clone())).unwrap();
            let mut end = 0;
            for entry in model.entries() {
                prop_assert!(entry.full.start >= end && entry.full.end <= text.len());
                end = entry.full.end;
                for word in &entry.words {
                    let word = word.slice(&text);
                    prop_assert!(!word.is_empty() && !word.contains(char::is_whitespace));
                }
            }
        }
    }
}
