//! `Procfile`: one process type and its command per line. Nothing here knows what a command does.

use thiserror::Error;

use super::{Model, Problem};
use crate::text::{Line, Span, Text, lines};

/// A Procfile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Procfile {
    processes: Vec<ProcfileProcess>,
    problems: Vec<Problem>,
    loose: Vec<Loose>,
}

/// One `type: command` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcfileProcess {
    /// The whole line without its line end.
    pub span: Span,
    /// The line with its line end: what to replace to remove it.
    pub full: Span,
    /// The process type.
    pub name: Span,
    /// The command, without blanks around it.
    pub command: Span,
}

/// Blanks where the format has none, on a line that is clear all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loose {
    /// The blanks.
    pub span: Span,
    /// Where they are.
    pub place: LoosePlace,
}

/// Where blanks are that should not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoosePlace {
    /// Before the process type.
    BeforeName,
    /// Between the process type and its colon.
    BeforeColon,
}

/// Why a line is no `type: command`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
enum ProcfileProblem {
    #[error("a line without a colon, where `type: command` is expected")]
    NoColon,
    #[error("a process type with other characters than letters, digits, `-` and `_`")]
    BadName,
    #[error("a process type without a command")]
    NoCommand,
    #[error("a merge conflict that was not resolved")]
    Conflict,
}

impl Procfile {
    /// The processes, in order, duplicates included.
    pub fn processes(&self) -> &[ProcfileProcess] {
        &self.processes
    }

    /// Lines that are no `type: command`.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Blanks where the format has none.
    pub fn loose(&self) -> &[Loose] {
        &self.loose
    }

    fn read_line(&mut self, text: &str, line: Line) {
        let content = line.span.slice(text);
        let trimmed = content.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            return;
        }
        match process(text, line) {
            Ok(process) => {
                self.note_blanks(text, &process);
                self.processes.push(process);
            }
            Err(kind) => self.problems.push(Problem::new(line.span, kind)),
        }
    }

    fn note_blanks(&mut self, text: &str, process: &ProcfileProcess) {
        let before = Span::new(process.span.start, process.name.start);
        if !before.is_empty() {
            self.loose.push(Loose {
                span: before,
                place: LoosePlace::BeforeName,
            });
        }
        let rest = Span::new(process.name.end, process.span.end);
        let colon = rest.slice(text).find(':').unwrap_or(0);
        if colon > 0 {
            self.loose.push(Loose {
                span: Span::new(rest.start, rest.start + colon),
                place: LoosePlace::BeforeColon,
            });
        }
    }
}

impl Model for Procfile {
    fn parse(text: &Text) -> Result<Self, Problem> {
        let mut procfile = Self::default();
        for line in lines(text.as_str()) {
            procfile.read_line(text.as_str(), line);
        }
        Ok(procfile)
    }
}

fn process(text: &str, line: Line) -> Result<ProcfileProcess, ProcfileProblem> {
    let content = line.span.slice(text);
    if ["<<<<<<<", "=======", ">>>>>>>"]
        .iter()
        .any(|mark| content.starts_with(mark))
    {
        return Err(ProcfileProblem::Conflict);
    }
    let colon = content.find(':').ok_or(ProcfileProblem::NoColon)?;
    let name = Span::new(line.span.start, line.span.start + colon).trimmed(text);
    let command = Span::new(line.span.start + colon + 1, line.span.end).trimmed(text);
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || !name.slice(text).chars().all(is_part) {
        // `web gunicorn app:server` has its first colon inside the command.
        let blank = name.slice(text).contains(char::is_whitespace);
        return Err(if blank {
            ProcfileProblem::NoColon
        } else {
            ProcfileProblem::BadName
        });
    }
    if command.is_empty() {
        return Err(ProcfileProblem::NoCommand);
    }
    Ok(ProcfileProcess {
        span: line.span,
        full: line.full(),
        name,
        command,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Procfile {
        Procfile::parse(&Text::new(text)).unwrap()
    }

    fn pairs(text: &str) -> Vec<(String, String)> {
        let procfile = read(text);
        let pair = |process: &ProcfileProcess| {
            (
                process.name.slice(text).to_owned(),
                process.command.slice(text).to_owned(),
            )
        };
        procfile.processes().iter().map(pair).collect()
    }

    #[test]
    fn lines_are_type_and_command() {
        assert_eq!(
            pairs("# c\r\n\r\nweb:gunicorn app:server \r\nworker-default:  celery -A tasks"),
            [
                ("web".to_owned(), "gunicorn app:server".to_owned()),
                ("worker-default".to_owned(), "celery -A tasks".to_owned())
            ]
        );
    }

    #[test]
    fn lines_that_are_not_are_kept_as_problems() {
        let messages = |text: &str| -> Vec<String> {
            let procfile = read(text);
            procfile
                .problems()
                .iter()
                .map(|p| p.message.clone())
                .collect()
        };
        assert!(messages("web gunicorn app:server")[0].starts_with("a line without a colon"));
        assert!(messages("web")[0].starts_with("a line without a colon"));
        assert!(messages("web: \n")[0].contains("without a command"));
        assert!(messages("we.b: x")[0].contains("other characters"));
        assert!(messages("<<<<<<< HEAD: x")[0].contains("merge conflict"));
        assert_eq!(read("a: b\nc").problems()[0].span, Span::new(5, 6));
    }

    #[test]
    fn loose_blanks_are_noted() {
        let procfile = read("  web : gunicorn app:server\n");
        let spans: Vec<Span> = procfile.loose().iter().map(|loose| loose.span).collect();
        assert_eq!(spans, [Span::new(0, 2), Span::new(5, 6)]);
        assert!(read("web:gunicorn app:server").loose().is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "([a-zA-Z:# \t\r\n\u{e9}<=-]|web: x\n){0,60}") {
            let procfile = read(&text);
            let mut last = 0;
            for process in procfile.processes() {
                prop_assert!(process.span.start >= last);
                prop_assert!(!process.command.slice(&text).is_empty());
                prop_assert!(process.full.end <= text.len());
                prop_assert_eq!(process.command.slice(&text).trim(), process.command.slice(&text));
                last = process.full.end;
            }
            for problem in procfile.problems() {
                prop_assert!(!problem.span.slice(&text).is_empty());
            }
        }

        #[test]
        fn tightening_loose_blanks_keeps_the_meaning(text in "( {0,2}[a-z]{1,3} {0,2}: ?[a-z:]{1,4}\r?\n){0,5}") {
            let procfile = read(&text);
            let edits: Vec<(Span, String)> = procfile.loose().iter().map(|l| (l.span, String::new())).collect();
            let tight = crate::text::splice(&text, &edits).unwrap();
            prop_assert_eq!(pairs(&tight), pairs(&text));
            prop_assert!(read(&tight).loose().is_empty());
        }
    }
}
