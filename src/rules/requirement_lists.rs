//! What the rules about requirements share: taking a line out of its list, showing it, and the
//! oldest version that specifiers allow.

use std::str::FromStr;

use pep440_rs::{Operator, Version, VersionSpecifiers};

use super::{Edit, Fix};
use crate::app::{App, RequirementList, Role};
use crate::files::requirements::{Content, Line, Requirement, RequirementSource, never_on_linux};
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

/// A requirement's new specifier: `floor`, written as `shown`, and the upper limits that still allow it.
pub(super) fn floored(requirement: &Requirement, floor: &Version, shown: &str) -> String {
    let mut specifier = format!(">={shown}");
    let versions = requirement.versions.iter();
    for limit in versions.flat_map(|versions| versions.iter()) {
        let upper = matches!(
            limit.operator(),
            Operator::LessThan
                | Operator::LessThanEqual
                | Operator::NotEqual
                | Operator::NotEqualStar
        );
        if upper && limit.contains(floor) && *limit.version() > *floor {
            specifier.push(',');
            specifier.push_str(&limit.to_string());
        }
    }
    specifier
}

/// The edit that makes the one line of a distribution (normalised name) ask for `shown` at least,
/// a version as people write it; `None` where only a person can: several lines name it, the line
/// asks for one version or has hashes, or an upper limit excludes what is asked for.
pub(super) fn raising(app: &App, name: &str, shown: &str) -> Option<Edit> {
    let floor = Version::from_str(shown).ok()?;
    let lists = &app.requirements().lists;
    let mut named = all(lists).filter(|(_, _, found)| found.key.as_deref() == Some(name));
    let (Some((list, line, found)), None) = (named.next(), named.next()) else {
        return None;
    };
    let is_plain = line.verbatim && found.hashes().next().is_none();
    if !is_plain || list.role == Role::Constraints {
        return None;
    }
    let place = match found.source {
        RequirementSource::Specifiers(span) if is_open(found.versions.as_ref()?, &floor) => span,
        RequirementSource::Any => Span::at(end_of_name(list, found)?),
        _ => return None,
    };
    Some(replace(list, place, &floored(found, &floor, shown)))
}

/// Whether specifiers only have lower limits, and upper ones that allow the version.
fn is_open(versions: &VersionSpecifiers, floor: &Version) -> bool {
    versions.iter().all(|limit| match limit.operator() {
        Operator::GreaterThan | Operator::GreaterThanEqual => true,
        Operator::LessThan
        | Operator::LessThanEqual
        | Operator::NotEqual
        | Operator::NotEqualStar => limit.contains(floor),
        _ => false,
    })
}

/// Where the specifiers of a requirement without any would begin.
pub(super) fn end_of_name(list: &RequirementList, found: &Requirement) -> Option<usize> {
    match found.extras.last() {
        None => Some(found.name?.end),
        Some(extra) => {
            let behind = Span::new(extra.end, found.span.end).slice(list.text.as_str());
            Some(extra.end + behind.find(']')? + 1)
        }
    }
}

/// Whether a place is one that conda builds packages in, as `pip freeze` writes it for what conda
/// installed: `file:///croot/requests_1690400202158/work`.
pub(super) fn is_place_of_conda(location: &str) -> bool {
    const FOLDERS: &[&str] = &["croot", "feedstock_root", "conda-bld", "80754af9"];
    let is_local = location.starts_with("file:") || location.starts_with(['/', '\\']);
    let mut folders = location.split(['/', '\\', ':']);
    is_local && folders.any(|folder| FOLDERS.contains(&folder) || folder.starts_with("abs_"))
}

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

    #[test]
    fn the_places_of_conda_are_known() {
        for place in [
            "file:///croot/requests_1690400202158/work",
            "file:///home/conda/feedstock_root/build_artifacts/idna_1663625384323/work",
            "file:///tmp/build/80754af9/cffi_1625814693446/work",
            "file:///C:/ci_311/abs_b0peofqhpj/croot/menuinst_1702390296373/work",
            "file:///opt/conda/conda-bld/six_1644875935023/work",
        ] {
            assert!(is_place_of_conda(place), "{place}");
        }
        for place in [
            "file:///home/me/menuinst",
            "https://example.com/croot/x.tar.gz",
            "/srv/wheels/x-1.0.tar.gz",
        ] {
            assert!(!is_place_of_conda(place), "{place}");
        }
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
