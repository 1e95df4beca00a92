//! The formats that are one document about all paths.

use std::io::{self, Write};

use super::{BatchLine, Reporter, Results, findings_page};
use crate::engine::Outcome;
use crate::plan::Plan;
use crate::report::catalogue::{RuleEntry, RulePage};
use crate::report::document::{RepositoryDocument, RunDocument, Summary};
use crate::report::fleet::{self, Fleet};
use crate::report::{PathPrefix, github, gitlab, json, junit, sarif};
use crate::rules::Rule;

/// For programs.
#[derive(Debug)]
pub struct Json;

impl Reporter for Json {
    fn is_data(&self) -> bool {
        true
    }

    fn plans(&self, _plans: &[Plan], _outcome: &Outcome, _shown: &PathPrefix) -> String {
        String::new()
    }

    fn document(&self, results: Results) -> io::Result<String> {
        let sum = |sum: Summary, one: &RepositoryDocument| sum.plus(&one.summary);
        let document = RunDocument {
            version: json::VERSION,
            tool: json::Tool::THIS,
            command: results.command,
            exit_code: results.exit_code,
            summary: results.repositories.iter().fold(<_>::default(), sum),
            repositories: results.repositories,
        };
        Ok(json::document(&document)?)
    }

    fn rules(&self, rules: &[&Rule]) -> io::Result<String> {
        let entries: Vec<RuleEntry> = rules.iter().map(|rule| RuleEntry::new(rule)).collect();
        Ok(json::document(&entries)?)
    }

    fn pages(&self, rules: &[&Rule]) -> io::Result<String> {
        let pages: Vec<RulePage> = rules.iter().map(|rule| RulePage::new(rule)).collect();
        Ok(json::document(&pages)?)
    }

    fn batch_line(&self, line: &BatchLine) -> String {
        line.record.to_owned()
    }

    fn fleet(&self, fleet: &Fleet, to: &mut dyn Write) -> io::Result<()> {
        to.write_all(json::document(fleet)?.as_bytes())
    }
}

/// SARIF 2.1.0, for code scanning and editors.
#[derive(Debug)]
pub struct Sarif;

impl Reporter for Sarif {
    fn document(&self, results: Results) -> io::Result<String> {
        let log = sarif::log(results.collected, results.exit_code, results.verbose);
        Ok(json::document(&log)?)
    }
}

/// Annotations and a job summary of GitHub Actions.
#[derive(Debug)]
pub struct Github;

impl Reporter for Github {
    fn workspace(&self) -> Option<&'static str> {
        Some("GITHUB_WORKSPACE")
    }

    fn document(&self, results: Results) -> io::Result<String> {
        Ok(github::annotations(results.collected))
    }

    fn job_summary(&self, results: &Results, most: usize) -> Option<String> {
        Some(findings_page(results, most))
    }
}

/// The code quality report of GitLab.
#[derive(Debug)]
pub struct Gitlab;

impl Reporter for Gitlab {
    fn workspace(&self) -> Option<&'static str> {
        Some("CI_PROJECT_DIR")
    }

    fn document(&self, results: Results) -> io::Result<String> {
        Ok(json::document(&gitlab::report(results.collected))?)
    }
}

/// A test report, for most other CI systems.
#[derive(Debug)]
pub struct Junit;

impl Reporter for Junit {
    fn document(&self, results: Results) -> io::Result<String> {
        junit::report(results.collected)
    }
}

/// To paste into a pull request or an issue.
#[derive(Debug)]
pub struct Markdown;

impl Reporter for Markdown {
    /// A plan is Markdown anyway.
    fn is_document(&self, command: &str) -> bool {
        command != "plan"
    }

    fn document(&self, results: Results) -> io::Result<String> {
        Ok(findings_page(&results, usize::MAX))
    }

    fn fleet(&self, fleet: &Fleet, to: &mut dyn Write) -> io::Result<()> {
        to.write_all(fleet::markdown::report(fleet).as_bytes())
    }
}

/// A page for a browser.
#[derive(Debug)]
pub struct Html;

impl Reporter for Html {
    fn fleet(&self, fleet: &Fleet, to: &mut dyn Write) -> io::Result<()> {
        fleet::html::write(fleet, to).map_err(io::Error::other)
    }
}
