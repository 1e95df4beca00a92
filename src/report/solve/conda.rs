//! What is told of an `environment.yml` beside what is told of every list.

use std::collections::BTreeSet;

use serde::Serialize;

use super::SolveDocument;
use crate::packages::ladder::{Rung, spec_name};
use crate::packages::solve::AsideReason;
use crate::report::safe;
use crate::report::words::counted;

/// A line of conda's that is let go.
#[derive(Debug, Serialize)]
pub(super) struct LetGo {
    requirement: String,
    rung: String,
}

impl SolveDocument {
    /// A line of conda's is let go on this rung: a part of it, or all.
    pub fn let_go(&mut self, rung: Rung, line: &str) {
        self.let_go.push(LetGo {
            requirement: safe(line),
            rung: rung.to_string(),
        });
    }

    /// No rung can be had: nothing is let go.
    pub fn forget_rungs(&mut self) {
        self.let_go.clear();
    }

    /// A solver of conda has the packages on this rung.
    pub fn confirm_rung(&mut self, tool: &'static str, rung: Rung) {
        self.confirmed = Some(tool);
        // What only the channels know was asked of them.
        let left = AsideReason::Conda.to_string();
        self.set_aside.retain(|aside| aside.why != left);
        self.rung = Some(rung.to_string());
        self.notes
            .push(format!("{tool} has the environment {rung}"));
        let mut rungs: Vec<&str> = self.let_go.iter().map(|it| it.rung.as_str()).collect();
        rungs.dedup();
        let builds = Rung::WithoutBuilds.to_string();
        let told = rungs.into_iter().map(|rung| {
            let lines = self.let_go.iter().filter(|it| it.rung == rung);
            let lines: Vec<&str> = lines.map(|it| it.requirement.as_str()).collect();
            if rung == builds {
                return format!(
                    "let go: the build strings of {}",
                    counted(lines.len(), "line")
                );
            }
            format!("let go ({rung}), as it was: {}", lines.join(", "))
        });
        let told: Vec<String> = told.collect();
        self.notes.extend(told);
    }

    /// Who says so.
    pub(super) fn who(&self) -> String {
        match self.confirmed {
            Some(tool) => format!("{tool} confirms it"),
            None if self.is_conda => "its channels were not asked".to_owned(),
            None => "not confirmed by uv or pip".to_owned(),
        }
    }

    /// What can be said of the list.
    pub(super) fn can(&self) -> &'static str {
        if self.set_aside.is_empty() {
            if self.is_conda && self.confirmed.is_none() {
                "goes together, as far as the package index tells,"
            } else {
                "installs"
            }
        } else if self.is_conda {
            "can be judged in part only; that part goes together"
        } else {
            "can be judged in part only; that part installs"
        }
    }

    /// What is written beside the changes of lines.
    pub(super) fn further(&self) -> String {
        let constraints = match self.constraints.len() {
            0 => String::new(),
            count if self.is_conda => format!(" and {}", counted(count, "further line")),
            count => format!(" and {}", counted(count, "constraint")),
        };
        let names = self.let_go.iter().map(|it| spec_name(&it.requirement));
        let loosened = match names.collect::<BTreeSet<_>>().len() {
            0 => String::new(),
            count => format!(", {} let go or loosened", counted(count, "line")),
        };
        constraints + &loosened
    }
}
