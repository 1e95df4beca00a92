//! Tests of the facts.

mod bounds;
mod constants;
mod environment;
mod imports;
mod laws;
mod literals;
mod names;
mod notebooks;
mod recovery;

use super::*;

/// The facts of code that is read without an error.
fn read(code: &str) -> Facts {
    facts(code).unwrap()
}

/// The facts of code that is all Python.
fn parsed(code: &str) -> Facts {
    let facts = read(code);
    assert_eq!(
        (facts.parse, &facts.error),
        (Parse::Parsed, &None),
        "{code}"
    );
    facts
}
