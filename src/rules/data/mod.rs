//! The tables of `rules/data/`: what a Plotly release can change. One submodule per subject; each
//! reads its tables on first use, and a test of each walks every row.

// apt_paths: what Debian packages put where code looks for it.
pub(super) mod apt_paths;
// apt: what Ubuntu 22.04 calls the packages that DE4 had.
pub(super) mod apt;
// conda: the Python of a Miniconda installer, packages of other platforms.
pub(super) mod conda;
// buildpacks: what DE4's buildpacks built, the pips of DE5.
pub(super) mod buildpacks;
// engines: distributions that another one loads by name.
pub(super) mod engines;
// environment: services and environment variables.
pub(super) mod environment;
// dash: what changed between the releases of Dash.
pub(super) mod dash;
// de4: what only a DE4 server has: its URLs, its claims about users, its file system.
pub(super) mod de4;
// file_calls: calls that take a path, absolute paths of the system.
pub(super) mod file_calls;
// packages: floors, stubs, package indexes, distributions of other platforms.
pub(super) mod packages;
// removed: names that a version of a distribution no longer has.
// python: the Pythons that each release installs.
pub(super) mod python;

pub(super) use crate::tables::table;
