//! One line per finding, as compilers and `grep -n` print: editors jump to it.

use super::{PathPrefix, safe};
use crate::engine::Reported;

/// `path:line:column: CODE message`, with the path from the root of the tree.
pub fn line(reported: &Reported) -> String {
    shown_line(reported, &PathPrefix::plain())
}

/// As [`line()`], with the path as the user sees it.
pub fn shown_line(reported: &Reported, shown: &PathPrefix) -> String {
    let finding = &reported.finding;
    format!(
        "{}:{}: {} {}",
        shown.path(&finding.place.path),
        reported.position(),
        finding.rule.code,
        safe(&finding.message)
    )
}

/// A repair that was made: `path:line:column: CODE fixed: title`.
pub fn fixed_line(reported: &Reported, shown: &PathPrefix) -> String {
    let finding = &reported.finding;
    let title = finding.fix.as_ref().map_or("", |fix| &fix.title);
    format!(
        "{}:{}: {} fixed: {}",
        shown.path(&finding.place.path),
        reported.position(),
        finding.rule.code,
        safe(title)
    )
}
