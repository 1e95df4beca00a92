//! `CHECKS`: health checks of a single-server DE4.

use super::{Model, Problem};
use crate::text::Text;

/// `CHECKS`: health checks of a single-server DE4.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checks {}

impl Model for Checks {
    fn parse(_text: &Text) -> Result<Self, Problem> {
        Ok(Self::default())
    }
}
