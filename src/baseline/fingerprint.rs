//! What makes a finding the same finding tomorrow: its rule, case and subject, and its file; where
//! the subject is the file as a whole, the text of its lines too. Neither line numbers nor the
//! sentence count.

use std::collections::BTreeMap;
use std::fmt;

use crate::engine::Reported;
use crate::rules::{Code, Finding, Identity, Subject};
use crate::secrets::{masked, masked_part};
use crate::text::{Span, Text};
use crate::tree::TreePath;

/// The longest line (bytes) that stands for its findings as a whole. In a longer one, as in a
/// notebook without line ends, every edit would make all findings new ones.
const LONGEST_LINE: usize = 1000;

/// The most text (bytes) of a finding of many lines that counts.
const MOST_TEXT: usize = 4000;

/// The name of a finding that stays while lines move. Secrets are no part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u64);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Fingerprint {
    /// Reads what is printed: sixteen hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u64::from_str_radix(text, 16).ok()?;
        digits.then_some(Self(number))
    }
}

/// Gives the findings of one repository their fingerprints: those that look alike are numbered in
/// the order in which they come.
#[derive(Default)]
pub struct Fingerprints {
    seen: BTreeMap<(Identity, TreePath, String), usize>,
}

impl Fingerprints {
    /// The fingerprint of the next finding.
    pub fn next(&mut self, reported: &Reported) -> Fingerprint {
        self.next_of(&reported.finding, reported.text.as_ref())
    }

    /// As [`Fingerprints::next`]; `text` is that of the finding's file.
    pub fn next_of(&mut self, finding: &Finding, text: Option<&Text>) -> Fingerprint {
        let identity = finding.identity();
        let content = match identity.subject {
            Subject::Whole => lines(finding, text).unwrap_or_default(),
            _ => String::new(),
        };
        let path = finding.place.path.clone();
        let mut hash = Fnv::default();
        hash.add(&identity.code.to_string());
        hash.add(identity.case.key());
        hash.add(&identity.subject.key());
        hash.add(path.as_str());
        hash.add(&content);
        hash.add(&count(&mut self.seen, (identity, path, content)));
        Fingerprint(hash.0)
    }
}

/// As [`Fingerprints`], in the way of version 1: by what the place shows, or else by the sentence.
#[derive(Default)]
pub(super) struct OldFingerprints {
    seen: BTreeMap<(Code, TreePath, String), usize>,
}

impl OldFingerprints {
    /// The fingerprint of the next finding.
    pub(super) fn next(&mut self, reported: &Reported) -> Fingerprint {
        let finding = &reported.finding;
        let content = lines(finding, reported.text.as_ref());
        let content = content.unwrap_or_else(|| words(finding));
        let path = finding.place.path.clone();
        let mut hash = Fnv::default();
        hash.add(&finding.rule.code.to_string());
        hash.add(path.as_str());
        hash.add(&content);
        hash.add(&count(&mut self.seen, (finding.rule.code, path, content)));
        Fingerprint(hash.0)
    }
}

/// How many findings that look like this came before.
fn count<K: Ord>(seen: &mut BTreeMap<K, usize>, looks: K) -> String {
    let number = seen.entry(looks).or_default();
    *number += 1;
    (*number - 1).to_string()
}

/// The lines at the place of the finding, without secrets; of a finding about a file as a whole
/// none.
fn lines(finding: &Finding, text: Option<&Text>) -> Option<String> {
    let (text, span) = (text?, finding.place.span?);
    let lines = lines_of(text.as_str(), span);
    Some(normalised(&masked_part(text.as_str(), lines)))
}

/// The sentence of the finding without numbers: those count something that changes.
fn words(finding: &Finding) -> String {
    let message = masked(finding.sentence());
    let words = message.split(|c: char| c.is_ascii_digit());
    normalised(&words.collect::<String>())
}

/// The lines of the span; the span alone where they are too long.
fn lines_of(text: &str, span: Span) -> Span {
    let is_end = |c: char| c == '\n' || c == '\r';
    let span = Span::new(span.start.min(text.len()), span.end.min(text.len()));
    let before = Span::new(0, span.start).slice(text);
    let start = before.rfind(is_end).map_or(0, |at| at + 1);
    let behind = Span::new(span.end, text.len()).slice(text);
    let end = behind.find(is_end).map_or(text.len(), |at| span.end + at);
    let around = end - start - span.len();
    let chosen = if around > LONGEST_LINE {
        span
    } else {
        Span::new(start, end)
    };
    let mut end = chosen.end.min(chosen.start + MOST_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Span::new(chosen.start, end)
}

/// Blanks do not matter, nor how many.
fn normalised(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// Fowler, Noll and Vo's hash 1a with 64 bits: small, and the same on every machine and for ever,
/// which the one of the standard library does not promise.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// Adds a text and its end.
    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reported(content: &str, what: &str) -> Reported {
        let start = content.find(what).unwrap();
        let path = TreePath::new("app.py").unwrap();
        let rule = crate::rules::find("DL101").unwrap();
        let case = *rule.cases.first().unwrap();
        let finding = rule
            .report(case, Subject::Whole, &path, "a fact")
            .span(Span::new(start, start + what.len()))
            .guide("Do it.");
        Reported {
            finding,
            text: Some(Text::new(content)),
            evidence: Vec::new(),
        }
    }

    fn fingerprint(content: &str, what: &str) -> Fingerprint {
        Fingerprints::default().next(&reported(content, what))
    }

    #[test]
    fn lines_may_move_and_blanks_may_change() {
        let here = fingerprint("a = '/data'\n", "/data");
        assert_eq!(fingerprint("x\r\n\r\n  a  =\t'/data'\r\ny", "/data"), here);
        assert_ne!(fingerprint("b = '/data'\n", "/data"), here);
        assert_eq!(here.to_string().len(), 16);
        assert_eq!(Fingerprint::parse(&here.to_string()), Some(here));
    }

    #[test]
    fn it_is_the_same_for_ever() {
        let here = fingerprint("a = '/data'\n", "/data");
        assert_eq!(here.to_string(), "f3f57be8ff71df94");
    }

    #[test]
    fn a_second_one_is_another() {
        let mut all = Fingerprints::default();
        let one = reported("open('/data')\n", "/data");
        assert_ne!(all.next(&one), all.next(&one));
    }

    #[test]
    fn secrets_do_not_count() {
        let with = |password: &str| format!("u = 'https://me:{password}@a.example.com/data'");
        assert_eq!(
            fingerprint(&with("abc"), "/data"),
            fingerprint(&with("xyz"), "/data")
        );
    }

    #[test]
    fn of_a_long_line_the_place_counts() {
        let line = |fill: &str| format!("{{{}'/data'}}", fill.repeat(2000));
        assert_eq!(
            fingerprint(&line("a"), "/data"),
            fingerprint(&line("b"), "/data")
        );
    }

    #[test]
    fn what_is_no_fingerprint_is_not_read() {
        for text in ["", "12", "+123456789abcdef", "zzzzzzzzzzzzzzzz", "ééééé"] {
            assert_eq!(Fingerprint::parse(text), None, "{text}");
        }
    }
}
