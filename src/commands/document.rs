//! What became of a site, as data.

use super::{Site, Status};
use crate::engine::{FailedProof, Outcome};
use crate::report::diff::unified;
use crate::report::document::RepositoryDocument;
use crate::tree::Tree;

/// What became of a site and how it ended: `found` holds the findings, `result` the repairs; they
/// differ for a diff.
pub fn document(site: &Site, found: &Outcome, result: &Outcome) -> (RepositoryDocument, Status) {
    let status = Status::new(found, result, site.settings.fail_on);
    let tree = result.result.base();
    let taken_back = |failed: &FailedProof| rejected(tree, failed);
    let mut document = RepositoryDocument::new(String::new(), found, result, taken_back);
    if status == Status::NoApp {
        document.error = Some("no app found".to_owned());
    }
    (document, status)
}

/// The changes that a failed proof took back, as a diff.
pub fn rejected(tree: &dyn Tree, failed: &FailedProof) -> String {
    let patch = unified(tree, &failed.rejected);
    patch.map_or_else(
        |error| error.to_string(),
        |bytes| String::from_utf8_lossy(&bytes).into_owned(),
    )
}
