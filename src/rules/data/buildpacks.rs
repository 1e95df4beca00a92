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
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BuildpackRow {
    repository: String,
    builds: Builds,
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
struct BuildpackTable {
    buildpack: Vec<BuildpackRow>,
    pip: Vec<Pip>,
}

static TABLE: LazyLock<BuildpackTable> = LazyLock::new(|| table!("buildpacks"));

/// What the buildpack `owner/name` (lower case) builds; `None` for somebody's own.
pub(in crate::rules) fn builds(repository: &str) -> Option<Builds> {
    let row = TABLE
        .buildpack
        .iter()
        .find(|row| row.repository == repository);
    row.map(|row| row.builds)
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
        let strict: BuildpackTable = crate::tables::strict("buildpacks");
        for row in &strict.buildpack {
            let lower = row.repository.to_ascii_lowercase();
            assert_eq!(row.repository, lower);
            assert_eq!(builds(&lower), Some(row.builds));
        }
        for row in &strict.pip {
            assert_eq!(row.series.split('.').count(), 2, "{}", row.series);
        }
    }

    #[test]
    fn pips_of_releases() {
        assert_eq!(pip_series(Release::new(5)), Some("21.2"));
        assert_eq!(pip_series(Release::new(6)), None);
        assert_eq!(pip_series(Release::NEWEST), Some("23.3"));
    }
}
