//! Addresses of databases, brokers and file systems: what their schemes load.

use super::table::rows;
use super::{EvidencePlace, EvidenceSearch, UseKind};
use crate::text::Span;

/// The mark behind a scheme.
pub(super) const MARK: &str = "://";

/// Notes what the addresses in a text load. `span` gives the place of a piece of the text.
pub(super) fn search_addresses(
    text: &str,
    place: EvidencePlace<'_>,
    span: impl Fn(Span) -> Option<Span>,
    found: &mut EvidenceSearch<'_>,
) {
    for (at, _) in text.match_indices(MARK) {
        let before = text.get(..at).unwrap_or_default();
        let start = before.rfind(|c: char| !is_of_scheme(c)).map_or(0, |it| {
            it + before
                .get(it..)
                .and_then(|rest| rest.chars().next())
                .map_or(1, char::len_utf8)
        });
        let scheme = before.get(start..).unwrap_or_default();
        let here = EvidencePlace {
            span: span(Span::new(start, at + MARK.len())),
            ..place
        };
        of_scheme(scheme, here, found);
    }
}

/// Notes what a scheme loads, `postgresql+psycopg2` or `redis`.
pub(super) fn of_scheme(scheme: &str, place: EvidencePlace<'_>, found: &mut EvidenceSearch<'_>) {
    let scheme = scheme.to_ascii_lowercase();
    let what = format!("{scheme}{MARK}");
    let (dialect, driver) = match scheme.split_once('+') {
        Some((dialect, driver)) => (dialect, Some(driver)),
        None => (scheme.as_str(), None),
    };
    let dialects = EvidencePlace {
        kind: UseKind::Dialect,
        ..place
    };
    let table = rows();
    if let Some(usual) = table.dialects.get(dialect) {
        // Dialects outside SQLAlchemy bring their own distribution, whatever the driver.
        if driver.is_none() || !CORE.contains(&dialect) {
            found.add(usual, dialects, &what);
        }
        if let Some(driver) = driver {
            found.add(
                table.drivers.get(driver).into_iter().flatten(),
                dialects,
                &what,
            );
            found.add_module(driver, dialects, &what);
        }
    }
    let others = table
        .schemes
        .get(&scheme)
        .or_else(|| table.schemes.get(dialect));
    found.add(others.into_iter().flatten(), place, &what);
}

/// Whether a text is a scheme with a driver and nothing else: `mysql+pymysql`.
pub(super) fn is_dialect_with_driver(text: &str) -> bool {
    text.split_once('+').is_some_and(|(dialect, driver)| {
        rows().dialects.contains_key(dialect) && driver.chars().all(is_of_scheme)
    })
}

/// The dialects that are part of `SQLAlchemy`.
const CORE: &[&str] = &[
    "postgresql",
    "postgres",
    "mysql",
    "mariadb",
    "mssql",
    "oracle",
    "sqlite",
];

fn is_of_scheme(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '_' | '.' | '-')
}
