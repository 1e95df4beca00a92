//! `apt-packages` and its companions: Debian packages and package sources of DE4.

use super::{Model, Problem};
use crate::text::Text;

/// `apt-packages` and its companions: Debian packages and package sources of DE4.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AptPackages {}

impl Model for AptPackages {
    fn parse(_text: &Text) -> Result<Self, Problem> {
        Ok(Self::default())
    }
}
