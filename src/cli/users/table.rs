//! The table of people: what is to do, or was done, for each.

use std::fmt::Write as _;

use crate::commands::users::PeopleCount;
use crate::report::safe;
use crate::users::{AccountStep, Person};

/// What stands before a line of which nothing is to do.
pub(super) const AS_IT_IS: &str = "as it is";
/// What stands before a line that a person has to decide.
pub(super) const CONFLICT: &str = "conflict";
/// What stands before a line that the server refused.
pub(super) const FAILED: &str = "failed";

/// A line of the table.
pub(super) fn line(word: &str, person: &Person, detail: &str) -> String {
    let name = safe(&person.username.to_lowercase());
    let line = format!("{word:<9} {name:<24} {}", safe(detail));
    format!("{}\n", line.trim_end())
}

/// The word for steps: the first that counts most.
pub(super) fn word(steps: &[AccountStep]) -> &'static str {
    let has = |is_it: fn(&AccountStep) -> bool| steps.iter().any(is_it);
    if has(|step| matches!(step, AccountStep::Create)) {
        "create"
    } else if has(|step| matches!(step, AccountStep::AddRole(_))) {
        "add role"
    } else if has(|step| matches!(step, AccountStep::Join(_))) {
        "join"
    } else if steps.is_empty() {
        AS_IT_IS
    } else {
        "link"
    }
}

/// The steps in words.
pub(super) fn detail(steps: &[AccountStep]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let roles = steps.iter().filter_map(|step| match step {
        AccountStep::AddRole(role) => Some(role.as_str()),
        _ => None,
    });
    let groups = steps.iter().filter_map(|step| match step {
        AccountStep::Join(group) => Some(group.as_str()),
        _ => None,
    });
    let roles: Vec<&str> = roles.collect();
    let groups: Vec<&str> = groups.collect();
    if !roles.is_empty() {
        parts.push(format!("role {}", roles.join(", ")));
    }
    if !groups.is_empty() {
        parts.push(format!("group {}", groups.join(", ")));
    }
    for step in steps {
        if let AccountStep::Link(link) = step {
            parts.push(format!("link to {} at {}", link.name, link.provider));
        }
    }
    parts.join("; ")
}

/// In words: of what is to do, or of what was done.
pub(super) fn sentence(count: PeopleCount, is_done: bool) -> String {
    let (create, change) = if is_done {
        ("created", "changed")
    } else {
        ("to create", "to change")
    };
    let mut text = format!(
        "{} {create}, {} {change}, {} as they are",
        count.create, count.change, count.as_they_are
    );
    for (number, one, many) in [
        (count.conflicts, "conflict", "conflicts"),
        (count.failed, "failed", "failed"),
    ] {
        if number > 0 {
            let _ = write!(text, ", {number} {}", if number == 1 { one } else { many });
        }
    }
    text.push_str(".\n");
    text
}
