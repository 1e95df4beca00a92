//! The formats that are one document about all paths, printed when the last one is done.
#![allow(
    clippy::disallowed_methods,
    reason = "CI systems tell their workspace by the environment"
)]

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::args::Format;
use super::done::Done;
use super::output::Output;
use super::run::Run;
use crate::commands::site::Site;
use crate::commands::status::Status;
use crate::disk::open_to_append;
use crate::engine::Outcome;
use crate::report::{
    Circumstances, Collected, Shown, github, gitlab, json, junit, markdown_findings, safe, sarif,
    text,
};

/// So many bytes GitHub takes for the summary of one step (a mebibyte), with some room for those who
/// wrote before.
const SUMMARY: usize = 900_000;

/// The variable that names the file of the job summary.
const SUMMARY_FILE: &str = "GITHUB_STEP_SUMMARY";

impl Run<'_> {
    /// Whether one document is printed for all paths together. A plan is Markdown anyway.
    pub(super) fn prints_document(&self) -> bool {
        match self.output.format {
            Format::Text | Format::Concise => false,
            Format::Markdown => self.command != "plan",
            _ => true,
        }
    }

    /// What the documents are made of, where one is asked for.
    pub(super) fn collect(
        &self,
        site: &Site,
        found: &Outcome,
        result: &Outcome,
    ) -> Option<Collected> {
        let format = self.output.format;
        if !self.prints_document() || format == Format::Json {
            return None;
        }
        let of = Circumstances {
            repository: site.key(),
            name: site.given.as_deref().map_or_else(here, name),
            paths: self.shown(site),
            rules: site.settings.rules.selected().collect(),
            allowed: site.settings.allowed,
            strict: site.settings.strict,
        };
        Some(Collected::new(of, &site.settings.rules, found, result))
    }

    /// A path that was refused, for the documents.
    pub(super) fn collect_refused(path: Option<&Path>, error: &str) -> Collected {
        let of = Circumstances {
            repository: PathBuf::new(),
            name: path.map_or_else(here, name),
            paths: Shown::plain(),
            rules: Vec::new(),
            allowed: crate::rules::Safety::Safe,
            strict: false,
        };
        Collected::refused(of, Some(error.to_owned()))
    }

    /// Files are named from where the CI system looks for them: its workspace, if it says so; else the
    /// root of the repository. Several repositories can only be told apart from the current folder.
    fn shown(&self, site: &Site) -> Shown {
        let workspace = match self.output.format {
            Format::Github => env::var_os("GITHUB_WORKSPACE"),
            Format::Gitlab => env::var_os("CI_PROJECT_DIR"),
            _ => None,
        };
        let workspace = workspace.and_then(|folder| PathBuf::from(folder).canonicalize().ok());
        match (workspace, &site.root) {
            (Some(workspace), Some(root)) if root.starts_with(&workspace) => {
                Shown::from(&workspace, root)
            }
            _ if self.common.paths.len() <= 1 => Shown::plain(),
            _ => site.shown.clone(),
        }
    }

    /// Prints the document of all paths.
    pub(super) fn print_document(&self, output: &mut Output, all: Vec<Done>, status: Status) {
        if self.output.format == Format::Json {
            self.print_json(output, all, status);
            return;
        }
        let all: Vec<Collected> = all.into_iter().filter_map(|done| done.collected).collect();
        match self.output.format {
            Format::Sarif => {
                let log = sarif::log(&all, status.code(), self.output.verbose);
                output.document(json::document(&log));
            }
            Format::Gitlab => output.document(json::document(&gitlab::report(&all))),
            Format::Junit => match junit::report(&all) {
                Ok(report) => output.result(&report),
                Err(error) => output.failed(io::Error::other(error)),
            },
            Format::Markdown => {
                output.result(&markdown_findings::page(self.command, &all, usize::MAX));
            }
            Format::Github => {
                output.result(&github::annotations(&all));
                self.add_summary(output, &all);
            }
            _ => {}
        }
    }

    /// Adds a page to the job summary, where GitHub says that it wants one. It is no part of the
    /// result: where it cannot be written the run goes on.
    fn add_summary(&self, output: &mut Output, all: &[Collected]) {
        let file = env::var_os(SUMMARY_FILE).filter(|file| !file.is_empty());
        let Some(file) = file.map(PathBuf::from) else {
            return;
        };
        let page = markdown_findings::page(self.command, all, SUMMARY);
        let opened = open_to_append(&file).map_err(|error| error.to_string());
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
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

fn here() -> String {
    ".".to_owned()
}
