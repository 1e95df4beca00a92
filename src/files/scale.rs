//! `DOKKU_SCALE`: replicas per process type.

use super::{Model, Problem};
use crate::text::Text;

/// `DOKKU_SCALE`: replicas per process type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scale {}

impl Model for Scale {
    fn parse(_text: &Text) -> Result<Self, Problem> {
        Ok(Self::default())
    }
}
