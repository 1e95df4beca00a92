//! The formats that are one document about all paths, printed when the last one is done.
#![allow(
    clippy::disallowed_methods,
    reason = "CI systems tell their workspace by the environment"
)]

use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::done::Done;
use super::output::Output;
use super::run::CommandRun;
use crate::commands::{Site, Status};
use crate::disk::open_to_append;
use crate::engine::Outcome;
use crate::report::{Circumstances, Collected, PathPrefix, Results, safe, text};

/// So many bytes GitHub takes for the summary of one step (a mebibyte), with some room for those who
/// wrote before.
const SUMMARY: usize = 900_000;

/// The variable that names the file of the job summary.
const SUMMARY_FILE: &str = "GITHUB_STEP_SUMMARY";

impl CommandRun<'_> {
    /// Whether one document is printed for all paths together.
    pub(super) fn prints_document(&self) -> bool {
        self.output.reporter().is_document(self.command)
    }

    /// What the documents are made of, where one is asked for.
    pub(super) fn collect(
        &self,
        site: &Site,
        found: &Outcome,
        result: &Outcome,
    ) -> Option<Collected> {
        if !self.prints_document() || self.output.reporter().is_data() {
            return None;
        }
        let of = Circumstances {
            repository: site.key(),
            name: site.given.as_deref().map_or_else(here, name),
            paths: self.choose_paths(site),
            rules: site.settings.rules.selected().collect(),
            allowed: site.settings.allowed,
            fail_on: site.settings.fail_on,
        };
        Some(Collected::new(of, &site.settings.rules, found, result))
    }

    /// A path that was refused, for the documents.
    pub(super) fn collect_refused(path: Option<&Path>, error: &str) -> Collected {
        let of = Circumstances {
            repository: PathBuf::new(),
            name: path.map_or_else(here, name),
            paths: PathPrefix::plain(),
            rules: Vec::new(),
            allowed: crate::rules::Safety::Safe,
            fail_on: crate::rules::Category::Should,
        };
        Collected::refused(of, Some(error.to_owned()))
    }

    /// Files are named from where the CI system looks for them: its workspace, if it says so; else the
    /// root of the repository. Several repositories can only be told apart from the current folder.
    fn choose_paths(&self, site: &Site) -> PathPrefix {
        let workspace = self.output.reporter().workspace().and_then(env::var_os);
        let workspace = workspace.and_then(|folder| PathBuf::from(folder).canonicalize().ok());
        match (workspace, &site.root) {
            (Some(workspace), Some(root)) if root.starts_with(&workspace) => {
                PathPrefix::from(&workspace, root)
            }
            _ if self.common.paths.len() <= 1 => PathPrefix::plain(),
            _ => site.shown.clone(),
        }
    }

    /// Prints the document of all paths.
    pub(super) fn print_document(&self, output: &mut Output, all: Vec<Done>, status: Status) {
        let (repositories, collected): (Vec<_>, Vec<_>) = all
            .into_iter()
            .map(|done| (done.json, done.collected))
            .unzip();
        let collected: Vec<Collected> = collected.into_iter().flatten().collect();
        let results = Results {
            command: self.command,
            exit_code: status.code(),
            verbose: self.output.verbose,
            repositories,
            collected: &collected,
        };
        let reporter = self.output.reporter();
        let file = env::var_os(SUMMARY_FILE).filter(|file| !file.is_empty());
        let summary = file.and_then(|file| {
            let page = reporter.job_summary(&results, SUMMARY)?;
            Some((PathBuf::from(file), page))
        });
        output.document(reporter.document(results));
        if let Some((file, page)) = summary {
            add_summary(output, &file, &page);
        }
    }
}

/// Adds a page to the job summary, where the CI system says that it wants one. It is no part of the
/// result: where it cannot be written the run goes on.
fn add_summary(output: &mut Output, file: &Path, page: &str) {
    let opened = open_to_append(file).map_err(|error| error.to_string());
    let written = opened.and_then(|mut file| {
        let written = file.write_all(format!("{page}\n").as_bytes());
        written.map_err(|error| error.to_string())
    });
    if let Err(error) = written {
        let file = safe(&file.display().to_string());
        let sentence = format!("the job summary {file} could not be written: {error}");
        output.error(&text::warning(&sentence));
    }
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

fn here() -> String {
    ".".to_owned()
}
