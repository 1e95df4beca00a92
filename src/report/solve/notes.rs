//! What is worth knowing beside a solution, sentences.

use crate::packages::solve::{Asked, Solution};
use crate::report::words::counted;

/// More names than this are counted, not listed.
const MOST: usize = 12;

/// What happens to hashes, and what the answer does not know.
pub(super) fn notes(asked: &Asked, solution: &Solution) -> Vec<String> {
    let answer = &solution.answer;
    let mut notes = Vec::new();
    let hashed = asked.asks.iter().filter(|ask| ask.has_hashes).count();
    if hashed > 0 && !solution.is_clean() {
        notes.push(format!(
            "pip checks the hashes of all lines or of none, and those of a version that moved are \
             wrong: the hashes of {} go. Make them anew with the tool that made the list, as in \
             `uv pip compile --generate-hashes`",
            counted(hashed, "line")
        ));
    }
    let unknown: Vec<String> = answer
        .unknown_needs
        .iter()
        .map(|(name, by)| format!("{name} (of {by})"))
        .collect();
    if !unknown.is_empty() {
        notes.push(format!(
            "not known here, and left to the installer: {}",
            listed(&unknown)
        ));
    }
    if !answer.blind.is_empty() {
        notes.push(format!(
            "what these need is not known: {}",
            listed(&answer.blind)
        ));
    }
    if answer.is_cut_short {
        notes.push(
            "the time was over before everything was tried: this is the best answer so far"
                .to_owned(),
        );
    }
    notes
}

/// Names, the first of many.
pub(super) fn listed(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(MOST).map(String::as_str).collect();
    match names.len().saturating_sub(MOST) {
        0 => shown.join(", "),
        more => format!("{}, {more} more", shown.join(", ")),
    }
}
