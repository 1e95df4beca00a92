//! What came of one path: the parts that every command prints, for people and for programs.

use std::path::{Path, PathBuf};

use crate::app::{LISTS, MARKERS};
use crate::commands::{PathRefusal, RefusedPath, Site, Status, document, rejected, warnings};
use crate::engine::{AppOutcome, FailedProof, Outcome};
use crate::report::document::RepositoryDocument;
use crate::report::{self, Collected, PathPrefix, account, patch, text};
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
    /// All of it, for the documents that are printed when all paths are done.
    pub(super) collected: Option<Collected>,
    /// All of it, for programs; nothing where only people read.
    pub(super) json: RepositoryDocument,
    /// How it ended.
    pub(super) status: Option<Status>,
}

/// A path that was refused.
pub(super) fn refused(path: Option<&Path>, reason: PathRefusal) -> Done {
    let status = if reason.is_interrupt() {
        Status::Interrupted
    } else {
        Status::Refused
    };
    let refused = RefusedPath {
        path: path.map(PathBuf::from),
        reason,
    };
    let sentence = refused.to_string();
    Done {
        errors: text::error(&sentence),
        json: RepositoryDocument::refused(String::new(), &sentence),
        status: Some(status),
        ..Done::default()
    }
}

/// What became of a run: `found` holds the findings, `result` the repairs; they differ for `diff`.
pub(super) fn done(site: &Site, found: &Outcome, result: &Outcome, for_programs: bool) -> Done {
    let (json, status) = if for_programs {
        document(site, found, result)
    } else {
        let status = Status::new(found, result, site.settings.fail_on);
        (RepositoryDocument::default(), status)
    };
    let tree = result.result.base();
    let mut done = Done {
        json,
        errors: warnings::unopened(site, tree)
            .iter()
            .map(|it| text::warning(it))
            .collect(),
        notes: skipped(tree, &site.shown),
        status: Some(status),
        ..Done::default()
    };
    if status == Status::NoApp {
        done.errors.push_str(&no_app(site));
    }
    for app in &result.apps {
        done.notes.push_str(&skipped_sources(app, &site.shown));
        done.errors.extend(account::failure(app, &site.shown));
        let taken_back = app.failed.iter().map(|failed| rejected_note(tree, failed));
        done.notes.extend(taken_back);
    }
    done
}

fn rejected_note(tree: &dyn Tree, failed: &FailedProof) -> String {
    let patch = rejected(tree, failed);
    let shown = patch::coloured(patch.as_bytes());
    format!("note: these changes were taken back:\n{shown}")
}

/// What was looked for in vain.
pub(super) fn no_app(site: &Site) -> String {
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

/// What the listing left out, and why: nobody has to know but those who ask for more.
fn skipped(tree: &dyn Tree, shown: &PathPrefix) -> String {
    let line = |skipped: &crate::tree::Skipped| {
        let what = match skipped.reason {
            SkipReason::VirtualEnvironment => "a virtual environment",
            SkipReason::SitePackages => "installed Python packages",
            SkipReason::NodeModules => "installed Node.js packages",
            SkipReason::NotUtf8 => "its name is not UTF-8",
            SkipReason::Submodule => "another repository",
            SkipReason::NotAFile | SkipReason::TooLarge | SkipReason::Unreadable => return None,
        };
        let path = shown.path(&skipped.path);
        Some(format!("note: {path} was skipped: {what}\n"))
    };
    tree.skipped().iter().filter_map(line).collect()
}

/// The sources of an app that no rule could look into.
fn skipped_sources(app: &AppOutcome, shown: &PathPrefix) -> String {
    let line = |skipped: &crate::engine::SkippedSource| {
        let path = shown.path(&skipped.path);
        let reason = report::safe(&skipped.reason);
        format!("note: {path} was skipped: {reason}\n")
    };
    app.skipped.iter().map(line).collect()
}
