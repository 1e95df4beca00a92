//! The environment variables that an app's code reads: names and places, never values. What DL306
//! reports and the plan lists.

use super::services::Service;
use crate::app::App;
use crate::text::Span;
use crate::tree::TreePath;

/// An environment variable that the code reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableUse {
    /// Its name.
    pub name: String,
    /// The places that read it, by file and offset of the decoded text; at least one.
    pub places: Vec<(TreePath, Span)>,
    /// Whether every place can do without it: a default in the code, or only asked for.
    pub has_default: bool,
    /// Whether the platform sets it, or the operating system does.
    pub platform: bool,
    /// The service that sets it when it is added to the app.
    pub linked_service: Option<Service>,
}

/// The environment variables that an app's code reads, by name.
pub fn variables(_app: &App) -> Vec<VariableUse> {
    Vec::new()
}
