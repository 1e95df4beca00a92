//! Rendering, one file per output format. Words for people that belong to no single rule live
//! here; nothing here looks at files.

pub mod account;
pub mod catalogue;
pub mod changes;
pub mod commit_message;
pub mod concise;
pub mod diff;
pub mod fleet;
pub mod json;
mod markdown;
mod page;
pub mod patch;
mod paths;
pub mod plan;
mod shown;
mod style;
mod summary;
pub mod text;
mod words;

pub use page::page;
pub use paths::Shown;
pub use shown::safe;
pub use summary::{Invocation, Tally, closing};
