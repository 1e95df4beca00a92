//! Repositories: finds the one that a path is in, says what stands in it, and commits changes on a
//! branch of their own. What dashlift reads and writes in files is not known here.

mod branch;
mod diff;
mod error;
mod history;
mod identity;
mod lock;
mod own_files;
mod program;
mod push;
mod signing;
mod status;
mod trusted;
mod workspace;

pub use branch::{
    BranchRequest, Prepared, commit_on_branch, done_before, forget_lock, prepare_commit,
};
pub use diff::{DiffText, compare, object_name};
pub use error::GitError;
pub use history::last_change;
pub use push::{PushError, PushRequest, push};
pub use status::{dirty, is_clean};
pub use workspace::{
    Head, RemoteUrls, Workspace, WorkspaceKind, discover, open_at, surrounding_of_tracked,
};
