//! `runtime.txt`: the Python version of DE4. Which versions DE5 can install is not known here.

use thiserror::Error;

use super::{Model, Problem};
use crate::text::{Span, Text, lines};

/// The version that a `runtime.txt` names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuntimeTxt {
    python: Option<RuntimePython>,
}

/// A Python version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuntimePython {
    /// The characters, without blanks around them.
    pub span: Span,
    /// The `3` of 3.9.6.
    pub major: u16,
    /// The `9` of 3.9.6.
    pub minor: u16,
    /// The `6` of 3.9.6.
    pub patch: Option<u16>,
    /// How it is written.
    pub spelling: Spelling,
}

/// How a version is written. DE4 read one form only: `python-3.9.6`, in small letters, with three
/// numbers (Plotly's documentation and its buildpack's source).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// `python-3.9.6`
    Exact,
    /// `python-3.9`
    NoPatch,
    /// `python=3.9.6`, `Python-3.9.6`, `3.9`: clear to people only.
    Loose,
}

/// Why the file names no Python version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
enum ProblemKind {
    #[error("a merge conflict that was not resolved")]
    Conflict,
    #[error("a second line, where one version is expected")]
    SeveralLines,
    #[error("a URL, where a version as `python-3.9.6` is expected")]
    Url,
    #[error("another Python than CPython, which Dash Enterprise does not install")]
    OtherPython,
    #[error("no version that can be read; `python-3.9.6` is the form")]
    NoVersion,
}

impl RuntimeTxt {
    /// The version; `None` for a file with nothing in it.
    pub fn python(&self) -> Option<&RuntimePython> {
        self.python.as_ref()
    }
}

impl Model for RuntimeTxt {
    fn parse(text: &Text) -> Result<Self, Problem> {
        let content = text.as_str();
        let mut filled = lines(content)
            .map(|line| line.span.trimmed(content))
            .filter(|span| !span.is_empty());
        let Some(first) = filled.next() else {
            return Ok(Self::default());
        };
        if is_conflict(first.slice(content)) {
            return Err(Problem::new(first, ProblemKind::Conflict));
        }
        if let Some(second) = filled.next() {
            return Err(Problem::new(second, ProblemKind::SeveralLines));
        }
        match python(content, first) {
            Ok(python) => Ok(Self {
                python: Some(python),
            }),
            Err(kind) => Err(Problem::new(first, kind)),
        }
    }
}

fn is_conflict(line: &str) -> bool {
    ["<<<<<<<", "=======", ">>>>>>>"]
        .iter()
        .any(|mark| line.starts_with(mark))
}

fn python(text: &str, span: Span) -> Result<RuntimePython, ProblemKind> {
    let written = span.slice(text);
    let lower = written.to_ascii_lowercase();
    if lower.contains("://") {
        return Err(ProblemKind::Url);
    }
    if lower.starts_with("pypy") || lower.starts_with("jython") {
        return Err(ProblemKind::OtherPython);
    }
    let version = lower.strip_prefix("python").unwrap_or(&lower);
    let version = version.trim_start_matches(|c: char| "-=_v".contains(c) || c.is_whitespace());
    let (major, minor, patch) = numbers(version).ok_or(ProblemKind::NoVersion)?;
    let exact = format!("python-{version}") == written;
    let spelling = match patch {
        Some(_) if exact => Spelling::Exact,
        None if exact && !version.ends_with(['*', 'x']) => Spelling::NoPatch,
        _ => Spelling::Loose,
    };
    Ok(RuntimePython {
        span,
        major,
        minor,
        patch,
        spelling,
    })
}

/// `3.9.6`, `3.9`, `3.9.x`, `3.9.*`.
fn numbers(version: &str) -> Option<(u16, u16, Option<u16>)> {
    let mut parts = version.split('.');
    let major = number(parts.next()?)?;
    let minor = number(parts.next()?)?;
    let patch = match parts.next() {
        None | Some("x" | "*") => None,
        Some(patch) => Some(number(patch)?),
    };
    parts.next().is_none().then_some((major, minor, patch))
}

fn number(digits: &str) -> Option<u16> {
    let all_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|_| all_digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Option<RuntimePython>, String> {
        let file = RuntimeTxt::parse(&Text::new(text)).map_err(|problem| problem.message)?;
        Ok(file.python().copied())
    }

    #[track_caller]
    fn version(text: &str, expected: (u16, u16, Option<u16>), spelling: Spelling) {
        let python = read(text).unwrap().unwrap();
        assert_eq!((python.major, python.minor, python.patch), expected);
        assert_eq!(python.spelling, spelling, "{text:?}");
    }

    #[test]
    fn every_form_that_occurs_is_read() {
        for text in [
            "python-3.9.6",
            "python-3.9.6\n",
            " python-3.9.6  \r\n\r\n",
            "\npython-3.9.6",
        ] {
            version(text, (3, 9, Some(6)), Spelling::Exact);
        }
        version("python-3.8", (3, 8, None), Spelling::NoPatch);
        version("python-2.7.14\n", (2, 7, Some(14)), Spelling::Exact);
        for text in [
            "python=3.7.0",
            "Python-3.7.0",
            "3.7.0",
            "python 3.7.0",
            "python==3.7.0",
        ] {
            version(text, (3, 7, Some(0)), Spelling::Loose);
        }
        version("python-3.8.x", (3, 8, None), Spelling::Loose);
        assert_eq!(read(" \n\n"), Ok(None));
    }

    #[test]
    fn what_is_no_version_says_where() {
        let problem = |text: &str| RuntimeTxt::parse(&Text::new(text)).unwrap_err();
        assert!(
            problem("<<<<<<< HEAD\npython-3.7.0\n")
                .message
                .contains("conflict")
        );
        assert!(problem("https://example.com/r#1").message.contains("URL"));
        assert!(problem("pypy3.6-7.3.0").message.contains("another Python"));
        assert!(problem("python-3").message.contains("no version"));
        assert!(problem("python-3.9.6.1").message.contains("no version"));
        assert!(problem("python-3.99999999").message.contains("no version"));
        let several = problem("python-3.9.6\r\n  python-3.8.1\r\n");
        assert!(several.message.contains("second line"));
        assert_eq!(several.span, Span::new(16, 28));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[pPython\\-=. 0-9x*\r\n\u{e9}]{0,24}") {
            match RuntimeTxt::parse(&Text::new(text.as_str())) {
                Ok(file) => if let Some(python) = file.python() {
                    let number = format!("{}.", python.major);
                    let shown = python.span.slice(&text);
                    prop_assert!(shown.trim_start_matches(|c: char| !c.is_ascii_digit()).trim_start_matches('0').starts_with(&number) || python.major == 0);
                    prop_assert_eq!(text.trim(), shown);
                },
                Err(problem) => prop_assert!(!problem.span.slice(&text).is_empty()),
            }
        }

        #[test]
        fn a_version_survives_blanks(minor in 0_u16..20, patch in 0_u16..30, before in "[ \t\r\n]{0,4}", after in "[ \t\r\n]{0,4}") {
            let python = read(&format!("{before}python-3.{minor}.{patch}{after}")).unwrap().unwrap();
            prop_assert_eq!((python.minor, python.patch, python.spelling), (minor, Some(patch), Spelling::Exact));
        }
    }
}
