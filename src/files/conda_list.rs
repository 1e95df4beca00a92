//! `conda-requirements.txt`: conda specs, one per line; also what `conda list --export` wrote.

use super::{Model, Problem};
use crate::text::Text;

/// `conda-requirements.txt`: conda specs, one per line; also what `conda list --export` wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CondaList {}

impl Model for CondaList {
    fn parse(_text: &Text) -> Result<Self, Problem> {
        Ok(Self::default())
    }
}
