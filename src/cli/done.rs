//! What came of one path: the parts that every command prints, for people and for programs.

use std::path::{Path, PathBuf};

use crate::app::{LISTS, MARKERS};
use crate::commands::{Refusal, Refused, Site, Status, document, rejected};
use crate::engine::{AppOutcome, FailedProof, Outcome};
use crate::report::{self, Collected, Shown, account, json, patch, text};
use crate::tree::{self, SkipReason, Tree};

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
    pub(super) json: json::Repository,
    /// How it ended.
    pub(super) status: Option<Status>,
}

/// A path that was refused.
pub(super) fn refused(path: Option<&Path>, reason: Refusal) -> Done {
    let status = if reason.is_interrupt() {
        Status::Interrupted
    } else {
        Status::Refused
    };
    let refused = Refused {
        path: path.map(PathBuf::from),
        reason,
    };
    let sentence = refused.to_string();
    Done {
        errors: text::error(&sentence),
        json: json::Repository::refused(String::new(), &sentence),
        status: Some(status),
        ..Done::default()
    }
}

/// What became of a run: `found` holds the findings, `result` the repairs; they differ for `diff`.
pub(super) fn done(site: &Site, found: &Outcome, result: &Outcome, for_programs: bool) -> Done {
    let (json, status) = if for_programs {
        document(site, found, result)
    } else {
        let status = Status::of(found, result, site.settings.strict);
        (json::Repository::default(), status)
    };
    let tree = result.result.base();
    let mut done = Done {
        json,
        errors: unopened(tree, &site.shown),
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
fn skipped(tree: &dyn Tree, shown: &Shown) -> String {
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

/// What the listing met and did not open: everybody has to know, because what is in it may change
/// the result.
fn unopened(tree: &dyn Tree, shown: &Shown) -> String {
    let line = |skipped: &crate::tree::Skipped| {
        let what = match skipped.reason {
            SkipReason::NotAFile => "is not a regular file",
            SkipReason::TooLarge => "is larger than 1 MiB",
            SkipReason::Unreadable => "cannot be opened",
            _ => return None,
        };
        let path = shown.path(&skipped.path);
        Some(text::warning(&format!("{path} {what} and was not read")))
    };
    let left = |path: &crate::tree::TreePath| {
        let path = shown.path(path);
        text::warning(&format!(
            "{path} was left by a run that was ended before it was done; `dashlift fix` takes it \
             away if it began there, or else remove it"
        ))
    };
    let ours = tree.entries().iter().map(|entry| &entry.path);
    let ours = ours.filter(|path| is_temporary(path.name()));
    let skipped = tree.skipped().iter().filter_map(line);
    skipped.chain(ours.map(left)).collect()
}

/// Whether a file has a name that this program gives to those that it makes for a moment.
fn is_temporary(name: &str) -> bool {
    let ending = Path::new(name).extension();
    name.starts_with(".dashlift-") && ending.is_some_and(|it| it == "new" || it == "old")
}

/// The journal that an interrupted run left, and what settles it.
pub(super) fn unfinished(site: &Site) -> String {
    let journal = site.root.as_deref().and_then(tree::unfinished);
    let Some(journal) = journal else {
        return String::new();
    };
    let path = site.quoted_path().map(|path| format!(" {path}"));
    text::warning(&format!(
        "a run that was ended before it was done left {}: some files may be old and some new; \
         `dashlift fix{}` finishes or undoes it",
        journal.display(),
        path.unwrap_or_default()
    ))
}

/// The sources of an app that no rule could look into.
fn skipped_sources(app: &AppOutcome, shown: &Shown) -> String {
    let line = |skipped: &crate::engine::SkippedSource| {
        let path = shown.path(&skipped.path);
        let reason = report::safe(&skipped.reason);
        format!("note: {path} was skipped: {reason}\n")
    };
    app.skipped.iter().map(line).collect()
}
