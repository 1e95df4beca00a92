//! Hashes of lists that change. pip checks them for all lines of a list or for none, and those of a
//! moved pin are those of another file: so all of them go, and that is said.

use crate::app::RequirementList;
use crate::files::requirements::{Content, Line};
use crate::text::Span;

/// The option that asks for a hash of every line.
const REQUIRED: &str = "require-hashes";

/// The spans whose removal takes all hashes out of a list, in order. What can be read nowhere in
/// its line stays.
pub(super) fn hashes(list: &RequirementList) -> Vec<Span> {
    let text = list.text.as_str();
    let lines = list.lines.iter();
    lines.flat_map(|line| of_line(text, line)).collect()
}

fn of_line(text: &str, line: &Line) -> Vec<Span> {
    match &line.content {
        Content::Requirement(requirement) if line.verbatim => {
            let hashes = requirement.hashes();
            hashes.map(|one| with_blanks(text, one.span)).collect()
        }
        Content::Options(options) if options.iter().any(|one| one.name == REQUIRED) => {
            if options.len() == 1 && line.comment.is_none() {
                return vec![line.full];
            }
            let required = options.iter().filter(|one| one.name == REQUIRED);
            required.map(|one| one.span).collect()
        }
        _ => Vec::new(),
    }
}

/// A span with the blanks and line continuations before it.
fn with_blanks(text: &str, span: Span) -> Span {
    let before = text.get(..span.start).unwrap_or_default();
    let kept = before.trim_end_matches([' ', '\t', '\\', '\r', '\n']);
    Span::new(kept.len(), span.end)
}
