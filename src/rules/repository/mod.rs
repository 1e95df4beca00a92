//! Rules about the repository around the apps.

pub(super) mod committed_environment;
pub(super) mod git_remote;
pub(super) mod suppression;
