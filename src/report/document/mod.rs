//! What became of a run as data: one model, which is written as JSON and read back from the states
//! of batches. The schema is described in `docs/output.md`.

mod finding;
mod plan;
pub(super) mod tree_path;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Tally;
use super::changes::{ChangedFile, changed_files};
use super::json::Tool;
use super::solve::SolveDocument;
use super::verify::VerifyDocument;
use crate::engine::{AppOutcome, FailedProof, Outcome, SkippedSource};
use crate::secrets::masked;
use crate::tree::TreePath;

pub(super) use finding::FindingDocument;
pub use plan::PlanDocument;
pub(super) use plan::{PlanCommand, PlanRepair, PlanStep};

/// A word of a fixed list: one of the program's own, or as a document has it.
type Word = Cow<'static, str>;

/// A whole run.
#[derive(Debug, Serialize)]
pub struct RunDocument {
    /// The version of the schema.
    pub version: u32,
    /// What made it.
    pub tool: Tool,
    /// The command: `check`, `diff`, `fix`, `migrate`, `plan`.
    pub command: &'static str,
    /// The exit code of the program.
    pub exit_code: u8,
    /// One for each path that was given, in that order.
    pub repositories: Vec<RepositoryDocument>,
    /// The counts of all repositories.
    pub summary: Summary,
}

/// What became of one path.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct RepositoryDocument {
    /// The path as it was given.
    pub path: String,
    /// Why nothing could be done, a sentence.
    pub error: Option<String>,
    /// The apps, by folder.
    pub apps: Vec<AppDocument>,
    /// Findings about the repository as a whole.
    pub findings: Vec<FindingDocument>,
    /// The files that the result changes; for `check` none.
    pub changed: Vec<ChangedFile>,
    /// The unified diff of the result; for `diff` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diff: Option<String>,
    /// The branch that was made; for `migrate` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<BranchDocument>,
    /// The plan of each app, in the order of `apps`; for `plan` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plans: Option<Vec<PlanDocument>>,
    /// What makes the list of each app install; for `solve` only.
    #[serde(skip_serializing_if = "Option::is_none", skip_deserializing)]
    pub solved: Option<Vec<SolveDocument>>,
    /// What came of the import of each app; for `verify` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified: Option<Vec<VerifyDocument>>,
    /// The counts.
    pub summary: Summary,
}

/// The branch that `migrate` made.
#[derive(Debug, Serialize, Deserialize)]
pub struct BranchDocument {
    /// Its name.
    pub name: String,
    /// Its commit.
    pub commit: String,
    /// What came of pushing it; none where that was not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pushed: Option<PushDocument>,
}

/// What came of pushing a branch.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PushDocument {
    /// The remote, as the repository names it.
    pub remote: String,
    /// Why it did not get there; none where it is there.
    pub error: Option<String>,
}

/// One app.
#[derive(Debug, Serialize, Deserialize)]
pub struct AppDocument {
    #[serde(with = "tree_path")]
    pub(in crate::report) root: TreePath,
    pub(in crate::report) findings: Vec<FindingDocument>,
    fixed: Vec<FindingDocument>,
    pub(in crate::report) failure: Option<FailureDocument>,
    #[serde(default)]
    skipped: Vec<SkippedDocument>,
}

/// A source file that no rule could look into.
#[derive(Debug, Serialize, Deserialize)]
pub struct SkippedDocument {
    #[serde(with = "tree_path")]
    path: TreePath,
    reason: String,
}

/// A failed proof.
#[derive(Debug, Serialize, Deserialize)]
pub struct FailureDocument {
    pub(in crate::report) message: String,
    /// The changes that were taken back, as a diff.
    rejected: String,
}

/// Counts of findings that are there at the end, and of those that were repaired.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Summary {
    /// How many apps.
    pub apps: usize,
    /// Findings by category.
    pub must: usize,
    /// See `must`.
    pub should: usize,
    /// See `must`.
    pub may: usize,
    /// Findings that a safe fix repairs.
    pub safe_fixes: usize,
    /// Findings that an unsafe fix repairs.
    pub unsafe_fixes: usize,
    /// Findings that only a person repairs.
    pub by_hand: usize,
    /// Findings that no change of the repository answers.
    pub outside: usize,
    /// Findings that were repaired.
    pub fixed: usize,
    /// Findings that a comment or a pattern keeps back.
    pub suppressed: usize,
    /// Findings that a baseline keeps back.
    pub baselined: usize,
    /// Apps whose proof failed.
    pub failed: usize,
}

impl Summary {
    /// Counts the findings of one outcome and the repairs of another.
    pub fn count(found: &Outcome, result: &Outcome) -> Self {
        let tally = Tally::of(found.open());
        Self {
            apps: found.apps.len(),
            must: tally.must,
            should: tally.should,
            may: tally.may,
            safe_fixes: tally.safe,
            unsafe_fixes: tally.unsafe_,
            by_hand: tally.person,
            outside: tally.outside,
            fixed: result.fixed().count(),
            suppressed: found.suppressed(),
            baselined: found.baselined.findings.len(),
            failed: result
                .apps
                .iter()
                .filter(|app| app.failed.is_some())
                .count(),
        }
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: &Self) -> Self {
        Self {
            apps: self.apps + other.apps,
            must: self.must + other.must,
            should: self.should + other.should,
            may: self.may + other.may,
            safe_fixes: self.safe_fixes + other.safe_fixes,
            unsafe_fixes: self.unsafe_fixes + other.unsafe_fixes,
            by_hand: self.by_hand + other.by_hand,
            outside: self.outside + other.outside,
            fixed: self.fixed + other.fixed,
            suppressed: self.suppressed + other.suppressed,
            baselined: self.baselined + other.baselined,
            failed: self.failed + other.failed,
        }
    }
}

impl RepositoryDocument {
    /// What became of the repository at `path`: the findings are those of `found`, the repairs
    /// and changes those of `result`; both are the same but for `diff`. `rejected` prints the
    /// changes that the failed proof of an app took back.
    pub fn new(
        path: String,
        found: &Outcome,
        result: &Outcome,
        rejected: impl Fn(&FailedProof) -> String,
    ) -> Self {
        let app = |(found, result): (&AppOutcome, &AppOutcome)| AppDocument {
            root: found.root.clone(),
            findings: found.open.iter().map(FindingDocument::new).collect(),
            fixed: result.fixed.iter().map(FindingDocument::new).collect(),
            failure: result.failed.as_ref().map(|failed| FailureDocument {
                message: clean(&failed.failure.to_string()),
                rejected: clean(&rejected(failed)),
            }),
            skipped: found.skipped.iter().map(skipped).collect(),
        };
        Self {
            path,
            apps: found.apps.iter().zip(&result.apps).map(app).collect(),
            findings: found.repository.iter().map(FindingDocument::new).collect(),
            changed: changed_files(&result.result),
            summary: Summary::count(found, result),
            ..Self::default()
        }
    }

    /// A path where nothing could be done.
    pub fn refused(path: String, error: &str) -> Self {
        Self {
            path,
            error: Some(clean(error)),
            ..Self::default()
        }
    }
}

fn skipped(source: &SkippedSource) -> SkippedDocument {
    SkippedDocument {
        path: source.path.clone(),
        reason: clean(&source.reason),
    }
}

/// A text without what must not be printed.
fn clean(text: &str) -> String {
    masked(text).into_owned()
}
