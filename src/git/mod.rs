//! Repositories: finds the one that a path is in, says what stands in it, and commits changes on a
//! branch of their own. What dashlift reads and writes in files is not known here.

mod branch;
mod diff;
mod error;
mod identity;
mod signing;
mod status;
mod workspace;

pub use branch::{BranchRequest, commit_on_branch};
pub use diff::{DiffText, compare, object_name};
pub use error::GitError;
pub use status::dirty;
pub use workspace::{Head, RemoteUrls, Workspace, WorkspaceKind, discover};
