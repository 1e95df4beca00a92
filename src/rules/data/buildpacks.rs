//! The buildpacks of DE4, and the pips that DE5's bring.

use std::sync::LazyLock;

use serde::Deserialize;

use super::table;
use crate::rules::settings::Release;

/// What a buildpack builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::rules) enum Builds {
    /// A Python app with pip.
    Pip,
    /// A Python app with conda.
    Conda,
    /// Debian packages.
    Apt,
    /// An R app.
    R,
    /// A Julia app.
    Julia,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    repository: String,
    builds: Builds,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pip {
    from: u8,
    to: Option<u8>,
    series: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    buildpack: Vec<Row>,
    pip: Vec<Pip>,
}

const TOML: &str = include_str!("../../../rules/data/buildpacks.toml");

static TABLE: LazyLock<Table> = LazyLock::new(|| table(TOML));

/// What the buildpack `owner/name` (lower case) builds, and how it is known; `None` for
/// somebody's own.
pub(in crate::rules) fn builds(repository: &str) -> Option<(Builds, &'static str)> {
    let row = TABLE
        .buildpack
        .iter()
        .find(|row| row.repository == repository);
    if let Some(row) = row {
        return Some((row.builds, &row.reason));
    }
    let name = repository.rsplit('/').next().unwrap_or_default();
    if name.contains("julia") {
        Some((Builds::Julia, "a Julia buildpack by its name"))
    } else if name == "r" || name.ends_with("-r") {
        Some((Builds::R, "an R buildpack by its name"))
    } else {
        None
    }
}

/// The series of pip (`23.3`) that a release is known to bring.
pub(in crate::rules) fn pip_series(release: Release) -> Option<&'static str> {
    let covers =
        |row: &&Pip| row.from <= release.minor() && row.to.is_none_or(|to| release.minor() <= to);
    TABLE.pip.iter().find(covers).map(|row| row.series.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found() {
        let strict: Table = toml_edit::de::from_str(TOML).unwrap();
        for row in &strict.buildpack {
            let lower = row.repository.to_ascii_lowercase();
            assert_eq!(row.repository, lower);
            assert_eq!(builds(&lower), Some((row.builds, row.reason.as_str())));
        }
        for row in &strict.pip {
            assert_eq!(row.series.split('.').count(), 2, "{}", row.series);
        }
    }

    #[test]
    fn buildpacks_are_known_by_name() {
        let of = |name| builds(name).map(|(builds, _)| builds);
        assert_eq!(of("acme/heroku-buildpack-r"), Some(Builds::R));
        assert_eq!(of("acme/heroku-buildpack-julia"), Some(Builds::Julia));
        assert_eq!(of("acme/heroku-buildpack-python"), None);
        assert_eq!(of("heroku/nodejs"), None);
    }

    #[test]
    fn pips_of_releases() {
        assert_eq!(pip_series(Release::new(5)), Some("21.2"));
        assert_eq!(pip_series(Release::new(6)), None);
        assert_eq!(pip_series(Release::NEWEST), Some("23.3"));
    }
}
