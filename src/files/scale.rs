//! `DOKKU_SCALE`: replicas per process type, `web=4` one per line.

use std::collections::BTreeMap;

use thiserror::Error;

use super::{Model, Problem};
use crate::text::{Line, Span, Text, lines};

/// The replicas that DE4 ran.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scale {
    counts: Vec<ProcessCount>,
    problems: Vec<Problem>,
}

/// One `type=count` line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProcessCount {
    /// The line, without blanks around it.
    pub span: Span,
    /// The process type.
    pub name: Span,
    /// How many replicas.
    pub count: u32,
}

/// Why a line is no count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
enum ScaleProblem {
    #[error("a line that is no `type=count`")]
    NoCount,
    #[error("a count that is no number of replicas")]
    BadCount,
    #[error("a second, different count for a process type")]
    Contradiction,
}

/// The last count of each process type.
type Known = BTreeMap<String, u32>;

impl Scale {
    /// The counts, in order, each process type once.
    pub fn counts(&self) -> &[ProcessCount] {
        &self.counts
    }

    /// Lines that are no `type=count`, or contradict an earlier one.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    fn read_line(&mut self, text: &str, line: Line, known: &mut Known) {
        let span = line.span.trimmed(text);
        if span.is_empty() || span.slice(text).starts_with('#') {
            return;
        }
        match count(text, span) {
            Ok(new) => self.add(text, new, known),
            Err(kind) => self.problems.push(Problem::new(span, kind)),
        }
    }

    fn add(&mut self, text: &str, new: ProcessCount, known: &mut Known) {
        match known.insert(new.name.slice(text).to_owned(), new.count) {
            None => self.counts.push(new),
            Some(count) if count == new.count => {}
            Some(_) => {
                let problem = Problem::new(new.span, ScaleProblem::Contradiction);
                self.problems.push(problem);
            }
        }
    }
}

impl Model for Scale {
    fn parse(text: &Text) -> Result<Self, Problem> {
        let mut scale = Self::default();
        let mut known = Known::new();
        for line in lines(text.as_str()) {
            scale.read_line(text.as_str(), line, &mut known);
        }
        Ok(scale)
    }
}

/// More replicas than any server runs: a slip of the keyboard.
const ABSURD: u32 = 1000;

fn count(text: &str, span: Span) -> Result<ProcessCount, ScaleProblem> {
    let written = span.slice(text);
    let (name, number) = written.split_once('=').ok_or(ScaleProblem::NoCount)?;
    let name_span = Span::new(span.start, span.start + name.trim_end().len());
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name_span.is_empty() || !name_span.slice(text).chars().all(is_part) {
        return Err(ScaleProblem::NoCount);
    }
    let number = number.trim();
    let count = number.parse().map_err(|_| ScaleProblem::BadCount)?;
    if count > ABSURD || !number.bytes().all(|b| b.is_ascii_digit()) {
        return Err(ScaleProblem::BadCount);
    }
    Ok(ProcessCount {
        span,
        name: name_span,
        count,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> (Vec<(String, u32)>, Vec<String>) {
        let scale = Scale::parse(&Text::new(text)).unwrap();
        let counts = scale
            .counts()
            .iter()
            .map(|count| (count.name.slice(text).to_owned(), count.count));
        let problems = scale.problems().iter();
        (
            counts.collect(),
            problems.map(|problem| problem.message.clone()).collect(),
        )
    }

    #[test]
    fn counts_comments_and_blanks() {
        let (counts, problems) = read("# c\r\nweb=4\r\n\r\n worker-default = 0 \r\nweb=4");
        assert_eq!(
            counts,
            [("web".to_owned(), 4), ("worker-default".to_owned(), 0)]
        );
        assert!(problems.is_empty());
    }

    #[test]
    fn junk_is_a_problem() {
        for (text, message) in [
            ("web", "a line that is no `type=count`"),
            ("=4", "a line that is no `type=count`"),
            ("web: 4", "a line that is no `type=count`"),
            ("web=-1", "a count that is no number of replicas"),
            ("web=+1", "a count that is no number of replicas"),
            ("web=99999999999", "a count that is no number of replicas"),
            ("web=5000", "a count that is no number of replicas"),
            (
                "web=1\nweb=2",
                "a second, different count for a process type",
            ),
        ] {
            assert_eq!(read(text).1, [message], "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "([a-z0-9=# \t\r\n\u{e9}+-]|web=2\n){0,40}") {
            let scale = Scale::parse(&Text::new(text.as_str())).unwrap();
            for count in scale.counts() {
                prop_assert!(count.span.slice(&text).starts_with(count.name.slice(&text)));
                prop_assert!(!count.name.slice(&text).is_empty());
            }
            for problem in scale.problems() {
                prop_assert!(!problem.span.slice(&text).is_empty());
            }
            let rows = text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).count();
            prop_assert!(scale.counts().len() + scale.problems().len() <= rows);
        }
    }
}
