//! `.condarc`: conda's configuration; only the channels matter here.

use super::{Model, Problem};
use crate::text::Text;

/// `.condarc`: conda's configuration; only the channels matter here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Condarc {}

impl Model for Condarc {
    fn parse(_text: &Text) -> Result<Self, Problem> {
        Ok(Self::default())
    }
}
