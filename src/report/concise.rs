//! One line per finding, as compilers and `grep -n` print: editors jump to it.

use crate::engine::Reported;

/// `path:line:column: CODE message`.
pub fn line(reported: &Reported) -> String {
    let finding = &reported.finding;
    format!(
        "{}:{}: {} {}",
        finding.place.path,
        reported.position(),
        finding.rule.code,
        finding.message
    )
}
