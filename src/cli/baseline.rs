//! `dashlift baseline write`: keeps the findings of today; and how the other commands ask the file
//! that it wrote.

use thiserror::Error;

use super::args::{BaselineAction, BaselineArgs, BaselineWriteArgs, OutputArgs};
use super::done;
use super::output::Output;
use super::refusal::Refusal;
use super::site::Site;
use super::status::Status;
use super::values::Named;
use crate::baseline::{Baseline, BaselineError, Looked};
use crate::disk::{DiskError, Kind};
use crate::engine::{self, Outcome};
use crate::report::{self, safe};
use crate::rules::Rule;
use crate::tree::{ReadError, Tree, TreePath};

/// The file, where nobody names another.
const FILE: &str = "dashlift-baseline.json";

/// Where a baseline lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum BaselinePlace {
    /// On disk.
    Disk(Named),
    /// In the commit that is looked at.
    Commit(TreePath),
}

/// Why a baseline cannot be used.
#[derive(Debug, Error)]
#[error("{file} {reason}")]
pub(super) struct BaselineRefusal {
    file: String,
    reason: Reason,
}

#[derive(Debug, Error)]
enum Reason {
    #[error("is not there; `dashlift baseline write` makes a baseline")]
    Missing,
    #[error("cannot be read: {0}")]
    Unreadable(String),
    #[error("{0}")]
    Unopened(DiskError),
    #[error("{0}; name another file, or write a baseline anew with `dashlift baseline write`")]
    Unusable(BaselineError),
    #[error("{0}, and is left as it is; name another file with --output, or remove it")]
    Occupied(BaselineError),
    #[error("cannot be written: {0}")]
    Unprintable(#[source] serde_json::Error),
    #[error("{0}, and was not written")]
    Unwritable(DiskError),
    #[error("is in a commit and cannot be written there; name a file with --output")]
    Committed,
}

impl BaselinePlace {
    /// The file as people name it.
    fn shown(&self) -> String {
        match self {
            Self::Disk(path) => safe(&path.shown()),
            Self::Commit(path) => safe(path.as_str()),
        }
    }

    fn refuse(&self, reason: Reason) -> Refusal {
        let file = self.shown();
        Refusal::Baseline(BaselineRefusal { file, reason })
    }

    /// The bytes of the file; `None` when there is none.
    fn read(&self, tree: &dyn Tree) -> Result<Option<Vec<u8>>, Refusal> {
        let read = match self {
            Self::Disk(path) => match path.read(Kind::Baseline) {
                Err(DiskError::NotFound) => return Ok(None),
                read => read.map_err(Reason::Unopened),
            },
            Self::Commit(path) => match tree.read(path) {
                Err(ReadError::NotFound) => return Ok(None),
                read => read.map_err(|error| Reason::Unreadable(error.to_string())),
            },
        };
        read.map(Some).map_err(|reason| self.refuse(reason))
    }
}

/// Takes the findings that the baseline of the site holds out of those that are open.
///
/// # Errors
/// When there is a baseline that cannot be used.
pub(super) fn apply(site: &Site, tree: &dyn Tree, outcome: &mut Outcome) -> Result<(), Refusal> {
    let Some(place) = &site.settings.baseline else {
        return Ok(());
    };
    let bytes = place.read(tree)?;
    let bytes = bytes.ok_or_else(|| place.refuse(Reason::Missing))?;
    let baseline = Baseline::parse(&bytes);
    let baseline = baseline.map_err(|error| place.refuse(Reason::Unusable(error)))?;
    baseline.apply(outcome, looked(site, &rules(site)));
    Ok(())
}

fn rules(site: &Site) -> Vec<&'static Rule> {
    site.settings.rules.selected().collect()
}

fn looked<'a>(site: &'a Site, rules: &'a [&'static Rule]) -> Looked<'a> {
    Looked {
        scope: &site.scope,
        rules,
    }
}

/// The command.
pub(super) fn run(args: &BaselineArgs, _how: &OutputArgs, output: &mut Output) -> Status {
    let BaselineAction::Write(args) = &args.action;
    match write(args, output) {
        Ok(status) => status,
        Err(reason) => {
            output.error(&done::refused(args.path.as_deref(), reason).errors);
            Status::Refused
        }
    }
}

fn write(args: &BaselineWriteArgs, output: &mut Output) -> Result<Status, Refusal> {
    let site = Site::open(args.path.as_deref(), &args.rules, false)?;
    let tree = site.tree()?;
    let outcome = engine::check(&site.repository(&*tree), &site.settings.rules);
    let done = done::done(&site, &outcome, &outcome, false);
    output.note(&done.notes);
    if done.status == Some(Status::NoApp) {
        output.error(&done.errors);
        return Ok(Status::NoApp);
    }
    let (file, shown) = target(args, &site)?;
    let place = BaselinePlace::Disk(file.clone());
    let mut baseline = Baseline::of(&outcome);
    let found = baseline.len();
    if let Some(bytes) = place.read(&*tree)? {
        let older = Baseline::parse(&bytes);
        let older = older.map_err(|error| place.refuse(Reason::Occupied(error)))?;
        let all = baseline.with_rest_of(older, looked(&site, &rules(&site)));
        baseline = all.map_err(|error| place.refuse(Reason::Occupied(error)))?;
    }
    let text = baseline.print();
    let text = text.map_err(|error| place.refuse(Reason::Unprintable(error)))?;
    let written = file.replace(text.as_bytes());
    written.map_err(|error| place.refuse(Reason::Unwritable(error)))?;
    let kept = baseline.len() - found;
    output.result(&report::baseline_written(&shown, found, kept));
    if site.settings.baseline.is_none() {
        output.people(&report::baseline_use(&shown));
    }
    Ok(Status::Clean)
}

/// The file to write, and how people know it.
fn target(args: &BaselineWriteArgs, site: &Site) -> Result<(Named, String), Refusal> {
    let named = args
        .output
        .clone()
        .map(|path| BaselinePlace::Disk(Named::Anywhere(path)));
    let place = named.or_else(|| site.settings.baseline.clone());
    match (place, &site.root) {
        (Some(BaselinePlace::Disk(path)), _) => {
            let shown = safe(&path.shown());
            Ok((path, shown))
        }
        (None, Some(root)) => Ok((
            Named::Within {
                root: root.clone(),
                below: Some(FILE.into()),
                told: FILE.to_owned(),
            },
            site.shown.path(&TreePath::root().child(FILE)),
        )),
        (Some(BaselinePlace::Commit(path)), _) => {
            Err(BaselinePlace::Commit(path).refuse(Reason::Committed))
        }
        (None, None) => {
            let place = BaselinePlace::Commit(TreePath::root().child(FILE));
            Err(place.refuse(Reason::Committed))
        }
    }
}
