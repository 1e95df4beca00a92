//! How documents are written as JSON. Their schema is described in `docs/output.md`; a change that
//! takes something away or gives it another meaning makes the next version.

use std::fmt::Write as _;

use serde::Serialize;

use crate::text::is_hidden;

/// The version of the schema.
pub const VERSION: u32 = 1;

/// The program.
#[derive(Debug, Serialize)]
pub struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    /// This program.
    pub const THIS: Self = Self {
        name: "dashlift",
        version: env!("CARGO_PKG_VERSION"),
    };
}

/// A document, readable and ended by a line end.
///
/// # Errors
/// Never for the types of this module; serde's own signature.
pub fn document(value: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string_pretty(value).map(|text| escaped(&text) + "\n")
}

/// JSON with the characters that a terminal obeys, or that hide, written as `\uXXXX`: it means the
/// same. JSON itself asks that only of those below U+0020.
pub fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        // A line end stands between the values; in a text it is written as `\n` already.
        if character == '\n' || !is_hidden(character) {
            text.push(character);
            continue;
        }
        let mut units = [0; 2];
        for unit in character.encode_utf16(&mut units) {
            let _ = write!(text, "\\u{unit:04x}");
        }
    }
    text
}
