//! Distributions: what each needs, and what in an app uses it; which lines of a frozen list are
//! needed, and which changes make a list install. Nothing here knows the disk, the network, rules.

pub mod brought;
pub mod dependency;
pub mod edges;
pub mod evidence;
pub mod ladder;
pub mod minimise;
pub mod misnamed;
pub mod names;
pub mod obsolete;
pub mod ran;
pub(crate) mod removed;
pub mod resolve;
pub mod snapshot;
pub mod solve;
pub mod target;

pub use brought::Brought;
pub use dependency::Dependency;
pub use ran::Ran;
pub use target::Target;
