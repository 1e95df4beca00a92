//! What every output format can print: one [`Reporter`] for each, and nothing else in the program asks which format it is.

mod documents;
mod lines;

use std::io::{self, Write};

use super::collected::Collected;
use super::fleet::Fleet;
use super::plan::{self as page, ReadingPlace};
use super::style::Tone;
use super::{PathPrefix, markdown_findings, page as rule_page};
use crate::engine::Outcome;
use crate::plan::Plan;
use crate::report::document::RepositoryDocument;
use crate::rules::Rule;

pub use documents::{Github, Gitlab, Html, Json, Junit, Markdown, Sarif};
pub use lines::{Concise, Text};

/// The results of all paths of a run.
pub struct Results<'a> {
    /// The command.
    pub command: &'static str,
    /// The exit code of the program.
    pub exit_code: u8,
    /// Whether more is asked for: what is suppressed.
    pub verbose: bool,
    /// What became of each path, as data.
    pub repositories: Vec<RepositoryDocument>,
    /// What became of each path, for documents.
    pub collected: &'a [Collected],
}

/// What became of a repository of a batch, on one line.
pub struct BatchLine<'a> {
    /// Its name, ready to be printed.
    pub name: &'a str,
    /// The width of the longest name (characters).
    pub width: usize,
    /// What became of it, in a few words.
    pub words: &'a str,
    /// How they are meant.
    pub tone: Tone,
    /// Its record, as the state keeps it.
    pub record: &'a str,
}

/// A format of the results.
pub trait Reporter: Sync {
    /// Whether one document is printed for all paths together, when the last one is done.
    fn is_document(&self, _command: &str) -> bool {
        true
    }

    /// Whether results are for programs, which take more time to make, so that nobody can be asked
    /// meanwhile.
    fn is_for_programs(&self) -> bool {
        true
    }

    /// Whether results are data and nothing else: people hear of errors only.
    fn is_data(&self) -> bool {
        false
    }

    /// The variable with the folder that a CI system looks for files from.
    fn workspace(&self) -> Option<&'static str> {
        None
    }

    /// The findings of a path that are open.
    fn findings(&self, _outcome: &Outcome, _shown: &PathPrefix) -> String {
        String::new()
    }

    /// What was done to a path, below its heading, and the findings that are left.
    fn account(&self, outcome: &Outcome, shown: &PathPrefix, _heading: &str) -> String {
        self.findings(outcome, shown)
    }

    /// The plans of a path, below one another.
    fn plans(&self, plans: &[Plan], outcome: &Outcome, shown: &PathPrefix) -> String {
        let pages = plans
            .iter()
            .map(|plan| page::markdown(plan, shown, ReadingPlace::Alone));
        let mut pages: Vec<String> = pages.collect();
        pages.extend(page::repository(&outcome.repository, shown));
        pages.join("\n")
    }

    /// The document of all paths.
    ///
    /// # Errors
    /// When the format has no place for what is in it.
    fn document(&self, _results: Results) -> io::Result<String> {
        Ok(String::new())
    }

    /// A page of at most so many bytes for the summary of a CI system's job; none where there is no
    /// such thing.
    fn job_summary(&self, _results: &Results, _most: usize) -> Option<String> {
        None
    }

    /// The list of rules.
    ///
    /// # Errors
    /// As [`Reporter::document`].
    fn rules(&self, rules: &[&Rule]) -> io::Result<String> {
        Ok(super::catalogue::table(rules))
    }

    /// The pages of rules.
    ///
    /// # Errors
    /// As [`Reporter::document`].
    fn pages(&self, rules: &[&Rule]) -> io::Result<String> {
        let pages: Vec<String> = rules.iter().map(|rule| rule_page(rule)).collect();
        Ok(pages.join("\n"))
    }

    /// What became of a repository of a batch.
    fn batch_line(&self, line: &BatchLine) -> String {
        let words = super::toned(line.tone, line.words);
        format!("{:width$}  {words}\n", line.name, width = line.width)
    }

    /// The report on a fleet, for a file.
    ///
    /// # Errors
    /// When it cannot be written.
    fn fleet(&self, fleet: &Fleet, to: &mut dyn Write) -> io::Result<()> {
        let plain = anstream::adapter::strip_str(&super::fleet::text::report(fleet)).to_string();
        to.write_all(plain.as_bytes())
    }

    /// The report on a fleet in colours; none where the format has none.
    fn coloured_fleet(&self, _fleet: &Fleet) -> Option<String> {
        None
    }
}

/// The page about all findings that several formats share.
fn findings_page(results: &Results, most: usize) -> String {
    markdown_findings::page(results.command, results.collected, most)
}
