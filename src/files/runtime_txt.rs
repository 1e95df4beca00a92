//! `runtime.txt`: the Python version of DE4.

use super::{Model, Problem};
use crate::text::Text;

/// `runtime.txt`: the Python version of DE4.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuntimeTxt {}

impl Model for RuntimeTxt {
    fn parse(_text: &Text) -> Result<Self, Problem> {
        Ok(Self::default())
    }
}
