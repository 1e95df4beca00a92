//! Between the work on one repository and its branch: a branch is made only when the batch says
//! so, which notes it in the state before, so that a sudden end can be told from somebody else's
//! work.

use std::sync::Arc;

use git2::{Oid, Repository};

use super::line::BatchConnection;
use crate::commands::refusal::PathRefusal;
use crate::fleet::state::Writing;
use crate::git::{self, BranchRequest};

/// Who watches over the work on one repository.
pub struct Watch {
    /// The repository, as the state names it.
    pub repository: String,
    /// The way to the batch.
    pub line: Arc<BatchConnection>,
    /// What a run that ended suddenly was about to write here.
    pub unfinished: Option<Writing>,
}

impl Watch {
    /// Makes the branch, unless a run before did.
    ///
    /// # Errors
    /// When the batch does not want it any more, or as [`git::commit_on_branch`]. No branch was
    /// made or moved then.
    pub fn commit(
        &self,
        repository: &Repository,
        request: &BranchRequest,
    ) -> Result<Oid, PathRefusal> {
        if let Some(writing) = &self.unfinished {
            // The state is ours alone, so the process that wrote this is gone.
            git::forget_lock(repository, &writing.branch, &writing.commit)?;
        }
        if let Some(commit) = git::done_before(repository, request)? {
            return Ok(commit);
        }
        let prepared = git::prepare_commit(repository, request)?;
        let writing = Writing {
            repository: self.repository.clone(),
            branch: request.branch.to_owned(),
            commit: prepared.commit().to_string(),
        };
        if !self.line.may_write(writing) {
            return Err(PathRefusal::GivenUp);
        }
        Ok(prepared.publish()?)
    }
}
