//! Where string literals begin and end, for the two scans that read Python without a parser.

/// The beginning of a string literal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Opening {
    /// How many letters stand in front of the quote.
    pub(super) prefix: usize,
    /// The quote character.
    pub(super) quote: u8,
    /// Whether the quotes are triple.
    pub(super) triple: bool,
    /// Whether a letter makes it an f-string or t-string.
    pub(super) interpolated: bool,
}

impl Opening {
    /// The opening at `at`, if a string literal begins there. A quote behind a longer word is the
    /// word's problem: the caller asks at the beginning of words only.
    pub(super) fn at(bytes: &[u8], at: usize) -> Option<Self> {
        let rest = bytes.get(at..)?;
        let prefix = rest
            .iter()
            .take(3)
            .take_while(|byte| byte.is_ascii_alphabetic())
            .count();
        let letters = rest.get(..prefix)?;
        if !letters.iter().all(|letter| b"rRbBuUfFtT".contains(letter)) {
            return None;
        }
        let quote = *rest
            .get(prefix)
            .filter(|byte| matches!(byte, b'"' | b'\''))?;
        let second = rest.get(prefix + 1) == Some(&quote);
        Some(Self {
            prefix,
            quote,
            triple: second && rest.get(prefix + 2) == Some(&quote),
            interpolated: letters.iter().any(|letter| b"fFtT".contains(letter)),
        })
    }

    /// The number of quote characters on each side.
    pub(super) const fn quotes(self) -> usize {
        if self.triple { 3 } else { 1 }
    }

    /// The number of bytes in front of the content.
    pub(super) const fn len(self) -> usize {
        self.prefix + self.quotes()
    }

    /// Whether the string ends at `at`.
    pub(super) fn closes_at(self, bytes: &[u8], at: usize) -> bool {
        let quotes = bytes.get(at..at + self.quotes());
        quotes.is_some_and(|quotes| quotes.iter().all(|byte| *byte == self.quote))
    }

    /// Where the content that begins at `from` ends, for a string whose braces mean nothing;
    /// `None` if nothing closes it before the end of the line (triple: of the text).
    pub(super) fn content_end(self, bytes: &[u8], from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            let rest = bytes.get(at..)?;
            let stop = memchr::memchr2(b'\\', self.quote, rest)?;
            let passed = rest.get(..stop).unwrap_or_default();
            if !self.triple && memchr::memchr2(b'\n', b'\r', passed).is_some() {
                return None;
            }
            at += stop;
            if bytes.get(at) == Some(&b'\\') {
                at += 2;
            } else if self.closes_at(bytes, at) {
                return Some(at);
            } else {
                at += 1;
            }
        }
    }
}
