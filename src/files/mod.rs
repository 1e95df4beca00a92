//! One lossless model per file kind. Each keeps spans into the text it was parsed from, so that
//! printing is the text itself and an edit replaces its own bytes only.

pub mod app_json;
pub mod apt;
pub mod aptfile;
pub mod buildpacks;
pub mod checks;
pub mod ci;
pub mod comments;
pub mod conda_list;
pub mod conda_runtime;
pub mod conda_spec;
pub mod condarc;
pub mod core_metadata;
pub mod environment_yml;
pub mod pip_conf;
pub mod pipfile;
pub mod procfile;
pub mod project_toml;
pub mod requirements;
pub mod runtime_txt;
pub mod scale;
pub mod script;
mod yaml;

use std::fmt::Display;

use crate::text::{DecodeError, Span, Text};

/// A place that the format of a file does not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, in the decoded text. Empty at the start of the file when the bytes are not text.
    pub span: Span,
    /// What is wrong, as half a sentence: "a comment, which JSON does not have".
    pub message: String,
}

impl Problem {
    /// A problem of one of the models' error kinds.
    pub fn new(span: Span, kind: impl Display) -> Self {
        Self {
            span,
            message: kind.to_string(),
        }
    }
}

/// A file format.
pub trait Model: Sized {
    /// The bytes as text. Formats in which a coding line has a meaning override this.
    ///
    /// # Errors
    /// Where the bytes stop being text.
    fn decode(bytes: &[u8]) -> Result<Text, DecodeError> {
        Text::decode(bytes)
    }

    /// Reads the text. Line formats read every line that they can and keep the others as problems
    /// of their own; this fails only where the whole file has no meaning.
    ///
    /// # Errors
    /// The first place that the format does not allow.
    fn parse(text: &Text) -> Result<Self, Problem>;
}
