//! `Procfile`: one process type and its command per line.

use super::{Model, Problem};
use crate::text::{Span, Text};

/// A Procfile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Procfile {
    processes: Vec<Process>,
    problems: Vec<Problem>,
}

/// One `type: command` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// The whole line without its line end.
    pub span: Span,
    /// The process type.
    pub name: Span,
    /// The command, without blanks around it.
    pub command: Span,
}

impl Procfile {
    /// The processes, in order, duplicates included.
    pub fn processes(&self) -> &[Process] {
        &self.processes
    }

    /// Lines that are no `type: command`.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl Model for Procfile {
    fn parse(_text: &Text) -> Result<Self, Problem> {
        Ok(Self::default())
    }
}
