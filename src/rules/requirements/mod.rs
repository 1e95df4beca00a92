//! Rules about the lists of distributions.

pub(super) mod companion;
pub(super) mod conflict;
pub(super) mod duplicate;
pub(super) mod foreign_platform;
mod lines;
pub(super) mod missing_requirement;
pub(super) mod package_floor;
pub(super) mod package_index;
pub(super) mod python_compat;
pub(super) mod stub_packages;
pub(super) mod subdependency;
pub(super) mod unreachable;
pub(super) mod unreadable;
