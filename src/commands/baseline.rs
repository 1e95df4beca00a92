//! The baseline of a site: where it lies, what it keeps back, how it is written.

use std::path::PathBuf;

use thiserror::Error;

use super::named_file::NamedFile;
use super::refusal::PathRefusal;
use super::site::Site;
use crate::baseline::{Baseline, BaselineError, Looked};
use crate::disk::{DiskError, FileKind};
use crate::engine::Outcome;
use crate::report::safe;
use crate::rules::Rule;
use crate::tree::{ReadError, Tree, TreePath};

/// The file, where nobody names another.
const FILE: &str = "dashlift-baseline.json";

/// Where a baseline lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BaselinePlace {
    /// On disk.
    Disk(NamedFile),
    /// In the commit that is looked at.
    Commit(TreePath),
}

/// What somebody said of the baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BaselineOption {
    /// There is to be none.
    Off,
    /// It is here.
    At(BaselinePlace),
}

/// Why a baseline cannot be used.
#[derive(Debug, Error)]
#[error("{file} {reason}")]
pub struct BaselineRefusal {
    file: String,
    reason: BaselineReason,
}

#[derive(Debug, Error)]
enum BaselineReason {
    #[error("is not there; `dashlift baseline write` makes a baseline")]
    Missing,
    #[error("cannot be read: {0}")]
    Unreadable(String),
    #[error("{0}; --baseline, or `baseline` in dashlift.toml or pyproject.toml, names it")]
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
    fn display(&self) -> String {
        match self {
            Self::Disk(path) => safe(&path.display()),
            Self::Commit(path) => safe(path.as_str()),
        }
    }

    fn refuse(&self, reason: BaselineReason) -> PathRefusal {
        let file = self.display();
        PathRefusal::Baseline(BaselineRefusal { file, reason })
    }

    /// The bytes of the file; `None` when there is none.
    fn read(&self, tree: &dyn Tree) -> Result<Option<Vec<u8>>, PathRefusal> {
        let read = match self {
            Self::Disk(path) => match path.read(FileKind::Baseline) {
                Err(DiskError::NotFound) => return Ok(None),
                read => read.map_err(BaselineReason::Unopened),
            },
            Self::Commit(path) => match tree.read(path) {
                Err(ReadError::NotFound) => return Ok(None),
                read => read.map_err(|error| BaselineReason::Unreadable(error.to_string())),
            },
        };
        read.map(Some).map_err(|reason| self.refuse(reason))
    }
}

/// Takes the findings that the baseline of the site holds out of those that are open.
///
/// # Errors
/// When there is a baseline that cannot be used.
pub fn apply(site: &Site, tree: &dyn Tree, outcome: &mut Outcome) -> Result<(), PathRefusal> {
    let Some(place) = &site.settings.baseline else {
        return Ok(());
    };
    let bytes = place.read(tree)?;
    let bytes = bytes.ok_or_else(|| place.refuse(BaselineReason::Missing))?;
    let baseline = Baseline::parse(&bytes);
    let baseline = baseline.map_err(|error| place.refuse(BaselineReason::Unusable(error)))?;
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

/// A baseline that was written.
#[derive(Debug)]
pub struct Written {
    /// The file as people name it.
    pub file: String,
    /// How many findings of today are in it.
    pub found: usize,
    /// How many of an earlier one stayed.
    pub kept: usize,
}

/// Writes the findings of an outcome into the baseline at `output`, else where the configuration
/// or custom has it; what an earlier one says of other folders and rules stays in it.
///
/// # Errors
/// When there is no place for it, or something else is there.
pub fn write(
    site: &Site,
    tree: &dyn Tree,
    outcome: &Outcome,
    output: Option<PathBuf>,
) -> Result<Written, PathRefusal> {
    let (file, shown) = target(output, site)?;
    let place = BaselinePlace::Disk(file.clone());
    let mut baseline = Baseline::new(outcome);
    let found = baseline.len();
    if let Some(bytes) = place.read(tree)? {
        let older = Baseline::parse(&bytes);
        let older = older.map_err(|error| place.refuse(BaselineReason::Occupied(error)))?;
        let all = baseline.with_rest_of(older, looked(site, &rules(site)));
        baseline = all.map_err(|error| place.refuse(BaselineReason::Occupied(error)))?;
    }
    let text = baseline.print();
    let text = text.map_err(|error| place.refuse(BaselineReason::Unprintable(error)))?;
    let written = file.replace(text.as_bytes());
    written.map_err(|error| place.refuse(BaselineReason::Unwritable(error)))?;
    Ok(Written {
        file: shown,
        found,
        kept: baseline.len() - found,
    })
}

/// The file to write, and how people know it.
fn target(output: Option<PathBuf>, site: &Site) -> Result<(NamedFile, String), PathRefusal> {
    let named = output.map(|path| BaselinePlace::Disk(NamedFile::Anywhere(path)));
    let place = named.or_else(|| site.settings.baseline.clone());
    match (place, &site.root) {
        (Some(BaselinePlace::Disk(path)), _) => {
            let shown = safe(&path.display());
            Ok((path, shown))
        }
        (None, Some(root)) => Ok((
            NamedFile::Within {
                root: root.clone(),
                below: Some(FILE.into()),
                told: FILE.to_owned(),
            },
            site.shown.path(&TreePath::root().child(FILE)),
        )),
        (Some(BaselinePlace::Commit(path)), _) => {
            Err(BaselinePlace::Commit(path).refuse(BaselineReason::Committed))
        }
        (None, None) => {
            let place = BaselinePlace::Commit(TreePath::root().child(FILE));
            Err(place.refuse(BaselineReason::Committed))
        }
    }
}
