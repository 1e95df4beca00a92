//! A rule's page for the terminal: the Markdown as it is, with its headings and code coloured.

use super::style::{CODE, FAINT, HEADING, styled};
use crate::rules::Rule;

/// The page of a rule.
pub fn page(rule: &Rule) -> String {
    let mut fenced = false;
    let mut text = String::new();
    for line in rule.page.lines() {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        text.push_str(&match (fence, fenced) {
            (true, _) => styled(FAINT, line),
            (false, true) => styled(CODE, line),
            (false, false) if line.starts_with('#') => styled(HEADING, line),
            (false, false) => with_code(line),
        });
        text.push('\n');
    }
    text
}

/// A line with what stands between back ticks coloured; the back ticks stay.
fn with_code(line: &str) -> String {
    if !line.matches('`').count().is_multiple_of(2) {
        return line.to_owned();
    }
    let parts = line.split('`').enumerate().map(|(index, part)| {
        if index % 2 == 1 {
            styled(CODE, format!("`{part}`"))
        } else {
            part.to_owned()
        }
    });
    parts.collect()
}
