//! Rendering, one file per output format. Words for people that belong to no single rule live
//! here; nothing here looks at files.

pub mod account;
pub mod catalogue;
pub mod changes;
mod collected;
pub mod commit_message;
pub mod concise;
pub mod diff;
pub mod document;
pub mod fleet;
pub mod github;
pub mod gitlab;
mod helps;
pub mod json;
pub mod junit;
mod markdown;
pub mod markdown_findings;
pub mod minimise;
mod page;
pub mod patch;
mod paths;
pub mod plan;
mod reporter;
pub mod sarif;
mod shown;
pub mod solve;
mod statistics;
mod style;
mod summary;
pub mod text;
pub mod verify;
mod words;

pub use collected::{Circumstances, Collected};
pub(crate) use markdown::{code, sentence};
pub use page::page;
pub use patch::proposal;
pub use paths::PathPrefix;
pub use reporter::{
    BatchLine, Concise, Github, Gitlab, Html, Json, Junit, Markdown, Reporter, Results, Sarif, Text,
};
pub use shown::safe;
pub use statistics::statistics;
pub use style::{Tone, toned};
pub use summary::{Invocation, Tally, baseline_use, baseline_written, closing};
