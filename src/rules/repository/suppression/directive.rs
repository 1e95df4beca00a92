//! What a comment asks for: `# dashlift: ignore[DL301]`. Nothing here knows files or findings.

use memchr::memmem;
use thiserror::Error;

use crate::rules::Code;
use crate::rules::settings::Selector;
use crate::text::Span;

/// A comment's request to say nothing about its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Directive {
    /// From the `#` to the last character of what belongs to the request, a reason included.
    pub(super) span: Span,
    /// The same without the reason.
    pub(super) shown: Span,
    /// What is to be ignored.
    pub(super) request: SuppressionRequest,
    /// What is wrong with it.
    pub(super) wrong: Option<Malformed>,
}

/// What is to be ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SuppressionRequest {
    /// Every finding of the line.
    All,
    /// The findings of these rules.
    Rules(Vec<Named>),
}

/// A code, the beginning of one, or a name, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// Where, without blanks.
    pub(super) span: Span,
    /// The rules that it stands for.
    pub(super) selector: Selector,
}

/// Why a request cannot be followed, or not in all of it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum Malformed {
    /// `# dashlift:`
    #[error("`ignore` is missing")]
    Nothing,
    /// `# dashlift: ingore[DL301]`
    #[error("`{0}` is not `ignore`")]
    Verb(String),
    /// `# dashlift: ignore DL301`
    #[error("the codes stand in no brackets")]
    NoBrackets,
    /// `# dashlift: ignore[DL301`
    #[error("the bracket is not closed")]
    Unclosed,
    /// `# dashlift: ignore[]`
    #[error("the brackets are empty")]
    Empty,
    /// `# dashlift: ignore[DL999]`
    #[error("`{0}` is no rule")]
    Unknown(String),
}

/// Whether a file may hold a request: the cheap look before anything is parsed. UTF-16 always may.
pub(super) fn may_be_in(bytes: &[u8]) -> bool {
    let wide = matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
    wide || memmem::find(bytes, b"ashlift").is_some()
}

/// Whether a request begins here: how it goes on does not matter.
pub(super) fn begins(text: &str) -> bool {
    head(text).is_some()
}

/// The length of `# dashlift:`, with any blanks in it.
fn head(text: &str) -> Option<usize> {
    const BLANKS: [char; 2] = [' ', '\t'];
    let rest = text.strip_prefix('#')?.trim_start_matches(BLANKS);
    let rest = rest.strip_prefix(['d', 'D'])?.strip_prefix("ashlift")?;
    let rest = rest.trim_start_matches(BLANKS).strip_prefix(':')?;
    Some(text.len() - rest.len())
}

/// The requests of a comment; others than the first stand behind a `#` of their own, as in
/// `# noqa  # dashlift: ignore[DL301]`.
pub(super) fn read(text: &str, comment: Span) -> Vec<Directive> {
    let content = comment.slice(text);
    let stands_free = |at: usize| {
        let before = content.get(..at).and_then(|before| before.chars().last());
        before.is_none_or(|c| c.is_whitespace() || c == '#')
    };
    let places = content.match_indices('#').map(|(at, _)| at);
    let read = places.filter(|at| stands_free(*at)).filter_map(|at| {
        let rest = content.get(at..)?;
        let head = head(rest)?;
        let behind = rest.get(head..)?;
        let length = behind.find(" #").unwrap_or(behind.len());
        let start = comment.start + at;
        let body = Span::new(start + head, start + head + length);
        Some(directive(text, start, body.trimmed(text)))
    });
    read.collect()
}

/// Reads what stands behind `# dashlift:`.
fn directive(text: &str, start: usize, body: Span) -> Directive {
    let content = body.slice(text);
    let verb = content
        .find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'))
        .unwrap_or(content.len());
    let word = content.get(..verb).unwrap_or_default();
    let rest = Span::new(body.start + verb, body.end).trimmed(text);
    let (request, wrong) = match word {
        "" => (nothing(), Some(Malformed::Nothing)),
        word if word.eq_ignore_ascii_case("ignore") => request(text, rest),
        word => (nothing(), Some(Malformed::Verb(word.to_owned()))),
    };
    let end = match (&wrong, rest.slice(text).find(']')) {
        (None, None) => body.start + verb,
        (None, Some(bracket)) => rest.start + bracket + 1,
        (Some(_), _) => body.end,
    };
    Directive {
        span: Span::new(start, body.end),
        shown: Span::new(start, end),
        request,
        wrong,
    }
}

fn nothing() -> SuppressionRequest {
    SuppressionRequest::Rules(Vec::new())
}

/// What stands behind `ignore`: nothing, a list in brackets, or a reason behind a dash.
fn request(text: &str, rest: Span) -> (SuppressionRequest, Option<Malformed>) {
    let content = rest.slice(text);
    let Some(list) = content.strip_prefix('[') else {
        let is_reason = content.starts_with(['-', '\u{2013}', '\u{2014}', '(', ':', ';']);
        return if content.is_empty() || is_reason {
            (SuppressionRequest::All, None)
        } else {
            (nothing(), Some(Malformed::NoBrackets))
        };
    };
    let Some(end) = list.find(']') else {
        return (nothing(), Some(Malformed::Unclosed));
    };
    let start = rest.start + 1;
    rules(text, Span::new(start, start + end))
}

/// The codes between the brackets. Those that are right count, whatever the others are.
fn rules(text: &str, list: Span) -> (SuppressionRequest, Option<Malformed>) {
    let mut named = Vec::new();
    let mut wrong = None;
    let mut start = list.start;
    for part in list.slice(text).split(',') {
        let span = Span::new(start, start + part.len()).trimmed(text);
        start += part.len() + 1;
        match span.slice(text) {
            "" => {}
            name => match name.parse() {
                Ok(selector) => named.push(Named { span, selector }),
                Err(_) => wrong = wrong.or_else(|| Some(Malformed::Unknown(name.to_owned()))),
            },
        }
    }
    if named.is_empty() && wrong.is_none() {
        wrong = Some(Malformed::Empty);
    }
    (SuppressionRequest::Rules(named), wrong)
}

impl Directive {
    /// Whether findings of the rule are to be ignored.
    pub(super) fn covers(&self, code: Code) -> bool {
        match &self.request {
            SuppressionRequest::All => true,
            SuppressionRequest::Rules(named) => {
                named.iter().any(|named| named.selector.covers(code))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(text: &str) -> Directive {
        let mut found = read(text, Span::new(0, text.len()));
        assert_eq!(found.len(), 1, "{text}");
        found.remove(0)
    }

    fn wrong(text: &str) -> Option<String> {
        one(text).wrong.map(|wrong| wrong.to_string())
    }

    #[test]
    fn codes_prefixes_and_names_are_read() {
        for text in [
            "# dashlift: ignore[DL301]",
            "#dashlift:ignore[dl301]",
            "# Dashlift : Ignore [ DL301 , ]",
            "# dashlift: ignore[DL3]",
            "# dashlift: ignore[directory-mapping]",
            "# dashlift: ignore[DL101, DL301] the folder stays",
            "# noqa # dashlift: ignore[DL301]",
            "# dashlift: ignore",
            "# dashlift: ignore - the folder stays",
        ] {
            let directive = one(text);
            assert!(directive.covers(Code(301)), "{text}");
            assert_eq!(directive.wrong, None, "{text}");
        }
        assert!(!one("# dashlift: ignore[DL301]").covers(Code(302)));
        assert!(one("# dashlift: ignore").covers(Code(1)));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let cases = [
            ("# dashlift: ingore[DL301]", "`ingore` is not `ignore`"),
            ("# dashlift: ", "`ignore` is missing"),
            ("# dashlift: ignore DL301", "the codes stand in no brackets"),
            ("# dashlift: ignore[DL301", "the bracket is not closed"),
            ("# dashlift: ignore[ ]", "the brackets are empty"),
            ("# dashlift: ignore[DL999]", "`DL999` is no rule"),
        ];
        for (text, expected) in cases {
            assert_eq!(wrong(text).as_deref(), Some(expected), "{text}");
            assert!(!one(text).covers(Code(301)), "{text}");
        }
        let half = one("# dashlift: ignore[DL999, DL301]");
        assert!(half.covers(Code(301)) && half.wrong.is_some());
    }

    #[test]
    fn other_comments_are_no_requests() {
        for text in [
            "# dashlift is a tool",
            "# DASHLIFT: ignore",
            "# see `# dashlift: ignore[DL301]`",
            "# mydashlift: ignore",
            "# noqa",
        ] {
            assert!(read(text, Span::new(0, text.len())).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_request_ends_where_the_next_comment_begins() {
        let text = "x # dashlift: ignore[DL301] why  # noqa";
        let found = read(text, Span::new(2, text.len()));
        assert_eq!(found[0].span.slice(text), "# dashlift: ignore[DL301] why");
        assert_eq!(found[0].shown.slice(text), "# dashlift: ignore[DL301]");
        assert_eq!(one("# dashlift: ignore - why").shown, Span::new(0, 18));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

        #[test]
        fn spans_lie_in_the_comment(text in "(#|dashlift|:|ignore|\\[|\\]|DL301|DL9|,|[ \ta\u{e9}]){0,20}") {
            for directive in read(&text, Span::new(0, text.len())) {
                prop_assert!(directive.span.slice(&text).starts_with('#'));
                if let SuppressionRequest::Rules(named) = &directive.request {
                    for name in named {
                        prop_assert!(directive.span.start < name.span.start);
                        prop_assert!(name.span.end <= directive.span.end);
                        prop_assert!(name.span.slice(&text).parse::<Selector>().is_ok());
                    }
                }
            }
        }
    }
}
