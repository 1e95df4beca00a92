//! What the rules about requirements share: taking a line out of its list, showing it, and the
//! oldest version that specifiers allow.

use pep440_rs::{Operator, Version, VersionSpecifiers};

use super::{Edit, Fix};
use crate::app::{App, RequirementList, Role};
use crate::files::requirements::{Content, Line, Requirement, never_on_linux};
use crate::secrets::redacted;
use crate::text::Span;

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
    let marker = requirement.marker.map(|it| it.slice(list.text.as_str()));
    marker.is_some_and(never_on_linux)
}

/// Whether the lists ask another index, or a page of links.
pub(super) fn has_other_index(app: &App) -> bool {
    let lists = app.requirements().lists.iter();
    let mut options = lists.flat_map(RequirementList::options);
    options.any(|(_, it)| matches!(it.name, "index-url" | "extra-index-url" | "find-links"))
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
    let full = list.removable(line)?;
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

/// What is left to do about a version that moved: the same words for each, so that a plan says
/// them once.
pub(super) const READ_CHANGES: &str = "Read what changed in the versions that move, and run \
    `dashlift solve` to see whether the whole list installs.";

/// The line as a message shows it: short, without credentials.
pub(super) fn show_line(line: &Line) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

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
