//! `conda-runtime.txt`: the Miniconda installer of DE4. Which Python an installer brings is data
//! of the rules.

use super::{Model, Problem};
use crate::text::{Span, Text, lines};

/// The name of a Miniconda installer, as in `Miniconda3-4.5.12` or `Miniconda3-py37_4.8.3`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CondaRuntime {
    /// The name, without the platform and the extension of an installer's file.
    pub installer: Span,
    /// The major version of Python: `2` or `3`.
    pub major: u8,
    /// The Python minor that the name itself says: 7 for `py37_4.8.3`.
    pub minor: Option<u8>,
    /// Conda's version, `latest` included.
    pub version: Span,
}

impl Model for CondaRuntime {
    fn parse(text: &Text) -> Result<Self, Problem> {
        let text = text.as_str();
        let mut said = lines(text)
            .map(|line| line.span)
            .filter(|span| !span.slice(text).trim().is_empty());
        let Some(line) = said.next() else {
            return Err(Problem::new(Span::at(0), "it names no Miniconda installer"));
        };
        if let Some(more) = said.next() {
            return Err(Problem::new(more, "a second line; one installer is named"));
        }
        let blanks = line.slice(text).len() - line.slice(text).trim_start().len();
        let start = line.start + blanks;
        let name = line.slice(text).trim();
        read(name, start).ok_or_else(|| {
            let message = "no name of a Miniconda installer, as in Miniconda3-4.5.12";
            Problem::new(Span::new(start, start + name.len()), message)
        })
    }
}

fn read(name: &str, start: usize) -> Option<CondaRuntime> {
    let rest = name.strip_prefix("Miniconda")?;
    let (major, rest) = match rest.split_once('-')? {
        ("2", rest) => (2, rest),
        ("3" | "", rest) => (3, rest),
        _ => return None,
    };
    let end = rest.find("-Linux").unwrap_or(rest.len());
    let full = rest.get(..end)?;
    let (minor, version) = match full.split_once('_') {
        Some((python, version)) => (Some(minor_of(python)?), version),
        None => (None, full),
    };
    let is_version = version == "latest"
        || version.starts_with(|c: char| c.is_ascii_digit())
            && version
                .chars()
                .all(|c| c.is_ascii_digit() || c == '.' || c == '-');
    let version_end = start + (name.len() - rest.len()) + end;
    is_version.then(|| CondaRuntime {
        installer: Span::new(start, version_end),
        major,
        minor,
        version: Span::new(version_end - version.len(), version_end),
    })
}

/// The minor of `py37`, `py310`.
fn minor_of(python: &str) -> Option<u8> {
    let digits = python.strip_prefix("py")?;
    digits.strip_prefix(['2', '3'])?.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Result<CondaRuntime, Problem> {
        CondaRuntime::parse(&Text::new(text))
    }

    #[test]
    fn installers_are_read() {
        for (text, installer, major, minor, version) in [
            ("Miniconda3-4.5.12", "Miniconda3-4.5.12", 3, None, "4.5.12"),
            (
                " Miniconda2-4.3.30\r\n",
                "Miniconda2-4.3.30",
                2,
                None,
                "4.3.30",
            ),
            (
                "\nMiniconda3-py37_4.8.3\n",
                "Miniconda3-py37_4.8.3",
                3,
                Some(7),
                "4.8.3",
            ),
            (
                "Miniconda3-py310_23.3.1-0",
                "Miniconda3-py310_23.3.1-0",
                3,
                Some(10),
                "23.3.1-0",
            ),
            (
                "Miniconda3-latest-Linux-x86_64.sh",
                "Miniconda3-latest",
                3,
                None,
                "latest",
            ),
        ] {
            let runtime = parse(text).unwrap();
            assert_eq!(runtime.installer.slice(text), installer);
            assert_eq!((runtime.major, runtime.minor), (major, minor));
            assert_eq!(runtime.version.slice(text), version);
        }
    }

    #[test]
    fn other_texts_are_problems() {
        for (text, at) in [
            ("", 0),
            ("python-3.7", 0),
            (" 4.5.12", 1),
            ("Miniconda3-\n", 0),
        ] {
            assert_eq!(parse(text).unwrap_err().span.start, at, "{text:?}");
        }
        assert_eq!(
            parse("Miniconda3-4.5.12\n# x\n").unwrap_err().span.start,
            18
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(Miniconda[23]?-)?[0-9a-z_. \\-é\\n]{0,20}") {
            match parse(&text) {
                Ok(runtime) => {
                    prop_assert!(runtime.installer.slice(&text).starts_with("Miniconda"));
                    prop_assert!(!runtime.version.slice(&text).is_empty());
                }
                Err(problem) => prop_assert!(text.get(problem.span.range()).is_some()),
            }
        }
    }
}
