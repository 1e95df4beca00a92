//! The services that an app needs, with the lines that show it: what DL305 reports and the plan
//! lists. What a person does about them is not said here.

use crate::app::App;
use crate::text::Span;
use crate::tree::TreePath;

/// A service that Dash Enterprise runs for an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// A Redis of the app's own; its address is in `REDIS_URL`.
    Redis,
    /// A Postgres of the app's own; its address is in `DATABASE_URL`.
    Postgres,
}

/// One place that shows that an app needs a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceUse {
    /// The service.
    pub service: Service,
    /// The file.
    pub path: TreePath,
    /// The characters, in the file's decoded text; `None` for the file as a whole.
    pub span: Option<Span>,
    /// What is seen there, half a sentence.
    pub note: String,
}

/// The places that show which services an app needs, by service and place.
pub fn services(_app: &App) -> Vec<ServiceUse> {
    Vec::new()
}
