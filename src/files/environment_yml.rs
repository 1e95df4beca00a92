//! `environment.yml`: conda's list of channels and dependencies, with pip's list inside.

use super::{Model, Problem};
use crate::text::{Span, Text};

/// A conda environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    pip: Vec<PipItem>,
}

/// One item of the `pip:` list: a line of a requirements file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PipItem {
    /// The scalar's characters, without quotes.
    pub span: Span,
    /// Whether the characters are the value itself: no escapes, not folded over lines. Only then
    /// a span inside the value is a span of the file.
    pub verbatim: bool,
    /// The value.
    pub value: String,
}

impl Environment {
    /// The items of all `pip:` lists, in order.
    pub fn pip_items(&self) -> &[PipItem] {
        &self.pip
    }
}

impl Model for Environment {
    fn parse(_text: &Text) -> Result<Self, Problem> {
        Ok(Self::default())
    }
}
