//! `Aptfile`: Debian packages of DE5, read the way its buildpack reads it.

use super::{Model, Problem};
use crate::text::Text;

/// `Aptfile`: Debian packages of DE5, read the way its buildpack reads it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aptfile {}

impl Model for Aptfile {
    fn parse(_text: &Text) -> Result<Self, Problem> {
        Ok(Self::default())
    }
}
