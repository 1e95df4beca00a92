//! `app.json`: deploy scripts, health checks, Heroku settings.

use super::{Model, Problem};
use crate::text::Text;

/// `app.json`: deploy scripts, health checks, Heroku settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppJson {}

impl Model for AppJson {
    fn parse(_text: &Text) -> Result<Self, Problem> {
        Ok(Self::default())
    }
}
