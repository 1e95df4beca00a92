//! What `check`, `diff`, `fix` and `migrate` share: every path is worked on by itself, side by
//! side; what came of each is printed in the order of the paths.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::args::{CommonArgs, Format, OutputArgs};
use super::output::Output;
use super::refusal::{Refusal, Refused};
use super::site::Site;
use super::status::Status;
use crate::app::{LISTS, MARKERS};
use crate::engine::{FailedProof, Outcome};
use crate::report::{self, Invocation, Shown, account, concise, json, patch, text};
use crate::tree::{SkipReason, Tree};

/// What came of one path, ready to be printed.
#[derive(Default)]
pub(super) struct Done {
    /// What people read before the result.
    pub(super) before: String,
    /// The result, for standard output.
    pub(super) result: String,
    /// The patch, for standard output.
    pub(super) patch: Option<Vec<u8>>,
    /// What people read after the result.
    pub(super) people: String,
    /// What people must know.
    pub(super) errors: String,
    /// What people want to know who asked for more.
    pub(super) notes: String,
    /// All of it, for programs.
    pub(super) json: json::Repository,
    /// How it ended.
    pub(super) status: Option<Status>,
}

/// A command at work on several paths.
pub(super) struct Run<'a> {
    /// Its name.
    pub(super) command: &'static str,
    /// What it was told.
    pub(super) common: &'a CommonArgs,
    /// How to print.
    pub(super) output: &'a OutputArgs,
}

impl Run<'_> {
    /// Works on each path and prints what came of it.
    pub(super) fn each(
        &self,
        output: &mut Output,
        work: impl Fn(&Site) -> Result<Done, Refusal> + Sync,
    ) -> Status {
        let paths: Vec<Option<&Path>> = match self.common.paths.as_slice() {
            [] => vec![None],
            given => given.iter().map(|path| Some(path.as_path())).collect(),
        };
        let several = paths.len() > 1;
        let one = |path: Option<&Path>| self.one(path, several, &work);
        let all: Vec<Done> = match paths.as_slice() {
            [only] => vec![one(*only)],
            _ => paths.par_iter().copied().map(one).collect(),
        };
        let status = all.iter().filter_map(|done| done.status).max();
        let status = status.unwrap_or(Status::Clean);
        for (path, done) in paths.iter().zip(&all) {
            let heading = path.filter(|_| several);
            self.print(output, heading, done);
        }
        if self.output.format == Format::Json {
            self.print_json(output, all, status);
        }
        status
    }

    fn one(
        &self,
        path: Option<&Path>,
        several: bool,
        work: &impl Fn(&Site) -> Result<Done, Refusal>,
    ) -> Done {
        let done = Site::open(path, &self.common.rules, several).and_then(|site| {
            let mut done = work(&site)?;
            if let Some(file) = &site.settings.file {
                let note = format!("note: configured by {}\n", report::safe(file));
                done.notes.insert_str(0, &note);
            }
            Ok(done)
        });
        let mut done = done.unwrap_or_else(|reason| refused(path, reason));
        done.json.path = path.map_or_else(|| ".".to_owned(), |path| path.display().to_string());
        done
    }

    fn print(&self, output: &mut Output, heading: Option<&Path>, done: &Done) {
        let json = self.output.format == Format::Json;
        if let (Some(path), false) = (heading, json) {
            output.people(&text::repository_heading(&path.display().to_string()));
        }
        output.note(&done.notes);
        if !json {
            output.people(&done.before);
            output.result(&done.result);
            Self::print_patch(output, heading, done);
            output.people(&done.people);
        }
        output.error(&done.errors);
    }

    fn print_patch(output: &mut Output, heading: Option<&Path>, done: &Done) {
        let Some(bytes) = &done.patch else { return };
        if output.is_coloured() {
            output.result(&patch::coloured(bytes));
            return;
        }
        if let (Some(path), false) = (heading, bytes.is_empty()) {
            // Whatever stands between two patches is passed over by those who apply them.
            output.bytes(format!("# {}\n", path.display()).as_bytes());
        }
        output.bytes(bytes);
        if patch::holds_credentials(bytes) {
            output.people(
                "note: the patch holds credentials that stand in your files; keep it to yourself\n",
            );
        }
    }

    fn print_json(&self, output: &mut Output, all: Vec<Done>, status: Status) {
        let repositories: Vec<json::Repository> = all.into_iter().map(|done| done.json).collect();
        let document = json::Run {
            version: json::VERSION,
            tool: json::Tool::THIS,
            command: self.command,
            exit_code: status.code(),
            summary: repositories
                .iter()
                .fold(json::Summary::default(), |sum, one| sum.plus(&one.summary)),
            repositories,
        };
        output.document(json::document(&document));
    }

    /// The command that repairs what was found, to name it: with the path that was given.
    pub(super) fn invocation(&self, site: &Site) -> Invocation {
        let command = if site.root.is_some() && self.command != "migrate" {
            "fix"
        } else {
            "migrate"
        };
        let mut words = vec!["dashlift".to_owned(), command.to_owned()];
        if let Some(path) = &site.given {
            let path = path.to_string_lossy();
            let quoted = shlex::try_quote(&path).unwrap_or_default();
            words.push(quoted.into_owned());
        }
        Invocation {
            repair: words.join(" "),
            allowed: site.settings.allowed,
        }
    }

    /// The findings that are open, for standard output.
    pub(super) fn findings(&self, outcome: &Outcome, shown: &Shown) -> String {
        match self.output.format {
            Format::Text => text::findings(outcome, shown),
            Format::Concise => outcome
                .open()
                .map(|reported| concise::shown_line(reported, shown) + "\n")
                .collect(),
            Format::Json => String::new(),
        }
    }
}

fn refused(path: Option<&Path>, reason: Refusal) -> Done {
    let refused = Refused {
        path: path.map(PathBuf::from),
        reason,
    };
    let sentence = refused.to_string();
    Done {
        errors: text::error(&sentence),
        json: json::Repository::refused(String::new(), &sentence),
        status: Some(Status::Refused),
        ..Done::default()
    }
}

/// What became of a run: `found` holds the findings, `result` the repairs; they differ for `diff`.
pub(super) fn done(site: &Site, found: &Outcome, result: &Outcome) -> Done {
    let status = Status::of(found, result, site.settings.strict);
    let tree = result.result.base();
    let rejected = |failed: &FailedProof| rejected(tree, failed);
    let mut done = Done {
        json: json::Repository::of(String::new(), found, result, rejected),
        notes: skipped(tree, &site.shown),
        status: Some(status),
        ..Done::default()
    };
    if status == Status::NoApp {
        done.errors = no_app(site);
        done.json.error = Some("no app found".to_owned());
    }
    for app in &result.apps {
        done.errors.extend(account::failure(app, &site.shown));
        let taken_back = app.failed.iter().map(|failed| rejected_note(tree, failed));
        done.notes.extend(taken_back);
    }
    done
}

fn rejected(tree: &dyn Tree, failed: &FailedProof) -> String {
    let patch = report::diff::unified(tree, &failed.rejected, false);
    patch.map_or_else(
        |error| error.to_string(),
        |bytes| String::from_utf8_lossy(&bytes).into_owned(),
    )
}

fn rejected_note(tree: &dyn Tree, failed: &FailedProof) -> String {
    let patch = rejected(tree, failed);
    let shown = patch::coloured(patch.as_bytes());
    format!("note: these changes were taken back:\n{shown}")
}

/// What was looked for in vain.
fn no_app(site: &Site) -> String {
    let place = site.shown.path(&site.scope);
    let place = if place == "." {
        "here".to_owned()
    } else {
        format!("in {place}")
    };
    let sentence = format!(
        "no app found {place}\nlooked for a folder with {}, or an app.json with deploy scripts; \
         or with Python files beside a {} that names a web server such as dash",
        MARKERS.join(", "),
        LISTS.join(", "),
    );
    text::error(&sentence)
}

fn skipped(tree: &dyn Tree, shown: &Shown) -> String {
    let line = |skipped: &crate::tree::Skipped| {
        let what = match skipped.reason {
            SkipReason::VirtualEnvironment => "a virtual environment",
            SkipReason::SitePackages => "installed Python packages",
            SkipReason::NodeModules => "installed Node.js packages",
            SkipReason::NotUtf8 => "its name is not UTF-8",
            SkipReason::Submodule => "another repository",
        };
        format!("note: {} was skipped: {what}\n", shown.path(&skipped.path))
    };
    tree.skipped().iter().map(line).collect()
}
