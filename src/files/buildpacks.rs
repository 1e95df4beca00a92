//! `.buildpacks`: URLs of Heroku-style buildpacks.

use super::{Model, Problem};
use crate::text::Text;

/// `.buildpacks`: URLs of Heroku-style buildpacks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Buildpacks {}

impl Model for Buildpacks {
    fn parse(_text: &Text) -> Result<Self, Problem> {
        Ok(Self::default())
    }
}
