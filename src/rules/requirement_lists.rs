//! What the rules about requirements share: taking a line out of its list, showing it, and the
//! oldest version that specifiers allow.

use pep440_rs::{Operator, Version, VersionSpecifiers};

use super::{Edit, Fix};
use crate::app::{RequirementList, Role};
use crate::files::requirements::{Content, Line, Requirement, never_on_linux};
use crate::secrets::redacted;
use crate::text::{Span, lines};

/// A list of fewer items could be emptied by the fixes of one round.
const SHORT: usize = 12;

/// The requirements of all lists, constraints included.
pub(super) fn all(
    lists: &[RequirementList],
) -> impl Iterator<Item = (&RequirementList, &Line, &Requirement)> {
    lists.iter().flat_map(RequirementList::requirements)
}

/// Whether the requirement's marker keeps it from being installed on Linux.
pub(super) fn is_not_for_linux(list: &RequirementList, requirement: &Requirement) -> bool {
    let marker = requirement.marker.map(|it| it.of(list.text.as_str()));
    marker.is_some_and(never_on_linux)
}

/// `fix` with the edit that takes the line out of its list; `None` where only a person can: the
/// last item of a `pip:` list, or one that shares its line with others.
pub(super) fn removing(fix: Fix, list: &RequirementList, line: &Line) -> Option<Fix> {
    if list.role != Role::CondaPip {
        return Some(fix.edit(replace(list, line.full, "")));
    }
    let says = |line: &&Line| line.content != Content::Blank;
    let items = list.lines.iter().filter(says).count();
    if items < 2 {
        return None;
    }
    let full = item_line(list.text.as_str(), line.span)?;
    let fix = fix.edit(replace(list, full, ""));
    // Two items of a short list must not go in one round: together they may be all of it.
    Some(if items < SHORT {
        fix.reading(list.path.clone())
    } else {
        fix
    })
}

/// The edit that puts `text` in the place of a span of the list's file.
pub(super) fn replace(list: &RequirementList, span: Span, text: &str) -> Edit {
    Edit::replace(&list.path, span, text)
}

/// The line as a message shows it: short, without credentials.
pub(super) fn shown(line: &Line) -> String {
    short(&redacted(&line.text))
}

/// A text as a message shows it: at most 60 characters of one line.
pub(super) fn short(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= 60 {
        return text;
    }
    let mut short: String = text.chars().take(59).collect();
    short.push('\u{2026}');
    short
}

/// What no older version than which the specifiers allow; `None` where they set no limit.
pub(super) fn lowest(specifiers: &VersionSpecifiers) -> Option<Version> {
    let limits = specifiers.iter().filter(|specifier| {
        matches!(
            specifier.operator(),
            Operator::Equal
                | Operator::EqualStar
                | Operator::ExactEqual
                | Operator::TildeEqual
                | Operator::GreaterThan
                | Operator::GreaterThanEqual
        )
    });
    limits.map(|specifier| specifier.version().clone()).max()
}

/// The whole line of a YAML list's item, if nothing else stands on it.
fn item_line(text: &str, item: Span) -> Option<Span> {
    let line = lines(text).find(|line| line.span.start <= item.start && item.start < line.end)?;
    if item.end > line.span.end {
        return None;
    }
    let quote = |c| matches!(c, '"' | '\'');
    let before = Span::new(line.span.start, item.start).of(text);
    let after = Span::new(item.end, line.span.end).of(text);
    let dash = before.trim_end_matches(quote).trim_end();
    let rest = after.trim_start_matches(quote);
    let ends =
        rest.trim().is_empty() || (rest.trim_start().starts_with('#') && rest.starts_with(' '));
    (dash.trim() == "-" && ends).then(|| line.full())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    #[test]
    fn an_item_alone_on_its_line_is_found() {
        let text = "pip:\n  - dash\n  - \"six\"  # why\n  - - a\nx: [b, c]\n";
        let at = |word: &str| {
            let start = text.find(word).unwrap();
            item_line(text, Span::new(start, start + word.len())).map(|span| span.of(text))
        };
        assert_eq!(at("dash"), Some("  - dash\n"));
        assert_eq!(at("six"), Some("  - \"six\"  # why\n"));
        assert_eq!((at("a\n"), at("b"), at("c]")), (None, None, None));
    }

    #[test]
    fn the_lowest_version_is_the_highest_limit() {
        let lowest = |text: &str| {
            let specifiers = VersionSpecifiers::from_str(text).unwrap();
            lowest(&specifiers).map(|version| version.to_string())
        };
        assert_eq!(lowest(">=1.0,<2,!=1.5").as_deref(), Some("1.0"));
        assert_eq!(lowest("==1.2.*,>1").as_deref(), Some("1.2"));
        assert_eq!(lowest("<2"), None);
    }
}
