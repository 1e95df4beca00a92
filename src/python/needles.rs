//! The cheap look before a file is parsed: does any word occur in it that a rule cares about?

use memchr::memmem::{self, Finder};

/// Words to look for. They cost next to nothing to make: a program that looks at one app must not
/// spend its time on building patterns.
#[derive(Debug, Clone, Default)]
pub struct Needles {
    names: StartingNames,
    words: Vec<Finder<'static>>,
    also: Option<fn(&[u8]) -> bool>,
}

impl Needles {
    /// Takes words. They are ASCII and case-sensitive, and are looked for anywhere, also inside
    /// longer words.
    pub fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let finder = |word: &str| Finder::new(word).into_owned();
        let words = words.into_iter().filter(|word| !word.is_empty());
        Self {
            words: words.map(finder).collect(),
            ..Self::default()
        }
    }

    /// Takes names of Python, which are looked for as whole names: `load` is not in `loading`. In a
    /// notebook a name may stand right behind an escaped line end. Names with a dot are looked for
    /// like the words of [`Needles::new`].
    pub fn names<'w>(names: impl IntoIterator<Item = &'w str>) -> Self {
        let (mut dotted, plain): (Vec<&str>, Vec<&str>) =
            names.into_iter().partition(|name| name.contains('.'));
        dotted.sort_unstable();
        dotted.dedup();
        Self {
            names: StartingNames::new(plain),
            ..Self::new(dotted)
        }
    }

    /// Takes what `also` finds for found, too.
    #[must_use]
    pub fn or(mut self, also: fn(&[u8]) -> bool) -> Self {
        self.also = Some(also);
        self
    }

    /// Whether one of the words occurs. Bytes that are not UTF-8 are looked at all the same; a file
    /// in UTF-16 always counts, since its bytes spell words differently.
    pub fn occur_in(&self, bytes: &[u8]) -> bool {
        let is_none = self.names.0.is_empty() && self.words.is_empty() && self.also.is_none();
        let is_wide = matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
        !is_none
            && (is_wide
                || self.words.iter().any(|word| word.find(bytes).is_some())
                || self.names.occur_in(bytes)
                || self.also.is_some_and(|also| also(bytes)))
    }
}

/// Names of Python by their first byte.
#[derive(Debug, Clone, Default)]
struct StartingNames(Vec<SameStart>);

/// The names with one first byte, and a bit for each length that occurs.
#[derive(Debug, Clone, Default)]
struct SameStart {
    lengths: u64,
    names: Vec<String>,
}

impl StartingNames {
    fn new(names: Vec<&str>) -> Self {
        let mut all = Self::default();
        for name in names {
            let Some(first) = name.bytes().next() else {
                continue;
            };
            if all.0.is_empty() {
                all.0.resize_with(256, SameStart::default);
            }
            if let Some(same) = all.0.get_mut(usize::from(first)) {
                same.lengths |= length_bit(name.len());
                same.names.push(name.to_owned());
            }
        }
        all
    }

    fn hold(&self, word: &[u8]) -> bool {
        let first = word.first().map(|first| usize::from(*first));
        let Some(same) = first.and_then(|first| self.0.get(first)) else {
            return false;
        };
        same.lengths & length_bit(word.len()) != 0
            && same.names.iter().any(|name| name.as_bytes() == word)
    }

    fn occur_in(&self, bytes: &[u8]) -> bool {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        if self.0.is_empty() {
            return false;
        }
        bytes
            .split(|byte| !is_part(byte))
            .any(|word| self.hold(word))
            || memmem::find_iter(bytes, b"\\").any(|at| {
                let rest = bytes.get(at + 1..).unwrap_or_default();
                let end = rest.iter().position(|it| !is_part(it));
                let word = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
                matches!(word, [b'n' | b'r' | b't', rest @ ..] if self.hold(rest))
            })
    }
}

/// The bit of a length; all lengths from 63 on share one.
fn length_bit(length: usize) -> u64 {
    1 << length.min(63)
}
