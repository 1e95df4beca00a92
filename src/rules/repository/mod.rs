//! Rules about the repository around the apps.

pub(super) mod committed_environment;
pub(super) mod git_remote;
pub(super) mod shared_resource;
pub(super) mod stale_clone;
pub(super) mod suppression;
pub(super) mod unmatched_app;
